"""A public stream on paper: each line is heard once, and silence is a sign of life."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest

from callbox.networks.paper import stream as product
from callbox.networks.paper.stream import PaperStream
from callbox.networks.stream import Heard


def _heard(file: Path, cursor: str = "") -> Heard:
    """Return the first thing that is heard."""
    return next(PaperStream(file).listen(cursor, Event()))


def _say(file: Path, *texts: str) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": text, "author": "rosa", "language": "en"}) + "\n" for text in texts)


def test_without_a_line_it_is_alive_and_silent(tmp_path: Path) -> None:
    assert _heard(tmp_path / "none.jsonl") == Heard((), "0")


def test_each_line_is_heard_once_and_gone_on_with(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    _say(file, "fire at the harbour", "a cat\x00")
    first = _heard(file)
    assert [(post.text, post.author, post.language) for post in first.posts] == [
        ("fire at the harbour", "rosa", "en"),
        ("a cat", "rosa", "en"),
    ]
    assert (first.passed, first.unreadable, first.cursor) == (2, 0, str(file.stat().st_size))
    _say(file, "over")
    second = _heard(file, first.cursor)
    assert [post.text for post in second.posts] == ["over"]
    assert len({post.remote_id for post in (*first.posts, *second.posts)}) == 3
    assert _heard(file, second.cursor).posts == ()


def test_half_a_line_waits_and_nonsense_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "one.jsonl"
    file.write_bytes(b'[1]\n\xff\n{"text": "half')
    heard = _heard(file, "not a place")
    assert (heard.posts, heard.passed, heard.unreadable, heard.cursor) == ((), 2, 2, "6")
    file.write_bytes(file.read_bytes() + b'"}\n')
    assert [post.text for post in _heard(file, heard.cursor).posts] == ["half"]
    monkeypatch.setattr(product, "LONGEST", 4)
    assert _heard(file, "6").unreadable == 5  # a line without end is cut, and the stream goes on
