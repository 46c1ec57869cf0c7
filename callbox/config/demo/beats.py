"""The beats of the demonstration: three invented parts of a town, with their teams and streets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from callbox.governance import places
from callbox.people.beats import shapes, streets
from callbox.people.models import Agency, User
from callbox.people.roles import Role


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Bring the files in as a press officer would; the meetings lie in the weeks after `now`."""
    here = files(__package__)
    drawn = shapes.read(_dated(json.loads(here.joinpath("beats.geojson").read_text(encoding="utf-8")), now))
    by = people[Role.PRESS_OFFICER]
    places.import_beats(agency=agency, drawn=drawn, seen=places.changes(agency, drawn).seen, by=by)
    found = streets.read(here.joinpath("streets.csv").read_bytes(), codes={each.code for each in drawn})
    places.import_streets(agency=agency, stretches=found, by=by)


def _dated(whole: dict[str, Any], now: datetime) -> bytes:
    """Return the file with its meetings, written as days from now, on days."""
    for feature in whole["features"]:
        for meeting in feature["properties"].get("meetings", ()):
            day = now.date() + timedelta(days=meeting.pop("in_days"))
            meeting["at"] = f"{day.isoformat()}T18:30"
    return json.dumps(whole).encode()
