"""Where a figure comes from: files, what Callbox itself recorded, or both. Told by what a profile says was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from callbox.maturity.tables import OF_AREAS

#: The entry of a profile's record that tells how many rows of each table came from live rows.
KEY: Final = "own_rows"

type Origin = Literal["own", "files", "both"]


def origin(record: Mapping[str, Any], tables: Sequence[str]) -> Origin:
    """Return where a figure over `tables` comes from. A table of one area is live whatever else was read."""
    if KEY not in record:
        return "files"
    if not record.get("files") or any(table in OF_AREAS for table in tables):
        return "own"
    return "both" if any(record[KEY].get(table) for table in tables) else "files"


def own_line(record: Mapping[str, Any]) -> str:
    """Return the count of live rows as an English line; empty where there are none."""
    counts = record.get(KEY)
    if not isinstance(counts, Mapping):
        return ""
    return f"Recorded by Callbox itself: {', '.join(f'{table} {count}' for table, count in counts.items())}."
