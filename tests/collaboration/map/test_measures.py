"""C1 to C3 from live rows: sectors in touch, urgent messages passed on within the hour, beats that can be reached."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from callbox.collaboration import ledger as collaboration
from callbox.collaboration import measures
from callbox.collaboration.models import Agreement, Contact, Offer, Partner, Receipt
from callbox.collaboration.services import map as known
from callbox.core.measure import Window
from callbox.maturity.services import own_record
from callbox.networks.ledger import SCHEMAS, Ledger
from callbox.operations import alert_tables
from callbox.operations.models import Alert
from callbox.people.models import Beat
from callbox.trust import beat_ledger as beats
from callbox.trust.beat_measures import reachable_beats
from callbox.trust.models import Conversation, Line
from tests.people import Cast
from tests.trust.inbox.things import connection

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
WINDOW = Window.trailing(NOW, days=90)
OSLO = ZoneInfo("Europe/Oslo")

pytestmark = pytest.mark.django_db


def _partner(cast: Cast, name: str, sector: str, *, person: str = "Pat", last: int | None = 1) -> Partner:
    row = Partner.objects.create(agency=cast.agency, name=name, sector=sector, person=person, by=cast.bob, at=NOW)
    if last is not None:
        Contact.objects.create(partner=row, on=NOW.date() - timedelta(days=last), how="met", by=cast.bob, at=NOW)
    return row


def _ledger(tables: dict[str, pl.DataFrame]) -> Ledger:
    return Ledger("harbour", NOW, {name: rows.lazy() for name, rows in tables.items()})


def test_a_sector_counts_when_somebody_named_was_spoken_with_this_quarter(cast: Cast) -> None:
    _partner(cast, "Mill School", "schools")
    _partner(cast, "Weir School", "schools")
    _partner(cast, "Radio", "media", person=" ")
    _partner(cast, "Temple", "faith", last=91)
    _partner(cast, "Town hall", "city", last=None)
    ended = _partner(cast, "Fire brigade", "emergency")
    Partner.objects.filter(pk=ended.pk).update(state="ended")
    found = measures.partner_sectors(_ledger(collaboration.ledger(cast.agency, as_of=NOW)), WINDOW)
    assert (found.value, found.n) == (1.0, 5)
    other = measures.partner_sectors(_ledger(collaboration.ledger(cast.other, as_of=NOW)), WINDOW)
    assert (other.value, other.n) == (0.0, 0)


def _offer(cast: Cast, partner: Partner, message: int, *, after: int | None, urgent: bool = True) -> None:
    paper, _made = Agreement.objects.get_or_create(
        agency=cast.agency, partner=partner, purpose="Warnings", scope=["message"], starts=date(2026, 1, 1),
        ends=date(2026, 12, 31), state="signed", by=cast.bob, at=NOW,
    )  # fmt: skip
    offer = Offer.objects.create(
        agency=cast.agency, partner=partner, agreement=paper, share=uuid.uuid4(), subject=f"message:{message}",
        kind="message", bundle={"shown": {"urgent": urgent}}, due=NOW, by=cast.bob, at=NOW, changed_at=NOW,
    )  # fmt: skip
    if after is not None:
        at = NOW - timedelta(days=2) + timedelta(minutes=after)
        Receipt.objects.create(offer=offer, key=uuid.uuid4(), said="published", happened_at=at)


def test_an_urgent_message_is_amplified_when_one_partner_has_it_within_the_hour(cast: Cast) -> None:
    school, radio = _partner(cast, "Mill School", "schools"), _partner(cast, "Radio", "media")
    _offer(cast, school, 1, after=59)
    _offer(cast, radio, 1, after=5)
    _offer(cast, school, 2, after=61)
    _offer(cast, school, 3, after=None)
    at = NOW - timedelta(days=2)
    rows = [(f"message:{number}", "en", at, number < 41, True) for number in range(1, 42)]
    rows += [("message:50", "en", NOW - timedelta(minutes=59), True, True)]
    releases = pl.DataFrame(rows, schema=SCHEMAS["releases"], orient="row")
    found = measures.amplified_share(
        _ledger({"releases": releases, **collaboration.ledger(cast.agency, as_of=NOW)}), WINDOW
    )
    assert found.n == 40
    assert found.value == pytest.approx(1 / 40)


def test_a_message_that_was_out_before_the_window_is_none_of_the_window(cast: Cast) -> None:
    begins = WINDOW.begins
    rows = [("message:1", "en", begins - timedelta(days=1), True, True), ("message:1", "es", begins, True, True)]
    releases = pl.DataFrame(rows, schema=SCHEMAS["releases"], orient="row")
    found = measures.amplified_share(
        _ledger({"releases": releases, **collaboration.ledger(cast.agency, as_of=NOW)}), WINDOW
    )
    assert found.reason is not None
    assert found.reason.code == "no_urgent"


def test_an_alert_that_a_partner_passed_on_is_its_message(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    none = pl.DataFrame(schema=alert_tables.SCHEMAS["alerts"])
    monkeypatch.setattr(
        "callbox.operations.alert_ledger.ledger", lambda agency, as_of: {"alerts": none}
    )  # these hold no words
    alert, exercise = (
        Alert.objects.create(
            agency=cast.agency, kind="Alert", state="published", identifier=str(number), exercise=practice, sent=NOW,
            xml=f"<status>{'Exercise' if practice else 'Actual'}</status>", signature="s", message=f"message:{number}",
            by=cast.bob, at=NOW, changed_at=NOW,
        )
        for number, practice in ((7, False), (8, True))
    )  # fmt: skip
    school = _partner(cast, "Mill School", "schools")
    for row in (alert, exercise):
        _offer(cast, school, row.pk, after=5)
        Offer.objects.filter(subject=f"message:{row.pk}").update(subject=row.subject)
    shares = own_record.read(cast.agency, as_of=NOW).ledger.tables["shares"].collect()
    assert shares["release"].to_list() == ["message:7"]


def test_who_gets_urgent_messages_and_is_silent_is_known(cast: Cast) -> None:
    school = _partner(cast, "Mill School", "schools")
    for number, after in enumerate((5, None, None, None)):
        _offer(cast, school, number, after=after)
    _offer(cast, school, 9, after=None, urgent=False)
    [fact] = known.known(cast.agency, today=NOW.date())
    assert (fact.offered, fact.passed) == (4, 1)
    assert "silent" in [each.code for each in known.advice(cast.agency, heard={}, today=NOW.date())]


@pytest.mark.parametrize(
    ("asked", "replied", "expected"),
    [
        ("2026-05-27 10:00", "2026-05-29 23:59", True),  # Wednesday to Friday night
        ("2026-05-28 10:00", "2026-06-01 10:00", True),  # Thursday; Monday is the second working day
        ("2026-05-28 10:00", None, None),  # that Monday still lasts
        ("2026-05-27 10:00", "2026-05-30 00:01", False),
        ("2026-05-27 10:00", None, False),
    ],
)
def test_two_working_days_are_counted_on_the_agencys_calendar(
    asked: str, replied: str | None, expected: bool | None
) -> None:
    begun = datetime.fromisoformat(asked).replace(tzinfo=OSLO)
    answered = datetime.fromisoformat(replied).replace(tzinfo=OSLO) if replied else None
    assert beats.in_time(begun, answered, as_of=NOW, zone=OSLO) is expected


def _beat(cast: Cast, code: str, *, named: bool = True, channel: str = "beat@harbour.example") -> Beat:
    team = [{"name": "PC Ada Long"}] if named else []
    return Beat.objects.create(agency=cast.agency, code=code, name=code, team=team, public_contact=channel, at=NOW)


def _question(cast: Cast, beat: Beat, number: int, *, days: int | None) -> None:
    asked = NOW - timedelta(days=20)
    row = Conversation.objects.create(
        agency=cast.agency, thread=f"{beat.code}-{number}", door="enquiry", beat=beat, answerable=True, opened_at=asked,
        last_at=asked,
    )  # fmt: skip
    if days is not None:
        Line.objects.create(conversation=row, kind=Line.Kind.ANSWER, text="Yes.", at=asked + timedelta(days=days))


def test_a_beat_is_reachable_by_name_channel_and_answers(cast: Cast) -> None:
    good, slow = _beat(cast, "good"), _beat(cast, "slow")
    _beat(cast, "quiet")
    _beat(cast, "nameless", named=False)
    _beat(cast, "mute", channel=" ")
    for number, days in enumerate((1, 1, None)):
        _question(cast, good, number, days=days)
    for number, days in enumerate((1, 9, None)):
        _question(cast, slow, number, days=days)
    found = reachable_beats(_ledger(beats.ledger(cast.agency, as_of=NOW)), WINDOW)
    assert (found.value, found.n, found.beside) == (0.4, 5, {"never_asked": 1})


def test_an_answer_that_never_reached_the_resident_makes_no_beat_reachable(cast: Cast) -> None:
    beat = _beat(cast, "good")
    _question(cast, beat, 1, days=1)
    Conversation.objects.update(connection=connection(cast.agency, cast.bob), replied_at=NOW - timedelta(days=19))
    found = reachable_beats(_ledger(beats.ledger(cast.agency, as_of=NOW)), WINDOW)
    assert (found.value, found.beside) == (0.0, {"never_asked": 0})


def test_without_beats_nothing_is_said(cast: Cast) -> None:
    found = reachable_beats(_ledger(beats.ledger(cast.agency, as_of=NOW)), WINDOW)
    assert found.reason is not None
    assert found.reason.code == "no_beats"
