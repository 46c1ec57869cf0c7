"""Fixtures of sharing."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.collaboration.pair import Pair, make_pair
from tests.people import Cast


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    """Two forces in one installation, partners of each other, with agreements on both sides."""
    return make_pair(cast, settings, tmp_path)
