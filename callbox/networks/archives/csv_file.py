"""The bytes of a delimited table, as UTF-8: its encoding, its separator, its header, and where a byte lies in the file."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from callbox.networks.archives.contract import ArchiveError
from callbox.networks.archives.inbox_rows import NAMES as INBOX
from callbox.networks.archives.table_columns import target_of

SAMPLE: Final = 1 << 18
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Fewer lines than this are repaired one by one; from then on most of them say what the whole file is.
_BROKEN: Final = 5
_SEPARATORS: Final = (",", ";", "\t", "|")
# Five bytes of Windows-1252 stand for nothing; they keep their number, as browsers do.
_WINDOWS: Final = {byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xA0)}
_WINDOWS_1252: Final = {byte: chr(byte) if sign == "\ufffd" else sign for byte, sign in _WINDOWS.items()}


def windows_1252(data: bytes) -> str:
    """Decode Windows-1252 without ever failing, one character a byte."""
    return data.decode("latin-1").translate(_WINDOWS_1252)


@dataclass(frozen=True, slots=True)
class Form:
    """How a delimited table is written. begins: the first byte of its first record in the file."""

    encoding: str
    separator: str
    header: tuple[str, ...]
    begins: int

    def width(self, text: bytes) -> int:
        """Return how many bytes of the file `text` (UTF-8) takes."""
        if self.encoding == "utf-8":
            return len(text)
        characters = text.decode("utf-8", "replace")
        return (
            len(characters)
            if self.encoding == "windows-1252"
            else len(characters.encode(self.encoding, "surrogatepass"))
        )


def examine(path: Path) -> Form:
    """Return how a table is written, judged by its first bytes.

    Raises:
        ArchiveError: the file is empty or no text.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample.strip():
        raise ArchiveError(f"{path.name}: the file is empty.")
    mark, encoding = next(((mark, name) for mark, name in _MARKS if sample.startswith(mark)), (b"", ""))
    body = sample[len(mark) :]
    encoding = encoding or _guess(body)
    text = body.decode(encoding, "replace") if encoding != "windows-1252" else windows_1252(body)
    text, skipped = _without_hint(text)
    line, header, separator = _header(text)
    if "\0" in line or not text.strip():
        raise ArchiveError(f"{path.name}: this is no text file, so no table either.")
    form = Form(encoding, separator, header, 0)
    begins = len(mark) + form.width(skipped.encode()) + form.width(line.encode("utf-8", "surrogatepass"))
    return Form(encoding, separator, header, begins)


def _without_hint(text: str) -> tuple[str, str]:
    """Cut off the line by which spreadsheets name their separator (`sep=;`)."""
    if not text.lower().startswith("sep="):
        return text, ""
    ends = text.find("\n") + 1
    return text[ends:], text[:ends]


def _guess(sample: bytes) -> str:
    if sample[:400].count(0) > len(sample[:400]) // 4:
        return "utf-16-le" if sample[1:400:2].count(0) > sample[:400:2].count(0) else "utf-16-be"
    odd = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    broken = sum(1 for line in odd if "\ufffd" in line.decode("utf-8", "replace"))
    return "windows-1252" if broken >= _BROKEN and broken > len(odd) / 2 else "utf-8"


def _header(text: str) -> tuple[str, tuple[str, ...], str]:
    """Return the header as written, its names, and the separator under which most of them are understood."""

    def read(separator: str) -> tuple[str, tuple[str, ...]]:
        lines = io.StringIO(text, newline="")
        try:
            names = next(csv.reader(lines, delimiter=separator), [])
        except csv.Error:
            names = []
        return text[: lines.tell()], tuple(name.strip() for name in names)

    tries = [(*read(separator), separator) for separator in _SEPARATORS]
    return max(tries, key=lambda found: (sum(_understood(name) for name in found[1]), len(found[1])))


def _understood(name: str) -> bool:
    return target_of(name) is not None or target_of(name, INBOX) is not None


class Blocks:
    """Hands out the records of a table as UTF-8, a block at a time, and counts the bytes of the file.

    The file is not buffered: blocks are larger than any buffer, and each would be copied once more.
    """

    def __init__(self, file: FileIO, form: Form) -> None:
        file.seek(form.begins)
        self._file = file
        incremental = form.encoding.startswith("utf-16")
        self._decoder = codecs.getincrementaldecoder(form.encoding)("replace") if incremental else None
        self._form = form
        self.consumed = form.begins
        self.ended = False

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes of the file as UTF-8; at its end `ended` is set."""
        data = self._file.read(size)
        while len(data) < size and (more := self._file.read(size - len(data))):
            data += more
        self.consumed += len(data)
        self.ended = len(data) < size
        if self._decoder is not None:
            return self._decoder.decode(data, final=self.ended).encode()
        return windows_1252(data).encode() if self._form.encoding == "windows-1252" else data
