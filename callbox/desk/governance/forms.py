"""Forms about retention. A form checks form; what may be is decided by the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.governance.models import RetentionRule
from callbox.governance.retention.classes import classes
from callbox.governance.retention.rule import EVERYTHING, class_subject


class DaysForm(forms.Form):
    """How many days, by whose word, and why."""

    origin = forms.ChoiceField(label=_("Whose number is it?"), choices=RetentionRule.Origin, widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=36_500)
    reason = forms.CharField(label=_("Reason, or the law with its section"), max_length=300)


class HoldForm(forms.Form):
    """What is kept past its time, and for which case."""

    ONE = "one"

    covers = forms.ChoiceField(label=_("What does it cover?"), choices=[])
    subject = forms.CharField(
        label=_("Which one?"),
        max_length=500,
        required=False,
        help_text=_(
            "Only for one thing: its kind and number, as the trail names it. For example message:12 or item:7."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    reference = forms.CharField(label=_("Case or file number"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covers = self.fields["covers"]
        assert isinstance(covers, forms.ChoiceField)  # noqa: S101 - declared above
        kinds = [(class_subject(one.id), one.title) for one in classes().values() if one.days is not None]
        covers.choices = [(self.ONE, _("One thing")), *kinds, (EVERYTHING, _("Everything of the agency"))]

    def clean(self) -> dict[str, Any]:
        """Ask which one where one thing is to be kept."""
        data = super().clean() or {}
        if data.get("covers") == self.ONE and not data.get("subject", "").strip():
            self.add_error("subject", _("Write which one to keep, for example message:12."))
        return data

    def chosen(self) -> str:
        """Return the subject of the hold."""
        covers: str = self.cleaned_data["covers"]
        subject: str = self.cleaned_data["subject"]
        return subject if covers == self.ONE else covers


class ReleaseForm(forms.Form):
    """Why a hold ends."""

    why = forms.CharField(label=_("Why does it end?"), max_length=300)
