"""Generated posts of a realistic shape for benches: seeded, the same bytes for the same seed and number."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

ACCOUNTS: Final = ("harbour_police", "harbour_traffic", "harbour_north")
ENDS: Final = datetime(2025, 6, 30, 22, 0, tzinfo=UTC)

_ROWS: Final = 250_000
_TEXTS: Final = 20_000
_OPENINGS: Final = (
    "Road closed", "Appeal for witnesses", "Missing", "Update", "Trafikkulykke", "Thank you", "Police are at the scene", "Burglary",
    "Warning", "Officers on patrol", "Brann", "Have you seen this car?", "Fire",
)  # fmt: skip
_WORDS: Final = (  # noqa: SIM905 - a sentence is easier to read and to change
    "the road is closed in both directions after a collision between two cars and emergency services are at the scene please find "
    "another route we are looking for a man in his forties last seen near the central station wearing a dark jacket call us with "
    "information tip line officers have checked speed outside the school politiet er på stedet og søker vitner til hendelsen ved brua "
    "there is no danger to the public our beat team will be at the library on thursday from four to six come and talk to us about "
    "bicycle theft lock your doors and windows report online gjerningsmannen er pågrepet å øy"
).split()
_ENDINGS: Final = (
    "", "", "", " 🚓", " 🚨🚨", ' He said "thank you" to all.', "\n\nMore: https://police.example/news/", "\nCall 101, or report online.",
    "\n\n1. Lock it\n2. Mark it\n3. Register it", " – more to follow …", " #SaferTogether #Harbour",
)  # fmt: skip


def generate(path: Path, rows: int, seed: int = 1) -> None:
    """Write a table of `rows` posts of three accounts of one agency, the last at `ENDS`; CSV or Parquet by the name of the file.

    Texts are 40 to 280 characters, most without line breaks; about one in four needs quotation marks in CSV.
    """
    if path.suffix == ".parquet":
        source = path.with_suffix(".csv")
        made = not source.exists()
        if made:
            generate(source, rows, seed)
        pl.scan_csv(source, schema_overrides={"id": pl.String}, glob=False).sink_parquet(path)
        if made:
            source.unlink()
        return
    texts = _texts(random.Random(seed))
    random_numbers = np.random.default_rng(seed)
    with path.open("wb") as file:
        for begins in range(0, rows, _ROWS):
            count = min(_ROWS, rows - begins)
            _block(texts, random_numbers, begins, count, rows).write_csv(file, include_header=begins == 0)


def _texts(chance: random.Random) -> pl.Series:
    made = []
    for _ in range(_TEXTS):
        words = " ".join(chance.choices(_WORDS, k=chance.randint(5, 38)))
        comma = "," if chance.random() < 0.1 else ""
        made.append(f"{chance.choice(_OPENINGS)}{comma}: {words}{chance.choice(_ENDINGS)}"[:280])
    return pl.Series(made)


def _block(texts: pl.Series, numbers: np.random.Generator, begins: int, count: int, rows: int) -> pl.DataFrame:
    index = np.arange(begins, begins + count)
    # The last post ends the record, no two fall on one second; a long record is a denser one, for networks are only so old.
    pace = 300 if rows <= 1_000_000 else 60
    seconds = (rows - 1 - index) * pace - numbers.integers(0, pace - 1, count) * (index < rows - 1)
    times = pl.Series([ENDS]).new_from_index(0, count) - pl.Series(seconds * 10**6).cast(pl.Duration("us"))
    account = numbers.choice(3, count, p=(0.6, 0.3, 0.1))
    reply, known = numbers.random(count), numbers.random(count) < 0.9
    images = numbers.choice(4, count, p=(0.6, 0.3, 0.06, 0.04))
    return pl.DataFrame(
        {
            "account": pl.Series(ACCOUNTS).gather(account),
            "id": pl.Series(10**17 + index).cast(pl.String),
            "created_at": times.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "text": texts.gather(numbers.integers(0, len(texts), count)) + pl.Series(index).cast(pl.String),
            "language": pl.Series(["en", "no"]).gather((numbers.random(count) < 0.2).astype(int)),
            "in_reply_to": pl.select(
                pl.when(pl.Series(reply < 0.10)).then(pl.lit("someone"))
                .when(pl.Series(reply < 0.16)).then(pl.Series(ACCOUNTS).gather(account))
            ).to_series(),
            "reposts": pl.select(pl.when(pl.Series(known)).then(pl.Series(numbers.geometric(0.1, count) - 1))).to_series(),
            "likes": pl.select(pl.when(pl.Series(known)).then(pl.Series(numbers.geometric(0.03, count) - 1))).to_series(),
            "images": pl.Series(images),
        }
    )  # fmt: skip
