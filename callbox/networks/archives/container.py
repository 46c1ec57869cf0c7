"""Zip, tar, tar.gz, a folder (an unpacked archive) and a single file behind one small interface.

Nothing is ever unpacked to disk, so a member's name cannot reach outside; names that try are left out all the same. Archives
inside archives are not opened. What comes out is bounded by what goes in (`limits`), and a damaged member ends early with its
damage noted instead of raising, so that what is readable is kept.
"""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from callbox.networks.archives import limits, tar_files, zip_files
from callbox.networks.archives.contract import ArchiveError
from callbox.networks.archives.streams import DAMAGE, Bomb, Bounded, Counted, Guarded, Meter, unbounded


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a container. modified: as the container states it (read as UTC), None when it states none."""

    name: str
    size: int
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A member that is not read, and the reason code."""

    name: str
    code: str


class Source(Protocol):
    """What a kind of container must give."""

    def entries(self) -> Iterator[tuple[str, int, datetime | None, str | None]]:
        """Yield name, size, time and (for what is not read) the reason code."""
        ...

    def open(self, name: str, /) -> tuple[Bounded, int | None]:
        """Return the stream of a member by the name that `entries` gave, and its checksum when known."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Container:
    """The members of an opened archive. Use `open_container`.

    members: by their names, with `/` between folders.  ignored: what is not read and why.
    damage: members that turned out damaged while they were read.  cut_short: the list itself broke off.
    """

    def __init__(self, path: Path, source: Source) -> None:
        self.path = path
        self.members: dict[str, Member] = {}
        self.ignored: list[Ignored] = []
        self.damage: set[str] = set()
        self._source = source
        self._names: dict[str, str] = {}
        for count, (raw, size, modified, why) in enumerate(source.entries()):
            if count >= limits.MAX_MEMBERS:
                raise ArchiveError(limits.too_many(path.name))
            name = safe_name(raw)
            if name is None or why is not None:
                self.ignored.append(Ignored(printable(raw), why or "member_bad_name"))
                continue
            if name in self.members:
                self.ignored.append(Ignored(printable(raw), "member_repeated"))
            self.members[name] = Member(name, size, modified)  # the last one wins, as unpacking would have it
            self._names[name] = raw
        self.cut_short: bool = getattr(source, "cut_short", False)

    def matching(self, pattern: str) -> list[Member]:
        """Return the members whose name ends in `pattern` (a regular expression) at the top or below any folder, part10 after part9."""
        ends = re.compile(rf"(?:^|/)(?:{pattern})$")
        return sorted((m for m in self.members.values() if ends.search(m.name)), key=lambda m: natural(m.name))

    @contextmanager
    def open(self, name: str) -> Iterator[Guarded]:
        """Stream a member's bytes; damage ends the stream and is noted in `damage`."""
        try:
            source, checksum = self._source.open(self._names[name])
        except DAMAGE:
            self.damage.add(name)
            source, checksum = Bounded(io.BytesIO(), unbounded), None
        stream = Guarded(source, lambda: self.damage.add(name), checksum=checksum)
        try:
            yield stream
        finally:
            stream.close()

    def whole(self, name: str) -> bytes:
        """Return a small member as a whole, cut at 16 MiB."""
        with self.open(name) as stream:
            data = stream.read(limits.MAX_WHOLE)
            stream.read(1)  # damage shows after the last sound byte
            return data

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()


@contextmanager
def open_container(path: Path, advance: Callable[[int], None] = lambda _count: None) -> Iterator[Container]:
    """Open `path` as what its first bytes say it is.

    advance: called with the bytes of the file consumed; the sum is the file's size when all went well.

    Raises:
        ArchiveError: the file cannot be opened, its table of contents is missing, it has too many members, or it is a zip bomb.
    """
    try:
        meter = Meter(path.stat().st_size if path.is_file() else None, advance)
        source = _source(path, meter)
    except OSError as error:
        raise ArchiveError(f"{path.name} cannot be read: {error.strerror or error}") from error
    try:
        yield Container(path, source)
        meter.finish()
    except Bomb as error:
        sentence = f"{path.name} unpacks to more than {limits.MAX_RATIO} times its size (a zip bomb): it was not read"
        raise ArchiveError(sentence) from error
    finally:
        source.close()


def peek(path: Path) -> tuple[frozenset[str], bool]:
    """Return names of members and whether they are all. Quick: of a tar only the beginning is read. Never raises."""
    try:
        if path.is_file() and tar_files.is_tar(path):
            return tar_files.beginning(path)
        with open_container(path) as container:
            return frozenset(container.members), True
    except (ArchiveError, OSError, Bomb):
        return frozenset(), True


def is_single(path: Path) -> bool:
    """Whether `path` is a plain file: no folder, zip or tar."""
    try:
        return path.is_file() and not zip_files.is_zip(path) and not tar_files.is_tar(path)
    except OSError:
        return False


def safe_name(raw: str) -> str | None:
    """Return a member's name with `/` between folders, or None for names that are absolute, climb (`..`) or hold control characters."""
    name = raw.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or name.startswith("/") or ".." in parts or re.match(r"^[A-Za-z]:", name):
        return None
    return None if any(ord(letter) < 32 or "\ud800" <= letter <= "\udfff" for letter in name) else "/".join(parts)


def printable(raw: str) -> str:
    """Return a text that any terminal and any file can show, at most 200 characters."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in raw[:200])


def natural(name: str) -> list[tuple[int, str]]:
    """Return a sort key that puts part10 after part9."""
    return [(len(piece) if piece.isdigit() else 0, piece) for piece in re.split(r"(\d+)", name)]


def _source(path: Path, meter: Meter) -> Source:
    if path.is_dir():
        return _Folder(path, meter)
    if not path.is_file():
        raise ArchiveError(
            f"{path.name} is neither a file nor a folder" if path.exists() else f"{path.name} does not exist"
        )
    if zip_files.is_zip(path):
        return zip_files.ZipSource(path, meter)
    if tar_files.is_tar(path):
        return tar_files.TarSource(path, meter)
    return _Single(path, meter)


class _Single:
    """A file that is no container: one member of its own name."""

    def __init__(self, path: Path, meter: Meter) -> None:
        self._path, self._meter = path, meter

    def entries(self) -> Iterator[tuple[str, int, datetime | None, str | None]]:
        yield self._path.name, self._path.stat().st_size, None, None

    def open(self, _name: str) -> tuple[Bounded, int | None]:
        return Bounded(Counted(self._path.open("rb"), self._meter), unbounded), None

    def close(self) -> None:
        return


class _Folder:
    """An unpacked archive. Links and devices are not followed. Times of unpacked files are not the exporter's, so none are given."""

    def __init__(self, path: Path, meter: Meter) -> None:
        self._path, self._meter = path, meter

    def entries(self) -> Iterator[tuple[str, int, datetime | None, str | None]]:
        for folder, folders, files in self._path.walk():
            folders.sort()
            if len(folder.relative_to(self._path).parts) >= limits.MAX_DEPTH:
                folders.clear()
            for name in sorted(files):
                file = folder / name
                info = file.lstat()
                why = None if stat.S_ISREG(info.st_mode) else "member_not_a_file"
                yield file.relative_to(self._path).as_posix(), info.st_size, None, why

    def open(self, name: str) -> tuple[Bounded, int | None]:
        return Bounded(Counted((self._path / name).open("rb"), self._meter), unbounded), None

    def close(self) -> None:
        return
