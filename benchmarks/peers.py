"""What `benchmarks.assess` compares: the bare scan, Callbox, and the same measures in plain pandas. Each runs in a process of its own.

`python -m benchmarks.peers NAME FILE` prints seconds (wall and processor, libraries already imported) and the figures as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

#: Measures that every table of this kind carries; all three peers that measure give exactly these.
MEASURES: Final = (
    "posts_per_week", "longest_gap", "engagement_steady", "two_way_share", "thread_share", "repost_share", "reposts_per_post",
    "posting_hours", "languages_stated", "channels",
)  # fmt: skip


def scan(path: Path) -> Callable[[], dict[str, float]]:
    """Only parse the file, with Polars."""
    import polars as pl  # noqa: PLC0415

    def run() -> dict[str, float]:
        frame = (pl.scan_parquet if path.suffix == ".parquet" else pl.scan_csv)(path, glob=False).collect()
        return {"rows": frame.height}

    return run


def callbox(path: Path) -> Callable[[], dict[str, float]]:
    """File, ledger, every measure; labels off."""
    from callbox.maturity.scoring import probes  # noqa: PLC0415
    from callbox.networks.archives import record  # noqa: PLC0415

    def run() -> dict[str, float]:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            made = record.build([path], now=datetime.now(UTC), workdir=Path(folder), agency="Harbour Police")
            measures = probes.measure_all(made.ledgers[0])
            kept = sum(file.kept for file in made.files)
        return {"rows": kept, **{name: float(measures[name].value or 0) for name in MEASURES}}

    return run


def pandas(path: Path) -> Callable[[], dict[str, float]]:
    """File and the same measures, as an analyst writes them in pandas."""
    import pandas as pd  # noqa: PLC0415

    def run() -> dict[str, float]:
        posts = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype={"id": str})
        posts["at"] = pd.to_datetime(posts["created_at"], format="%Y-%m-%dT%H:%M:%SZ", utc=True)
        posts = posts[
            posts["at"].between(pd.Timestamp("2004-01-01", tz="UTC"), pd.Timestamp.now("UTC") + timedelta(days=1))
        ]
        posts = posts.drop_duplicates(["account", "id"])
        person = posts["in_reply_to"].str.strip().str.lower()
        posts["thread"] = person == posts["account"].str.lower()
        posts["answer"] = person.notna() & ~posts["thread"]
        posts["repost"] = posts["text"].str.startswith("RT @")
        posts["own"] = ~posts["answer"] & ~posts["repost"]
        return {"rows": len(posts), **_measures(posts)}

    return run


def _measures(posts: Any) -> dict[str, float]:
    import pandas as pd  # noqa: PLC0415

    as_of, span = posts["at"].max(), timedelta(days=90)
    window = posts[posts["at"].between(as_of - span, as_of)]
    earlier = posts[posts["at"].between(as_of - 2 * span, as_of - span)]
    own = window[window["own"]]
    channel = own["account"].value_counts().index[0]
    main = own[own["account"] == channel]
    times = pd.concat([main["at"].sort_values(), pd.Series([as_of])])

    def median(rows: Any) -> float:
        mine = rows[rows["own"] & (rows["account"] == channel)]
        return float((mine["likes"] + mine["reposts"]).dropna().median())

    hours = own["at"].dt.day_of_week * 24 + own["at"].dt.hour
    return {
        "posts_per_week": len(main) * 7 / 90,
        "longest_gap": times.diff().max() / timedelta(days=1),
        "engagement_steady": median(window) / median(earlier),
        "two_way_share": float(window["answer"].mean()),
        "thread_share": float(own["thread"].mean()),
        "repost_share": float(window["repost"].mean()),
        "reposts_per_post": float(own["reposts"].dropna().mean()),
        "posting_hours": float(hours.nunique()),
        "languages_stated": float(window["language"].nunique()),
        "channels": float(own["account"].nunique()),
    }


PEERS: Final = {"polars": scan, "callbox": callbox, "pandas": pandas}


def main() -> None:
    """Run one peer on one file and print what it took."""
    name, file = sys.argv[1:]
    run = PEERS[name](Path(file))
    before = resource.getrusage(resource.RUSAGE_SELF)
    begins = time.perf_counter()
    figures = run()
    seconds = time.perf_counter() - begins
    after = resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "figures": figures}))


if __name__ == "__main__":
    main()
