"""Incidents: opened in one action, first word chosen by a person, the freeze beside them, closed with a review."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance import freezing
from callbox.operations import incident_ledger
from callbox.operations.models import Drill, Incident
from callbox.operations.services import first_word, incidents
from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action, Role
from tests.governance.retention import rows
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def _open(cast: Cast, *, minutes: int = 30, exercise: bool = False, critical: bool = False) -> Incident:
    return incidents.open_incident(
        agency=cast.agency,
        title="Flood at Mill Lane",
        flagged_at=timezone.now() - timedelta(minutes=minutes),
        exercise=exercise,
        critical=critical,
        by=cast.bob,
    )


def test_the_same_thing_has_one_open_incident(cast: Cast) -> None:
    now = timezone.now()
    asked = {"agency": cast.agency, "title": "Flood", "flagged_at": now, "subjects": ["event:3"], "by": cast.bob}
    first = incidents.open_incident(**asked)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="already"):
        incidents.open_incident(**asked)  # type: ignore[arg-type]
    incidents.close(incident=first, review="", by=cast.bob)
    incidents.open_incident(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("shift", [timedelta(hours=1), -timedelta(days=32)])
def test_a_flag_ahead_or_a_month_back_is_refused(cast: Cast, shift: timedelta) -> None:
    with pytest.raises(RefusedError, match="hour of the flag"):
        incidents.open_incident(agency=cast.agency, title="x", flagged_at=timezone.now() + shift, by=cast.bob)


def test_who_may_not_lead_changes_nothing(cast: Cast) -> None:
    row = _open(cast)
    for role in set(Role) - ALLOWED[Action.LEAD_INCIDENT]:
        who = person(f"N-{role.value}", cast.agency, role)
        with pytest.raises(RefusedError, match="role"):
            incidents.note(incident=row, text="x", by=who)
    assert row.notes.count() == 1


def test_the_first_word_is_proposed_from_what_left_after_the_flag_and_chosen_by_a_person(cast: Cast) -> None:
    row, now = _open(cast), timezone.now()
    before = rows.message(cast.agency, cast.bob, now)
    rows.delivery(before, cast.bob, now - timedelta(hours=2), words="Good morning")
    after = rows.message(cast.agency, cast.bob, now)
    rows.delivery(after, cast.bob, now - timedelta(minutes=10), words="Mill Lane is closed")
    foreign = rows.message(cast.other, cast.dan, now)
    rows.delivery(foreign, cast.dan, now, words="Elsewhere")
    assert [each.subject for each in first_word.proposed(row)] == [after.subject]
    assert row.first_word == ""
    for wrong in (before.subject, foreign.subject, "message:999999", "answer:1", ""):
        with pytest.raises(RefusedError, match="left after"):
            first_word.choose(incident=row, subject=wrong, by=cast.bob)
    first_word.choose(incident=row, subject=after.subject, by=cast.bob)
    row.refresh_from_db()
    assert row.first_word == after.subject
    assert row.first_word_at is not None
    assert round((row.first_word_at - row.flagged_at).total_seconds() / 60) == 20
    assert "Mill Lane is closed" in row.notes.order_by("-pk")[0].text


def test_a_critical_incident_notes_since_when_everything_stands_still(cast: Cast) -> None:
    calm, row = _open(cast), _open(cast, critical=True)
    assert incidents.note_freezes() == 0
    freeze = freezing.press(agency=cast.agency, why="Danger", by=cast.bob)
    assert incidents.note_freezes() == 1
    assert incidents.note_freezes() == 0
    row.refresh_from_db()
    calm.refresh_from_db()
    assert (row.frozen_at, calm.frozen_at) == (freeze.at, None)


def test_a_freeze_that_stood_already_counts_from_the_flag_and_one_lifted_before_not(cast: Cast) -> None:
    freeze = freezing.press(agency=cast.agency, why="Danger", by=cast.bob)
    type(freeze).objects.filter(pk=freeze.pk).update(at=timezone.now() - timedelta(hours=3))
    row = _open(cast, critical=True)
    incidents.note_freezes()
    row.refresh_from_db()
    assert row.frozen_at == row.flagged_at
    freezing.lift(agency=cast.agency, by=cast.bob)
    later = incidents.open_incident(
        agency=cast.agency, title="Fire", flagged_at=timezone.now(), critical=True, by=cast.bob
    )
    incidents.note_freezes()
    later.refresh_from_db()
    assert later.frozen_at is None


def test_an_exercise_never_counts_as_an_incident(cast: Cast) -> None:
    real, drill = _open(cast), _open(cast, exercise=True)
    Drill.objects.create(
        agency=cast.agency, kind="replay", title="Flood", state="done", incident=drill, made={"alert": "alert:1"},
        began_at=timezone.now(), by=cast.bob, at=timezone.now(),
    )  # fmt: skip
    tables = incident_ledger.ledger(cast.agency, as_of=timezone.now())
    assert tables["incidents"].height == 1
    assert tables["incidents"]["at"][0] == real.flagged_at
    assert tables["exercises"].rows() == [(tables["exercises"]["at"][0], "replay", 0, True, 0, 0)]
    other: Agency = cast.other
    assert all(table.is_empty() for table in incident_ledger.ledger(other, as_of=timezone.now()).values())


def test_a_closed_incident_keeps_its_review_and_can_be_taken_up_again(cast: Cast) -> None:
    row = _open(cast)
    incidents.close(incident=row, review="Call earlier.", by=cast.bob)
    row.refresh_from_db()
    assert (row.state, row.review) == ("closed", "Call earlier.")
    incidents.reopen(incident=row, by=cast.bob)
    assert [note.text for note in row.notes.all()] == ["Opened.", "Closed.", "Opened again."]
