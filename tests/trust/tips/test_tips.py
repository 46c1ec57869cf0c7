"""A tip from the form to its outcome: sealed before it is stored, answered both ways, every reading in the trail."""

from __future__ import annotations

import base64
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from smtplib import SMTPRecipientsRefused
from threading import Barrier

import pyrage
import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.people.models import Membership
from callbox.people.roles import Role
from callbox.trust.tips import desk, envelope, intake, receipts
from callbox.trust.tips import keys as tip_keys
from callbox.trust.tips.models import Intake, Key, Letter, Tip
from tests.people.cast import Cast, person, signed_in
from tests.trust.tips import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def identity(cast: Cast) -> str:
    """The analyst's private key; its public half is the agency's."""
    made = pyrage.x25519.Identity.generate()
    keys.in_use(cast.agency, made.to_public(), by=cast.bob)
    return str(made)


def test_a_tip_is_read_answered_and_answered_again(cast: Cast, identity: str) -> None:
    receipt = intake.receive(agency=cast.agency, text="The blue van at the mill", about="theft", place="Mill Lane")
    tip = Tip.objects.of(cast.agency).get()
    (letter,) = desk.read(agency=cast.agency, tip=tip, by=cast.alice)
    inside = envelope.unseal(bytes(letter.sealed), identity=identity)
    assert (inside.text, inside.about, inside.place) == ("The blue van at the mill", "theft", "Mill Lane")

    desk.answer(agency=cast.agency, tip=tip, text="Which day was that?", by=cast.alice)
    opened = intake.open_dialogue(agency=cast.agency, receipt=receipt)
    assert opened is not None
    assert [each.text for each in opened.letters] == ["", "Which day was that?"]

    assert intake.write_again(agency=cast.agency, receipt=receipt, text="On Monday")
    last = desk.read(agency=cast.agency, tip=tip, by=cast.alice)[-1]
    assert envelope.unseal(bytes(last.sealed), identity=identity).text == "On Monday"


def test_every_reading_is_in_the_trail_before_anything_is_shown(cast: Cast, identity: str) -> None:
    intake.receive(agency=cast.agency, text="x")
    tip = Tip.objects.get()
    desk.read(agency=cast.agency, tip=tip, by=cast.alice)
    desk.read(agency=cast.agency, tip=tip, by=cast.alice)
    events = AuditEvent.objects.filter(action="tip.read", target=f"tip:{tip.pk}", by=cast.alice)
    assert events.count() == 2


def test_taking_a_tip_in_writes_no_event_but_one_count_a_day(cast: Cast, identity: str) -> None:
    before = AuditEvent.objects.count()
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        for _ in range(3):
            intake.receive(agency=cast.agency, text="x")
        assert AuditEvent.objects.count() == before
        assert intake.count_days() == 0, "the day is not over"
    with time_machine.travel(datetime(2026, 3, 2, 0, 1, tzinfo=UTC)):
        assert intake.count_days() == 1
        assert intake.count_days() == 0
    event = AuditEvent.objects.get(action="tips.counted")
    assert (event.target, event.data) == ("tips:2026-03-01", {"count": 3})


def test_a_wrong_receipt_opens_nothing_and_neither_does_one_of_another_agency(cast: Cast, identity: str) -> None:
    receipt = intake.receive(agency=cast.agency, text="x")
    assert intake.open_dialogue(agency=cast.other, receipt=receipt) is None
    assert intake.open_dialogue(agency=cast.agency, receipt="not these words") is None
    assert (
        not intake.write_again(agency=cast.other, receipt=receipt, text="x") if intake.takes_tips(cast.other) else True
    )


def test_without_a_key_nothing_is_taken_and_it_is_said(cast: Cast) -> None:
    with pytest.raises(RefusedError, match="cannot take tips"):
        intake.receive(agency=cast.agency, text="x")
    assert not Tip.objects.exists()


def test_the_last_key_cannot_be_ended(cast: Cast, identity: str) -> None:
    with pytest.raises(RefusedError, match="last key"):
        tip_keys.end(agency=cast.agency, key=Key.objects.get(), by=cast.bob)
    assert not AuditEvent.objects.filter(action="tip-key.ended").exists(), "what did not happen is not in the trail"


