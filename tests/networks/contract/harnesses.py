"""Every network the contract test looks at, one line each. How to add one stands in `harness.py`."""

from __future__ import annotations

import pytest

from tests.networks.bluesky.harness import FakeHarness, ServerHarness, WholeHarness
from tests.networks.email.harness import EmailHarness
from tests.networks.mastodon.harness import MockHarness, SnacHarness
from tests.networks.newsroom.harness import NewsroomHarness
from tests.networks.paper.harness import PaperHarness

HARNESSES = [
    pytest.param(PaperHarness, id="paper"),
    pytest.param(NewsroomHarness, id="newsroom", marks=pytest.mark.django_db),
    pytest.param(EmailHarness, id="email"),
    pytest.param(MockHarness, id="mastodon", marks=pytest.mark.slow),  # it takes seconds to start
    pytest.param(SnacHarness, id="snac", marks=pytest.mark.networks),
    pytest.param(FakeHarness, id="bluesky"),
    pytest.param(ServerHarness, id="bluesky-server", marks=pytest.mark.networks),
    pytest.param(WholeHarness, id="bluesky-network", marks=pytest.mark.networks),
]
