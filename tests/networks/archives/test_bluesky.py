"""Bluesky repositories, first of all one that a real personal data server wrote."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import libipld
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbox.networks.archives import bluesky, registry
from callbox.networks.archives.bluesky import tid_time
from callbox.networks.archives.car import CID_HEAD, MAX_BLOCK
from callbox.networks.archives.contract import ArchiveError
from tests.networks.archives.packing import GOLDEN, read

REAL = GOLDEN / "bluesky/pds.car"
SAID: dict[str, Any] = json.loads((GOLDEN / "bluesky/pds.server.json").read_text(encoding="utf-8"))
DATA = REAL.read_bytes()


def test_a_real_repository_gives_what_its_server_said() -> None:
    found = read(bluesky, REAL)
    assert not found.rejects
    assert not found.notes
    assert found.consumed == len(DATA)
    rows = {row["post"]: row for row in found.posts}
    assert len(rows) == len(found.posts) == len(SAID["posts"])
    for said in SAID["posts"]:
        ours = {name: rows[said["post"]].get(name) for name in said}
        if said["at"] is None:  # the record's clock runs ahead: the key's counts
            assert str(ours["at"]) < found.accounts[0]["as_of"]
            ours["at"] = None
        assert ours == said
    account = found.accounts[0]
    assert (account["handle"], account["name"]) == (SAID["did"], SAID["name"])
    assert account["carries"] == ["replies", "media", "alt_text", "captions", "language"]


def test_a_repository_is_recognised_by_its_reader_alone() -> None:
    assert [reader.LABEL for reader in registry.ARCHIVES if reader.recognises(REAL)] == [bluesky.LABEL]


@given(where=st.integers(0, len(DATA) - 1), bit=st.integers(0, 7), cut=st.booleans())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_one_bad_byte_costs_at_most_the_record_it_stands_in(
    tmp_path_factory: pytest.TempPathFactory, where: int, bit: int, cut: bool
) -> None:
    path = tmp_path_factory.mktemp("car") / "pds.car"
    path.write_bytes(DATA[:where] + bytes([DATA[where] ^ 1 << bit]) + DATA[where + 1 :])
    whole = read(bluesky, REAL)
    try:
        found = read(bluesky, path, account="did:plc:named")
    except ArchiveError:
        assert where < 100  # the header itself
        return
    # Where the index is damaged, posts are known by their contents: compare those.
    assert len(whole.posts) - len(found.posts) <= 1
    key = ("at", "action", "text")
    kept = {tuple(str(row.get(name)) for name in key[1:]) for row in whole.posts}
    assert all(tuple(str(row.get(name)) for name in key[1:]) in kept for row in found.posts)


def test_what_stands_before_the_cut_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "pds.car"
    path.write_bytes(DATA[: len(DATA) * 2 // 3])
    found = read(bluesky, path)
    assert [reject.code for reject in found.rejects] == ["file_cut_short"]
    assert found.rejects[0].offset is not None
    assert len(found.posts) > 15
    sound = {row["post"] for row in read(bluesky, REAL).posts}
    assert {row["post"] for row in found.posts if "feed.post/3" in row["post"]} <= sound


def block(value: Any) -> tuple[bytes, bytes]:
    """Return the content id and the frame of a value."""
    data = libipld.encode_dag_cbor(value)
    return cid_of(data), frame(data)


def cid_of(data: bytes) -> bytes:
    return CID_HEAD + hashlib.sha256(data).digest()


def frame(data: bytes) -> bytes:
    return varint(36 + len(data)) + cid_of(data) + data


def varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def link(cid: bytes) -> bytes:
    """Return a link as DAG-CBOR (the library only encodes what it decoded)."""
    return b"\xd8\x2a\x58\x25\x00" + cid


def car(*frames: bytes) -> bytes:
    header = b"\xa2eroots\x81" + link(CID_HEAD + bytes(32)) + b"gversion\x01"
    return varint(len(header)) + header + b"".join(frames)


COMMIT = frame(
    b"\xa6cdidkdid:plc:abccrevm3lzzzzzzzzz22csigA\x00ddata" + link(CID_HEAD + bytes(32)) + b"dprev\xf6gversion\x03"
)


@pytest.mark.parametrize(
    "hostile",
    [
        frame(b"\x81" * 100_000), frame(b"\xa2\x61e\x9b" + b"\xff" * 8), frame(b"\xa2aeAxalAy"), frame(b"\xa2ae\x81\xa1apbxxal\xf6"),
        varint(2**60) + b"x" * 50, b"\xff" * 400, varint(MAX_BLOCK * 2) + CID_HEAD * 4000, (varint(3_000_000) + CID_HEAD) * 3000,
        frame(b"\xa1e$typergapp.bsky.feed.post"), frame(libipld.encode_dag_cbor({"$type": "app.bsky.feed.post", "langs": 5, "reply": 7})),
    ],
    ids=range(10),
)  # fmt: skip
def test_hostile_blocks_neither_raise_nor_hang(hostile: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.car"
    sound = libipld.encode_dag_cbor({"$type": "app.bsky.feed.post", "text": "hei", "createdAt": "2026-01-01T00:00:00Z"})
    path.write_bytes(car(COMMIT, hostile, frame(sound)))
    found = read(bluesky, path)
    assert [row["text"] for row in found.posts] == ["hei"]


@pytest.mark.parametrize("data", [b"", b"\x00", car(), b"PK\x05\x06" + bytes(18), b"\x3a\xa2eroots"])
def test_what_is_no_repository_is_refused_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.car"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=r"^a\.car"):
        read(bluesky, path)


def test_a_tid_is_microseconds_in_base_32() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    number = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) << 10
    letters = "".join("234567abcdefghijklmnopqrstuvwxyz"[number >> 5 * place & 31] for place in reversed(range(13)))
    assert tid_time(letters) == moment
    assert tid_time("self") is None
