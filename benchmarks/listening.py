"""What the benches of listening share: real posts in the order of their times, watches made of other posts, processor time."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.evaluation import Stream

_TURNS: Final = 3
_USUAL: Final = 1_000  # words that no watch is made of


def data(name: str) -> Path:
    """Return a file of real posts.

    Raises:
        SystemExit: it is not here; one line says so.
    """
    folder = Path(os.environ.get("CALLBOX_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
    if not (folder / name).is_file():
        raise SystemExit(
            f"{name} is not here: set CALLBOX_SHARED_DATA to the folder that holds it. Nothing was measured."
        )
    return folder / name


def stream() -> Stream:
    """Return the posts of thirteen crises and the off-topic posts of four more, by time; off-topic and unrelated posts name no event."""
    related = pl.col("informative").str.starts_with("Related")
    crises = pl.read_csv(data("crisislex_t26_first13.csv.gz"), infer_schema=False).select(
        pl.when(related).then("event").otherwise(pl.lit("")).alias("event"), "ts", "text"
    )
    noise = pl.read_csv(data("crisislex_t6_4of6.csv.gz"), infer_schema=False).filter(pl.col("label") == "off-topic")
    rows = pl.concat([crises, noise.select(pl.lit("").alias("event"), "ts", "text")])
    rows = rows.with_columns(
        pl.from_epoch(pl.col("ts").cast(pl.Float64) * 1e6, time_unit="us").dt.replace_time_zone("UTC")
    )
    rows = rows.sort("ts", maintain_order=True)
    return Stream(rows["event"].to_list(), rows["ts"].to_list(), rows["text"].to_list())


def watches(count: int, seed: int = 1) -> list[str]:
    """Return queries made of police posts and rumours: 30 % a word, 25 % a phrase, 20 % two words, 15 % (a OR b) c d, 10 % a NOT b.

    Of the words, the thousand most usual ones are left out, as nobody would watch for them; a phrase has one word at least beside them.
    """
    chance = random.Random(seed)
    texts = [
        *pl.read_csv(data("police_posts_uk_labelled.csv"), infer_schema=False)["text"],
        *pl.read_csv(data("pheme_rumours.csv.gz"), infer_schema=False)["text"],
    ]
    posts = [tokens.content(text) for text in texts if text]
    seen = Counter(word for post in posts for word in set(post))
    usual = {word for word, _ in seen.most_common(_USUAL)}
    words = sorted(word for word in seen if word not in usual and len(word) > 2)
    phrases = sorted(
        {
            tuple(post[first : first + size])
            for post in posts
            for size in (2, 3)
            for first in range(len(post) - size + 1)
            if not usual.issuperset(post[first : first + size])
        }
    )

    def one() -> str:
        a, b, c, d = chance.choices(words, k=4)
        kind = chance.random()
        if kind < 0.30:
            return a
        if kind < 0.55:
            return f'"{" ".join(chance.choice(phrases))}"'
        if kind < 0.75:
            return f"{a} AND {b}"
        return f"({a} OR {b}) AND {c} AND {d}" if kind < 0.90 else f"{a} NOT {b}"

    return [one() for _ in range(count)]


def rate(count: int, work: Callable[[], object], turns: int = _TURNS) -> float:
    """Return how many of `count` a processor second does: the median of some turns of `work`."""
    rates = []
    for _ in range(turns):
        begins = time.process_time()
        work()
        rates.append(count / max(time.process_time() - begins, 1e-9))
    return statistics.median(rates)
