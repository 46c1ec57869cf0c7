"""A drill goes through the real code, is timed, leaves nothing behind, reaches nobody and counts nowhere but as an exercise."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from callbox.core.refusal import RefusedError
from callbox.flows import drill as drills
from callbox.flows.drill import ground, wiping
from callbox.flows.drill.replay import replay
from callbox.flows.drill.scenario import scenarios
from callbox.intelligence.models import Event, Sighting
from callbox.intelligence.services import grouping
from callbox.maturity.services import own_record
from callbox.networks.connections.models import Connection
from callbox.networks.connections.services import connect
from callbox.networks.models import Delivery
from callbox.operations.cap.vocabulary import Content as CapContent
from callbox.operations.gateways import webhook
from callbox.operations.gateways.payload import Content
from callbox.operations.models import Alert, Drill, Escalation, Incident
from callbox.operations.services import alerts, escalations, gateways, incidents
from callbox.operations.services.drills import STEPS
from callbox.operations.services.gateways import Details
from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action, Role
from callbox.trust.models import Conversation
from callbox.voice.models import Message
from tests.people import Cast, person, signed_in
from tests.servers.dispatch import Mood, dispatch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Grouping remembers by the number of the agency, which the next test's has again."""
    grouping.forget()


def twin_of(cast: Cast) -> Agency:
    found = ground.find(cast.agency)
    assert found is not None
    return found


@pytest.mark.parametrize("scenario", sorted(scenarios()))
def test_a_replay_takes_all_five_times_in_their_order(cast: Cast, scenario: str) -> None:
    held = replay(agency=cast.agency, scenario=scenario, by=cast.bob)
    assert held.state == "done"
    assert set(held.steps) == set(STEPS)
    times = [datetime.fromisoformat(held.steps[name]) for name in STEPS]
    assert times == sorted(times)
    assert times[0] >= held.began_at
    twin = twin_of(cast)
    assert Sighting.objects.of(twin).count() == len(scenarios()[scenario].posts)
    assert Event.objects.of(twin).filter(state=scenarios()[scenario].verdict).count() == 1
    assert Conversation.objects.of(twin).count() == len(scenarios()[scenario].comments)
    assert held.incident is not None
    assert held.incident.exercise


def test_nothing_of_a_drill_stands_in_the_agency_or_its_figures(cast: Cast) -> None:
    before = own_record.read(cast.agency, as_of=timezone.now())
    replay(agency=cast.agency, scenario="flood", by=cast.bob)
    for model in (Event, Sighting, Conversation, Delivery, Message, Alert, Escalation, Incident):
        assert not model.objects.filter(agency=cast.agency).exists(), model
    after = own_record.read(cast.agency, as_of=timezone.now())
    assert dict(after.rows) == {**before.rows, "exercises": 1}
    exercise = after.ledger.table("exercises").collect().row(0, named=True)
    assert (exercise["kind"], exercise["alerted"]) == ("replay", True)


def test_nothing_of_a_drill_can_leave_on_a_real_account_gateway_or_page(cast: Cast, settings: Settings) -> None:
    drills.begin(agency=cast.agency, scenario="flood", by=cast.bob)
    twin = twin_of(cast)
    for kind in ("mastodon", "bluesky", "email", "newsroom"):
        with pytest.raises(RefusedError, match="on paper"):
            connect(agency=twin, kind=kind, details={"handle": "x"}, secrets={"token": "x"}, by=cast.bob)
    assert {each.account.partition(":")[0] for each in Connection.objects.of(twin)} == {"paper"}
    commander = person("Carla", twin, Role.COMMANDER)
    details = Details("Real dispatch", "https://dispatch.example/", 5, "1")
    row, _secret = gateways.add(agency=twin, details=details, exercise=False, secret="", by=commander)
    assert row.exercise
    incident = incidents.open_incident(agency=twin, title="x", flagged_at=timezone.now(), exercise=False, by=cast.bob)
    assert incident.exercise
    real, _secret = gateways.add(agency=cast.agency, details=details, exercise=False, secret="", by=cast.erin)
    with pytest.raises(RefusedError, match="exercise never goes"):
        escalations.ask(
            gateway=real, subject=incident.subject, content=Content("x", "", "life", ""), key=uuid.uuid4(),
            incident=incident, by=cast.bob,
        )  # fmt: skip
    alert = alerts.draft(agency=twin, content=CapContent(()), exercise=False, by=cast.bob)
    assert alert.exercise
    client = signed_in(cast.bob)
    for place in ("", "news/", "accounts/"):
        assert client.get(f"/p/{twin.slug}/{place}").status_code == 404


