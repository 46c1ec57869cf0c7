"""What is handed over reaches dispatch once, whatever dispatch does; what nobody acknowledges lapses loudly."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.operations.gateways.payload import Content
from callbox.operations.gateways.webhook import Answer
from callbox.operations.models import Escalation
from callbox.operations.services import duty, escalations, gateways, incidents
from callbox.people.roles import ALLOWED, Action, Role
from tests.operations.escalations.desk import LINK, PHONE, Desk, ready_again, state, time_is_up
from tests.people import Cast, person
from tests.servers.dispatch import Mood

pytestmark = pytest.mark.django_db


def test_dispatch_is_told_what_an_officer_chose_and_nothing_else(desk: Desk) -> None:
    row = desk.ask(about={"words": "Help, we are in the cellar"})
    assert escalations.send_due() == 1
    assert state(row) == "sent"
    [(key, told)] = desk.centre.calls
    assert key == str(row.key)
    assert told["type"] == "escalation.opened"
    assert set(told["data"]) == {
        *("reference", "agency", "what", "where", "urgency", "link", "acknowledge_by", "exercise", "about")
    }
    assert told["data"]["about"] == {"words": "Help, we are in the cellar"}
    assert told["data"]["reference"] == row.short
    assert row.reference == "CAD-0001"
    plain = desk.ask(subject="conversation:13")
    escalations.send_due()
    assert "about" not in plain.payload["data"]
    assert plain.payload == desk.centre.calls[-1][1]


def test_a_person_may_acknowledge_in_the_answer(desk: Desk) -> None:
    desk.centre.mood = "acknowledges"
    row = desk.ask()
    escalations.send_due()
    assert state(row) == "acknowledged"
    assert (row.acknowledged_by, row.reference) == ("R. Ortiz", "CAD-0001")


@pytest.mark.parametrize("mood", ["stores-and-fails", "silent"])
def test_what_may_have_arrived_is_repeated_under_its_key_and_opens_one_incident(desk: Desk, mood: Mood) -> None:
    desk.centre.mood = mood
    row = desk.ask()
    for _time in range(3):
        escalations.send_due()
        assert state(row) == "unclear"
        ready_again()
    desk.centre.mood = "takes"
    escalations.send_due()
    assert state(row) == "sent"
    assert len(desk.centre.calls) == 4
    assert len(desk.centre.incidents) == 1


def test_a_dead_centre_is_asked_again_after_one_two_and_four_seconds(desk: Desk) -> None:
    row = desk.ask()
    desk.centre.close()
    pauses = []
    for _time in range(3):
        before = timezone.now()
        escalations.send_due()
        assert state(row) == "waiting"  # nothing of it left
        pauses.append(round((row.next_at - before).total_seconds()))
        ready_again()
    assert pauses == [1, 2, 4]


def test_after_something_unclear_a_dead_line_stays_unclear(desk: Desk) -> None:
    desk.centre.mood = "silent"
    row = desk.ask()
    escalations.send_due()
    desk.centre.close()
    ready_again()
    escalations.send_due()
    assert state(row) == "unclear"


def test_what_dispatch_denies_lapses_at_once_with_its_reason(desk: Desk) -> None:
    desk.centre.mood = "denies"
    row = desk.ask()
    escalations.send_due()
    assert state(row) == "lapsed"
    assert row.said == "Not our district"


def test_a_call_with_another_secret_is_refused_there_and_lapses(desk: Desk) -> None:
    gateways.renew_secret(gateway=desk.gateway, by=desk.by)
    row = desk.ask()
    escalations.send_due()
    assert state(row) == "lapsed"
    assert desk.centre.refused == 1
    assert desk.centre.incidents == {}


def test_what_nobody_acknowledges_lapses_once_and_calls_the_people_on_duty(desk: Desk, cast: Cast) -> None:
    row = desk.ask()
    escalations.send_due()
    assert escalations.lapse_due() == 0
    time_is_up()
    assert escalations.lapse_due() == 1
    assert escalations.lapse_due() == 0
    assert state(row) == "lapsed"
    assert duty.tell_duty() == 1
    assert duty.tell_duty() == 0
    expected = {m.user.email for m in cast.agency.memberships.filter(role__in=ALLOWED[Action.ESCALATE])}
    assert {letter.to[0] for letter in mail.outbox} == expected
    assert PHONE in str(mail.outbox[0].body)
    assert row.short in str(mail.outbox[0].body)
    assert "cellar" not in str(mail.outbox[0].body)
    assert not escalations.send_due()  # past its time nothing is sent


@pytest.mark.parametrize("mood", ["busy", "stores-and-fails"])
def test_what_was_never_clear_lapses_too(desk: Desk, mood: Mood) -> None:
    desk.centre.mood = mood
    row = desk.ask()
    escalations.send_due()
    time_is_up()
    escalations.lapse_due()
    assert state(row) == "lapsed"


def test_a_lapse_stands_until_somebody_writes_what_became_of_it(desk: Desk, cast: Cast) -> None:
    row = desk.ask()
    with pytest.raises(RefusedError, match="not waiting for this"):
        escalations.settle(escalation=row, outcome="Called", by=cast.bob)
    time_is_up()
    escalations.lapse_due()
    with pytest.raises(RefusedError, match="what became of it"):
        escalations.settle(escalation=row, outcome=" ", by=cast.bob)
    with pytest.raises(RefusedError, match="role"):
        escalations.settle(escalation=row, outcome="Called", by=cast.carol)
    escalations.settle(escalation=row, outcome="Called; engine 4 is there.", by=cast.bob)
    assert state(row) == "settled"
    assert (row.outcome, row.settled_by) == ("Called; engine 4 is there.", cast.bob)


def test_the_same_form_twice_is_one_escalation_and_the_same_thing_waits_once(desk: Desk) -> None:
    key, content = uuid.uuid4(), Content("Fire", "", "life", LINK)
    asked = [
        escalations.ask(gateway=desk.gateway, subject="event:3", content=content, key=key, by=desk.by) for _ in range(2)
    ]
    assert asked[0] == asked[1]
    with pytest.raises(RefusedError, match="already"):
        desk.ask(subject="event:3")
    assert Escalation.objects.count() == 1


def test_a_worker_that_died_leaves_something_unclear_not_something_lost(desk: Desk) -> None:
    row = desk.ask()
    assert escalations.claim(desk.gateway.pk) is not None
    assert escalations.send_due() == 0  # it may still be at work
    Escalation.objects.update(claimed_at=timezone.now() - escalations.LEASE - timedelta(seconds=1))
    assert escalations.send_due() == 1
    assert state(row) == "sent"
    assert row.attempts == 2


def test_an_answer_that_comes_after_the_lapse_changes_nothing_unless_it_acknowledges(desk: Desk) -> None:
    row = desk.ask()
    taken = escalations.claim(desk.gateway.pk)
    assert taken is not None
    time_is_up()
    escalations.lapse_due()
    escalations.answered(*taken, Answer("taken"))
    assert state(row) == "lapsed"
    escalations.answered(*taken, Answer("acknowledged", by="Ortiz"))
    assert state(row) == "acknowledged"


def test_an_exercise_stays_among_exercises(desk: Desk, cast: Cast) -> None:
    drill = incidents.open_incident(
        agency=cast.agency, title="Drill", flagged_at=timezone.now(), exercise=True, by=cast.bob
    )
    with pytest.raises(RefusedError, match="exercise never goes"):
        desk.ask(incident=drill)
    assert not Escalation.objects.exists()
    assert desk.centre.calls == []


def test_who_may_not_escalate_sends_nothing(desk: Desk, cast: Cast) -> None:
    for role in set(Role) - ALLOWED[Action.ESCALATE]:
        desk.by = person(f"N-{role.value}", cast.agency, role)
        with pytest.raises(RefusedError, match="role"):
            desk.ask()
    desk.by = cast.dan
    with pytest.raises(RefusedError, match="role"):
        desk.ask()


def test_the_incident_knows_what_was_escalated_and_by_which_number(desk: Desk, cast: Cast) -> None:
    incident = incidents.open_incident(agency=cast.agency, title="Flood", flagged_at=timezone.now(), by=cast.bob)
    desk.centre.mood = "acknowledges"
    desk.ask(incident=incident)
    with pytest.raises(RefusedError, match="no end yet"):
        incidents.close(incident=incident, review="", by=cast.bob)
    escalations.send_due()
    incident.refresh_from_db()
    assert incident.reference == "CAD-0001"
    lines = [note.text for note in incident.notes.all()]
    assert lines == ["Opened.", "Escalated to County dispatch.", "Acknowledged by R. Ortiz. CAD-0001"]
    incidents.close(incident=incident, review="All went well.", by=cast.bob)


def test_nothing_of_a_person_or_secret_is_in_the_trail(desk: Desk) -> None:
    desk.ask(about={"words": "we are in the cellar of number four"})
    escalations.send_due()
    trail = repr(list(AuditEvent.objects.values_list("data", "target")))
    assert "number four" not in trail
    assert desk.secret not in trail
    assert desk.secret not in str(desk.gateway.__dict__)
