"""What may be typed about a goal. The forms check form; what makes a goal checkable is the services' to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.desk.assessments.forms import Day
from callbox.voice.models import Goal
from callbox.voice.services.goals import Aim, Found
from callbox.voice.standing import LONGEST, SHORTEST

if TYPE_CHECKING:  # Django's form classes take their model in brackets only for the type checker
    _GoalForm = forms.ModelForm[Goal]
else:
    _GoalForm = forms.ModelForm


class GoalForm(_GoalForm):
    """One goal; nothing of it may be left out."""

    review_every = forms.IntegerField(
        label=_("Looked at every … days"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("At least once a year; 90 is a quarter."),
    )

    class Meta:
        model = Goal
        fields = list(Aim.__dataclass_fields__)
        widgets = {"by_when": Day()}
        help_texts = {
            "says": _("One sentence. What changes outside, not how often you post."),
            "serves": _("As it stands in the plan of the agency or the town."),
            "audience": _("Those whose behaviour should change, or who should be better off."),
            "measure": _("One thing that somebody can count again and get the same number."),
            "unit": _("Such as: a quarter, per cent, minutes."),
            "baseline": _("Before you begin. Without it nobody can ever tell whether anything changed."),
            "source": _("A system, a list, a survey: where the next person finds the same figure."),
            "owner": _("A person's name."),
        }

    def aim(self) -> Aim:
        """Return what was typed."""
        return Aim(**self.cleaned_data)


class LookForm(forms.Form):
    """One look at a goal."""

    value = forms.DecimalField(label=_("Figure found"), max_digits=12, decimal_places=2)
    note = forms.CharField(
        label=_("What we changed because of it"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("May stay empty: nothing changed is an answer too."),
    )
    target = forms.DecimalField(
        label=_("New target, if that was changed"), max_digits=12, decimal_places=2, required=False
    )
    by_when = forms.DateField(label=_("New day, if that was changed"), required=False, widget=Day())

    def found(self) -> Found:
        """Return what was typed."""
        return Found(**self.cleaned_data)
