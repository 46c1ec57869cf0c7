"""Where the real records of the tests are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("CALLBOX_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))


def real(name: str) -> Path:
    """Return a real record, or skip the test with one line where it is not here."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: set CALLBOX_SHARED_DATA to the folder that holds it")
    return path
