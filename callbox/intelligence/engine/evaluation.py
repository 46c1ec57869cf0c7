"""Judge the grouping on posts of which people have said to what event they belong."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from callbox.intelligence.engine.grouping import Groups

#: Groups that grew alike are put together after every so many posts.
MERGED_EVERY: Final = 500
#: An event counts as found when so many of its posts stand in one group, and are more than half of all posts of that group.
FOUND: Final = 5

_COLUMNS: Final = ("event", "ts", "text")
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Stream:
    """Posts in the order of their times. events: what each belongs to, empty where nobody said; those pass the grouping unscored."""

    events: Sequence[str]
    times: Sequence[datetime]
    texts: Sequence[str]


def evaluate(path: Path) -> dict[str, Any]:
    """Return how the grouping does on a CSV file (or .csv.gz) with the columns event, ts and text; what `judge` returns, and the name.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is no such table; the message names the place.
    """
    return {"file": path.name, **judge(read(path))}


def read(path: Path) -> Stream:
    """Return the posts of a table. `ts` is in seconds since 1970, or a time as ISO 8601 writes it.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is no such table; the message names the place.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file. Nothing was judged.")
    try:
        rows = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"{path.name} cannot be read as CSV ({said}). Nothing was judged.") from None
    missing = [name for name in _COLUMNS if name not in rows.columns]
    if missing:
        raise ValueError(f"{path.name} has no column {' and no column '.join(missing)}; it needs event, ts and text.")
    rows = rows.select(*(pl.col(name).fill_null("").str.strip_chars() for name in _COLUMNS))
    rows = rows.with_columns(pl.Series("at", [*map(_seconds, rows["ts"])], dtype=pl.Float64))
    strange = rows.with_row_index("record", 1).filter(~pl.col("at").is_between(0, _LATEST))
    if len(strange):
        first = strange.row(0, named=True)
        raise ValueError(
            f'{path.name}, record {first["record"]}: the time is "{first["ts"][:40]}"; '
            "it must be seconds since 1970 or like 2026-05-01T12:00Z."
        )
    if rows["event"].filter(rows["event"] != "").n_unique() < 2:
        raise ValueError(f"{path.name} names fewer than two events in the column event, so there is nothing to judge.")
    rows = rows.sort("at", maintain_order=True)
    times = [datetime.fromtimestamp(at, UTC) for at in rows["at"]]
    return Stream(rows["event"].to_list(), times, rows["text"].to_list())


def judge(stream: Stream) -> dict[str, Any]:
    """Group the posts as they come, with what is known at each moment only, and compare the groups with the events.

    posts, scored: how many, and how many of them name an event.  ami: adjusted mutual information, arithmetic mean (Vinh, Epps and Bailey
    2010).  ari: adjusted Rand index (Hubert and Arabie 1985).  b3: precision, recall and F1 (Bagga and Baldwin 1998).  found: events that
    a group speaks of.  alone: of all posts in groups that hold ten posts of events, the share that belong to events.
    """
    begins = time.process_time()
    groups, names = Groups(), []
    into: dict[str, str] = {}
    for number, (text, at) in enumerate(zip(stream.texts, stream.times, strict=True), 1):
        names.append(groups.add(number, text, at).group)
        if number % MERGED_EVERY == 0:
            into.update(groups.merges())
    into.update(groups.merges())
    seconds = time.process_time() - begins
    final = [_last(name, into) for name in names]
    scored = [(event, name) for event, name in zip(stream.events, final, strict=True) if event]
    table = table_of(scored)
    held, of_events = Counter(final), Counter(name for _, name in scored)
    pairs = Counter(scored)
    found = {event for (event, name), count in pairs.items() if count >= FOUND and 2 * count > held[name]}
    large = [name for name, count in of_events.items() if count >= 10]
    return {
        "posts": len(final),
        "scored": len(scored),
        "events": table.shape[0],
        "groups": table.shape[1],
        "ami": ami(table),
        "ari": ari(table),
        "b3": b3(table),
        "found": len(found),
        "missed": sorted({event for event, _ in scored} - found),
        "alone": sum(of_events[name] for name in large) / max(1, sum(held[name] for name in large)),
        "merges": len(into),
        "cpu_seconds": seconds,
        "posts_per_cpu_second": len(final) / max(seconds, 1e-9),
    }


type Table = npt.NDArray[np.int64]


def ami(table: Table) -> float:
    """Return the adjusted mutual information of a table of counts (events x groups)."""
    total = int(table.sum())
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    share = table / total
    expected_share = np.outer(rows, columns) / total**2
    held = share > 0
    mutual = float((share[held] * np.log(share[held] / expected_share[held])).sum())
    entropies = [-float((part / total * np.log(part / total)).sum()) for part in (rows, columns)]
    chance = _expected(rows, columns, total)
    top = sum(entropies) / 2 - chance
    return 1.0 if abs(top) < 1e-12 else (mutual - chance) / top


def ari(table: Table) -> float:
    """Return the adjusted Rand index of a table of counts (events x groups)."""

    def pairs(counts: Table) -> float:
        return float((counts * (counts - 1) // 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    chance = rows * columns / max(1.0, pairs(table.sum(keepdims=True)))
    top = (rows + columns) / 2 - chance
    return 1.0 if abs(top) < 1e-12 else (both - chance) / top


def b3(table: Table) -> dict[str, float]:
    """Return B-cubed precision, recall and F1 of a table of counts (events x groups)."""
    total = table.sum()
    squares = table.astype(np.float64) ** 2
    precision = float((squares / table.sum(axis=0)).sum() / total)
    recall = float((squares / table.sum(axis=1, keepdims=True)).sum() / total)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}


def _expected(rows: Table, columns: Table, total: int) -> float:
    """Return the mutual information that chance alone gives for these sums (Vinh, Epps and Bailey 2010, equation 24a)."""
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, total + 1)))))  # of factorials
    sizes, times = np.unique(columns, return_counts=True)
    found = 0.0
    for row in rows.tolist():
        for column, often in zip(sizes.tolist(), times.tolist(), strict=True):
            both = np.arange(max(1, row + column - total), min(row, column) + 1)
            chance = np.exp(
                logs[row] + logs[column] + logs[total - row] + logs[total - column] - logs[total] - logs[both]
                - logs[row - both] - logs[column - both] - logs[total - row - column + both]
            )  # fmt: skip
            found += often * float((both / total * np.log(total * both / (row * column)) * chance).sum())
    return found


def table_of(scored: Sequence[tuple[str, str]]) -> Table:
    """Return how many posts of each event (rows) stand in each group (columns), of posts as (event, group)."""
    events = {name: place for place, name in enumerate(sorted({event for event, _ in scored}))}
    groups = {name: place for place, name in enumerate(sorted({group for _, group in scored}))}
    table = np.zeros((len(events), len(groups)), np.int64)
    for event, group in scored:
        table[events[event], groups[group]] += 1
    return table


def _last(name: str, into: dict[str, str]) -> str:
    while name in into:
        name = into[name]
    return name


def _seconds(text: str) -> float:
    """Return seconds since 1970; -1 where a time is neither a number nor ISO 8601. A time without a zone is taken as UTC."""
    try:
        number = float(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return -1.0
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return number if math.isfinite(number) else -1.0
