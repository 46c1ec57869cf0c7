"""What is true of every reader: bad files end in one sentence, odd records are set aside, and nothing of private people is kept."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.networks.archives import bluesky, feeds, mastodon, meta, rows, x
from callbox.networks.archives.contract import ArchiveError, Reader
from callbox.networks.html_text import words_and_images
from tests.networks.archives.packing import GOLDEN, members, read, zipped

READERS: tuple[Reader, ...] = (mastodon, bluesky, x, meta, feeds)
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.LABEL)
@pytest.mark.parametrize(
    "kind", ["empty", "noise", "text", "zip of something else", "folder of something else", "zip that breaks off"]
)
def test_a_file_of_another_kind_is_not_recognised_and_refused_in_one_sentence(
    reader: Reader, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.bin"
    if kind.startswith("folder"):
        path.mkdir()
        (path / "letter.txt").write_text("Dear police")
    elif kind == "zip of something else":
        zipped(path, {"letter.txt": b"Dear police"})
    else:
        noise = random.Random(7).randbytes(5000)
        written(
            path,
            {"empty": b"", "noise": noise, "text": b"Dear police,\n", "zip that breaks off": b"PK\x03\x04" + noise}[
                kind
            ],
        )
    assert not reader.recognises(path)
    with pytest.raises(ArchiveError) as raised:
        read(reader, path)
    assert str(raised.value).startswith("file.bin")
    assert "\n" not in str(raised.value)


WRONG: list[Any] = [None, 7, "text", [], {}, [[]], [7], {"a": []}, True, 1e300, -1, "\ud83d", "2026-13-99", 10**30]


def odd(value: Any, choose: random.Random) -> Any:
    """Return a record in which one value somewhere is of the wrong kind."""
    if isinstance(value, dict) and value and choose.random() < 0.8:
        key = choose.choice(sorted(value))
        return {**value, key: odd(value[key], choose)}
    if isinstance(value, list) and value and choose.random() < 0.8:
        place = choose.randrange(len(value))
        return [*value[:place], odd(value[place], choose), *value[place + 1 :]]
    return choose.choice(WRONG)


@pytest.mark.parametrize(
    ("reader", "place"), [(mastodon, "mastodon/nordvik"), (x, "x/nordvik"), (meta, "facebook/page"), (meta, "instagram/account")]
)  # fmt: skip
def test_records_of_odd_shapes_are_set_aside_or_read_but_never_raise(
    reader: Reader, place: str, tmp_path: Path
) -> None:
    choose = random.Random(place)
    files = members(GOLDEN / place)
    for _ in range(60):
        changed = dict(files)
        for name, data in files.items():
            if not name.endswith((".json", ".js")):
                continue
            before, sign, json_text = (
                data.decode().partition(" = ") if name.endswith(".js") else ("", "", data.decode())
            )
            changed[name] = (before + sign + json.dumps(odd(json.loads(json_text), choose))).encode()
        try:
            found = read(reader, zipped(tmp_path / "a.zip", changed))
        except ArchiveError:
            continue
        assert len(found.accounts) == 1


def test_wrong_clocks_are_set_aside_with_their_place(tmp_path: Path) -> None:
    items = [
        {
            "type": "Announce",
            "id": f"https://n.example/{year}",
            "actor": "https://n.example/users/p",
            "published": f"{year}-01-01T00:00:00Z",
        }
        for year in (1970, 2025, 2099)
    ]
    path = zipped(tmp_path / "a.zip", {"outbox.json": json.dumps({"orderedItems": items}).encode()})
    found = read(mastodon, path)
    assert [row["at"][:4] for row in found.posts] == ["2025"]
    assert [(reject.code, reject.record, reject.values["value"]) for reject in found.rejects] == [
        ("wrong_clock", 1, "1970-01-01T00:00:00+00:00"),
        ("wrong_clock", 3, "2099-01-01T00:00:00+00:00"),
    ]


def test_no_name_and_no_text_of_a_private_person_leaves_a_reader(tmp_path: Path) -> None:
    for reader, place in ((x, "x/nordvik"), (meta, "facebook/page")):
        files = members(GOLDEN / place)
        name = next(name for name in files if "message" in name)
        files[name] = files[name].replace(b'"', b"'", 1)[: len(files[name]) - 30]  # rejects must not quote it either
        for path in (GOLDEN / place, zipped(tmp_path / "a.zip", files)):
            found = read(reader, path)
            seen = repr((found.contacts, found.accounts, found.notes, [(r.excerpt, r.values) for r in found.rejects]))
            for private in ("Kåre", "kareas", "Lise", "8002", "8003", "tagget", "tips", "Hallo"):
                assert private not in seen


def test_thousands_of_posts_come_in_batches(tmp_path: Path) -> None:
    tweet = {"full_text": "Hei", "created_at": "Sun Feb 01 08:00:00 +0000 2026", "lang": "no"}
    posts = [{"tweet": {"id_str": str(number), **tweet}} for number in range(rows.BATCH * 2 + 1)]
    path = zipped(tmp_path / "a.zip", {"data/tweets.js": b"window.YTD.tweets.part0 = " + json.dumps(posts).encode()})
    found = read(x, path, account="politinordvik")
    assert len(found.posts) == len(posts)
    assert found.accounts[0]["account"] == "x:politinordvik"
    assert found.consumed == path.stat().st_size


def test_damaged_members_and_path_tricks_are_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {**members(GOLDEN / "mastodon/nordvik"), "../evil.json": b"x"})
    data = bytearray(path.read_bytes())
    start = data.index(b"outbox.json") + 11
    data[start + 900] ^= 0x55
    path.write_bytes(data)
    found = read(mastodon, path)
    told = {note.code: note.values.get("name") for note in found.notes}
    assert told.get("member_bad_name") == "../evil.json"
    assert told.get("member_damaged") == "outbox.json"
    assert len(found.posts) >= 1


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&x;</title></channel></rss>',
        b'<rss version="2.0"><channel>' + b"<a>" * 5000 + b"</channel></rss>",
    ],
)
def test_entities_and_absurd_nesting_in_feeds_are_refused(bomb: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "feed.xml", b'<?xml version="1.0"?>' + bomb)
    assert feeds.recognises(path)
    with pytest.raises(ArchiveError, match=r"^feed\.xml (?:defines entities|is nested)"):
        read(feeds, path)


def test_a_feed_larger_than_any_feed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_SIZE", 100)
    with pytest.raises(ArchiveError, match="larger than"):
        read(feeds, GOLDEN / "feeds/feedgen.rss")


@given(st.text(max_size=200))
def test_mojibake_is_undone_and_sound_text_is_left(text: str) -> None:
    assert meta.demojibake(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize("text", ["Blåbærsyltetøy 🚓", "Ã¥ is not always a mistake 🚓", "plain", "é", "ÆØÅ"])
def test_text_that_was_never_broken_stays(text: str) -> None:
    assert meta.demojibake(text) == text


@given(st.text(st.characters(codec=None), max_size=50))
def test_cleaned_text_can_always_be_written(text: str) -> None:
    rows.clean(text).encode()


def test_a_reply_is_the_next_message_of_the_agency_in_the_conversation() -> None:
    hours = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(6)]
    talk = [
        (hours[3], True, "d"),
        (hours[0], False, "a"),
        (hours[1], True, "b"),
        (hours[2], False, "c"),
        (hours[5], False, "e"),
    ]
    answered = {row["contact"]: row["replied_at"] for row in rows.contacts("x:p", "t", "message", talk)}
    assert answered == {"a": hours[1], "c": hours[3], "e": None}


@pytest.mark.parametrize(
    ("tag", "primary"), [("nb-NO", "nb"), ("EN", "en"), ("und", None), ("zxx", None), ("iw", "he"), ("", None), (7, None), ("german", None)]
)  # fmt: skip
def test_languages_are_primary_tags(tag: object, primary: str | None) -> None:
    assert rows.language(tag) == primary


def test_words_of_html_are_what_people_see() -> None:
    html = "<p>Vei&shy; <b>E6</b><br>stengt</p><script>alert(1)</script><img src=x alt='En bil'><img src=y><img width=1 src=z><p>Slutt"
    assert words_and_images(html) == ("Vei\u00ad E6\nstengt\nSlutt", ["En bil", None])
    assert words_and_images("<![ broken <!-- <p>") [0] is not None  # fmt: skip
