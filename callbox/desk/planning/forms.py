"""Forms of what comes next. They check form, not right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.desk.assessments.forms import Day, FilesField
from callbox.maturity.benchmark.files import LIMIT
from callbox.maturity.model.practices import Model
from callbox.maturity.roadmap.path import Wish
from callbox.maturity.roadmap.proposal import one_level_up
from callbox.maturity.roadmap.steps import TOP, Effort
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.services.planning import MOST_HOURS
from callbox.people.models import Agency, User

#: Hours a month that the form begins with: about a tenth of one person's.
USUAL_BUDGET = 40


class WayForm(forms.Form):
    """The wish: a level for each area, hours a month, and the day it begins. `up` asks for one level more everywhere."""

    budget = forms.IntegerField(
        label=_("Hours a month"),
        min_value=1,
        max_value=10_000,
        help_text=_("Working hours of all people together, for new steps and for keeping up what is reached."),
    )
    begins = forms.DateField(label=_("Begins on"), widget=Day)
    up = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, profile: Profile, model: Model) -> None:
        plain = {"budget": str(USUAL_BUDGET), "begins": timezone.localdate().isoformat()}
        given = {**plain, **{key: value for key, value in (data or {}).items() if value}}
        super().__init__(given)
        self.profile = profile
        names = {area.id: area.name for area in model.areas}
        levels = {level.number: level.name for level in model.levels}
        self.areas = [area.id for area in profile.areas if area.shown is not None]
        for area in profile.areas:
            if area.shown is None:
                continue
            stay = [("", _("stays where it is (%(level)d)") % {"level": area.shown})]
            higher = [(str(level), f"{level} {levels[level]}") for level in range(area.shown + 1, TOP + 1)]
            self.fields[area.id] = forms.ChoiceField(label=names[area.id], required=False, choices=stay + higher)

    def levels(self) -> Iterator[forms.BoundField]:
        """Yield the fields of the areas."""
        return (self[area] for area in self.areas)

    def clean_begins(self) -> Any:
        """A plan begins about now."""
        begins, today = self.cleaned_data["begins"], timezone.localdate()
        if abs(begins - today) > timedelta(days=2 * 366):
            raise forms.ValidationError(_("Choose a day within two years from today."))
        return begins

    def wish(self) -> Wish:
        """Return what is wished for, of a valid form."""
        if self.cleaned_data["up"]:
            return one_level_up(self.profile)
        return Wish({area: int(self.cleaned_data[area]) for area in self.areas if self.cleaned_data[area]})


def staff(agency: Agency) -> QuerySet[User]:
    """Return the people of an agency, by name."""
    return User.objects.filter(memberships__agency=agency, is_active=True).order_by("name")


class StepForm(forms.Form):
    """Who takes a step, and whether its work is done."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("nobody yet")
    )
    done = forms.BooleanField(label=_("The work is done"), required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff(agency)  # type: ignore[attr-defined]


class HoursForm(forms.Form):
    """The agency's own hours for the steps of one practice; an empty pair keeps the estimate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in range(1, TOP + 1):
            for name, label in (("once", _("Hours once")), ("monthly", _("Hours a month afterwards"))):
                self.fields[f"{name}-{level}"] = forms.FloatField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=MOST_HOURS,
                    widget=forms.NumberInput(attrs={"step": "any"}),
                )

    def clean(self) -> dict[str, Any]:
        """Hours come in pairs."""
        data = super().clean() or self.cleaned_data
        for level in range(1, TOP + 1):
            once, monthly = data.get(f"once-{level}"), data.get(f"monthly-{level}")
            if (once is None) != (monthly is None) and not {f"once-{level}", f"monthly-{level}"} & set(self.errors):
                missing = f"monthly-{level}" if monthly is None else f"once-{level}"
                self.add_error(missing, _("Enter both numbers, 0 where there is nothing to do, or leave both empty."))
        return data

    def hours(self) -> dict[int, Effort | None]:
        """Return the hours by level, None where both fields are empty."""
        found: dict[int, Effort | None] = {}
        for level in range(1, TOP + 1):
            once, monthly = self.cleaned_data[f"once-{level}"], self.cleaned_data[f"monthly-{level}"]
            found[level] = None if once is None or monthly is None else Effort(once, monthly)
        return found


class ShareForm(forms.Form):
    """What a contribution needs to be told."""

    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country, as two letters"),
        help_text=_("For example NO, US or FR. It leaves with the levels."),
        error_messages={"invalid": _("Write the country as two letters, such as NO.")},
        widget=forms.TextInput(attrs={"size": 4, "maxlength": 2, "autocomplete": "country"}),
    )


class ReceiveForm(forms.Form):
    """Files that other agencies have shared."""

    received = FilesField(
        label=_("Files of other agencies"),
        allow_empty_file=True,
        help_text=_("One or several: single contributions, or pools that somebody has merged."),
        error_messages={"required": _("Choose at least one file.")},
    )

    def incoming(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of each file; never more than what is refused as too large anyway."""
        for file in self.cleaned_data["received"]:
            yield file.name, file.read(LIMIT + 1)
