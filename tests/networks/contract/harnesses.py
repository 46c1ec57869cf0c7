"""Every network the contract test looks at, one line each. How to add one stands in `harness.py`."""

from __future__ import annotations

import pytest

from tests.networks.mastodon.harness import MockHarness, SnacHarness
from tests.networks.newsroom.harness import NewsroomHarness
from tests.networks.paper.harness import PaperHarness

HARNESSES = [
    pytest.param(PaperHarness, id="paper"),
    pytest.param(NewsroomHarness, id="newsroom"),
    pytest.param(MockHarness, id="mastodon"),
    pytest.param(SnacHarness, id="snac", marks=pytest.mark.networks),
]
