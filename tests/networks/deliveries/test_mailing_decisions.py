"""A mailing of many letters is one decision for a person: after a freeze, when it is late, and where a server said no."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery
from tests.networks.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(desk: Desk) -> list[Delivery]:
    first = desk.queued(recipient="0@x.example")
    assert first.approval is not None
    services.queue_letters(
        connection=first.connection,
        subject=first.subject,
        version=first.version,
        rendition=first.shown,
        approval=first.approval,
        due=first.due,
        expires=None,
        recipients=[f"{number}@x.example" for number in range(4)],
        by=desk.alice,
    )
    return list(Delivery.objects.order_by("pk"))


def states() -> dict[str, str]:
    return dict(Delivery.objects.order_by("recipient").values_list("recipient", "state"))


@pytest.mark.parametrize("state", ["held", "late"])
def test_one_press_lets_all_of_them_go(desk: Desk, letters: list[Delivery], state: str) -> None:
    Delivery.objects.update(state=state)
    Delivery.objects.filter(pk=letters[3].pk).update(state="sent")
    assert Delivery.objects.unsettled().one_a_mailing().count() == 1
    services.release(delivery=Delivery.objects.get(pk=letters[0].pk), by=desk.bob)
    assert list(states().values()) == ["waiting", "waiting", "waiting", "sent"]
    assert AuditEvent.objects.get(action="delivery.released").data["letters"] == 3
    assert not Delivery.objects.filter(state="waiting", released_at=None).exists()


@pytest.mark.parametrize(("decision", "becomes"), [("again", "waiting"), ("give-up", "given-up")])
def test_what_the_server_refused_is_decided_at_once(
    desk: Desk, letters: list[Delivery], decision: services.Decision, becomes: str
) -> None:
    Delivery.objects.exclude(pk=letters[0].pk).update(state="refused")
    services.settle(delivery=letters[2], decision=decision, by=desk.bob)
    assert list(states().values()) == ["waiting", becomes, becomes, becomes]


def test_unclear_letters_are_decided_one_by_one(desk: Desk, letters: list[Delivery]) -> None:
    Delivery.objects.update(state="unclear", called_at=timezone.now())
    services.settle(delivery=letters[1], decision="give-up", by=desk.bob)
    assert list(states().values()) == ["unclear", "given-up", "unclear", "unclear"]


def test_other_mailings_and_public_posts_are_left_alone(desk: Desk, letters: list[Delivery]) -> None:
    other, public = desk.queued("message:2", recipient="0@x.example"), desk.queued("message:3")
    Delivery.objects.update(state="held")
    services.settle(delivery=letters[0], decision="give-up", by=desk.bob)
    services.release(delivery=public, by=desk.bob)
    other.refresh_from_db()
    assert (other.state, Delivery.objects.filter(state="given-up").count()) == ("held", 4)
