"""Collecting: each thing once, in any order of failures; no network is trusted with sizes, clocks or the time of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.networks.contract import NetworkError, NotSentError, SignInError
from callbox.networks.items import collect, services
from callbox.networks.items.collect import collect_due
from callbox.networks.items.models import Item
from callbox.networks.vocabulary import Batch, Seen
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import Desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _seen(number: int, **changes: object) -> Seen:
    fields: dict[str, object] = {
        "remote_id": f"r{number}",
        "at": NOON + timedelta(minutes=number),
        "text": f"Word {number}",
        "author": "fake:resident",
    }
    return Seen(**{**fields, **changes})  # type: ignore[arg-type]


def _pages(*pages: Batch) -> Callable[[str, str], Batch]:
    """Serve pages whose cursors are "1", "2", ...; nothing new behind the last."""

    def answer(_handle: str, cursor: str) -> Batch:
        place = int(cursor or 0)
        return pages[place] if place < len(pages) else Batch((), cursor)

    return answer


def _collect() -> list[str]:
    new: list[Item] = []
    collect_due(new.extend)
    return [item.remote_id for item in new]


def test_pages_are_collected_until_there_is_no_more(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()
    fake.pages = _pages(Batch((_seen(1), _seen(2)), "1", more=True), Batch((_seen(3),), "2"))
    assert _collect() == ["r1", "r2", "r3"]
    assert desk.account().cursor == "2"
    item = Item.objects.get(remote_id="r1")
    assert (item.thread, item.agency, item.text) == ("r1", desk.agency, "Word 1")
    assert AuditEvent.objects.filter(action="items.collected").count() == 2


def test_collected_twice_is_stored_once_and_arrives_once(desk: Desk, fake: FakeNetwork) -> None:
    connection = desk.account()
    page = Batch((_seen(1), _seen(1), _seen(2)), "1")
    assert len(services.store(connection=connection, batch=page)) == 2
    assert services.store(connection=connection, batch=page) == []
    assert Item.objects.count() == 2


def test_an_account_is_asked_about_once_a_minute(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()
    fake.pages = _pages(Batch((_seen(1),), "1"), Batch((_seen(2),), "2"))
    assert _collect() == ["r1"]
    assert _collect() == []
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert _collect() == ["r2"]


def test_an_edit_brings_the_new_words_and_counts_and_arrives_no_second_time(desk: Desk, fake: FakeNetwork) -> None:
    connection = desk.account()
    services.store(connection=connection, batch=Batch((_seen(1, likes=1, replies=2),), "1"))
    edited = _seen(1, text="Other words", revision="2", likes=9, at=NOON + timedelta(days=1), author="fake:someone")
    assert services.store(connection=connection, batch=Batch((edited,), "2")) == []
    item = Item.objects.get()
    assert (item.text, item.revision, item.likes, item.replies) == ("Other words", "2", 9, 2)
    assert (item.at, item.author) == (NOON + timedelta(minutes=1), "fake:resident")


def test_a_collector_that_was_overtaken_turns_no_cursor_back(desk: Desk, fake: FakeNetwork) -> None:
    slow, fast = desk.account(), desk.account()
    services.store(connection=fast, batch=Batch((_seen(1),), "1"))
    services.store(connection=fast, batch=Batch((_seen(2),), "2"))
    assert services.store(connection=slow, batch=Batch((_seen(1),), "1")) == []
    assert desk.account().cursor == "2"


def test_a_failure_in_the_middle_keeps_what_was_stored_and_goes_on_there(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()

    def broken(_handle: str, cursor: str) -> Batch:
        if cursor:
            raise NetworkError("502")
        return Batch((_seen(1),), "1", more=True)

    fake.pages = broken
    assert _collect() == ["r1"]
    fake.pages = _pages(Batch((), "1"), Batch((_seen(2),), "2"))
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert _collect() == ["r2"]


@pytest.mark.parametrize("error", [NetworkError("500"), ValueError("not json"), KeyError("id")])
def test_a_network_that_errs_stops_no_other(desk: Desk, fake: FakeNetwork, error: Exception) -> None:
    desk.account("broken")
    desk.account("harbour")

    def answer(handle: str, cursor: str) -> Batch:
        if handle == "broken":
            raise error
        return Batch((), cursor) if cursor else Batch((_seen(1),), "1")

    fake.pages = answer
    assert _collect() == ["r1"]


def test_a_network_that_asks_for_quiet_gets_it(desk: Desk, fake: FakeNetwork) -> None:
    """T-22."""
    desk.account()
    asked: list[str] = []

    def answer(_handle: str, cursor: str) -> Batch:
        asked.append(cursor)
        raise NotSentError("slow down", after=600)

    fake.pages = answer
    with time_machine.travel(timezone.now(), tick=False) as clock:
        _collect()
        clock.shift(599)
        _collect()
        assert len(asked) == 1
        clock.shift(2)
        _collect()
    assert len(asked) == 2
    assert desk.account().not_before is None  # what is due may still be sent


def test_a_token_that_is_refused_while_collecting_marks_the_account(desk: Desk, fake: FakeNetwork) -> None:
    """T-26."""
    desk.account()

    def answer(*_: str) -> Batch:
        raise SignInError("401")

    fake.pages = answer
    _collect()
    assert desk.account().state == "refused"


def test_a_network_is_not_trusted_with_sizes_or_clocks(desk: Desk, fake: FakeNetwork) -> None:
    future = timezone.now() + timedelta(days=4000)
    wild = _seen(
        1,
        text="x\x00" * 300_000,
        author="a" * 5000,
        url="u" * 5000,
        language="l" * 500,
        at=future,
        likes=-4,
        reposts=10**18,
        images=10**9,
        revision="r" * 999,
    )
    unnamed = [_seen(2, remote_id=""), _seen(3, remote_id="i" * 501), _seen(4, remote_id="a\x00b")]
    naive = _seen(5, at=datetime(2026, 3, 2, 12))  # noqa: DTZ001 - as a careless reader would give it
    services.store(connection=desk.account(), batch=Batch((wild, *unnamed, naive), "1"))
    item = Item.objects.get(remote_id="r1")
    assert len(item.text) == 100_000
    assert "\x00" not in item.text
    assert (item.likes, item.reposts, item.images) == (0, 2_147_483_647, 32_767)
    assert item.at <= timezone.now()
    assert set(Item.objects.values_list("remote_id", flat=True)) == {"r1", "r5"}


def test_words_that_no_database_takes_block_no_page(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()
    odd = {"text": "Half \ud83d a sign\x00", "author_name": "\udcff", "url": "javascript:alert(1)"}
    first = datetime(1, 1, 1, tzinfo=UTC)  # has no local time west of Greenwich
    fake.pages = _pages(Batch((_seen(1, **odd), _seen(2, at=first), _seen(3, remote_id="\ud800")), "1"))
    assert set(_collect()) == {"r1", "r2"}
    item = Item.objects.get(remote_id="r1")
    assert (item.text, item.author_name, item.url) == ("Half ? a sign", "?", "")
    assert Item.objects.get(remote_id="r2").at >= services.EARLIEST


def test_pages_that_never_end_are_left_for_the_next_round(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()
    asked: list[str] = []

    def standing_still(_handle: str, cursor: str) -> Batch:
        asked.append(cursor)
        return Batch((), cursor, more=True)

    fake.pages = standing_still
    _collect()
    assert asked == [""]
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        fake.pages = lambda _handle, cursor: Batch((), str(int(cursor or 0) + 1), more=True)
        _collect()
    assert desk.account().cursor == str(collect.PAGES)


def test_a_very_large_page_is_kept_whole_in_parts(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()
    fake.pages = _pages(Batch(tuple(_seen(number) for number in range(1200)), "1"))
    assert len(_collect()) == 1200
    assert desk.account().cursor == "1"
    assert AuditEvent.objects.filter(action="items.collected").count() == 3


def test_a_mark_of_its_place_that_is_too_long_is_not_kept(desk: Desk, fake: FakeNetwork) -> None:
    desk.account()
    fake.pages = lambda *_: Batch((_seen(1),), "c" * 20_000)
    assert _collect() == []
    assert desk.account().cursor == ""


def test_a_post_of_ours_made_elsewhere_is_seen_with_what_it_lacks(desk: Desk, fake: FakeNetwork) -> None:
    own = _seen(1, own=True, images=2, images_described=1, videos=1)
    services.store(connection=desk.account(), batch=Batch((own,), "1"))
    item = Item.objects.own_posts().get()
    assert (item.images, item.images_described, item.videos, item.videos_captioned) == (2, 1, 1, 0)
    assert list(Item.objects.incoming()) == []


def test_what_was_gone_and_is_seen_again_is_back(desk: Desk, fake: FakeNetwork) -> None:
    connection = desk.account()
    services.store(connection=connection, batch=Batch((_seen(1),), "1"))
    Item.objects.update(gone_at=timezone.now())
    services.store(connection=connection, batch=Batch((_seen(1),), "2"))
    assert Item.objects.get().gone_at is None


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "FILE:x", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "//x.example"]
)
def test_a_page_never_links_where_a_stranger_leads_the_reader_astray(desk: Desk, fake: FakeNetwork, url: str) -> None:
    services.store(
        connection=desk.account(), batch=Batch((_seen(1, url=url), _seen(2, url="HTTPS://a.example/1")), "1")
    )
    assert list(Item.objects.order_by("at").values_list("url", flat=True)) == ["", "HTTPS://a.example/1"]
