"""Figures, times and ranges as people read them. English; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from callbox.core.measure import Measure, Statistic, Window

#: Between digits and their unit: never broken over two lines.
_NARROW = "\N{NO-BREAK SPACE}"
_BOUNDS = {Statistic.SAMPLE: "at least", Statistic.TIME: "at most"}


def figure(value: float | None, unit: str) -> str:
    """Return a value with its unit: "42.5 %", "1 h 20 min", "3.4 a week"; "never" for an infinite time, a dash for None."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "never"
    written = _UNITS.get(unit, number)
    return written(value)


def number(value: float) -> str:
    """Return a number with one decimal where it has any, thousands set apart."""
    rounded = round(value, 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def duration(minutes: float) -> str:
    """Return minutes as "45 min", "1 h 20 min" or "3 days 4 h"."""
    whole = round(minutes)
    days, rest = divmod(whole, 24 * 60)
    hours, mins = divmod(rest, 60)
    if days:
        parts = [f"{days}{_NARROW}{'day' if days == 1 else 'days'}", f"{hours}{_NARROW}h" if hours else ""]
    else:
        parts = [f"{hours}{_NARROW}h" if hours else "", f"{mins}{_NARROW}min" if mins or not hours else ""]
    return " ".join(part for part in parts if part)


def day(moment: date | datetime | None) -> str:
    """Return "3 April 2026", or a dash."""
    return "–" if moment is None else f"{moment.day} {moment:%B} {moment.year}"


def short_day(moment: date | datetime) -> str:
    """Return "3 Apr 2026"."""
    return f"{moment.day} {moment:%b} {moment.year}"


def window(span: Window) -> str:
    """Return "3 January 2026 to 3 April 2026"."""
    return f"{day(span.begins)} to {day(span.ends)}"


def level_range(shown: int | None, at_most: int | None) -> str:
    """Return "2", "2 to 4" or "does not apply"."""
    if shown is None or at_most is None:
        return "does not apply"
    return str(shown) if shown == at_most else f"{shown} to {at_most}"


def interval(measure: Measure) -> str:
    """Return what a threshold is compared with, said out loud; a complete count has no interval."""
    if measure.bound is None:
        return "–"
    if math.isinf(measure.bound):
        return "no upper end: too many are unanswered"
    told = _BOUNDS.get(measure.statistic)
    return f"{told} {figure(measure.bound, measure.unit)} (95{_NARROW}%)" if told else "complete count"


def listing(items: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def count(number_of: int, one: str, many: str = "") -> str:
    """Return "1 post", "3 posts"."""
    return f"{number_of:,} {one if number_of == 1 else many or one + 's'}"


#: The units of the catalogue.
_UNITS: Mapping[str, Callable[[float], str]] = {
    "share": lambda value: f"{number(value * 100)}{_NARROW}%",
    "minutes": duration,
    "days": lambda value: f"{number(value)}{_NARROW}{'day' if number(value) == '1' else 'days'}",
    "per week": lambda value: f"{number(value)} a week",
    "points": lambda value: f"{number(value)}{_NARROW}points",
    "ratio": lambda value: f"{value:.2f}",
}
