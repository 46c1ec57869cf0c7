"""Each test has accounts on paper of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> None:
    """Keep accounts on paper and files apart from those of other tests."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
