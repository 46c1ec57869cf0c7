"""Fixtures of publication."""

import pytest

from tests.flows.newsdesk import Newsdesk, make_newsdesk
from tests.people import Cast


@pytest.fixture
def newsdesk(cast: Cast) -> Newsdesk:
    """A press office with two paper accounts."""
    return make_newsdesk(cast)
