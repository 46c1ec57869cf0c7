"""What waits of intelligence, operations and collaboration: only for those who may settle it, never their own work, lapses first."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.collaboration.models import Arrival, Partner
from callbox.desk.today import words
from callbox.flows.review import Fact, Kind, facts
from callbox.governance.models import Approval
from callbox.intelligence.models import Watch
from callbox.operations.models import Alert, Escalation, Gateway
from callbox.people.models import User
from callbox.people.roles import ALLOWED, Action, Role
from tests.intelligence.events import rows
from tests.people import Cast, person, signed_in

pytestmark = pytest.mark.django_db

SETTLED_BY = {
    Kind.LAPSED: Action.ESCALATE,
    Kind.ALERTS: Action.APPROVE_ALERT,
    Kind.EVENTS: Action.TRIAGE,
    Kind.ARRIVALS: Action.TAKE_OFFER,
    Kind.SIGNING: Action.SIGN_OFF_WATCH,
    Kind.WATCHES: Action.ALLOW_WATCH,
}


def everything(cast: Cast) -> None:
    """Let one of each wait."""
    agency, now, carol = cast.agency, timezone.now(), cast.carol
    gate = Gateway.objects.create(
        agency=agency, title="Dispatch", address="https://d.example", secret="", phone="1", by=carol, at=now
    )
    for exercise in (False, True):
        Escalation.objects.create(
            agency=agency, gateway=gate, subject="conversation:1", key=uuid.uuid4(), state="lapsed", due_by=now, next_at=now,
            exercise=exercise, by=carol, at=now,
        )  # fmt: skip
    alert = Alert.objects.create(
        agency=agency, state="submitted", kind="Alert", identifier="a1", by=carol, at=now, changed_at=now
    )
    alert.versions.create(number=1, digest="d", by=carol, at=now)
    source = rows.source(agency, carol)
    rows.event(rows.sighting(source, "flood at the mill"))
    for state in ("stopped", "submitted"):
        waiting = rows.watch(agency, carol, [source], title=state)
        Watch.objects.filter(pk=waiting.pk).update(state=state, starts=None, ends=None)
    partner = Partner.objects.create(agency=agency, name="Valley", sector="police", by=carol, at=now)
    Arrival.objects.create(
        agency=agency,
        partner=partner,
        share=uuid.uuid4(),
        version=1,
        kind="message",
        label="clear",
        at=now,
        changed_at=now,
    )


def waiting(cast: Cast, user: User, role: Role) -> dict[Kind, Fact]:
    found = facts(cast.agency, user=user, role=role, now=timezone.now())
    return {fact.kind: fact for fact in found if fact.count and fact.kind in SETTLED_BY}


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_settle_it_is_asked(cast: Cast, role: Role) -> None:
    everything(cast)
    zoe = person("Zoe", cast.agency, role, second_factor=False)
    found = waiting(cast, zoe, role)
    assert set(found) == {kind for kind, action in SETTLED_BY.items() if role in ALLOWED[action]}
    assert all(fact.count == 1 and fact.practice for fact in found.values())


def test_a_lapse_stands_first_and_leads_to_where_it_is_settled(cast: Cast) -> None:
    everything(cast)
    client = signed_in(cast.bob)
    page = client.get("/a/harbour/today/").text
    assert page.index("Call dispatch: 1 escalation was not acknowledged") < page.index("Approve or send back 1 alert")
    for kind in (Kind.LAPSED, Kind.WATCHES):
        assert client.get(words.place(waiting(cast, cast.bob, Role.CHIEF)[kind], cast.agency)).status_code == 200


def test_nobody_is_asked_about_their_own_words_or_twice(cast: Cast) -> None:
    everything(cast)
    alert = Alert.objects.get()
    Approval.objects.create(
        agency=cast.agency, subject=alert.subject, digest="d", rule="two-approvers", by=cast.bob, at=timezone.now()
    )
    Watch.objects.filter(state="submitted").update(by=cast.bob)
    assert not {Kind.ALERTS, Kind.WATCHES} & set(waiting(cast, cast.bob, Role.CHIEF))


def test_another_agency_sees_nothing_of_it(cast: Cast) -> None:
    everything(cast)
    now = timezone.now() + timedelta(minutes=1)
    assert not [fact for fact in facts(cast.other, user=cast.dan, role=Role.CHIEF, now=now) if fact.kind in SETTLED_BY]
