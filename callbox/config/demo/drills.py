"""A drill that Riverton held three weeks ago, by script through the real code; its times are then set to those of people. And an exercise
with neighbours, written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from callbox.flows import drill as flow
from callbox.flows.drill.replay import replay
from callbox.operations.models import Drill
from callbox.operations.services import drills
from callbox.operations.services.drills import STEPS
from callbox.people.models import Agency, User
from callbox.people.roles import Role

#: Minutes from the beginning to each step, as it went that evening.
MINUTES: Final = dict(zip(STEPS, (1.5, 9, 17, 18, 34), strict=True))
LEARNED: Final = (
    "We noticed it at once and checked it well. Eight minutes went by until a second person was found who may approve. The correction"
    " waited for an hour nobody had asked the waterworks for."
)


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> Drill:
    """Hold the drill, clean up after it, and write down what it led to. people: commander, press officer, approver."""
    commander = people[Role.COMMANDER]
    held = replay(agency=agency, scenario="flood", by=commander)
    flow.clean(drill=held, by=commander)
    began = now - timedelta(days=20)
    steps = {name: (began + timedelta(minutes=minutes)).isoformat() for name, minutes in MINUTES.items()}
    Drill.objects.filter(pk=held.pk).update(began_at=began, ended_at=began + timedelta(minutes=41), steps=steps)
    held.refresh_from_db()
    drills.review(drill=held, text=LEARNED, partners=[], by=commander)
    day = now.date() + timedelta(days=10)
    done = drills.add_action(
        drill=held,
        text="Two people who may approve are on call at night",
        owner=people[Role.APPROVER],
        due=day,
        by=commander,
    )
    drills.close_action(action=done, closed=True, by=commander)
    drills.add_action(
        drill=held,
        text="Ask the waterworks for an hour before writing one",
        owner=people[Role.PRESS_OFFICER],
        due=day,
        by=commander,
    )
    _with_neighbours(agency, commander, now.date() - timedelta(days=120))
    return held


def _with_neighbours(agency: Agency, commander: User, day: date) -> None:
    drills.write_down(
        agency=agency,
        kind="exercise",
        title="Train derailment at the river, with the county",
        day=day,
        partners=["Riverton Fire Department", "Riverton County emergency management"],
        review="One list of telephone numbers for everybody, kept by the county.",
        by=commander,
    )
