"""Fixtures of watches."""

from __future__ import annotations

import pytest

from tests.intelligence.watches.hands import Room, make_room
from tests.people import Cast


@pytest.fixture
def room(cast: Cast) -> Room:
    """Return the people of intelligence and one source."""
    return make_room(cast)
