"""The record: marks point at bytes, keys are made of the delivery's key, and nothing is shown that was not approved."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.networks.archives.bluesky import tid_time
from callbox.networks.bluesky import keys, record
from callbox.networks.vocabulary import Rendition

DID = "did:plc:resident"


def _marks(text: str, did: str | None = DID) -> list[tuple[str, str]]:
    """Return the bytes each mark points at, as text, and what it says of them."""
    found = []
    for facet in record.facets(text, lambda handle: did):
        (feature,) = facet.features
        said = getattr(feature, "uri", None) or getattr(feature, "tag", None) or getattr(feature, "did", None)
        found.append((text.encode()[facet.index.byte_start : facet.index.byte_end].decode(), str(said)))
    return found


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("nothing here", []),
        ("See https://example.org/a.", [("https://example.org/a", "https://example.org/a")]),
        ("(https://example.org/a)", [("https://example.org/a", "https://example.org/a")]),
        ("إغلاق الشارع https://example.org/ش", [("https://example.org/ش", "https://example.org/ش")]),
        ("👨‍👩‍👧‍👦 🚓 #harbour", [("#harbour", "harbour")]),
        ("تنبيه #شرطة الآن", [("#شرطة", "شرطة")]),
        ("🇳🇴 thanks @resident.test!", [("@resident.test", DID)]),
        ("one #a\ntwo #b", [("#a", "a"), ("#b", "b")]),
        ("mail alice@example.org", []),
        ("#1 in town", []),
    ],
)
def test_marks_point_at_bytes(text: str, marks: list[tuple[str, str]]) -> None:
    assert _marks(text) == marks


def test_marks_stand_in_order() -> None:
    text = "@resident.test see https://example.org #roads"
    assert [marked for marked, _ in _marks(text)] == ["@resident.test", "https://example.org", "#roads"]


def test_a_handle_nobody_has_stays_plain_text() -> None:
    assert _marks("thanks @resident.test", did=None) == []


@given(st.text(max_size=80))
def test_marks_never_cut_a_letter_in_half(text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    for facet in record.facets(encoded, lambda handle: DID):
        encoded.encode()[facet.index.byte_start : facet.index.byte_end].decode()


def test_the_same_key_makes_the_same_record_key_and_another_another() -> None:
    made = [uuid.uuid4().hex for _ in range(2000)]
    assert keys.record_key(made[0]) == keys.record_key(made[0])
    assert len({keys.record_key(key) for key in made}) == len(made)


def test_a_record_key_has_the_shape_the_network_wants_and_a_time_no_clock_gives() -> None:
    for _ in range(200):
        key = keys.record_key(uuid.uuid4().hex)
        assert re.fullmatch(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", key)  # atproto.com/specs/tid
        named = tid_time(key)
        assert named is not None
        assert named.year < 2006


def test_the_record_key_of_a_delivery_never_changes() -> None:
    """A version that made other keys would publish what an older one left unclear a second time."""
    assert keys.record_key("00000000000000000000000000000000") == "26ch7zprjzlyt"


@pytest.mark.parametrize("text", ["", "at://", "at://a/b", "at://a/b/", "https://a/b/c", "at://a/b/c/d"])
def test_what_is_no_address_has_no_parts(text: str) -> None:
    assert keys.parts(text) is None
    assert keys.web_address("riverton.test", text) == ""


def test_an_address_has_its_parts() -> None:
    uri = "at://did:plc:a/app.bsky.feed.post/3k"
    assert keys.parts(uri) == ("did:plc:a", "app.bsky.feed.post", "3k")
    assert str(keys.parts(uri)) == uri
    assert keys.web_address("riverton.test", uri) == "https://bsky.app/profile/riverton.test/post/3k"


def test_a_record_says_when_in_what_language_and_shows_the_card() -> None:
    shown = Rendition("bluesky:a", "Closed.", title="Roads", language="es", link="https://riverton.example/1")
    at = datetime(2026, 3, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    made = record.record(shown, facets=[], blobs=[], reply=None, at=at).model_dump(by_alias=True, exclude_none=True)
    assert (made["createdAt"], made["langs"], made["text"]) == ("2026-03-01T12:30:00.000Z", ["es"], "Closed.")
    card = made["embed"]["external"]
    assert (card["uri"], card["title"], card["description"]) == ("https://riverton.example/1", "Roads", "")
    assert "facets" not in made
    assert datetime.fromisoformat(made["createdAt"]) == at.astimezone(UTC)
