from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbox.networks.contract import Session
from tests.networks.contract.harness import Harness
from tests.networks.contract.harnesses import HARNESSES


@pytest.fixture(params=HARNESSES)
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    """Each network in turn, brought up and ended."""
    brought: Harness = request.param()
    if brought.rows:
        request.getfixturevalue("db")
    brought.start(tmp_path)
    try:
        yield brought
    finally:
        brought.stop()


@pytest.fixture
def session(harness: Harness) -> Iterator[Session]:
    """A session of the network under test."""
    opened = harness.session()
    try:
        yield opened
    finally:
        opened.close()
