"""Files handed out to browsers, whole or in the part that was asked for (RFC 9110, 14).

Players of videos ask for parts, to show the beginning at once and to jump; those of Apple play nothing from a server that sends none.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final, override

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

_ONE: Final = re.compile(r"\s*([0-9]{0,30})-([0-9]{0,30})\s*")


class BeyondError(ValueError):
    """The part that was asked for lies behind the end of the file."""


def file_answer(
    request: HttpRequest, path: Path, *, kind: str, tag: str, headers: Mapping[str, str]
) -> HttpResponseBase:
    """Return the file, the part of it that was asked for, or that the reader has it already.

    kind: its MIME type.  tag: names its bytes, so that parts of two files are never put together.

    Raises:
        OSError: it cannot be read.
    """
    known = {**headers, "ETag": f'"{tag}"', "Accept-Ranges": "bytes"}
    unconditional = HttpResponse(headers=known)
    answer = get_conditional_response(request, etag=known["ETag"], response=unconditional)
    if answer is not None and answer is not unconditional:
        return answer
    file = path.open("rb")
    size = os.fstat(file.fileno()).st_size
    same = request.headers.get("If-Range", known["ETag"]) == known["ETag"]
    try:
        part = part_of(request.headers.get("Range", ""), size) if same and request.method == "GET" else None
    except BeyondError:
        file.close()
        return HttpResponse(
            status=416, headers={**known, "Cache-Control": "no-store", "Content-Range": f"bytes */{size}"}
        )
    if part is None:
        return FileResponse(file, content_type=kind, headers=known)
    begin, end = part
    return FileResponse(
        Part(file, begin, end),
        status=206,
        content_type=kind,
        headers={**known, "Content-Range": f"bytes {begin}-{end - 1}/{size}"},
    )


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return where the one part that a `Range` asks for begins and ends (the byte behind it), in a file of `size` bytes.

    None for the whole file: nothing was asked for, several parts, or nothing that makes sense (RFC 9110, 14.2, lets us).

    Raises:
        BeyondError: it lies behind the end.
    """
    unit, _, spans = asked.partition("=")
    found = _ONE.fullmatch(spans)
    if unit.strip().lower() != "bytes" or found is None or not any(found.groups()):
        return None
    first, last = (int(each) if each else None for each in found.groups())
    if first is None:
        begin, end = max(0, size - (last or 0)), size
    else:
        begin, end = first, size if last is None else min(last + 1, size)
        if last is not None and last < first:
            return None
    if begin >= size:
        raise BeyondError
    return begin, end


class Part(io.RawIOBase):
    """A part of a file as a file of its own: whoever hands it on, also by itself, never reads past its end. Closes the file too."""

    def __init__(self, file: BinaryIO, begin: int, end: int) -> None:
        self._file, self._begin, self._size, self._at = file, begin, end - begin, 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    @override
    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the base takes any buffer
        self._file.seek(self._begin + self._at)
        data = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    @override
    def close(self) -> None:
        self._file.close()
        super().close()
