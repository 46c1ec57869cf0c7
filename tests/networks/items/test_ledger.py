from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from callbox.core.measure import Window
from callbox.networks.connections import services as connections
from callbox.networks.deliveries import sending
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.retention import BLANK
from callbox.networks.items import ledger
from callbox.networks.items.models import Item
from callbox.networks.measures.access import described_images, undescribed_media
from callbox.networks.vocabulary import Media
from tests.networks.desk import Desk

PICTURE = Media(sha256="a" * 64, kind="image", type="image/png", size=7, alt="Two officers on the ferry")


@pytest.fixture
def desk(db: None, settings: LazySettings, tmp_path: Path) -> Desk:
    settings.DATA = tmp_path
    return Desk.open()


def item(desk: Desk, remote_id: str, **more: object) -> Item:
    now = timezone.now()
    fields = {"own": True, "thread": remote_id, "at": now, "seen_at": now, "text": "Words", "language": "en"}
    return Item.objects.create(
        agency=desk.agency, connection=desk.account(kind="paper"), remote_id=remote_id, **{**fields, **more}
    )


def sent(desk: Desk, remote_id: str, **more: object) -> Delivery:
    delivery = desk.queued(f"message:{remote_id}", connection=desk.account(kind="paper"), **more)  # type: ignore[arg-type]
    Delivery.objects.filter(pk=delivery.pk).update(state="sent", remote_id=remote_id, settled_at=timezone.now())
    return delivery


def posts(desk: Desk) -> dict[str, dict[str, object]]:
    return {row["post"]: row for row in ledger.posts(desk.agency).to_dicts()}


def test_a_post_that_was_sent_and_collected_is_one_row(desk: Desk) -> None:
    sent(desk, "1", urgent=True, media=(PICTURE,))
    assert posts(desk)["1"]["likes"] is None
    item(desk, "1", likes=3, images=1, images_described=1)
    found = posts(desk)
    assert list(found) == ["1"]
    assert (found["1"]["likes"], found["1"]["urgent"], found["1"]["release"]) == (3, True, "message:1")


def test_a_post_made_past_callbox_counts_as_well(desk: Desk) -> None:
    sent(desk, "1", media=(PICTURE,))
    now = timezone.now() + timedelta(minutes=1)
    window = Window(now - timedelta(days=28), now)
    held = ledger.ledger(desk.agency, as_of=now)
    assert described_images(held, window).value == 1.0
    item(desk, "2", images=1, images_described=0)
    held = ledger.ledger(desk.agency, as_of=now)
    assert described_images(held, window).value == 0.5
    assert undescribed_media(held, window).value == 1
    assert posts(desk)["2"]["release"] is None
    assert posts(desk)["2"]["urgent"] is None


def test_what_was_really_posted_is_what_the_ledger_says(desk: Desk) -> None:
    connection = desk.account(kind="paper")
    desk.queued("message:5", connection=connection, text="Route 7 is closed.")
    sending.send_waiting()
    row = ledger.posts(desk.agency).to_dicts()[0]
    with connections.open_session(connection) as session:
        seen = session.collect("").seen[0]
    assert (row["post"], row["account"], row["action"]) == (seen.remote_id, connection.account, "post")


def test_replies_tell_whom_they_address(desk: Desk) -> None:
    item(desk, "own")
    item(desk, "theirs", own=False)
    item(desk, "a", parent="own", thread="own")
    item(desk, "b", parent="theirs", thread="theirs")
    item(desk, "c", parent="nobody-knows", thread="nobody-knows")
    item(desk, "d", repost=True)
    found = posts(desk)
    assert {post: (row["action"], row["addressee"]) for post, row in found.items()} == {
        "own": ("post", None),
        "a": ("reply", "self"),
        "b": ("reply", "other"),
        "c": ("reply", "unknown"),
        "d": ("repost", None),
    }
    assert (found["own"]["thread"], found["a"]["thread"]) == (None, "own")


def test_letters_and_what_never_left_are_no_posts(desk: Desk) -> None:
    sent(desk, "1", recipient="a@x.example")
    desk.queued("message:2", connection=desk.account(kind="paper"))
    assert posts(desk) == {}


def test_a_correction_in_place_is_no_second_post_and_its_pictures_count(desk: Desk) -> None:
    first = sent(desk, "1", media=(Media(sha256="a" * 64, kind="image", type="image/png", size=7, alt=""),))
    first.refresh_from_db()
    second = desk.queued(
        "message:9",
        connection=desk.account(kind="paper"),
        media=(PICTURE,),
        operation=Operation.EDIT,
        replaces=first,
    )
    Delivery.objects.filter(pk=second.pk).update(state="sent", remote_id="1", settled_at=timezone.now())
    found = posts(desk)
    assert list(found) == ["1"]
    assert (found["1"]["images"], found["1"]["images_described"]) == (1, 1)


