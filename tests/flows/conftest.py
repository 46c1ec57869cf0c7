"""Fixtures of publication."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.flows.newsdesk import Newsdesk, make_newsdesk
from tests.people import Cast


@pytest.fixture
def newsdesk(cast: Cast, settings: LazySettings, tmp_path: Path) -> Newsdesk:
    """A press office with two paper accounts in folders of this test."""
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return make_newsdesk(cast)
