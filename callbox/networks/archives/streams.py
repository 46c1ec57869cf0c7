"""Byte streams that count, stay inside bounds and keep what is readable of a damaged file."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Final, Protocol

from callbox.networks.archives import limits

#: What the standard library raises while it reads damaged containers (`OSError` includes the one of gzip).
DAMAGE: Final = (zlib.error, zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, NotImplementedError)

_CHUNK: Final = 2**16


class Bomb(Exception):  # noqa: N818 - it names what was found
    """More comes out of a container than an honest one could hold."""


class Readable(Protocol):
    """The part of a binary stream that is used here."""

    def read1(self, size: int, /) -> bytes:
        """Return at most `size` bytes with at most one read below."""
        ...

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Move to the beginning; nothing else is asked."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class Meter:
    """Tells how many bytes of a file have been consumed, never more than it has. size: None counts without an end (a folder)."""

    def __init__(self, size: int | None, advance: Callable[[int], None]) -> None:
        self._left, self._advance, self.counting = size, advance, True

    def seen(self, count: int) -> None:
        """Report `count` more bytes."""
        if not self.counting:
            return
        if self._left is not None:
            count = min(count, self._left)
            self._left -= count
        if count:
            self._advance(count)

    def finish(self) -> None:
        """Report the bytes that nobody needed to read (pictures)."""
        if self._left:
            self.seen(self._left)


class Counted:
    """A file whose reads a meter counts."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self._file, self._meter = file, meter

    def read(self, size: int = -1, /) -> bytes:
        """Read as the file does."""
        data = self._file.read(size)
        self._meter.seen(len(data))
        return data

    read1 = read

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move as the file does."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the file's position."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Whether the file can move: always."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Bounded:
    """A stream that raises `Bomb` once its position passes `allowed()`, and that hands over what was read before damage came.

    largest: bytes that may be asked for at once.  step: bytes asked of `raw` at once; a failing step is lost as a whole.
    """

    def __init__(
        self, raw: Readable, allowed: Callable[[], int], *, largest: int | None = None, step: int = _CHUNK
    ) -> None:
        self._raw, self._allowed, self._largest, self._step = raw, allowed, largest, step
        self._error: Exception | None = None
        self._at = 0

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, less only at the end or before damage.

        Raises:
            Bomb: more has come out than may.
            Exception: one of `DAMAGE`, when nothing before it is left to return.
        """
        if self._largest is not None and size > self._largest:
            raise tarfile.ReadError("a header asks for more than a header needs")
        if self._error is not None:
            raise self._error
        parts: list[bytes] = []
        left = size
        while left > 0:
            try:
                part = self._raw.read1(min(left, self._step))
            except DAMAGE as error:
                self._error = error
                if parts:
                    break
                raise
            if not part:
                break
            self._at += len(part)
            if self._at > self._allowed():
                raise Bomb
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to `offset` from the beginning, reading forward so that the bound is watched."""
        if whence != 0:
            raise OSError("only absolute positions")
        self._error = None
        if offset < self._at:
            self._raw.seek(0)
            self._at = 0
        while (left := offset - self._at) > 0:
            if not self.read(min(left, _CHUNK)):
                break
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def close(self) -> None:
        """Let go."""
        self._raw.close()


class Guarded:
    """What a reader gets: bytes until the end; damage ends the stream and is told to `damaged`.

    checksum: what the container states (zip); not met, it is damage too.
    """

    def __init__(self, source: Bounded, damaged: Callable[[], None], *, checksum: int | None = None) -> None:
        self._source, self._damaged, self._expected, self._crc = source, damaged, checksum, 0

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; nothing once the member ends or is damaged."""
        try:
            data = self._source.read(size)
        except DAMAGE:
            self._tell()
            return b""
        if self._expected is not None:
            self._crc = zlib.crc32(data, self._crc)
            if len(data) < size and self._crc != self._expected:
                self._tell()
        return data

    def close(self) -> None:
        """Let go."""
        self._source.close()

    def _tell(self) -> None:
        self._damaged()
        self._expected = None


def unbounded() -> int:
    """Return a bound that is never met, for what is not compressed."""
    return 2**63


def bound(packed: int) -> int:
    """Return how many bytes may come out of `packed` ones."""
    return packed * limits.MAX_RATIO + limits.ALLOWANCE