def test_a_release_is_told_once_at_its_first_time(desk: Desk) -> None:
    for number, handle in enumerate(("harbour", "east")):
        delivery = desk.queued("message:5", connection=desk.account(handle, kind="paper"), urgent=True)
        at = datetime(2026, 3, 1, 12 + number, tzinfo=UTC)
        Delivery.objects.filter(pk=delivery.pk).update(state="sent", remote_id=handle, called_at=at, settled_at=at)
    assert ledger.releases(desk.agency).to_dicts() == [
        {
            "release": "message:5",
            "language": "en",
            "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
            "urgent": True,
            "checked": True,
        }
    ]


def test_a_mailing_is_one_release_also_when_its_letters_hold_no_words_any_more(desk: Desk) -> None:
    for number, name in enumerate("ab"):
        delivery = desk.queued("message:5", connection=desk.account(kind="email"), recipient=f"{name}@x.example")
        at = datetime(2026, 3, 1, 12 + number, tzinfo=UTC)
        Delivery.objects.filter(pk=delivery.pk).update(state="sent", called_at=at, settled_at=at)
    first = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert [row["at"] for row in ledger.releases(desk.agency).to_dicts()] == [first]
    for each in Delivery.objects.all():
        Delivery.objects.filter(pk=each.pk).update(recipient=f"{BLANK}{each.pk}", rendition={})
    assert ledger.releases(desk.agency).is_empty()


def test_the_first_account_to_show_a_release_counts_whichever_answered_first(desk: Desk) -> None:
    for handle, called, settled in (("harbour", 5, 6), ("east", 1, 9)):
        delivery = desk.queued("message:5", connection=desk.account(handle, kind="paper"))
        times = {
            name: datetime(2026, 3, 1, 12, at, tzinfo=UTC)
            for name, at in (("called_at", called), ("settled_at", settled))
        }
        Delivery.objects.filter(pk=delivery.pk).update(state="sent", remote_id=handle, **times)
    assert ledger.releases(desk.agency)["at"].to_list() == [datetime(2026, 3, 1, 12, 1, tzinfo=UTC)]


def test_a_private_answer_is_no_post_before_it_is_collected_and_after(desk: Desk) -> None:
    item(desk, "asked", own=False, door="message")
    delivery = sent(desk, "answer:1")
    Delivery.objects.filter(pk=delivery.pk).update(
        remote_id="told", rendition={**delivery.rendition, "reply_to": "asked"}, subject="answer:1"
    )
    assert posts(desk) == {}
    item(desk, "told", parent="asked", thread="asked", door="message")
    assert posts(desk) == {}


def test_the_newsroom_is_no_official_account(desk: Desk) -> None:
    desk.account(kind="newsroom")
    desk.account(kind="paper")
    rows = {row["account"]: row["official"] for row in ledger.accounts(desk.agency).to_dicts()}
    assert rows == {"newsroom:harbour": False, "paper:harbour": None}


def test_an_account_says_what_its_rows_can_carry(desk: Desk) -> None:
    connection = desk.account(kind="paper")
    desk.account("list@harbour.example", kind="email")
    rows = {row["account"]: row["carries"] for row in ledger.accounts(desk.agency).to_dicts()}
    assert rows == {
        "paper:harbour": ["media", "alt_text", "captions", "language"],
        "email:list@harbour.example": [],
    }
    type(connection).objects.filter(pk=connection.pk).update(collected_at=timezone.now())
    assert "incoming" in ledger.accounts(desk.agency).to_dicts()[1]["carries"]


def test_words_are_read_for_their_kind_and_dropped(desk: Desk) -> None:
    item(desk, "1", text="Meet our officers for coffee on Saturday and tell us what worries you. Everyone is welcome!")
    frame = ledger.posts(desk.agency)
    assert "text" not in frame.columns
    assert frame["kind"].to_list() != [None]
    assert frame["labelled_by"].to_list() == ["machine"]


def test_one_agency_tells_nothing_of_another(desk: Desk) -> None:
    item(desk, "1")
    sent(desk, "2")
    other = Desk.open("valley")
    assert ledger.posts(other.agency).is_empty()
    assert ledger.releases(other.agency).is_empty()
    assert ledger.accounts(other.agency).is_empty()


def test_nothing_after_the_moment_it_speaks_of(desk: Desk) -> None:
    item(desk, "1")
    held = ledger.ledger(desk.agency, as_of=timezone.now() - timedelta(hours=1))
    assert held.table("posts").collect().is_empty()
