"""Tar and tar.gz files as a source of members."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, cast

from callbox.networks.archives import limits
from callbox.networks.archives.streams import DAMAGE, Bounded, Counted, Meter, bound, unbounded

_GZIP: Final = b"\x1f\x8b"
_BLOCK: Final = 512
#: Of a tar only so many members and bytes are looked at to recognise it.
_GLANCE: Final = 200
_GLANCE_BYTES: Final = 8 * 2**20


def is_gzip(path: Path) -> bool:
    """Whether a file begins as gzip does."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def is_tar(path: Path) -> bool:
    """Whether a file is a tar, packed with gzip or not."""
    try:
        with path.open("rb") as file:
            head = file.read(_BLOCK)
            if head.startswith(_GZIP):
                file.seek(0)
                head = gzip.GzipFile(fileobj=file).read(_BLOCK)
    except DAMAGE:
        return False
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return head[257:262] == b"ustar"


def beginning(path: Path) -> tuple[frozenset[str], bool]:
    """Return the names at the beginning of a tar, and whether that was all of it."""
    source = TarSource(path, Meter(None, lambda _count: None))
    names: set[str] = set()
    try:
        for info in source.walk():
            names.add(info.name)
            if len(names) >= _GLANCE or info.offset_data + info.size > _GLANCE_BYTES:
                return frozenset(names), False
    finally:
        source.close()
    return frozenset(names), True


class TarSource:
    """The members of a tar. It is listed in one pass; small members are kept from it, others are unpacked again when opened."""

    def __init__(self, path: Path, meter: Meter) -> None:
        raw = Counted(path.open("rb"), meter)
        self._meter = meter
        self._file: Bounded
        if is_gzip(path):
            unpacked = gzip.GzipFile(fileobj=cast(IO[bytes], raw))
            self._file = Bounded(unpacked, lambda: bound(raw.tell()), largest=limits.MAX_HEADER)
        else:
            self._file = Bounded(raw, unbounded, largest=limits.MAX_HEADER)
        self._raw = raw
        self._places: dict[str, tuple[int, int]] = {}
        self._kept: dict[str, bytes] = {}
        self.cut_short = False

    def walk(self) -> Iterator[tarfile.TarInfo]:
        """Yield the members' headers until the end or until damage."""
        try:
            with tarfile.open(fileobj=cast(IO[bytes], self._file), mode="r:", errors="surrogateescape") as tar:
                while (info := tar.next()) is not None:
                    yield info
                    tar.members = []  # type: ignore[attr-defined] # it would keep them all
        except DAMAGE:
            self.cut_short = True

    def entries(self) -> Iterator[tuple[str, int, datetime | None, str | None]]:
        """Yield name, size, stated time and the reason a member is not read."""
        self._meter.counting = False  # reading the wanted members again is what takes the file's length
        room = limits.KEPT_TOTAL
        for info in self.walk():
            if info.isdir():
                continue
            if not info.isreg() or info.issparse():
                yield info.name, info.size, None, "member_not_a_file"
                continue
            self._places[info.name] = (info.offset_data, info.size)
            self._kept.pop(info.name, None)
            if info.size <= min(limits.KEPT_MEMBER, room) and info.name.endswith((".json", ".js")):
                self._keep(info)
                room -= info.size
            yield info.name, info.size, _time(info.mtime), None
        self._meter.counting = True

    def open(self, name: str) -> tuple[Bounded, int | None]:
        """Return a member's stream; a tar holds no checksums of contents."""
        if name in self._kept:
            return Bounded(io.BytesIO(self._kept[name]), unbounded), None
        return Bounded(_Span(self._file, *self._places[name]), unbounded), None

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._raw.close()

    def _keep(self, info: tarfile.TarInfo) -> None:
        try:
            self._file.seek(info.offset_data)
            data = self._file.read(info.size)
        except DAMAGE:
            return
        if len(data) == info.size:
            self._kept[info.name] = data


class _Span:
    """Some bytes of a tar as a stream of their own."""

    def __init__(self, file: Bounded, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def read1(self, size: int = -1, /) -> bytes:
        wanted = min(size, self._size - self._at)
        if wanted <= 0:
            return b""
        self._file.seek(self._start + self._at)
        data = self._file.read(wanted)
        if not data:
            raise EOFError("the tar ends inside this member")
        self._at += len(data)
        return data

    def seek(self, _offset: int, _whence: int = 0, /) -> int:
        raise OSError("read from front to back")

    def close(self) -> None:
        return


def _time(stamp: float) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year > 1980 else None