def test_a_key_needs_a_second_person_who_may_decide(cast: Cast) -> None:
    ann = person("Ann", cast.agency, Role.ANALYST)
    key = tip_keys.propose(agency=cast.agency, recipient=str(pyrage.x25519.Identity.generate().to_public()), by=ann)
    for by, says in ((ann, "their own"), (cast.carol, "Your role"), (cast.dan, "Your role")):
        with pytest.raises(RefusedError, match=says):
            tip_keys.allow(agency=cast.agency, key=key, by=by)
    assert not intake.takes_tips(cast.agency)
    assert not AuditEvent.objects.filter(action="tip-key.allowed").exists()
    tip_keys.allow(agency=cast.agency, key=key, by=person("Wendy", cast.agency, Role.COMMANDER))
    assert intake.takes_tips(cast.agency)
    for late in (tip_keys.allow, tip_keys.refuse):
        with pytest.raises(RefusedError, match="a moment ago"):
            late(agency=cast.agency, key=key, by=person(f"Wendy {late.__name__}", cast.agency, Role.COMMANDER))


def test_a_key_of_somebody_who_left_is_not_let_in_and_one_in_use_is_named(cast: Cast) -> None:
    ann, eve, nell = (person(name, cast.agency, Role.ANALYST) for name in ("Ann", "Eve", "Nell"))
    keys.in_use(cast.agency, pyrage.x25519.Identity.generate().to_public(), by=nell)
    used = keys.in_use(cast.agency, pyrage.x25519.Identity.generate().to_public(), by=ann)
    waits = tip_keys.propose(agency=cast.agency, recipient=str(pyrage.x25519.Identity.generate().to_public()), by=eve)
    assert tip_keys.readers(cast.agency) == {ann.pk, eve.pk, nell.pk}
    Membership.objects.filter(user__in=(ann, eve)).update(role=Role.ASSESSOR)
    with pytest.raises(RefusedError, match="may not read tips any more"):
        tip_keys.allow(agency=cast.agency, key=waits, by=cast.bob)
    assert str(waits.recipient) not in intake.recipients(cast.agency)
    page = signed_in(cast.bob).get("/a/harbour/tips/keys/").content.decode()
    assert page.count("reads tips no more") == 2
    assert "End or refuse that key" in page
    assert (
        "a key of somebody who may not read tips any more" in signed_in(nell).get("/a/harbour/tips/").content.decode()
    )
    tip_keys.end(agency=cast.agency, key=used, by=cast.bob)
    tip_keys.refuse(agency=cast.agency, key=waits, by=cast.bob)
    assert "reads tips no more" not in signed_in(cast.bob).get("/a/harbour/tips/keys/").content.decode()


def test_a_key_is_ended_once_and_brought_once(cast: Cast, identity: str) -> None:
    other = keys.in_use(cast.agency, pyrage.x25519.Identity.generate().to_public(), by=cast.bob)
    tip_keys.end(agency=cast.agency, key=other, by=cast.bob)
    Key.objects.filter(pk=other.pk).update(ended=date(2026, 1, 5))
    with pytest.raises(RefusedError, match="a moment ago"):
        tip_keys.end(agency=cast.agency, key=other, by=cast.bob)
    assert Key.objects.get(pk=other.pk).ended == date(2026, 1, 5)
    events = AuditEvent.objects.count()
    with pytest.raises(RefusedError, match="added before"):
        tip_keys.propose(agency=cast.agency, recipient=other.recipient, by=cast.bob)
    assert AuditEvent.objects.count() == events


@pytest.mark.django_db(transaction=True)
def test_two_people_who_end_the_last_two_keys_leave_one(cast: Cast, identity: str) -> None:
    other = keys.in_use(cast.agency, pyrage.x25519.Identity.generate().to_public(), by=cast.bob)
    first = Key.objects.exclude(pk=other.pk).get()
    both, said = Barrier(2), list[str]()

    def ends(key: Key) -> None:
        both.wait(timeout=30)
        try:
            tip_keys.end(agency=cast.agency, key=key, by=cast.bob)
        except RefusedError as refused:
            said.append(str(refused))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(ends, key) for key in (first, other)]:
            done.result(timeout=60)
    assert len(said) == 1
    assert Key.objects.of(cast.agency).in_use().count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_nobody_wrote_down_did_not_happen(cast: Cast, identity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trail's commit fails, or the process dies before it: no key was let in, no tip settled, no day counted."""

    def broken() -> None:
        raise OperationalError("disk full")

    intake.receive(agency=cast.agency, text="x")
    Intake.objects.update(day=date(2026, 1, 5))
    tip, ann = Tip.objects.get(), person("Ann", cast.agency, Role.ANALYST)
    waits = tip_keys.propose(agency=cast.agency, recipient=str(pyrage.x25519.Identity.generate().to_public()), by=ann)
    desk.read(agency=cast.agency, tip=tip, by=ann)
    tip.refresh_from_db()
    events = AuditEvent.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "_commit", broken)
        for act in (
            lambda: tip_keys.allow(agency=cast.agency, key=waits, by=cast.bob),
            lambda: desk.settle(agency=cast.agency, tip=tip, outcome=Tip.Outcome.USEFUL, minutes=5, told=None, by=ann),
            lambda: desk.answer(agency=cast.agency, tip=tip, text="x", by=ann),
            intake.count_days,
        ):
            with pytest.raises(OperationalError):
                act()
    assert AuditEvent.objects.count() == events
    assert waits.recipient not in intake.recipients(cast.agency)
    assert Tip.objects.get().state == "opened"
    assert Letter.objects.count() == 1
    assert Intake.objects.get().reported is False
    assert intake.count_days() == 1
    assert intake.count_days() == 0
    assert AuditEvent.objects.filter(action="tips.counted").count() == 1


