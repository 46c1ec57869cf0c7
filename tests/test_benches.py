"""Every bench still runs: one that a change broke is found here, not when somebody needs its figures, which are of no interest here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from callbox.cli.bench import BENCHES

#: The fewest rows that go once through all of it. Those that need minutes or other people's web servers have tests of their own.
ROWS: Final = {
    "assess": 2_000, "near-duplicates": 400, "match": 100, "chain": 300, "cap": 10, "tips": 10, "publish": 30,
}  # fmt: skip
ELSEWHERE: Final = {
    "newsroom": "tests/portal/test_nginx.py",
    "inbox": "tests/desk/inbox",  # its pages are those of a long inbox
    "stream": "tests/intelligence/pipeline",
    "events": "tests/intelligence/engine",
    "post-kind": "tests/maturity",
    "pages": "tests/desk",
}


def test_every_bench_is_either_run_here_or_its_matter_tested_elsewhere() -> None:
    assert {*ROWS, *ELSEWHERE} == {*BENCHES}
    root = Path(__file__).resolve().parent.parent
    assert [name for name, place in ELSEWHERE.items() if not (root / place).exists()] == []


@pytest.mark.networks
@pytest.mark.parametrize("name", ROWS)
def test_a_bench_runs_with_few_rows(name: str) -> None:
    command = [sys.executable, "-m", "callbox", "bench", name, "--json", "--rows", str(ROWS[name])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert json.loads(done.stdout)["results"]
