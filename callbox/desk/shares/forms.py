"""Forms of sharing: to whom something is offered, and on which accounts it is taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.collaboration.models import Partner
from callbox.collaboration.models.partners import PartnerQuerySet
from callbox.desk.partners.forms import LABEL_CHOICES
from callbox.flows.sharing import LONGEST
from callbox.networks.connections.models import Connection
from callbox.people.models import Agency


class OfferForm(forms.Form):
    """To whom, under which label, until when."""

    partners = forms.ModelMultipleChoiceField(
        label=_("To whom"), queryset=Partner.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    label = forms.ChoiceField(
        label=_("Label"),
        choices=LABEL_CHOICES,
        initial="clear",
        help_text=_("Only what is TLP:CLEAR may be published by them."),
    )
    expires = forms.DateTimeField(
        label=_("Not to be used after"),
        required=False,
        help_text=_("On your clocks. Empty: as long as it stands."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, partners: PartnerQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partners"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type checker
        field.queryset = partners


class NewsForm(forms.Form):
    """What partners are told of an event, in an officer's own words."""

    text = forms.CharField(
        label=_("What they should know"),
        help_text=_("In your own words: what happens, where, since when. No names, and nothing a resident wrote."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    urgent = forms.BooleanField(label=_("Urgent: somebody should read it at once"), required=False)


class OfferEventForm(OfferForm, NewsForm):
    """To whom, and what they are told."""

    field_order = ("text", "urgent", "partners", "label", "expires")


class TakeForm(forms.Form):
    """On which accounts, in their words or ours."""

    accounts = forms.MultipleChoiceField(
        label=_("On which of our accounts"), widget=forms.CheckboxSelectMultiple, required=False
    )
    how = forms.ChoiceField(
        label=_("In which words"),
        choices=[("accepted", _("In theirs, as they stand")), ("adapted", _("In ours: we change the draft first"))],
        initial="accepted",
        widget=forms.RadioSelect,
    )
    words_alone = forms.BooleanField(label=_("Take the words without the pictures"), required=False)

    def __init__(self, *args: Any, agency: Agency, files: bool, correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["accounts"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        usable = Connection.objects.of(agency).usable().values_list("account", flat=True)
        field.choices = [(account, account) for account in usable]
        if correction:  # it goes wherever the words went
            del self.fields["accounts"]
        if not files:
            del self.fields["words_alone"]
