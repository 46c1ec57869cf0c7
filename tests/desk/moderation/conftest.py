"""A comment that could be hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from callbox.networks.items.models import Item
from tests.people import Cast
from tests.trust.moderation import things


@pytest.fixture(autouse=True)
def _data(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def item(cast: Cast) -> Item:
    return things.comment(things.account(cast.agency, cast.bob))
