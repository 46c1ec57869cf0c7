"""Forms of beats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from callbox.people.beats.shapes import YEARS
from callbox.people.models import Beat

#: Empty lines offered below those that are filled in.
SPARE = 3


class OfficerForm(forms.Form):
    """One officer of a team; without a name the line is left out."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    rank = forms.CharField(label=_("Rank"), max_length=120, required=False)
    hours = forms.CharField(label=_("When"), max_length=120, required=False)


class MeetingForm(forms.Form):
    """One meeting; without a day the line is left out."""

    at = forms.DateTimeField(
        label=_("Day and hour"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    title = forms.CharField(label=_("What"), max_length=200, required=False)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)

    def clean_at(self) -> datetime | None:
        """Refuse a slip in the year."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at.year not in YEARS:
            raise forms.ValidationError(now_("Look at the year."))
        return at


class BeatForm(forms.Form):
    """How residents reach the team of a beat, and what it works on."""

    hours = forms.CharField(label=_("When the team is there"), max_length=200, required=False)
    public_contact = forms.CharField(
        label=_("How residents reach the team"),
        max_length=200,
        required=False,
        help_text=_("An office address or number. Never a private one."),
    )
    priorities = forms.CharField(
        label=_("What the team works on"),
        required=False,
        max_length=5000,
        help_text=_("One thing a line, in the words residents use."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def lines(self) -> list[str]:
        """Return the priorities."""
        return [line.strip()[:300] for line in self.cleaned_data["priorities"].splitlines() if line.strip()][:50]


Officers = forms.formset_factory(OfficerForm, extra=SPARE, max_num=50, absolute_max=60)
Meetings = forms.formset_factory(MeetingForm, extra=SPARE, max_num=50, absolute_max=60)


class Whole:
    """The three forms of the page of a beat."""

    def __init__(self, beat: Beat, data: Mapping[str, Any] | None) -> None:
        stands = {
            "hours": beat.hours,
            "public_contact": beat.public_contact,
            "priorities": "\n".join(beat.priorities),
        }
        self.form = BeatForm(data, initial=stands)
        self.team = Officers(data, prefix="team", initial=[dict(each) for each in beat.team])
        self.meetings = Meetings(data, prefix="meetings", initial=[_wall(each) for each in beat.meetings])
        #: Offsets that came with the file are kept while the hour stays as it was.
        self._written = {_wall(each)["at"]: each["at"] for each in beat.meetings}

    def is_valid(self) -> bool:
        """Whether all three can be used; asked of each, so that every mistake is shown."""
        return all([self.form.is_valid(), self.team.is_valid(), self.meetings.is_valid()])

    def values(self) -> dict[str, Any]:
        """Return what `governance.places.change_beat` takes."""
        return {
            "hours": self.form.cleaned_data["hours"],
            "public_contact": self.form.cleaned_data["public_contact"],
            "priorities": self.form.lines(),
            "team": [_full(each) for each in _filled(self.team.cleaned_data, "name")],
            "meetings": [
                {"at": self._at(each["at"]), "title": each["title"], "place": each["place"]}
                for each in _filled(self.meetings.cleaned_data, "at")
            ],
        }

    def _at(self, typed: datetime) -> str:
        wall = typed.replace(tzinfo=None)
        return str(self._written.get(wall, wall.isoformat(timespec="minutes")))


def _wall(meeting: Mapping[str, str]) -> dict[str, Any]:
    return {**meeting, "at": datetime.fromisoformat(meeting["at"]).replace(tzinfo=None)}


def _filled(rows: Iterable[Mapping[str, Any]], needed: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row.get(needed)]


def _full(officer: Mapping[str, str]) -> dict[str, str]:
    return {name: " ".join(officer[name].split()) for name in ("name", "rank", "hours") if officer[name].strip()}


class FileForm(forms.Form):
    """A file of beats or of streets."""

    file = forms.FileField(label=_("File"))


def field_name(name: str) -> str:
    """Return what people call a field of a beat."""
    return {
        "name": now_("name"),
        "shape": now_("outline"),
        "team": now_("team"),
        "hours": now_("hours"),
        "public_contact": now_("contact"),
        "meetings": now_("meetings"),
        "priorities": now_("priorities"),
    }[name]
