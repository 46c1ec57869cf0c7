"""The gateway of Harbour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from callbox.operations.gateways import webhook
from callbox.people.roles import Role
from tests.operations.escalations.desk import Desk
from tests.people import Cast, person
from tests.servers.dispatch import dispatch


@pytest.fixture
def desk(cast: Cast, settings: Settings) -> Iterator[Desk]:
    """Harbour with a gateway; its commander set it up."""
    with dispatch(webhook.new_secret()) as centre:
        settings.PRIVATE_HOSTS = [centre.place]
        yield Desk.open(cast.agency, person("Carla", cast.agency, Role.COMMANDER), centre)