def test_a_tip_that_is_open_is_not_taken_up_again(cast: Cast, identity: str) -> None:
    intake.receive(agency=cast.agency, text="x")
    tip = Tip.objects.get()
    for state in ("new", "settled", "opened"):
        tip.state = state  # as it is, and as it was read before somebody else took it up
        with pytest.raises(RefusedError, match="open already"):
            desk.reopen(agency=cast.agency, tip=tip, by=cast.bob)
    assert Tip.objects.get().state == "new"
    assert not AuditEvent.objects.filter(action="tip.reopened").exists()


def test_a_key_that_was_taken_back_or_waits_is_sealed_to_by_nobody(cast: Cast, identity: str) -> None:
    """Nor does it count as the other key without which the last one cannot be ended."""
    for _ in range(2):
        key = tip_keys.propose(
            agency=cast.agency, recipient=str(pyrage.x25519.Identity.generate().to_public()), by=cast.bob
        )
    tip_keys.refuse(agency=cast.agency, key=key, by=cast.bob)
    assert len(intake.recipients(cast.agency)) == 1
    with pytest.raises(RefusedError, match="last key"):
        tip_keys.end(agency=cast.agency, key=Key.objects.in_use().get(), by=cast.bob)


def test_an_empty_and_an_endless_tip_are_refused(cast: Cast, identity: str) -> None:
    for text in ("", "  \n", "x" * 20_001):
        with pytest.raises(RefusedError):
            intake.receive(agency=cast.agency, text=text)
    assert not Tip.objects.exists()


def test_times_are_days(cast: Cast, identity: str) -> None:
    """T-07: nothing stored tells the hour; ids are random."""
    with time_machine.travel(datetime(2026, 5, 4, 13, 37, 59, tzinfo=UTC)):
        intake.receive(agency=cast.agency, text="x")
    tip, letter = Tip.objects.get(), Letter.objects.get()
    assert tip.day == letter.day == date(2026, 5, 4)
    assert tip.pk.version == letter.pk.version == 4
    kinds = {field.get_internal_type() for model in (Tip, Letter, Key, Intake) for field in model._meta.fields}
    assert "DateTimeField" not in kinds


@pytest.mark.skipif(connections[settings.TIPS_DATABASE].vendor != "sqlite", reason="SQLite numbers rows as they come")
def test_nothing_tells_which_tip_came_after_which(cast: Cast, identity: str) -> None:
    """T-07: rows had 1, 2, 3 ... beside their random ids."""
    found = [intake.receive(agency=cast.agency, text="x") for _ in range(12)]
    assert intake.write_again(agency=cast.agency, receipt=found[0], text="y")
    came = [receipts.lookup(receipt, pepper=settings.RECEIPT_KEY) for receipt in found]
    with connections[settings.TIPS_DATABASE].cursor() as cursor:
        cursor.execute("SELECT lookup FROM tips_tip ORDER BY rowid")
        assert [lookup for (lookup,) in cursor.fetchall()] not in (came, came[::-1])
        cursor.execute("SELECT rowid FROM tips_tip UNION ALL SELECT rowid FROM tips_letter")
        numbers = [number for (number,) in cursor.fetchall()]
    assert len(numbers) == 25
    assert min(numbers) > 2**30
    opened = intake.open_dialogue(agency=cast.agency, receipt=found[0])
    assert opened is not None
    assert [letter.number for letter in opened.letters] == [1, 2]


def test_a_duration_is_kept_in_steps_of_five_minutes() -> None:
    assert [desk.in_steps(minutes) for minutes in (None, 0, 1, 5, 6, -3)] == [None, 0, 5, 5, 10, 0]


