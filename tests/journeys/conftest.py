"""One browser for all journeys, and a store of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings

from callbox.config.demo import archives, record
from tests.browser.site import browser, chromium


@pytest.fixture(scope="package")
def machine() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, in which Django would otherwise refuse to open its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with browser() as found:
            yield found


@pytest.fixture(autouse=True)
def _own_place(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.AUDIT_WITNESS = tmp_path / "checkpoints.jsonl"


@pytest.fixture(scope="package")
def force(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The invented force's archives, as its networks would hand them out."""
    folder = tmp_path_factory.mktemp("force")
    return archives.write(folder, record.make(until=datetime.now(UTC)))
