"""Times as tables write them: ISO 8601 with and without zone, seconds or milliseconds since 1970, the classic form of X."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import polars as pl

from callbox.networks.ledger import TIME

#: Forms that Polars parses by itself, with whether they state their zone.
_FORMS: Final = (
    ("%Y-%m-%dT%H:%M:%SZ", True),
    ("%Y-%m-%dT%H:%M:%S%.fZ", True),
    ("%Y-%m-%d %H:%M:%S", False),
    ("%Y-%m-%dT%H:%M:%S", False),
    ("%+", True),
    ("%a %b %d %H:%M:%S %z %Y", True),
)
_CLASSIC: Final = re.compile(r"([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_EPOCH: Final = re.compile(r"(\d{9,19})(?:\.(\d+))?")
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS: Final = ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1))


class Times:
    """Reads the times of one table, block by block; remembers the form that worked and whether a zone had to be assumed."""

    def __init__(self) -> None:
        self._form = _FORMS[0]
        self.zone_assumed = False

    def parse(self, column: pl.Series) -> pl.Series:
        """Return the column as UTC times; what is not understood is null."""
        if column.dtype == pl.String:
            return self._texts(column)
        if isinstance(column.dtype, pl.Datetime):
            return self._stamps(column)
        if column.dtype == pl.Date:
            self.zone_assumed |= column.null_count() < len(column)
            return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        if column.dtype.is_numeric():
            return _epochs(column)
        return pl.Series(column.name, [None] * len(column), dtype=TIME)

    def _stamps(self, column: pl.Series) -> pl.Series:
        column = column.dt.cast_time_unit("us")
        if column.dtype.time_zone is None:  # type: ignore[attr-defined]
            self.zone_assumed |= column.null_count() < len(column)
            return column.dt.replace_time_zone("UTC")
        return column.dt.convert_time_zone("UTC")

    def _texts(self, column: pl.Series) -> pl.Series:
        parsed = _parse(column, self._form)
        missing = parsed.null_count() - column.null_count()
        if missing > len(column) // 2:
            best = min(_FORMS, key=lambda form: _parse(column.head(200), form).null_count())
            if best != self._form:
                self._form, parsed = best, _parse(column, best)
                missing = parsed.null_count() - column.null_count()
        if not self._form[1] and parsed.null_count() < len(parsed):
            self.zone_assumed = True
        if not missing:
            return parsed
        one_by_one = [
            self._moment(text) if gone and text else None for text, gone in zip(column, parsed.is_null(), strict=True)
        ]
        return parsed.fill_null(pl.Series(one_by_one, dtype=TIME)) if any(one_by_one) else parsed

    def _moment(self, text: str) -> datetime | None:
        found = moment(text)
        if found is not None and found.tzinfo is None:
            self.zone_assumed = True
            return found.replace(tzinfo=UTC)
        return found.astimezone(UTC) if found else None


def moment(text: str) -> datetime | None:
    """Return the time a text states, without a zone when it states none; None when it is not understood."""
    text = text.strip()
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return _epoch(int(epoch[1]), epoch[2] or "0")
    classic = _CLASSIC.fullmatch(text)
    if classic:
        weekday, month, day, clock, zone, year = classic.groups()
        text = f"{weekday}, {day} {month} {year} {clock} {zone}"
    iso = re.sub(r"\s*(?:UTC|GMT)$", "+00:00", re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", text))
    for read, form in (
        (datetime.fromisoformat, re.sub(r" (?=[+-]\d\d:?\d\d$)", "", iso)),
        (parsedate_to_datetime, text),
    ):
        try:
            return read(form)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _epoch(number: int, fraction: str) -> datetime | None:
    for below, scale in _MICROSECONDS:
        if number < below:
            return _BEGINNING + timedelta(microseconds=number * scale + int(float(f"0.{fraction}") * scale))
    return None


def _epochs(column: pl.Series) -> pl.Series:
    number = pl.col("n")
    (seconds, first), (millis, second), (micros, third) = _MICROSECONDS
    scaled = pl.when(number < 0).then(None).when(number < seconds).then(number * first)
    scaled = scaled.when(number < millis).then(number * second).when(number < micros).then(number * third)
    frame = column.cast(pl.Float64 if column.dtype.is_float() else pl.Int64, strict=False).to_frame("n")
    return frame.select(scaled.otherwise(None).cast(pl.Int64, strict=False).cast(TIME).alias(column.name)).to_series()


def _parse(column: pl.Series, form: tuple[str, bool]) -> pl.Series:
    # Posts rarely share a second: remembering each would cost more than it spares.
    parsed = column.str.to_datetime(form[0], time_unit="us", strict=False, cache=False)
    zone = parsed.dtype.time_zone  # type: ignore[attr-defined]
    return parsed.dt.replace_time_zone("UTC") if zone is None else parsed.dt.convert_time_zone("UTC")
