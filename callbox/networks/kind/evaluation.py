"""Judge the classifier on posts that people have labelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from callbox.networks.kind.model import KINDS, shipped

#: Draws of the bootstrap, and the share of them that an interval holds.
_DRAWS: Final = 2000
_LEVEL: Final = 0.95
_SEED: Final = 20


def evaluate(path: Path) -> dict[str, Any]:
    """Return how the classifier does on a CSV file with the columns `text` and `label` (inform, engage or gather), all in English.

    The result has `n`, `accuracy`, `macro_f1`, their intervals, and `per_class` with precision, recall, f1, support and intervals.
    Intervals hold 95 % of a bootstrap over posts (Efron and Tibshirani 1993, percentile intervals).

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is no such CSV; the message names the place.
    """
    texts, wanted = read(path)
    chosen = shipped().read(texts).shares.argmax(axis=1)
    return {"file": path.name, **figures(wanted, chosen.astype(np.int64))}


def read(path: Path) -> tuple[pl.Series, npt.NDArray[np.int64]]:
    """Return texts and labels (as places in `KINDS`) of a labelled CSV file.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is no such CSV; the message names the place.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file. Nothing was judged.")
    try:
        rows = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise ValueError(
            f"{path.name} cannot be read as CSV ({str(error).splitlines()[0]}). Nothing was judged."
        ) from None
    missing = [name for name in ("text", "label") if name not in rows.columns]
    if missing:
        raise ValueError(f"{path.name} has no column {' and no column '.join(missing)}; it needs text and label.")
    if rows.is_empty():
        raise ValueError(f"{path.name} holds no posts.")
    label = rows["label"].fill_null("").str.strip_chars().str.to_lowercase()
    strange = rows.with_row_index("record", 1).filter(~label.is_in(KINDS))
    if len(strange):
        first = strange.row(0, named=True)
        raise ValueError(
            f'{path.name}, record {first["record"]}: the label is "{first["label"] or ""}"; it must be one of {", ".join(KINDS)}.'
        )
    return rows["text"], label.replace_strict(list(KINDS), list(range(len(KINDS))), return_dtype=pl.Int64).to_numpy()


def figures(wanted: npt.NDArray[np.int64], chosen: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Return every figure of `evaluate` for posts whose label should be `wanted` and was `chosen`."""
    table = np.zeros((len(KINDS), len(KINDS)), np.int64)
    np.add.at(table, (wanted, chosen), 1)
    n = len(wanted)
    chance = np.random.default_rng(_SEED)
    drawn = chance.multinomial(n, table.ravel() / n, size=_DRAWS).reshape(-1, *table.shape)
    value, spread = _rates(table[None]), _rates(drawn)

    def interval(values: npt.NDArray[np.float64]) -> list[float]:
        return [float(end) for end in np.quantile(values, ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))]

    return {
        "n": n,
        "accuracy": float(value["accuracy"][0]),
        "accuracy_interval": interval(spread["accuracy"]),
        "macro_f1": float(value["f1"].mean()),
        "macro_f1_interval": interval(spread["f1"].mean(axis=1)),
        "per_class": {
            kind: {
                **{name: float(value[name][0, i]) for name in ("precision", "recall", "f1")},
                "support": int(table[i].sum()),
                **{f"{name}_interval": interval(spread[name][:, i]) for name in ("precision", "recall", "f1")},
            }
            for i, kind in enumerate(KINDS)
        },
        "confusion": {kind: dict(zip(KINDS, table[i].tolist(), strict=True)) for i, kind in enumerate(KINDS)},
    }


def _rates(tables: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    """Return accuracy, and per class precision, recall and F1, of tables of counts (draws x wanted x chosen); of nothing, 0."""
    right = np.diagonal(tables, axis1=1, axis2=2).astype(np.float64)
    wanted, chosen = tables.sum(axis=2), tables.sum(axis=1)
    return {
        "accuracy": right.sum(axis=1) / tables.sum(axis=(1, 2)),
        "precision": right / np.maximum(chosen, 1),
        "recall": right / np.maximum(wanted, 1),
        "f1": 2 * right / np.maximum(wanted + chosen, 1),
    }
