"""The full report put in order for its page: chapters of practices, and tables narrowed to what a page has room for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: The tables printed whole in the report, and their columns; the downloads have every column.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "areas": ("name", "shown", "at_most", "weakest", "why"),
    "trend": ("as_of", "model", "area", "shown", "at_most"),
    "benchmark": ("label", "own", "lower", "median", "upper", "n", "as_of", "source"),
    "gaps": ("practice", "name", "shown", "at_most", "target", "gap", "by"),
    "roadmap": ("practice", "what", "to", "hours", "begins", "ends", "owner"),
    "next": ("practice", "name", "to", "what", "effect"),
    "figures": ("label", "value", "n", "bound", "begins", "ends", "statistic", "why"),
    "evidence": ("condition", "title", "owner", "reviewer", "begins", "ends", "link", "sha256"),
    "exemptions": ("practice", "name", "why", "approver", "ends", "level"),
    "record": ("fact", "value"),
}


@dataclass(frozen=True, slots=True)
class Narrow:
    """A table of some columns. rows: pairs of a heading and a text, so that a narrow screen can put each beside the other."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


def lists(data: Mapping[str, Any]) -> dict[str, Narrow]:
    """Return the tables that `page_data` has, by name, narrowed to the columns of the page."""
    return {
        name: _narrow(name, data["tables"][name], keys) for name, keys in _COLUMNS.items() if name in data["tables"]
    }


def _narrow(name: str, table: Mapping[str, Any], keys: tuple[str, ...]) -> Narrow:
    places = [table["keys"].index(key) for key in keys]
    header = tuple(table["header"][place] for place in places)
    rows = tuple(tuple(zip(header, (row[place] for place in places), strict=True)) for row in table["rows"])
    return Narrow(name, table["title"], header, rows)


def chapters(data: Mapping[str, Any]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return each area of `page_data` with its practices, in the order of the model."""
    return [(area, [one for one in data["practices"] if one["area"] == area["id"]]) for area in data["areas"]]
