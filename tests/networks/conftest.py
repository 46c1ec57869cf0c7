from __future__ import annotations

import pytest

from callbox.networks import registry
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import Desk


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    """A network that does what the test says."""
    network = FakeNetwork()
    monkeypatch.setitem(registry.NETWORKS, "fake", network)
    return network


@pytest.fixture
def desk(db: None) -> Desk:
    """Harbour's desk."""
    return Desk.open()
