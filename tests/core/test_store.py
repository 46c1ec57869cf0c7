"""Acknowledged means kept."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from callbox.core.store import keep, locate, plain_name, put


def test_a_kept_file_is_found_again_with_its_hash(tmp_path: Path) -> None:
    kept = keep(tmp_path, "uploads/7", "posts.csv", [b"a,b\n", b"1,2\n"])
    assert locate(tmp_path, kept.place).read_bytes() == b"a,b\n1,2\n"
    assert (kept.sha256, kept.size) == (hashlib.sha256(b"a,b\n1,2\n").hexdigest(), 8)


def test_a_broken_upload_leaves_nothing_behind(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        keep(tmp_path, "uploads", "posts.csv", chunks())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("posts.csv", "posts.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\Beiträge 2024.csv", "Beitrage-2024.csv"),
        ("...", "file"),
        ("x" * 200 + ".tar.gz", "x" * 73 + ".tar.gz"),
    ],
)
def test_a_hostile_name_is_only_a_label(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_place_outside_the_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        locate(tmp_path / "store", "../secret")


def test_a_file_put_in_its_place_replaces_the_old_one_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    put(tmp_path, "a/post.json", [b"first"])
    with pytest.raises(ConnectionError):
        put(tmp_path, "a/post.json", breaks())
    assert locate(tmp_path, "a/post.json").read_bytes() == b"first"
    put(tmp_path, "a/post.json", [b"second"])
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"second"]
    with pytest.raises(ValueError, match="outside"):
        put(tmp_path, "../post.json", [b"x"])
