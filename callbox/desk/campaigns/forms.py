"""What may be typed about a campaign. The forms check form, not right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.desk.assessments.forms import Day
from callbox.voice.models import Campaign
from callbox.voice.services.campaigns import Plan

if TYPE_CHECKING:  # Django's form classes take their model in brackets only for the type checker
    _PlanForm = forms.ModelForm[Campaign]
else:
    _PlanForm = forms.ModelForm


class PlanForm(_PlanForm):
    """What is written down before the first message leaves."""

    class Meta:
        model = Campaign
        fields = list(Plan.__dataclass_fields__)
        widgets = {"begins": Day(), "ends": Day()}
        help_texts = {
            "question": _("One question that the counts can answer with yes or no."),
            "measure": _("Events that can be counted one by one, such as break-ins into cars."),
            "source": _("The same source for all four counts."),
            "baseline": _("As many days as the campaign will last; best the same weeks of the year before."),
            "comparison": _("As like as you can find, and out of the messages' reach. Name it now, not afterwards."),
            "comparison_baseline": _("Of the same events, in the same days."),
        }

    def plan(self) -> Plan:
        """Return what was typed."""
        return Plan(**self.cleaned_data)


class CountForm(forms.Form):
    """What was counted when the span was over."""

    count = forms.IntegerField(
        label=_("Count in the span, where the messages went"), min_value=0, max_value=2_000_000_000
    )
    comparison_count = forms.IntegerField(
        label=_("Count in the span, where they did not"), min_value=0, max_value=2_000_000_000
    )
    learned = forms.CharField(
        label=_("What was learned"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Also what else happened in these weeks: lamps, patrols, the weather, a series that was solved."),
    )
