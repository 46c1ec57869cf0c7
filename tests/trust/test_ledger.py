"""Conversations, hidden comments and tips as rows of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from callbox.networks.models import Delivery
from callbox.operations import ledger as operations
from callbox.operations.models import Case
from callbox.people.models import Agency
from callbox.people.roles import Role
from callbox.trust import ledger
from callbox.trust.models import Conversation, Hiding, Line
from callbox.trust.services import answers, conversations, hearing, moderation
from callbox.trust.tips.models import Tip
from tests.people.cast import Cast, person
from tests.trust.inbox.things import START, connection, item

pytestmark = pytest.mark.django_db


def contacts(cast: Cast) -> list[dict[str, object]]:
    return ledger.contacts(cast.agency).to_dicts()


def heard(cast: Cast, *, remote_id: str = "q1") -> Conversation:
    where = connection(cast.agency, cast.bob, handle=f"harbour-{remote_id}")
    found = hearing.hear(item(where, "When does the bridge open?", remote_id=remote_id))
    assert found is not None
    return found


def test_an_answer_counts_from_when_it_left_and_not_before(cast: Cast) -> None:
    conversation = heard(cast)
    line = answers.answer(conversation=conversation, text="At six.", by=cast.bob)
    for state in ("waiting", "sending", "unclear", "held", "refused", "late", "given-up"):
        Delivery.objects.filter(subject=f"answer:{line.pk}").update(state=state)
        assert contacts(cast)[0]["replied_at"] is None, state
    left = START + timedelta(hours=3)
    Delivery.objects.filter(subject=f"answer:{line.pk}").update(state="sent", called_at=left, settled_at=left)
    row = contacts(cast)[0]
    assert (row["account"], row["at"], row["replied_at"]) == ("paper:harbour-q1", START, left)
    assert row["answerable"] is True  # whoever answers says that there was something to answer
    assert row["door"] == "mention"


def test_the_first_answer_that_could_be_read_counts(cast: Cast) -> None:
    conversation = heard(cast)
    lost = answers.answer(conversation=conversation, text="At six.", by=cast.bob)
    Delivery.objects.filter(subject=f"answer:{lost.pk}").update(state="refused")
    hearing.hear(
        item(conversation.connection, "At seven", remote_id="a1", parent="q1", thread="q1", own=True, minutes=90)  # type: ignore[arg-type]
    )
    assert contacts(cast)[0]["replied_at"] == START + timedelta(minutes=90)


def test_a_question_on_the_portal_is_answered_where_it_was_asked(cast: Cast) -> None:
    conversation, _secret = hearing.enquire(agency=cast.agency, text="May I park here?")
    assert contacts(cast)[0]["replied_at"] is None
    line = answers.answer(conversation=conversation, text="Yes.", by=cast.bob)
    (row,) = contacts(cast)
    assert (row["account"], row["replied_at"]) == ("portal:harbour", line.at)
    (account,) = ledger.portal(cast.agency, as_of=timezone.now()).to_dicts()
    assert (account["account"], account["carries"], account["official"]) == ("portal:harbour", ["incoming"], False)


def test_notes_and_receipts_are_no_answers_and_words_of_nobody_else_are_counted(cast: Cast) -> None:
    conversation = heard(cast)
    conversations.claim(conversation=conversation, by=cast.bob)
    conversations.note(conversation=conversation, text="Ask the bridge keeper", by=cast.bob)
    Line.objects.create(conversation=conversation, kind=Line.Kind.RECEIPT, text="We have it", at=START)
    Conversation.objects.filter(pk=conversation.pk).update(acknowledged_at=START)
    (row,) = contacts(cast)
    assert (row["replied_at"], row["acknowledged_at"], row["answerable"]) == (None, START, None)
    assert ledger.contacts(cast.other).is_empty()


def test_what_was_hidden_says_how_it_can_be_accounted_for(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    at = START + timedelta(hours=1)
    Hiding.objects.create(
        agency=cast.agency, item=item(where, "..."), ground="threat", why="It names a house", snapshot={"text": "..."},
        snapshot_digest=moderation.digest({"text": "..."}),
        by=cast.bob, at=at, told_at=at, secret_digest="1", state="restored", appealed_at=at,
        decided_at=at, decided_by=cast.alice,
    )  # fmt: skip
    Hiding.objects.create(agency=cast.agency, item=item(where, "!"), by=cast.bob, at=at, secret_digest="2")
    Hiding.objects.create(
        agency=cast.agency, item=item(where, "?"), by=cast.bob, at=at, secret_digest="3", snapshot={"text": "changed"},
        snapshot_digest=moderation.digest({"text": "..."}),
    )  # fmt: skip
    Agency.objects.filter(pk=cast.agency.pk).update(time_zone="Pacific/Auckland")
    whole, bare, altered = ledger.moderation(cast.agency).to_dicts()
    assert whole["due_at"] == datetime(2026, 11, 9, 11, tzinfo=UTC)  # Monday evening there, so until the end of Monday
    assert altered["copied"] is False
    assert (whole["account"], whole["ground"], whole["copied"], whole["decision"]) == (
        "paper:harbour",
        "threat",
        True,
        "restored",
    )
    assert (bare["ground"], bare["copied"], bare["told_at"], bare["decision"]) == (None, False, None, None)


def test_a_tip_is_a_day_and_durations_without_anything_to_find_it_by(cast: Cast) -> None:
    person("Ana", cast.agency, Role.ANALYST)
    day = datetime(2026, 11, 2, tzinfo=UTC).date()
    Tip.objects.create(
        agency_id=cast.agency.pk, day=day, lookup="a", public_key="age1", state="settled", outcome=Tip.Outcome.PASSED,
        minutes_to_open=10, minutes_to_settle=300, outcome_returned=True, promoted=True, threat_to_life=True,
    )  # fmt: skip
    Tip.objects.create(agency_id=cast.other.pk, day=day, lookup="b", public_key="age1")
    assert ledger.tips(cast.agency).to_dicts() == [
        {
            "day": day,
            "threat": True,
            "settled": True,
            "outcome": "passed",
            "minutes_to_open": 10,
            "minutes_to_settle": 300,
            "told": True,
            "promoted": True,
        }
    ]


def test_a_case_is_owed_word_from_its_hour(cast: Cast) -> None:
    for number, kind in enumerate(("theft", "domestic-violence")):
        Case.objects.create(
            agency=cast.agency, reference=str(number), kind=kind, secret_digest="x", reported_at=START,
            eligible_at=START + timedelta(minutes=number), by=cast.bob, at=START,
        )  # fmt: skip
    found = operations.notifications(cast.agency).to_dicts()
    assert [(row["at"], row["told_at"], row["kind"], row["excluded"]) for row in found] == [
        (START, None, "theft", False),
        (START + timedelta(minutes=1), None, "domestic-violence", True),
    ]
