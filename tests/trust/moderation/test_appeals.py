"""The author is told with an address of their own, objects there, and a second person decides."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError
from callbox.governance.models import AuditEvent
from callbox.networks.deliveries import sending
from callbox.networks.models import Delivery, Item
from callbox.people.roles import Role
from callbox.trust import ledger
from callbox.trust.models import Conversation, Hiding, Line
from callbox.trust.services import appeals, moderation, moderation_counts
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast: Cast, item: Item) -> Hiding:
    hiding = moderation.hide(item=item, ground="private-data", why="Her home", by=cast.bob)
    return moderation.ask_network(hiding=hiding, by=cast.bob)


def _secret(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[1]


def test_the_author_is_told_in_the_thread_by_an_approved_delivery(cast: Cast, row: Hiding) -> None:
    notice = appeals.tell_in_thread(hiding=row, by=cast.bob)
    delivery = Delivery.objects.get()
    assert notice.delivery == delivery
    assert delivery.approval is not None
    assert (delivery.approval.rule, delivery.approval.by) == ("own-answer", cast.bob)
    assert "Private data of a person" in delivery.shown.text
    conversation = Conversation.objects.get()
    assert (conversation.replied_at, conversation.state, conversation.answerable) == (None, "new", None), "no answer"
    with pytest.raises(RefusedError, match="told already"):
        appeals.address_by_hand(hiding=row, by=cast.bob)
    sending.send_waiting()
    assert appeals.note_told() == 1
    assert appeals.note_told() == 0
    row.refresh_from_db()
    assert row.told_at is not None
    secret = delivery.shown.text.rstrip("/").rsplit("/", 1)[1]
    assert appeals.of_address(cast.agency, secret) == row
    assert secret not in repr(list(AuditEvent.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("wrote", "read", "words"),
    [
        ("es-MX", "es", "Hemos ocultado su comentario. El motivo: Datos privados"),
        ("nb", "en", "The ground: Private data"),
    ],
)
def test_the_notice_speaks_the_language_of_the_comment(
    cast: Cast, item: Item, wrote: str, read: str, words: str
) -> None:
    Item.objects.filter(pk=item.pk).update(language=wrote)
    hiding = moderation.hide(item=Item.objects.get(pk=item.pk), ground="private-data", why="Her home", by=cast.bob)
    appeals.tell_in_thread(hiding=hiding, by=cast.bob)
    shown = Delivery.objects.get().shown
    assert words in shown.text
    assert shown.language == read


def test_an_address_opens_one_hiding_of_one_agency(cast: Cast, row: Hiding) -> None:
    first = _secret(appeals.address_by_hand(hiding=row, by=cast.bob))
    second = _secret(appeals.address_by_hand(hiding=row, by=cast.bob))
    assert appeals.of_address(cast.agency, first) is None
    assert appeals.of_address(cast.other, second) is None
    assert appeals.of_address(cast.agency, second) == row
    assert second not in row.secret_digest
    appeals.told_by_hand(hiding=row, by=cast.bob)
    row.refresh_from_db()
    with pytest.raises(RefusedError, match="told already"):
        appeals.address_by_hand(hiding=row, by=cast.bob)


def test_a_second_person_decides_with_a_reason(cast: Cast, row: Hiding) -> None:
    secret = _secret(appeals.address_by_hand(hiding=row, by=cast.bob))
    second = person("Paula", cast.agency, Role.APPROVER)
    with pytest.raises(MovedMeanwhileError):
        appeals.decide(hiding=row, uphold=True, why="too early", by=second)
    objected = appeals.object_to(agency=cast.agency, secret=secret, text="It is my own address.")
    assert objected is not None
    more = appeals.object_to(agency=cast.agency, secret=secret, text="Look it up.")
    assert more is not None
    assert more.appeal == "It is my own address.\n\nLook it up."
    with pytest.raises(RefusedError, match="colleague"):
        appeals.decide(hiding=more, uphold=True, why="because", by=cast.bob)
    for who in (cast.frank, cast.dan, person("Nora", cast.agency, Role.PRESS_OFFICER)):
        with pytest.raises(RefusedError, match="role"):
            appeals.decide(hiding=more, uphold=True, why="because", by=who)
    with pytest.raises(RefusedError, match="reason"):
        appeals.decide(hiding=more, uphold=False, why=" ", by=second)
    appeals.decide(hiding=more, uphold=False, why="It is her own address.", by=second)
    moderation.ask_network(hiding=more, by=second)
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.took_effect) == ("restored", second, False)
    with pytest.raises(RefusedError, match="decided already"):
        appeals.object_to(agency=cast.agency, secret=secret, text="Thank you")
    (month,) = moderation_counts.monthly(cast.agency)
    assert (month.hidden, month.effective, month.objected, month.overturned, month.undone) == (1, 1, 1, 1, 0)


def test_what_was_upheld_and_shown_again_later_was_decided_when_it_was(cast: Cast, row: Hiding) -> None:
    secret = _secret(appeals.address_by_hand(hiding=row, by=cast.bob))
    objected = appeals.object_to(agency=cast.agency, secret=secret, text="It is my own address.")
    assert objected is not None
    second = person("Paula", cast.agency, Role.APPROVER)
    appeals.decide(hiding=objected, uphold=True, why="It is hers.", by=second)
    upheld = Hiding.objects.get()
    moderation.restore(hiding=upheld, why="The court said otherwise", by=cast.bob)
    kept = Hiding.objects.get()
    assert (kept.decided_by, kept.decided_at, kept.decided_why) == (second, upheld.decided_at, "It is hers.")
    assert (kept.state, kept.undone_by, kept.undone_why) == ("restored", cast.bob, "The court said otherwise")
    (found,) = ledger.moderation(cast.agency).to_dicts()
    assert (found["decision"], found["decided_at"]) == ("upheld", upheld.decided_at)
    (month,) = moderation_counts.monthly(cast.agency)
    assert (month.objected, month.upheld, month.overturned, month.undone) == (1, 1, 0, 1)


def test_a_decision_is_about_all_that_the_author_wrote(cast: Cast, row: Hiding) -> None:
    secret = _secret(appeals.address_by_hand(hiding=row, by=cast.bob))
    objected = appeals.object_to(agency=cast.agency, secret=secret, text="It is my own address.")
    assert objected is not None
    read = len(objected.appeal)
    appeals.object_to(agency=cast.agency, secret=secret, text="Here is the proof.")
    second = person("Paula", cast.agency, Role.APPROVER)
    with pytest.raises(RefusedError, match="wrote more"):
        appeals.decide(hiding=objected, uphold=True, why="No proof", by=second, read=read)
    now = Hiding.objects.get()
    assert now.state == "appealed"
    appeals.decide(hiding=now, uphold=False, why="Proven", by=second, read=len(now.appeal))
    assert Hiding.objects.get().state == "restored"


def test_nobody_counts_as_told_without_a_way_to_object(cast: Cast, row: Hiding) -> None:
    with pytest.raises(RefusedError, match="Get the address first"):
        appeals.told_by_hand(hiding=row, by=cast.bob)
    assert Hiding.objects.get().told_at is None
    appeals.address_by_hand(hiding=row, by=cast.bob)
    appeals.told_by_hand(hiding=row, by=cast.bob)
    assert Hiding.objects.get().told_at is not None


@pytest.mark.parametrize(
    ("language", "begins"),
    [("es-MX", "/es/p/"), ("ar", "/ar/p/"), ("EN-us", "/p/"), ("", "/p/"), ("de", "/p/")],
)
def test_the_author_s_page_speaks_the_language_of_the_comment(
    cast: Cast, row: Hiding, language: str, begins: str
) -> None:
    row.item.language = language
    address = appeals.address_by_hand(hiding=row, by=cast.bob)
    assert address.partition("//")[2].partition("/")[2].startswith(begins[1:])


def test_a_wrong_secret_opens_nothing(cast: Cast, row: Hiding) -> None:
    assert appeals.object_to(agency=cast.agency, secret="nothing", text="Let me in") is None
    assert appeals.of_address(cast.agency, row.secret_digest) is None


def test_five_working_days_leave_weekends_out() -> None:
    assert appeals.working_days_after(date(2026, 11, 20), 5) == date(2026, 11, 27)  # Friday to Friday
    assert appeals.working_days_after(date(2026, 11, 21), 5) == date(2026, 11, 27)  # Saturday counts as Friday


def test_the_day_is_the_agency_s_own(cast: Cast, row: Hiding) -> None:
    row.agency.time_zone, row.appealed_at = "Pacific/Auckland", datetime(2026, 11, 19, 18, tzinfo=UTC)
    assert appeals.due(row) == date(2026, 11, 27)  # a Friday there
    due_at = appeals.due_at(row)
    assert due_at is not None
    assert due_at.astimezone(UTC) == datetime(2026, 11, 27, 11, tzinfo=UTC)  # midnight there


def test_a_network_that_takes_no_answer_leaves_it_to_the_officer(cast: Cast, row: Hiding) -> None:
    with patch.object(appeals, "can_tell", return_value=False), pytest.raises(RefusedError, match="yourself"):
        appeals.tell_in_thread(hiding=row, by=cast.bob)
    assert not Line.objects.filter(kind=Line.Kind.NOTICE).exists()
