"""One owner at a time, however many ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Line
from callbox.trust.services import conversations, hearing
from tests.people.cast import make_cast, person


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_thousand_claims_at_once_give_one_owner() -> None:
    cast = make_cast()
    row, _secret = hearing.enquire(agency=cast.agency, text="Who has it?")
    officers = [person(f"O{number}", cast.agency, Role.OFFICER, second_factor=False) for number in range(20)]
    start, said = threading.Barrier(20), set[str]()

    def claims(number: int) -> list[str]:
        start.wait()
        won = []
        try:
            for _ in range(50):
                try:
                    conversations.claim(conversation=row, by=officers[number])
                    won.append(officers[number].name)
                except RefusedError as refused:
                    said.add(str(refused))
        finally:
            database.close()
        return won

    with ThreadPoolExecutor(20) as pool:
        winners = {name for won in pool.map(claims, range(20)) for name in won}
    assert len(winners) == 1
    owner = Conversation.objects.get().owner
    assert owner is not None
    assert {owner.name} == winners
    assert said == {f"{owner.name} has claimed this conversation. Ask them to hand it over."}
    assert AuditEvent.objects.filter(action="conversation.claimed").count() == 1


@pytest.mark.django_db
def test_a_claim_is_kept_released_and_handed_over() -> None:
    cast = make_cast()
    gina = person("Gina", cast.agency, Role.OFFICER)
    row, _secret = hearing.enquire(agency=cast.agency, text="Hello")
    conversations.claim(conversation=row, by=cast.bob)
    conversations.claim(conversation=row, by=cast.bob)
    with pytest.raises(RefusedError, match="Bob has claimed"):
        conversations.release(conversation=row, by=gina)
    with pytest.raises(RefusedError, match="cannot answer"):
        conversations.hand_over(conversation=row, to=cast.frank, note="", by=cast.bob)
    conversations.hand_over(conversation=row, to=gina, note="She knows the street", by=cast.bob)
    row.refresh_from_db()
    assert row.owner == gina
    assert row.lines.filter(kind=Line.Kind.NOTE).get().text == "She knows the street"
    conversations.release(conversation=row, by=gina)
    assert Conversation.objects.get().state == "new"


@pytest.mark.django_db
def test_what_nobody_answered_is_closed_with_a_label_only() -> None:
    cast = make_cast()
    row, _secret = hearing.enquire(agency=cast.agency, text="spam")
    with pytest.raises(RefusedError, match="Say first"):
        conversations.close(conversation=row, answerable=None, by=cast.bob)
    conversations.close(conversation=row, answerable=False, by=cast.bob)
    assert (Conversation.objects.get().state, Conversation.objects.get().answerable) == ("closed", False)
    conversations.reopen(conversation=row, by=cast.bob)
    assert Conversation.objects.get().owner == cast.bob
