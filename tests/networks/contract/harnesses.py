"""Every network the contract test looks at, one line each. How to add one stands in `harness.py`."""

from __future__ import annotations

import pytest

from tests.networks.paper.harness import PaperHarness

HARNESSES = [
    pytest.param(PaperHarness, id="paper"),
]
