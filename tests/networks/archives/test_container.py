"""Containers: what they list, what they refuse, and what is kept of damaged ones."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from collections import deque
from pathlib import Path

import pytest

from callbox.networks.archives import limits
from callbox.networks.archives.container import natural, open_container, peek, safe_name
from callbox.networks.archives.contract import ArchiveError
from tests.networks.archives.packing import tarred, zipped

FILES = {"a/one.json": b"[1]", "a/two.json": b"[2]" * 40_000, "picture.jpg": os.urandom(2000)}


def whole(path: Path, name: str) -> bytes:
    with open_container(path) as container:
        return container.whole(name)


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "folder"])
def test_every_kind_lists_and_streams_the_same_members(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"archive.{kind}"
    if kind == "zip":
        zipped(path, FILES)
    elif kind == "folder":
        for name, data in FILES.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    else:
        tarred(path, FILES, mode="w:gz" if kind == "tar.gz" else "w")
    consumed: list[int] = []
    with open_container(path, consumed.append) as container:
        assert sorted(container.members) == sorted(FILES)
        assert {name: container.whole(name) for name in FILES} == FILES
        assert [member.name for member in container.matching(r"\w+\.json")] == ["a/one.json", "a/two.json"]
        assert not container.ignored
        assert not container.damage
    if kind != "folder":
        assert sum(consumed) == path.stat().st_size
    assert peek(path) == (frozenset(FILES), True)


def test_a_single_file_is_its_own_member(tmp_path: Path) -> None:
    path = tmp_path / "repo.car"
    path.write_bytes(b"x" * 10)
    assert whole(path, "repo.car") == b"x" * 10


TRICKS = ["../out.json", "a/../../out.json", "/etc/passwd", "C:\\x.json", "..\\out.json", "a\x07b.json"]


@pytest.mark.parametrize("name", TRICKS)
def test_names_that_reach_outside_are_named_and_not_read(name: str, tmp_path: Path) -> None:
    for path in (
        zipped(tmp_path / "a.zip", {name: b"x", "ok.json": b"y"}),
        tarred(tmp_path / "a.tgz", {name: b"x", "ok.json": b"y"}),
    ):
        with open_container(path) as container:
            assert list(container.members) == ["ok.json"]
            assert [ignored.code for ignored in container.ignored] == ["member_bad_name"]


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for kind, target in (
            (tarfile.SYMTYPE, "/etc/passwd"),
            (tarfile.LNKTYPE, "ok"),
            (tarfile.CHRTYPE, ""),
            (tarfile.FIFOTYPE, ""),
        ):
            info = tarfile.TarInfo(f"m{kind.decode()}.json")
            info.type, info.linkname = kind, target
            archive.addfile(info)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.json").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.json")
    linked = tmp_path / "a.zip"
    with zipfile.ZipFile(linked, "w") as archive_zip:
        info_zip = zipfile.ZipInfo("link.json")
        info_zip.external_attr = 0o120777 << 16
        archive_zip.writestr(info_zip, "/etc/passwd")
    for place, count in ((path, 4), (folder, 2), (linked, 1)):
        with open_container(place) as container:
            assert not container.members
            assert [ignored.code for ignored in container.ignored] == ["member_not_a_file"] * count


def test_encrypted_members_are_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"secret.json": b"x"})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag in the local header and in the table of contents
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with open_container(path) as container:
        assert [(ignored.name, ignored.code) for ignored in container.ignored] == [("secret.json", "member_encrypted")]


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_bomb_is_named_before_it_unfolds(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ALLOWANCE", 1 << 20)
    path = tmp_path / f"bomb.{kind}"
    zeros = bytes(16 << 20)
    if kind == "zip":
        zipped(path, {"outbox.json": zeros})
        with (
            pytest.raises(ArchiveError, match=r"bomb\.zip unpacks to more than 200 times its size"),
            open_container(path) as container,
            container.open("outbox.json") as stream,
        ):
            deque(iter(lambda: stream.read(1 << 20), b""), maxlen=0)
    else:
        tarred(path, {"outbox.json": zeros})
        with pytest.raises(ArchiveError, match="a zip bomb"), open_container(path):
            pytest.fail("it was listed")


def test_a_million_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MEMBERS", 50)
    many = {f"{number}.json": b"" for number in range(51)}
    for path in (zipped(tmp_path / "a.zip", many), tarred(tmp_path / "a.tgz", many)):
        with pytest.raises(ArchiveError, match="more than 50 files"), open_container(path):
            pytest.fail("it was listed")


def test_a_table_of_contents_that_claims_a_million_members_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1_000_000, 1_000_000, 46_000_000, 4)
    path.write_bytes(b"PK\x03\x04" + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, 4, 1) + end)
    with pytest.raises(ArchiveError, match="more than 250,000 files"), open_container(path):
        pytest.fail("it was listed")


def test_a_truncated_zip_says_that_the_download_was_cut_short(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", FILES)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(ArchiveError, match="download was probably cut short"), open_container(path):
        pytest.fail("it was listed")


def test_what_is_readable_of_a_truncated_tar_is_kept(tmp_path: Path) -> None:
    data = b"".join(b"%08d\n" % number for number in range(100_000))
    path = tarred(tmp_path / "a.tgz", {"one.json": b"[1]", "long.json": data, "last.json": b"[3]"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with open_container(path) as container:
        assert container.cut_short
        assert container.whole("one.json") == b"[1]"
        kept = container.whole("long.json")
        assert data.startswith(kept)
        assert len(kept) > len(data) // 4
        assert container.damage == {"long.json"}


def test_a_damaged_member_gives_what_stands_before_the_damage_and_is_named(tmp_path: Path) -> None:
    stored = tmp_path / "a.zip"
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("one.json", b"[1,2,3]" * 1000)
        archive.writestr("two.json", b"[4]")
    data = bytearray(stored.read_bytes())
    data[3000] ^= 1
    stored.write_bytes(data)
    with open_container(stored) as container:
        assert len(container.whole("one.json")) == 7000  # nothing is withheld, but it is told
        assert container.damage == {"one.json"}
        assert container.whole("two.json") == b"[4]"


def test_an_absurd_header_of_a_tar_does_not_fill_the_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 40
    path = tmp_path / "a.tgz"
    path.write_bytes(gzip.compress(info.tobuf(tarfile.PAX_FORMAT) + bytes(1 << 20)))
    with open_container(path) as container:
        assert not container.members
        assert container.cut_short


def test_archives_inside_archives_are_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("data/tweets.js", "[]")
    path = zipped(tmp_path / "a.zip", {"inner.zip": inner.getvalue()})
    assert peek(path)[0] == {"inner.zip"}


def test_of_a_repeated_name_the_last_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for data in (b"first", b"last"):
            info = tarfile.TarInfo("x.json")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    with open_container(path) as container:
        assert container.whole("x.json") == b"last"
        assert [ignored.code for ignored in container.ignored] == ["member_repeated"]


@pytest.mark.parametrize("what", ["missing", "fifo"])
def test_what_is_no_file_is_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    path = tmp_path / what
    if what == "fifo":
        os.mkfifo(path)
    with pytest.raises(ArchiveError, match=r"does not exist|neither a file nor a folder"), open_container(path):
        pytest.fail("it was opened")


def test_names_are_ordered_as_people_count() -> None:
    assert sorted(["part10.js", "part9.js", "part1.js"], key=natural) == ["part1.js", "part9.js", "part10.js"]


def test_safe_names_use_one_kind_of_slash() -> None:
    assert safe_name("./data\\tweets.js") == "data/tweets.js"
    assert safe_name("..") is None
    assert safe_name("") is None