def test_everything_a_drill_made_can_be_cleaned_away_and_its_times_stay(cast: Cast, settings: Settings) -> None:
    held = replay(agency=cast.agency, scenario="flood", by=cast.bob)
    twin, times = twin_of(cast), dict(held.steps)
    assert (settings.DATA / "paper" / twin.slug).exists()
    assert drills.clean(drill=held, by=cast.bob) > 20
    for model, path in wiping._paths():
        assert not model._base_manager.filter(**{path: twin}).exists(), model
    assert not (settings.DATA / "paper" / twin.slug).exists()
    held.refresh_from_db()
    assert held.steps == times
    assert held.incident is None
    again = replay(agency=cast.agency, scenario="rumour", by=cast.bob)
    assert set(again.steps) == set(STEPS)


def test_no_other_agency_is_ever_wiped(cast: Cast) -> None:
    with pytest.raises(RefusedError, match="Only what a drill made"):
        wiping.wipe(cast.agency)


def test_a_live_drill_says_each_thing_at_its_time_and_once(cast: Cast) -> None:
    held = drills.begin(agency=cast.agency, scenario="flood", by=cast.bob)
    twin, lines = twin_of(cast), scenarios()["flood"].lines
    assert Sighting.objects.of(twin).count() == 1  # what is said at once
    assert drills.play_due() == 0
    Drill.objects.update(began_at=held.began_at - timedelta(seconds=20))
    due = sum(said.after <= 20 for _kind, said in lines)
    assert drills.play_due() == due - 1
    assert drills.play_due() == 0
    Drill.objects.update(began_at=held.began_at - timedelta(hours=1))
    assert drills.play_due() == len(lines) - due
    held.refresh_from_db()
    assert "detected" in held.steps
    assert "verified" not in held.steps
    with pytest.raises(RefusedError, match="is running"):
        drills.begin(agency=cast.agency, scenario="rumour", by=cast.bob)
    drills.break_off(drill=held, by=cast.bob)
    assert drills.play_due() == 0
    record = own_record.read(cast.agency, as_of=timezone.now())
    assert record.rows["exercises"] == 0


def test_the_people_of_the_desk_work_in_the_drill_as_what_they_are(cast: Cast) -> None:
    drills.begin(agency=cast.agency, scenario="flood", by=cast.bob)
    twin = twin_of(cast)
    assert twin.role_of(cast.bob) == Role.CHIEF
    assert twin.role_of(cast.dan) is None
    helper = ground._helper(twin, Role.ANALYST)
    assert not helper.has_usable_password()
    assert signed_in(cast.bob).get(f"/a/{twin.slug}/incidents/").status_code == 200


@pytest.mark.parametrize(
    ("mood", "ends"), [("acknowledges", "acknowledged"), ("takes", "settled"), ("denies", "settled")]
)
def test_a_drill_uses_the_gateway_for_exercises(cast: Cast, settings: Settings, mood: Mood, ends: str) -> None:
    with dispatch(webhook.new_secret()) as centre:
        settings.PRIVATE_HOSTS = [centre.place]
        centre.mood = mood
        details = Details("Exercises", centre.address, 5, "1")
        gateways.add(agency=cast.agency, details=details, exercise=True, secret=centre.secret, by=cast.erin)
        replay(agency=cast.agency, scenario="flood", by=cast.bob)
        [(_key, told)] = centre.calls
    assert told["data"]["exercise"] is True
    assert "about" not in told["data"]
    assert Escalation.objects.get().state == ends


def test_who_may_not_hold_drills_begins_none(cast: Cast) -> None:
    for role in set(Role) - ALLOWED[Action.HOLD_DRILL]:
        with pytest.raises(RefusedError, match="role"):
            drills.begin(agency=cast.agency, scenario="flood", by=person(f"N-{role.value}", cast.agency, role))
    with pytest.raises(RefusedError, match="Choose a scenario"):
        drills.begin(agency=cast.agency, scenario="none", by=cast.bob)
    assert ground.find(cast.agency) is None


def test_who_leaves_the_agency_leaves_the_drill_and_nobody_stays_in_one_that_was_cleaned(cast: Cast) -> None:
    held = drills.begin(agency=cast.agency, scenario="flood", by=cast.bob)
    twin = twin_of(cast)
    cast.agency.memberships.filter(user=cast.frank).delete()
    cast.agency.memberships.filter(user=cast.carol).update(role=Role.OFFICER)
    ground.lay_out(cast.agency)
    assert twin.role_of(cast.frank) is None
    assert twin.role_of(cast.carol) == Role.OFFICER
    drills.end(drill=held, by=cast.bob)
    drills.clean(drill=held, by=cast.bob)
    assert {member.user.email.rpartition("@")[2] for member in twin.memberships.all()} == {f"{twin.slug}.invalid"}
