"""`callbox bench post-kind`: labels of posts a second, against a bare TF-IDF and logistic regression of scikit-learn on the same posts.

Each runs in a process of its own, on one core, with libraries and model loaded; they take turns, and the fastest run of each counts, by
wall and by processor time. Memory is the growth of the resident set's peak while labelling. Needs the labelled posts of the tests.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parent.parent
ROWS: Final = (7_121, 50_000)
_TURNS: Final = 3
_RUNS: Final = 3


def posts() -> Path:
    """Return the file of labelled posts.

    Raises:
        FileNotFoundError: it is not here.
    """
    path = Path(os.environ.get("CALLBOX_SHARED_DATA", _ROOT / "../shared/data")) / "police_posts_uk_labelled.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is not here: set CALLBOX_SHARED_DATA to the folder that holds it.")
    return path


def run(rows: Sequence[int] = ROWS) -> dict[str, Any]:
    """Label `rows` posts (the labelled ones, repeated) with every peer and return what it took."""
    path = posts()
    return {"bench": "post-kind", "results": [_compare(path, size) for size in rows]}


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines for people."""
    lines = [
        f"{'posts':>9} {'peer':24} {'a second':>10} {'processor':>10} {'memory':>9}   (one core; processor: posts a processor second)"
    ]
    for one in result["results"]:
        for name in PEERS:
            took = one[name]
            lines.append(
                f"{one['rows']:>9,} {name:24} {one['rows'] / took['seconds']:>10,.0f} "
                f"{one['rows'] / took['processor_seconds']:>10,.0f} {took['memory_bytes'] / 1e6:>6,.0f} MB"
            )
        lines.append(
            f"{'':9} Callbox is {one['callbox_to_sklearn']:.2f} times as fast as scikit-learn, by processor time"
        )
    return "\n".join(lines)


def _compare(path: Path, rows: int) -> dict[str, Any]:
    done: dict[str, list[dict[str, float]]] = {name: [] for name in PEERS}
    for _ in range(_TURNS):
        for name, turns in done.items():
            turns.append(_child(name, path, rows))
    best = {
        name: {
            "seconds": min(turn["seconds"] for turn in turns),
            "processor_seconds": min(turn["processor_seconds"] for turn in turns),
            "memory_bytes": max(turn["memory_bytes"] for turn in turns),
        }
        for name, turns in done.items()
    }
    ratio = best["scikit-learn"]["processor_seconds"] / best["callbox"]["processor_seconds"]
    return {"rows": rows, **best, "callbox_to_sklearn": ratio}


def _child(name: str, path: Path, rows: int) -> dict[str, float]:
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")} | {"POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.post_kind", name, str(path), str(rows)]
    done = subprocess.run(command, cwd=_ROOT, env=os.environ | threads, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _sklearn(path: Path, rows: int) -> Callable[[], object]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    texts, labels = _labelled(path, rows)
    learnt = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=500)).fit(texts[:7_121], labels[:7_121])
    return lambda: learnt.predict(texts)


def _callbox(path: Path, rows: int, language: str | None = "en") -> Callable[[], object]:
    import polars as pl  # noqa: PLC0415

    from callbox.networks import kind  # noqa: PLC0415

    texts = pl.Series(_labelled(path, rows)[0])
    languages = pl.Series([language] * rows, dtype=pl.String)
    kind.label(texts[:500], languages[:500])  # loads the model, as fitting did for the peer
    return lambda: kind.label(texts, languages)


def _unstated(path: Path, rows: int) -> Callable[[], object]:
    return _callbox(path, rows, None)


#: `callbox` where the record states the language of its posts, as for the peer, which knows one only; and where it does not.
PEERS: Final = {"scikit-learn": _sklearn, "callbox": _callbox, "callbox, no language": _unstated}


def _labelled(path: Path, rows: int) -> tuple[list[str], list[str]]:
    import polars as pl  # noqa: PLC0415

    table = pl.read_csv(path, infer_schema=False)
    table = pl.concat([table] * -(-rows // table.height)).head(rows)
    return table["text"].to_list(), table["label"].to_list()


def _main(name: str, path: str, rows: str) -> None:
    work = PEERS[name](Path(path), int(rows))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, processor = [], []
    for _ in range(_RUNS):
        wall, used = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - wall)
        processor.append(time.process_time() - used)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(json.dumps({"seconds": min(seconds), "processor_seconds": min(processor), "memory_bytes": memory}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
