"""`callbox bench assess`: from a table to every measure, against merely parsing the file and against the same measures in pandas.

Wall time with the libraries already imported, the fastest of some runs that take turns, so that a busy moment meets all. Memory is the
highest anonymous memory (RssAnon: heap, not mapped files) of the process, sampled every few milliseconds; only Linux tells it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.peers import MEASURES, PEERS
from benchmarks.posts import generate

ROWS: Final = (100_000, 1_000_000, 10_000_000)
FORMATS: Final = ("csv", "parquet")

_PAUSE: Final = 0.003
_FEW: Final = 1_000_000  # up to here every peer runs three times


def run(rows: Sequence[int] = ROWS) -> dict[str, Any]:
    """Generate tables of these sizes, run every peer on each, and return what they took."""
    results = []
    with tempfile.TemporaryDirectory(prefix="callbox-bench-") as folder:
        for size in sorted(rows):
            for form in FORMATS:
                path = Path(folder) / f"posts.{form}"
                generate(path, size)
                results.append({"rows": size, "format": form, "bytes": path.stat().st_size, **_compare(path, size)})
            for form in FORMATS:
                (Path(folder) / f"posts.{form}").unlink()
    return {"bench": "assess", "processors": os.cpu_count(), "results": results}


def describe(result: dict[str, Any]) -> str:
    """Return the result as a table for people."""
    lines = [
        f"{result['processors']} processors; wall time, the fastest run; peak of anonymous memory",
        f"{'rows':>12} {'format':8} {'Polars scan':>20} {'Callbox':>20} {'pandas':>20} {'to scan':>8} {'to pandas':>9}",
    ]
    for one in result["results"]:
        cells = [f"{one[name]['seconds']:8.2f} s {_megabytes(one[name]['anonymous_bytes'])}" for name in PEERS]
        lines.append(
            f"{one['rows']:>12,} {one['format']:8} {cells[0]:>20} {cells[1]:>20} {cells[2]:>20} "
            f"{one['callbox_to_scan']:>7.2f}x {one['callbox_to_pandas']:>8.2f}x"
        )
    return "\n".join(lines)


def _compare(path: Path, rows: int) -> dict[str, Any]:
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in PEERS}
    for _ in range(3 if rows <= _FEW else 1):
        for name, done in runs.items():
            done.append(_child(name, path))
    best: dict[str, Any] = {
        name: {
            "seconds": min(one["seconds"] for one in done),
            "processor_seconds": min(one["processor_seconds"] for one in done),
            "anonymous_bytes": max((one["anonymous_bytes"] for one in done if one["anonymous_bytes"]), default=None),
        }
        for name, done in runs.items()
    }
    figures = {name: done[0]["figures"] for name, done in runs.items()}
    differing = [name for name in ("rows", *MEASURES) if abs(figures["callbox"][name] - figures["pandas"][name]) > 1e-9]
    if differing or figures["polars"]["rows"] != rows:
        raise RuntimeError(f"Callbox and pandas do not agree on {', '.join(differing) or 'rows'}: {figures}")
    scan, mine, other = best["polars"], best["callbox"], best["pandas"]
    return {
        **best,
        "callbox_to_scan": mine["seconds"] / scan["seconds"],
        "callbox_to_scan_processor": mine["processor_seconds"] / scan["processor_seconds"],
        "callbox_to_pandas": mine["seconds"] / other["seconds"],
    }


def _child(name: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.peers", name, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent, text=True) as child:
        peak = None
        while child.poll() is None:
            peak = max(peak or 0, now) if (now := _anonymous(child.pid)) else peak
            time.sleep(_PAUSE)
        output = child.stdout.read() if child.stdout else ""
    if child.returncode:
        raise RuntimeError(f"{name} on {path.name} ended with {child.returncode}")
    return {**json.loads(output), "anonymous_bytes": peak}


def _anonymous(process: int) -> int | None:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon")), None)


def _megabytes(count: int | None) -> str:
    return "not told" if count is None else f"{count / 1e6:5.0f} MB"
