"""A burst main in Riverton: one incident from the flag to the first official word, and what was handed to dispatch, who has it.

Dispatch is invented, so its answers are written here instead of being called for; everything else is the people's own verbs.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from callbox.operations.gateways.payload import Content
from callbox.operations.gateways.webhook import Answer
from callbox.operations.models import Escalation, Gateway, Incident, Note
from callbox.operations.services import escalations, first_word, gateways, incidents
from callbox.operations.services.gateways import Details
from callbox.people.models import Agency, User
from callbox.people.roles import Role

GATEWAY: Final = Details("Riverton County dispatch", "https://dispatch.riverton.example/callbox", 5, "+1 555 0142")
EXERCISES: Final = Details("Dispatch, for exercises", "https://dispatch.riverton.example/exercise", 5, "+1 555 0143")
#: How long before the first message about it the command flagged it.
BEFORE: Final = timedelta(minutes=14)


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> Incident:
    """Add two gateways and let the main burst. people: commander, officer."""
    commander, officer = people[Role.COMMANDER], people[Role.OFFICER]
    gateway, _secret = gateways.add(agency=agency, details=GATEWAY, exercise=False, secret="", by=commander)
    gateways.add(agency=agency, details=EXERCISES, exercise=True, secret="", by=commander)
    row = incidents.open_incident(
        agency=agency,
        title="Water main burst in Mill Lane",
        place="Mill Lane, between the bridge and the school",
        flagged_at=now - BEFORE,
        by=commander,
    )
    _hand_over(gateway, row, officer)
    incidents.note(incident=row, text="Patrol 12 closes the lane for cars; people on foot get through.", by=commander)
    out = next((each for each in first_word.proposed(row) if "main has burst" in each.text), None)
    if out is not None:
        first_word.choose(incident=row, subject=out.subject, by=commander)
    incidents.note(
        incident=row, text="Waterworks on site. They expect the water to be off until the evening.", by=commander
    )
    _set_back(row)
    row.refresh_from_db()
    return row


def _set_back(row: Incident) -> None:
    """Give what was written in one breath the minutes it took: dispatch had it two minutes after the flag."""
    for minutes, note in zip((0, 1, 2, 6, 14, 14.5), row.notes.order_by("pk"), strict=False):
        Note.objects.filter(pk=note.pk).update(at=row.flagged_at + timedelta(minutes=minutes))
    asked, had = row.flagged_at + timedelta(minutes=1), row.flagged_at + timedelta(minutes=2)
    times = {"at": asked, "sent_at": asked, "acknowledged_at": had, "due_by": asked + timedelta(minutes=5)}
    Escalation.objects.filter(incident=row).update(**times)


def _hand_over(gateway: Gateway, row: Incident, officer: User) -> None:
    content = Content(
        "Water on the roadway, the surface sinks. Close the lane and send the waterworks.",
        row.place,
        "soon",
        f"https://desk.riverton.example/a/riverton/incidents/{row.pk}/",
    )
    key = uuid.uuid4()
    escalations.ask(gateway=gateway, subject=row.subject, content=content, key=key, incident=row, by=officer)
    taken = escalations.claim(gateway.pk)
    if taken is None:
        raise RuntimeError("the demonstration could not claim its escalation")
    escalations.answered(*taken, Answer("taken", reference="RC-26-1147"))
    escalations.acknowledge(key=key, answer=Answer("acknowledged", "R. Ortiz", "RC-26-1147", "Unit 12 is on its way."))
