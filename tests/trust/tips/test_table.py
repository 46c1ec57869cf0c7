"""The table of tips passes on the public plane as it is served; `python -m tests.trust.tips.table` tries it in its own sizes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.networks
def test_nothing_is_left_of_those_who_send_tips_and_nothing_of_tips_can_be_read() -> None:
    command = [sys.executable, "-m", "tests.trust.tips.table", "--json", "--tips", "40", "--receipts", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    rows = {row["test"]: row for row in json.loads(done.stdout)}
    assert [*rows] == ["01", "03", "04", "06", "07", "08", "10"]
    assert [row for row in rows.values() if not row["passed"] and row["test"] != "10"] == []  # one receipt is no sample
