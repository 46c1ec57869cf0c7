"""Forms of updates."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.operations.kinds import excluded, kinds
from callbox.operations.services import cases


class CaseForm(forms.Form):
    """A report whose caller may look up how it stands. The excluded kinds can be chosen, so that the page can say what to do instead."""

    reference = forms.CharField(
        label=_("Reference number"),
        help_text=_("As the caller will read it aloud, for example 26-1147."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind of report"), widget=forms.RadioSelect)
    reported_at = forms.DateTimeField(
        label=_("When it was reported"),
        help_text=_("On the agency’s clocks. Word is owed from then on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=lambda: timezone.localtime().replace(second=0, microsecond=0),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        never = [(kind.id, _("%(kind)s: never") % {"kind": kind.title}) for kind in excluded().values()]
        field.choices = [*((kind.id, kind.title) for kind in kinds().values()), *never]


class UpdateForm(forms.Form):
    """What the caller reads."""

    text = forms.CharField(
        label=_("What the caller reads"),
        help_text=_("What happens next and when, in short sentences. No names, nothing about other people."),
        max_length=cases.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class TakeOffForm(forms.Form):
    """What a case turned out to be."""

    kind = forms.ChoiceField(label=_("What it turned out to be"), widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(kind.id, kind.title) for kind in excluded().values()]
