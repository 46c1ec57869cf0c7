"""What is past its days goes, in the order its references allow; what is held or younger stays."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

import callbox
from callbox.core.plain import canonical
from callbox.core.refusal import RefusedError
from callbox.flows.retention import KEEPERS
from callbox.governance.models import Approval, AuditEvent, Disposal, Hold
from callbox.governance.retention import purge, services
from callbox.governance.retention.classes import classes
from callbox.governance.retention.keeping import NAMED, NUMBERED, Keeper
from callbox.networks.deliveries.models import Delivery
from callbox.networks.items.models import Item
from callbox.people.models import Invitation
from callbox.people.roles import Role
from callbox.voice.models import MediaFile, Message, Version
from tests.governance.retention import rows
from tests.people import Cast, make_cast

NOW = datetime(2030, 1, 1, 3, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=4000)


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_every_keeper_keeps_a_class_of_the_file_once() -> None:
    ids = [keeper.id for keeper in KEEPERS]
    assert len(set(ids)) == len(ids)
    assert {keeper.of.then for keeper in KEEPERS} == {"delete", "blank"}


def test_a_message_goes_with_its_versions_deliveries_and_approvals_in_one_night(cast: Cast) -> None:
    old = rows.message(cast.agency, cast.bob, LONG_AGO)
    correction = rows.message(cast.agency, cast.bob, LONG_AGO)
    Message.objects.filter(pk=correction.pk).update(corrects=old)
    first = rows.delivery(old, cast.bob, LONG_AGO)
    again = rows.delivery(old, cast.bob, LONG_AGO, recipient="someone@example.org")
    Delivery.objects.filter(pk=again.pk).update(replaces=first)
    young = rows.message(cast.agency, cast.bob, days_ago(1825))
    rows.delivery(young, cast.bob, days_ago(1825))
    assert purge.purge(KEEPERS, now=NOW) == 7  # a letter blanked, two deliveries, two messages, two approvals
    assert list(Message.objects.values_list("pk", flat=True)) == [young.pk]
    assert Version.objects.count() == Delivery.objects.count() == Approval.objects.count() == 1
    assert purge.purge(KEEPERS, now=NOW) == 0
    certificates = {row.class_id: row for row in Disposal.objects.all()}
    assert set(certificates) == {"letters", "deliveries", "published", "approvals"}


def test_what_something_younger_refers_to_waits_for_it(cast: Cast) -> None:
    old = rows.message(cast.agency, cast.bob, LONG_AGO)
    correction = rows.message(cast.agency, cast.bob, days_ago(10))
    Message.objects.filter(pk=correction.pk).update(corrects=old)
    assert purge.purge(KEEPERS, now=NOW) == 0
    published = next(keeper for keeper in KEEPERS if keeper.id == "published")
    now = purge.standing(published, cast.agency, now=NOW, days=1826, holds=[])
    assert (now.expired, now.needed, now.going) == (1, 1, 0)
    assert purge.purge(KEEPERS, now=NOW + timedelta(days=2000)) == 2


def test_what_is_under_way_never_goes(cast: Cast) -> None:
    message = rows.message(cast.agency, cast.bob, LONG_AGO)
    delivery = rows.delivery(message, cast.bob, LONG_AGO)
    Delivery.objects.filter(pk=delivery.pk).update(state="unclear")
    draft = rows.message(cast.agency, cast.bob, LONG_AGO, state="draft")
    assert purge.purge(KEEPERS, now=NOW) == 0
    assert set(Message.objects.values_list("pk", flat=True)) == {message.pk, draft.pk}


def test_a_resident_s_post_loses_its_words_and_still_counts(cast: Cast) -> None:
    post = rows.item(cast.agency, cast.bob, days_ago(1096), words="CANARY and name")
    young = rows.item(cast.agency, cast.bob, days_ago(1095), words="young words")
    assert purge.purge(KEEPERS, now=NOW) == 1
    left = str(Item.objects.filter(pk=post.pk).values().get())
    assert "CANARY" not in left
    assert "name@" not in left
    assert Item.objects.of(cast.agency).incoming().count() == 2
    assert Item.objects.get(pk=young.pk).text == "young words"


def test_a_file_goes_from_the_disk_unless_a_message_shows_it(cast: Cast) -> None:
    unused, shown = (rows.media(cast.agency, cast.bob, LONG_AGO) for _ in range(2))
    message = rows.message(cast.agency, cast.bob, days_ago(1), state="draft")
    Version.objects.create(
        message=message,
        number=2,
        content={"text": "x", "media": [{"sha256": shown.sha256}]},
        digest="1" * 64,
        by=cast.bob,
        at=NOW,
    )
    purge.purge(KEEPERS, now=NOW)
    assert list(MediaFile.objects.values_list("pk", flat=True)) == [shown.pk]
    assert not (Path(settings.MEDIA_ROOT) / unused.place).exists()
    assert (Path(settings.MEDIA_ROOT) / shown.place).exists()


def test_an_invitation_goes_with_its_name_and_address(cast: Cast) -> None:
    Invitation.objects.create(
        agency=cast.agency, email="g@h.example", name="G", role=Role.VIEWER, digest="d", by=cast.erin, made=LONG_AGO
    )
    assert purge.purge(KEEPERS, now=NOW) == 1
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("covers", ["item", "thread", "author", "class:residents", "everything"])
def test_a_hold_keeps_what_it_covers_and_its_release_lets_it_go(cast: Cast, covers: str) -> None:
    post, other = (rows.item(cast.agency, cast.bob, LONG_AGO, words=f"word name{n}") for n in range(2))
    names = {"item": f"item:{post.pk}", "thread": f"thread:{post.thread}", "author": f"author:{post.author}"}
    hold = services.place_hold(
        agency=cast.agency, subject=names.get(covers, covers), reason="lawsuit", reference="24-1", by=cast.bob
    )
    everything = covers not in names
    assert purge.purge(KEEPERS, now=NOW) == (0 if everything else 1)
    assert Item.objects.get(pk=post.pk).text == post.text
    assert Item.objects.get(pk=other.pk).text == (other.text if everything else "")
    services.release_hold(hold=hold, why="settled out of court", by=cast.bob)
    assert purge.purge(KEEPERS, now=NOW) == (2 if everything else 1)


def test_a_hold_of_another_agency_covers_nothing_here(cast: Cast) -> None:
    rows.item(cast.agency, cast.bob, LONG_AGO)
    theirs = rows.item(cast.other, cast.dan, LONG_AGO)
    services.place_hold(agency=cast.other, subject="everything", reason="r", reference="1", by=cast.dan)
    assert purge.purge(KEEPERS, now=NOW) == 1
    assert Item.objects.get(pk=theirs.pk).text


def test_the_certificate_names_counts_and_a_digest_that_can_be_recomputed(cast: Cast) -> None:
    going = [rows.item(cast.agency, cast.bob, days_ago(2000 + n)) for n in range(3)]
    kept = rows.item(cast.agency, cast.bob, LONG_AGO)
    services.place_hold(agency=cast.agency, subject=f"item:{kept.pk}", reason="r", reference="1", by=cast.bob)
    purge.purge(KEEPERS, now=NOW)
    certificate = Disposal.objects.get()
    numbers = [row.pk for row in reversed(going)]  # the oldest first
    assert (certificate.count, certificate.held, certificate.then, certificate.days) == (3, 1, "blank", 1096)
    assert (certificate.first, certificate.last) == (days_ago(2002), days_ago(2000))
    assert certificate.digest == hashlib.sha256(canonical(numbers)).hexdigest()
    event = AuditEvent.objects.get(action="retention.purged")
    assert event.data == {"certificate": certificate.pk, "count": 3, "held": 1, "digest": certificate.digest}


def test_a_night_cut_short_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        rows.item(cast.agency, cast.bob, LONG_AGO)
    monkeypatch.setattr(purge, "BATCH", 3)
    residents = next(keeper for keeper in KEEPERS if keeper.id == "residents")
    calls = []

    def stumbles(batch: object) -> None:
        calls.append(batch)
        residents.remove(batch)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise OSError("the power went")

    with pytest.raises(RuntimeError, match="residents of harbour"):
        purge.purge([replace(residents, remove=stumbles)], now=NOW)
    assert Item.objects.filter(text="").count() == Disposal.objects.get().count == 3
    assert purge.purge([residents], now=NOW) == 4
    assert sum(Disposal.objects.values_list("count", flat=True)) == 7


def test_a_keeper_that_leaves_rows_behind_is_stopped(cast: Cast) -> None:
    rows.item(cast.agency, cast.bob, LONG_AGO)
    residents = next(keeper for keeper in KEEPERS if keeper.id == "residents")
    idle: Keeper = replace(residents, remove=lambda _rows: None)
    with pytest.raises(RuntimeError, match="residents of harbour"):
        purge.purge([idle], now=NOW)
    assert not Disposal.objects.exists()


def test_the_agency_s_own_days_count_and_a_shorter_local_law_wins(cast: Cast) -> None:
    def set_days(origin: str, days: int) -> None:
        services.set_days(agency=cast.agency, class_id="residents", origin=origin, days=days, reason="§ 7", by=cast.bob)

    assert services.days_of(cast.agency)["residents"] == 1096
    set_days("own", 2000)
    assert services.days_of(cast.agency)["residents"] == 2000
    set_days("law", 30)
    assert services.days_of(cast.agency)["residents"] == 30
    set_days("own", 10)
    assert services.days_of(cast.agency)["residents"] == 10
    assert services.days_of(cast.other)["residents"] == 1096
    services.clear_days(agency=cast.agency, class_id="residents", origin="law", by=cast.bob)
    services.clear_days(agency=cast.agency, class_id="residents", origin="own", by=cast.bob)
    assert services.days_of(cast.agency)["residents"] == 1096
    assert AuditEvent.objects.filter(action="retention.set").count() == 3


@pytest.mark.parametrize(
    ("class_id", "origin", "days", "reason"),
    [
        ("published", "own", 10, "r"),
        ("residents", "own", 0, "r"),
        ("residents", "own", 40_000, "r"),
        ("trail", "own", 400, "r"),
        ("nothing", "law", 4, "r"),
        ("residents", "law", 4, " "),
    ],
)
def test_a_wrong_number_of_days_changes_nothing(cast: Cast, class_id: str, origin: str, days: int, reason: str) -> None:
    with pytest.raises(RefusedError, match="Nothing was changed"):
        services.set_days(agency=cast.agency, class_id=class_id, origin=origin, days=days, reason=reason, by=cast.bob)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "subject",
    [
        *("", "message", "class:nothing", "12", "message:", "a:\0", "author:" + "x" * 600),
        *(
            "mesage:12",
            "messages:12",
            "message:12a",
            "message:-1",
            "message:" + "9" * 30,
        ),  # slips of the pen held nothing
    ],
)
def test_a_hold_over_nothing_is_refused(cast: Cast, subject: str) -> None:
    with pytest.raises(RefusedError, match="No hold was placed"):
        services.place_hold(agency=cast.agency, subject=subject, reason="r", reference="1", by=cast.bob)


def test_a_hold_is_kept_as_every_keeper_asks_for_it(cast: Cast) -> None:
    old = rows.message(cast.agency, cast.bob, LONG_AGO)
    rows.delivery(old, cast.bob, LONG_AGO)
    services.place_hold(agency=cast.agency, subject=f" message: 00{old.pk}", reason="r", reference="1", by=cast.bob)
    assert (
        purge.purge(KEEPERS, now=NOW) == 0
    )  # its delivery and its approval are asked for by text, the message by number


def test_every_word_a_keeper_asks_for_can_be_held_and_no_other() -> None:
    root = Path(callbox.__file__).parent
    asked = re.compile(r'(numbers|texts)\(subjects, "([a-z]+)"\)')
    files = [*root.rglob("*retention*.py"), *root.glob("governance/retention/*.py")]
    found = {pair for file in files for pair in asked.findall(file.read_text(encoding="utf-8"))}
    assert {word for how, word in found if how == "numbers"} | {
        "answer"
    } == NUMBERED  # deliveries of answers go by their text
    assert {word for how, word in found if how == "texts"} == NAMED


def test_a_hold_is_released_once_and_with_a_reason(cast: Cast) -> None:
    hold = services.place_hold(agency=cast.agency, subject="everything", reason="r", reference="1", by=cast.bob)
    with pytest.raises(RefusedError, match="say why"):
        services.release_hold(hold=hold, why=" ", by=cast.bob)
    services.release_hold(hold=hold, why="over", by=cast.bob)
    with pytest.raises(RefusedError, match="released before"):
        services.release_hold(hold=hold, why="over", by=cast.bob)
    assert not Hold.objects.standing().exists()


def test_what_is_never_purged_says_why() -> None:
    assert {one.id for one in classes().values() if one.days is None} == {"newsroom", "assessments", "trail"}
    assert all(one.why for one in classes().values() if one.days is None)


def test_t98_a_purged_word_is_nowhere_in_the_database_file_nor_among_the_files(transactional_db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL overwrites with the next VACUUM FULL; docs/retention.md says so")
    cast = make_cast()
    canary = "CANARY-7f3a"
    for n in range(40):
        rows.item(cast.agency, cast.bob, LONG_AGO, words=f"{canary}-{n} " * 30 + f"{canary}-author")
        message = rows.message(cast.agency, cast.bob, LONG_AGO, words=f"{canary} " * 500)  # longer than a page
        rows.delivery(message, cast.bob, LONG_AGO, recipient=f"{canary}-{n}@example.org", words=canary)
        rows.media(cast.agency, cast.bob, LONG_AGO, data=canary.encode())
    stay = rows.item(cast.agency, cast.bob, NOW, words="CANARY-stays here")
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(connection.settings_dict["NAME"])
    assert canary.encode() in file.read_bytes()
    purge.purge(KEEPERS, now=NOW)
    left = [file, file.with_name(file.name + "-wal"), *Path(settings.MEDIA_ROOT).rglob("*")]
    assert [path for path in left if path.is_file() and canary.encode() in path.read_bytes()] == []
    assert b"CANARY-stays" in file.read_bytes()
    assert Item.objects.get(pk=stay.pk).text
