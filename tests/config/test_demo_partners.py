"""Riverton's partners, and Millbrook with its copy that has not followed the correction, made by the verbs of their people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from callbox.collaboration.models import Arrival, Offer, Partner
from callbox.collaboration.services import overview
from callbox.config.demo import partners
from callbox.config.demo.messages import FORCE
from callbox.networks.connections.services import connect
from callbox.people.models import Agency
from callbox.people.roles import Role
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path, MEDIA_ROOT=tmp_path / "uploads"):
        yield


def test_millbrook_has_adapted_one_message_and_one_correction_is_outstanding(cast: Cast) -> None:
    roles = (Role.PRESS_OFFICER, Role.APPROVER, Role.CHIEF, Role.COMMANDER)
    people = {role: person(role.value, cast.agency, role) for role in roles}
    writer = people[Role.PRESS_OFFICER]
    connect(agency=cast.agency, kind="paper", details={"handle": FORCE.partition(":")[2]}, secrets={}, by=writer)
    connect(agency=cast.agency, kind="newsroom", details={}, secrets={}, by=writer)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(partners, "NEWSROOM", f"newsroom:{cast.agency.slug}")
        partners.build(cast.agency, people, now=timezone.now())
    town = Agency.objects.get(slug="millbrook")
    assert [row.state for row in Offer.objects.of(cast.agency).order_by("version")] == ["published", "offered"]
    assert [row.state for row in Arrival.objects.of(town).order_by("version")] == ["behind", "new"]
    [share] = overview.some(cast.agency, overview.names(cast.agency))
    assert (share.behind, share.stopped) == (1, 0)
    assert share.lines[0].shows == 1
    assert Partner.objects.of(cast.agency).count() == len(partners.KNOWN) + 1
