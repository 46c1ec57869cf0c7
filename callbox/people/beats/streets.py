"""The agency's address list, a table of streets with the beat of each stretch; and finding a house in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from callbox.people.beats.folding import Asked, fold
from callbox.people.beats.shapes import MOST_PROBLEMS, UnusableError
from callbox.people.models import Agency, Beat, Street

#: The largest file, in bytes.
LARGEST: Final = 20_000_000
#: Streets offered when a name is not complete.
OFFERED: Final = 20
_HIGHEST: Final = 999_999


@dataclass(frozen=True, slots=True)
class Stretch:
    """One line of the list. first, last: house numbers, both included, None for the whole street.  side: "odd", "even" or ""."""

    street: str
    beat: str
    first: int | None = None
    last: int | None = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the list says. beats: those of the house, none when it is not known.  street: as the list writes it.

    choices: streets whose name begins with or holds what was typed.  along: beats of the street when the house is not in the list.
    """

    beats: tuple[Beat, ...] = ()
    street: str = ""
    choices: tuple[str, ...] = ()
    along: tuple[Beat, ...] = ()


def read(data: bytes, *, codes: Collection[str]) -> tuple[Stretch, ...]:
    """Return the lines of an address list (CSV): columns street, first, last, beat, and if need be side (odd, even).

    codes: of the beats there are.

    Raises:
        UnusableError: one sentence a mistake with the line's number; then nothing of the file is to be used.
    """
    if len(data) > LARGEST:
        raise UnusableError(_("The file is larger than %(most)d bytes.") % {"most": LARGEST})
    table = _table(data)
    found: list[Stretch] = []
    problems: list[str] = []
    try:
        for row in table:
            line = table.line_num
            if not any((value or "").strip() for value in row.values() if not isinstance(value, list)):
                continue
            try:
                found.append(_stretch(row, codes))
            except ValueError as wrong:
                problems.append(_("Line %(line)d: %(what)s.") % {"line": line, "what": wrong})
            if len(problems) >= MOST_PROBLEMS:
                break
    except csv.Error:
        problems.append(
            _("Line %(line)d: %(what)s.") % {"line": table.line_num, "what": _("it is no line of a CSV file")}
        )
    if not found and not problems:
        problems.append(_("The file holds no street."))
    if problems:
        raise UnusableError(*problems)
    return tuple(found)


def _table(data: bytes) -> csv.DictReader[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = text.replace("\0", "")
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in table.fieldnames or ()]
    missing = [name for name in ("street", "first", "last", "beat") if name not in names]
    if missing:
        raise UnusableError(_("Line 1: the column %(names)s is missing.") % {"names": ", ".join(missing)})
    table.fieldnames = names
    return table


def _stretch(row: Mapping[str | None, str | list[str] | None], codes: Collection[str]) -> Stretch:
    values = {name: value.strip() for name, value in row.items() if name and isinstance(value, str)}
    street, beat, side = values.get("street", ""), values.get("beat", ""), values.get("side", "").lower()
    if not fold(street) or len(street) > 200:
        raise ValueError(_("the street must be 1 to 200 characters"))
    if beat not in codes:
        raise ValueError(_("there is no beat “%(code)s”") % {"code": beat[:40]})
    if side not in Street.Side.values:
        raise ValueError(_("the side must be odd, even or empty"))
    first, last = _number(values.get("first", "")), _number(values.get("last", ""))
    if (first is None) != (last is None):
        raise ValueError(_("give both house numbers, or none for the whole street"))
    if first is not None and last is not None and first > last:
        raise ValueError(_("the first house number is higher than the last"))
    return Stretch(street, beat, first, last, side)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise ValueError(_("a house number must be a whole number up to %(most)d") % {"most": _HIGHEST})
    return int(text)


def find(agency: Agency, wanted: Asked) -> Answer:
    """Look a house up. Nothing of the question is kept."""
    if not wanted.street:
        return Answer()
    rows = Street.objects.filter(beat__agency=agency, beat__ended_at=None).select_related("beat")
    exact = list(rows.filter(folded=wanted.street))
    if not exact:
        names = dict.fromkeys(rows.filter(folded__startswith=wanted.street).values_list("name", flat=True).distinct())
        names |= dict.fromkeys(
            rows.filter(folded__contains=wanted.street).values_list("name", flat=True).distinct()[:99]
        )
        if len({fold(name) for name in names}) != 1:
            return Answer(choices=tuple(names)[:OFFERED])
        exact = list(rows.filter(folded=fold(next(iter(names)))))
    beats = _once(row.beat for row in exact if _holds(row, wanted.number))
    return Answer(beats, exact[0].name, along=() if beats else _once(row.beat for row in exact))


def _holds(row: Street, number: int | None) -> bool:
    if number is None:
        return True
    if row.side and (number % 2 == 1) != (row.side == Street.Side.ODD):
        return False
    return row.first is None or row.last is None or row.first <= number <= row.last


def _once(beats: Iterable[Beat]) -> tuple[Beat, ...]:
    return tuple({beat.pk: beat for beat in beats}.values())
