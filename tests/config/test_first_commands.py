"""The first commands of a new installation, as somebody types them who has read docs/operate.md: no folder, no tables, no traceback."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

AGENCY = (
    "admin", "agency", "--name", "Fairview Police", "--slug", "fairview", "--email", "maria@fairview.example",
    "--person", "Maria Lopez", "--password", "a quiet morning 88",
)  # fmt: skip


@pytest.mark.slow
def test_an_installation_begins_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    data = tmp_path / "srv" / "callbox"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
        env = {**outside, "CALLBOX_DATA": str(data), "CALLBOX_SECRET_KEY": "x7" * 40}
        command = [sys.executable, "-m", "callbox", *words]
        return subprocess.run(command, env=env, check=False, capture_output=True, text=True)

    early = run(*AGENCY)
    assert early.returncode == 1
    assert "callbox admin prepare" in early.stderr
    assert "Traceback" not in early.stderr
    assert run("admin", "prepare").returncode == 0
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    wrong = run(*AGENCY, "--time-zone", "Fairview")
    assert "no time zone called “Fairview”" in wrong.stderr
    made = run(*AGENCY, "--time-zone", "America/Denver")
    assert "sets up a second factor" in made.stdout
    again = run(*AGENCY)
    assert again.returncode == 1
    assert "already exists" in again.stderr
    assert "Traceback" not in again.stderr
