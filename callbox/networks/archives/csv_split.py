"""Where one record of a delimited table ends and the next begins, also where quotation marks do not pair.

Split and repair first, then parse: a block that keeps to the grammar (RFC 4180: every record has the same number of fields, every
quoted field is closed) is proven so and may be parsed as a whole. Any other block is split record by record; a damaged record ends
where the next line begins that has an account, an id and a time in their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from callbox.networks.archives.table_columns import KEYS

#: A record of a social network is a few kilobytes; a larger one is set aside, so that memory stays bounded.
LARGEST: Final = 1 << 20

_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_STEP: Final = 1 << 20

#: What account, id and time look like. Wide on purpose: they only tell a record's beginning from a line of text.
_TIME: Final = (
    r'[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}[^"{s}\r\n]{0,30}'
    r"|[0-9]{9,19}(?:\.[0-9]+)?"
    r'|[A-Z][a-z]{2},? [^"\r\n]{10,40}'
)
_ID: Final = r'[^"{s}\s]{1,300}'
_LOOKS: Final = {"account": r'[^"{s}\r\n]{1,100}', "post": _ID, "contact": _ID, "at": _TIME}


@dataclass(frozen=True, slots=True)
class Piece:
    """One record of a block. fields: None when it is damaged beyond repair; code and n: what is wrong, n the fields counted."""

    begins: int
    ends: int
    fields: list[bytes] | None
    code: str | None = None
    n: int = 0


class Splitter:
    """Splits blocks of one table.

    separator: one ASCII character.  columns: index of each column the ledger reads.  width: fields of a record.
    """

    def __init__(self, separator: str, columns: Mapping[str, int], width: int) -> None:
        s = re.escape(separator)
        quoted, bare = '"[^"]*(?:""[^"]*)*"', rf'[^"{s}\r\n]*'
        strict = f"(?:{quoted}|{bare})"
        self._separator = separator.encode()
        self._width = width
        self._plausible = {columns[key]: re.compile(_look(key, s).encode()) for key in KEYS if key in columns}
        self._names = {index: key for key, index in columns.items() if key in KEYS}
        # The possessive form cannot backtrack: a record is matched in one pass or not at all.
        field = rf'("[^"]*+(?:""[^"]*+)*+"|[^"{s}\r\n]*+)'
        self._record = re.compile((s.join([field] * width) + r"\r?\n").encode())
        beginning = self._beginning(s, strict)
        self._begins = re.compile(beginning.encode())
        # The same without counting: a fast engine finds the few lines that deserve the question.
        self._shortest = 2 * len(self._names) + 8  # a line end, a time of eight digits, and the least of the rest
        self._suspect = rf"\n(?:[^{s}\n]*{s}){{{max(self._names)}}}[^{s}\n]"

    def _beginning(self, s: str, strict: str) -> str:
        last = max(self._names)
        looks = [f'"?(?:{_look(self._names[i], s)})"?' if i in self._names else strict for i in range(last + 1)]
        return s.join(looks) + (s if last + 1 < self._width else r"\r?\n")

    def sound(self, block: bytes, parsed: pl.DataFrame) -> bool:
        """Whether a block parsed as a whole holds what its records hold: proven, not guessed.

        Its quotation marks must open fields, close them or stand in pairs within them; and what is left of the block beside the
        fields and their marks must be exactly the separators and line ends of full records.
        """
        signs = np.frombuffer(block, np.uint8)
        quotes = _places(signs, _QUOTE)
        if len(quotes) % 2:
            return False
        opening, closing = signs[quotes[::2] - 1], signs[(quotes[1::2] + 1) % len(block)]
        paired = opening == _QUOTE
        if not (paired | (opening == self._separator[0]) | (opening == _NEWLINE)).all():
            return False
        if not np.isin(closing, (_QUOTE, self._separator[0], _NEWLINE, _RETURN)).all():
            return False
        pairs = int(paired.sum())
        marks = 2 * (len(opening) - pairs) + pairs
        lengths = pl.all().str.len_bytes()
        sums = parsed.select(lengths.sum().name.suffix(" sum"), lengths.max().fill_null(0)).row(0, named=True)
        longest = {name: sums[name] for name in parsed.columns}
        delimiters = len(block) - sum(sums.values()) + sum(longest.values()) - marks
        expected = parsed.height * self._width + (_returns(signs, quotes) if b"\r" in block else 0)
        if delimiters != expected or max(longest.values()) > LARGEST // self._width:
            return False
        # Only a quoted field can hold a line end, and so another record.
        quoted = [name for name, length in longest.items() if length >= self._shortest] if len(quotes) else []
        longer = parsed.select(pl.col(quoted).str.contains("\n", literal=True).fill_null(value=False))
        return not any(self._swallowed(parsed[lines.name].filter(lines)) for lines in longer if lines.any())

    def _swallowed(self, fields: pl.Series) -> bool:
        """Whether one of some fields of several lines holds a line that begins like a record."""
        suspects = fields.filter(fields.str.contains(self._suspect))
        return any(self.next_record(text.encode(), 0) is not None for text in suspects)

    def records(self, block: bytes) -> Iterator[int]:
        """Yield the first byte of every record of a well-formed block."""
        return (match.start() for match in self._record.finditer(block))

    def split(self, block: bytes, *, final: bool) -> tuple[list[Piece], int]:
        """Return the records of a block that begins with a record, and the number of bytes they take.

        Unless the block is `final`, its last record may lie in part in the next block and is left for it.
        """
        pieces: list[Piece] = []
        at = 0
        while at < len(block):
            blank = _blank_line(block, at)
            if blank:
                at += blank
                continue
            piece = self._good(block, at) or self._damaged(block, at, final=final)
            if piece is None:
                break
            pieces.append(piece)
            at = piece.ends
        return pieces, at

    def next_record(self, block: bytes, at: int) -> int | None:
        """Return the first line after `at` that begins like a record."""
        while newline := block.find(b"\n", at) + 1:
            if self._begins.match(block, newline):
                return newline
            at = newline
        return None

    def last_record(self, block: bytes) -> int | None:
        """Return the last line after the first that begins like a record."""
        newline = len(block)
        while (newline := block.rfind(b"\n", 0, newline)) >= 0:
            if self._begins.match(block, newline + 1):
                return newline + 1
        return None

    def _good(self, block: bytes, at: int) -> Piece | None:
        match = self._record.match(block, at)
        if match is None:
            return None
        following = self.next_record(block, at)
        if following is not None and following < match.end():
            return None  # an open quotation mark swallowed the next record
        if match.end() - at > LARGEST:
            return Piece(at, match.end(), None, "record_too_large")
        return Piece(at, match.end(), [_unquoted(field) for field in match.groups()])

    def _damaged(self, block: bytes, at: int, *, final: bool) -> Piece | None:
        ends = self.next_record(block, at)
        if ends is None:
            if not final and len(block) - at <= LARGEST:
                return None
            ends = len(block)
        if ends - at > LARGEST:
            return Piece(at, ends, None, "record_too_large")
        fields = self._lenient(block[at:ends].rstrip(b"\r\n"))
        if len(fields) != self._width:
            odd = block.count(b'"', at, ends) % 2
            code = "stray_quote" if odd else "too_few_fields" if len(fields) < self._width else "too_many_fields"
            return Piece(at, ends, None, code, len(fields))
        if all(look.fullmatch(fields[index].strip()) for index, look in self._plausible.items()):
            return Piece(at, ends, fields, "repaired_quote")
        return Piece(at, ends, None, "stray_quote")

    def _lenient(self, record: bytes) -> list[bytes]:
        """Split one damaged record: a quotation mark closes a field only before a separator or the end, else it is text."""
        fields, at = [], 0
        while True:
            closes = self._closing(record, at) if record[at : at + 1] == b'"' else -1
            if closes >= 0:
                fields.append(record[at + 1 : closes].replace(b'""', b'"'))
                at = closes + 1
            else:
                ends = record.find(self._separator, at)
                ends = len(record) if ends < 0 else ends
                fields.append(record[at:ends])
                at = ends
            if at >= len(record):
                return fields
            at += 1

    def _closing(self, record: bytes, at: int) -> int:
        quote = at
        while (quote := record.find(b'"', quote + 1)) >= 0:
            if record[quote + 1 : quote + 2] in (b"", self._separator):
                return quote
        return -1


def _places(signs: NDArray[np.uint8], sign: int) -> NDArray[np.intp]:
    """Return where `sign` stands. Eight bytes are asked at once, for few hold one; in steps that fit a processor's cache."""
    parts = [np.zeros(0, np.intp)]
    for begins in range(0, len(signs), _STEP):
        found = signs[begins : begins + _STEP] == sign
        even = len(found) // 8 * 8
        eights = found[:even].view(np.uint64)
        holding = np.flatnonzero(eights != 0)
        within = np.flatnonzero(eights[holding].view(np.bool_))
        parts += [8 * holding[within >> 3] + (within & 7) + begins, np.flatnonzero(found[even:]) + (begins + even)]
    return np.concatenate(parts)


def _returns(signs: NDArray[np.uint8], quotes: NDArray[np.intp]) -> int:
    """Return how many lines end with a carriage return before the line end, those within quotation marks left out."""
    returns = _places(signs, _RETURN)
    returns = returns[signs[(returns + 1) % len(signs)] == _NEWLINE]
    return int((np.searchsorted(quotes, returns) % 2 == 0).sum())


def _look(key: str, separator: str) -> str:
    return _LOOKS[key].replace("{s}", separator)


def _blank_line(block: bytes, at: int) -> int:
    if block.startswith(b"\n", at):
        return 1
    return 2 if block.startswith(b"\r\n", at) else 0


def _unquoted(field: bytes) -> bytes:
    return field[1:-1].replace(b'""', b'"') if field.startswith(b'"') else field
