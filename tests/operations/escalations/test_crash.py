"""A worker killed with signal 9 at any of these points loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_kill_minus_nine_loses_nothing_and_opens_one_incident(tmp_path: Path) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "CALLBOX_TEST_DATABASE": "sqlite"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.operations.escalations.crashing", str(tmp_path)]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=root, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 9
    for found in told:
        assert found["died"] or found["point"] == "at the third commit", found
        assert found["incidents"] == 1, found
        assert found["end"] == "acknowledged", found
        assert found["calls"] <= 2, found
        assert found["trail"], found
