"""The duty room of the pages of alerts."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.operations.alerts.duty import Duty, make_duty
from tests.people import Cast


@pytest.fixture
def duty(cast: Cast, settings: LazySettings, tmp_path: Path) -> Duty:
    """A duty room whose people sign in."""
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return make_duty(cast, second_factor=True)