def test_a_tip_is_settled_once(cast: Cast, identity: str) -> None:
    intake.receive(agency=cast.agency, text="x")
    tip = Tip.objects.get()
    desk.read(agency=cast.agency, tip=tip, by=cast.alice)
    stale = Tip.objects.get()
    desk.settle(agency=cast.agency, tip=tip, outcome=Tip.Outcome.USEFUL, minutes=61, told=True, by=cast.alice)
    with pytest.raises(RefusedError, match="moment ago"):
        desk.settle(agency=cast.agency, tip=stale, outcome=Tip.Outcome.NOTHING, minutes=1, told=None, by=cast.bob)
    assert (Tip.objects.get().outcome, Tip.objects.get().minutes_to_settle) == ("useful", 65)
    assert AuditEvent.objects.filter(action="tip.settled").count() == 1


def test_officers_are_told_the_same_words_whatever_came_in(cast: Cast, identity: str) -> None:
    """T-13."""
    person("Grace", cast.agency, Role.ANALYST)
    intake.receive(agency=cast.agency, text="short")
    desk.page_officers()
    intake.receive(agency=cast.agency, text="long " * 2000, about="threat")
    intake.receive(agency=cast.agency, text="another")
    desk.page_officers()
    desk.page_officers()
    assert len(mail.outbox) == 2
    assert mail.outbox[0].subject == mail.outbox[1].subject
    assert mail.outbox[0].body == mail.outbox[1].body


def test_a_flood_of_letters_is_marked_in_parts(cast: Cast, identity: str) -> None:
    """SQLite refuses a statement that names more letters than its bound (32,766 where nobody raised it): nobody was paged any more."""
    tip = Tip.objects.create(agency_id=cast.agency.pk, day=date(2026, 1, 5), lookup="x", public_key="age1x")
    fields = {"tip": tip, "from_agency": False, "day": tip.day, "sealed": b""}
    Letter.objects.bulk_create(Letter(number=number, **fields) for number in range(2_001))
    with CaptureQueriesContext(connections[settings.TIPS_DATABASE]) as asked:
        assert desk.page_officers() == 1
    assert sum(each["sql"].startswith("UPDATE") for each in asked) == 3
    assert not Letter.objects.filter(paged=False).exists()
    assert desk.page_officers() == 0


def test_an_officer_whose_mailbox_fails_stops_no_other_page(
    cast: Cast, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("Grace", cast.agency, Role.ANALYST)
    person("Ada", cast.agency, Role.ANALYST)
    intake.receive(agency=cast.agency, text="short")
    broken = {"grace@harbour.example", "ada@harbour.example"}
    told: list[str] = []

    def send(_subject: str, _body: str, _sender: None, to: list[str]) -> int:
        if set(to) & broken:
            raise SMTPRecipientsRefused({})
        told.extend(to)
        return 1

    monkeypatch.setattr(desk, "send_mail", send)
    assert desk.page_officers() == 0  # nobody was told, so it is tried again
    broken.discard("ada@harbour.example")
    assert desk.page_officers() == 1
    assert desk.page_officers() == 0
    assert told == ["ada@harbour.example"]


WORDS = ("Waldbrunn", "blue van", "Rumpelstiltskin", "555-0147")


def test_a_stolen_database_tells_nothing_of_any_tip(cast: Cast, identity: str) -> None:
    """T-03 and T-06: known words, the receipt and the private key are nowhere in a whole dump, in no usual encoding."""
    receipts = [
        intake.receive(agency=cast.agency, text=f"{word} tip {number}", place=word)
        for number in range(10)
        for word in WORDS
    ]
    tip = Tip.objects.first()
    assert tip is not None
    desk.read(agency=cast.agency, tip=tip, by=cast.alice)
    desk.answer(agency=cast.agency, tip=tip, text="Answer about Rumpelstiltskin", by=cast.alice)
    dump = _dump()
    secrets = [*WORDS, *receipts, *(receipt.replace(" ", "") for receipt in receipts), identity]
    for secret in secrets:
        plain = secret.encode()
        for form in (
            plain,
            plain.upper(),
            plain.hex().encode(),
            base64.b64encode(plain)[:-4],
            zlib.compress(plain)[2:-4],
        ):
            assert form not in dump, secret


def _dump() -> bytes:
    """Return everything in every database as bytes: each value of each table, blobs raw and as hex."""
    found: list[bytes] = []
    for alias in {"default", settings.TIPS_DATABASE}:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found += [_bytes(value) for row in cursor.fetchall() for value in row]
    return b"\0".join(found)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_on_sqlite_tips_lie_in_a_file_of_their_own(cast: Cast, identity: str) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("one database on PostgreSQL, with a role of its own")
    assert settings.TIPS_DATABASE == "tips"
    for alias, expected in (("default", False), ("tips", True)):
        assert ("tips_tip" in connections[alias].introspection.table_names()) is expected
    places = {connections[alias].settings_dict["NAME"] for alias in ("default", "tips")}
    assert len(places) == 2
