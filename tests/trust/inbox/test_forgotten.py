"""A claim that is forgotten, or whose owner left, holds nobody up; one that is not stays its owner's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.people.models import Membership, User
from callbox.people.roles import Role
from callbox.trust.models import Conversation
from callbox.trust.models.conversations import FORGOTTEN, FORGOTTEN_URGENT
from callbox.trust.services import answers, conversations, hearing
from tests.people.cast import Cast, person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def gina(cast: Cast) -> User:
    return person("Gina", cast.agency, Role.OFFICER)


@pytest.fixture
def row(cast: Cast) -> Conversation:
    found, _secret = hearing.enquire(agency=cast.agency, text="Hello")
    return conversations.claim(conversation=found, by=cast.bob)


def _aged(row: Conversation, *, claimed: timedelta, waits: timedelta | None) -> None:
    now = timezone.now()
    Conversation.objects.filter(pk=row.pk).update(
        claimed_at=now - claimed, waits_since=None if waits is None else now - waits
    )


def _forgotten(row: Conversation) -> bool:
    return Conversation.objects.forgotten(timezone.now()).filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("claimed", "waits", "urgent", "forgotten"),
    [
        (FORGOTTEN - MINUTE, 2 * FORGOTTEN, False, False),
        (FORGOTTEN + MINUTE, 2 * FORGOTTEN, False, True),
        (2 * FORGOTTEN, MINUTE, False, False),  # they wrote again a minute ago
        (2 * FORGOTTEN, None, False, True),  # claimed although nobody waits
        (FORGOTTEN_URGENT + MINUTE, FORGOTTEN, True, True),
        (FORGOTTEN_URGENT - MINUTE, FORGOTTEN, True, False),
    ],
)
def test_a_claim_is_forgotten_when_somebody_waited_for_it_too_long(
    row: Conversation, claimed: timedelta, waits: timedelta | None, *, urgent: bool, forgotten: bool
) -> None:
    _aged(row, claimed=claimed, waits=waits)
    Conversation.objects.update(urgent=urgent)
    assert _forgotten(row) is forgotten


def test_a_forgotten_one_is_taken_over_by_whoever_comes_and_the_trail_says_from_whom(
    cast: Cast, gina: User, row: Conversation
) -> None:
    with pytest.raises(RefusedError, match="Bob has claimed"):
        conversations.claim(conversation=row, by=gina)
    _aged(row, claimed=2 * FORGOTTEN, waits=2 * FORGOTTEN)
    conversations.claim(conversation=row, by=gina)
    assert Conversation.objects.get().owner == gina
    event = AuditEvent.objects.filter(action="conversation.claimed").order_by("pk").last()
    assert event is not None
    assert (event.by, event.data["forgotten_by"]) == (gina, cast.bob.pk)
    with pytest.raises(RefusedError, match="Gina has claimed"):
        answers.answer(conversation=row, text="I was slow.", by=cast.bob)
    assert not row.lines.filter(kind="answer").exists()


@pytest.mark.parametrize("how", ["left", "another role", "switched off"])
def test_who_left_holds_nothing(cast: Cast, gina: User, row: Conversation, how: str) -> None:
    conversations.hand_over(conversation=row, to=gina, note="", by=cast.bob)
    if how == "left":
        Membership.objects.filter(user=gina).delete()
    elif how == "another role":
        Membership.objects.filter(user=gina).update(role=Role.VIEWER)
    else:
        User.objects.filter(pk=gina.pk).update(is_active=False)
    assert _forgotten(row)
    conversations.claim(conversation=row, by=cast.bob)
    assert Conversation.objects.get().owner == cast.bob


def test_a_role_in_another_agency_answers_nobody_here(cast: Cast, gina: User, row: Conversation) -> None:
    conversations.hand_over(conversation=row, to=gina, note="", by=cast.bob)
    Membership.objects.filter(user=gina).update(agency=cast.other)
    assert _forgotten(row)


def test_what_was_answered_and_claimed_once_more_goes_back_as_answered(cast: Cast, row: Conversation) -> None:
    answers.answer(conversation=row, text="At eight.", by=cast.bob)
    conversations.claim(conversation=row, by=cast.bob)
    conversations.release(conversation=row, by=cast.bob)
    found = Conversation.objects.get()
    assert (found.state, found.owner) == ("answered", None)


def test_only_what_is_closed_is_taken_up_again(cast: Cast, row: Conversation) -> None:
    answers.answer(conversation=row, text="At eight.", by=cast.bob)
    with pytest.raises(RefusedError, match="not closed"):
        conversations.reopen(conversation=row, by=cast.bob)
    assert Conversation.objects.get().waits_since is None


def test_whoever_waits_longest_stands_first_and_who_waits_for_nothing_is_not_among_them(
    cast: Cast, row: Conversation
) -> None:
    first, _secret = hearing.enquire(agency=cast.agency, text="First")
    waiting = Conversation.objects.of(cast.agency).waiting()
    _aged(row, claimed=MINUTE, waits=MINUTE)
    assert list(waiting.all()) == [row, first]
    _aged(row, claimed=MINUTE, waits=None)
    assert list(waiting.all()) == [first]
    assert list(Conversation.objects.owned_by(cast.bob)) == [row]
    conversations.release(conversation=row, by=cast.bob)
    assert set(waiting.all()) == {row, first}, "nobody answered it, so it comes back"
