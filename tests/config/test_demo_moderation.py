"""Riverton's two hidden comments and three callers, made by the verbs of its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from callbox.config.demo import moderation
from callbox.config.demo.messages import TRAFFIC
from callbox.networks.connections.services import connect
from callbox.operations.models import Case
from callbox.people.roles import Role
from callbox.trust.models import Hiding
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


def test_one_stays_hidden_one_came_back_and_one_caller_waits(cast: Cast) -> None:
    roles = (Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER)
    people = {role: person(role.value, cast.agency, role) for role in roles}
    connect(
        agency=cast.agency,
        kind="paper",
        details={"handle": TRAFFIC.partition(":")[2]},
        secrets={},
        by=people[Role.OFFICER],
    )
    moderation.build(cast.agency, people, now=timezone.now())
    found = {row.ground: (row.state, row.took_effect, row.told_at is not None) for row in Hiding.objects.all()}
    assert found == {"private-data": ("hidden", True, True), "illegal-commerce": ("restored", False, True)}
    assert Case.objects.of(cast.agency).owed().count() == 1
    assert Case.objects.filter(state="closed", told_at__isnull=False).count() == 1
