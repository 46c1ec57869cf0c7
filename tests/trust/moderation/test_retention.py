"""Hidden comments and updates go in their time; what waits for a decision or is on hold stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.governance.retention import purge
from callbox.governance.retention.keeping import Keeper
from callbox.networks.items.models import Item
from callbox.operations.models import Case, Update
from callbox.operations.retention import CASE_UPDATES
from callbox.operations.services import cases
from callbox.trust.models import Hiding
from callbox.trust.moderation_retention import MODERATION
from callbox.trust.services import appeals, moderation
from tests.people import Cast

pytestmark = pytest.mark.django_db


def _later(keeper: Keeper) -> int:
    """Purge a day after the days of the class; return how many rows went."""
    days = keeper.of.days
    assert days is not None
    return purge.purge((keeper,), now=timezone.now() + timedelta(days=days + 1))


def test_updates_go_with_their_case(cast: Cast) -> None:
    case, _words = cases.register(
        agency=cast.agency, reference="26-1147", kind="theft", reported_at=timezone.now(), by=cast.bob
    )
    cases.write(case=case, text="We have your report.", by=cast.bob)
    assert purge.purge((CASE_UPDATES,), now=timezone.now()) == 0
    assert _later(CASE_UPDATES) == 1
    assert not Case.objects.exists()
    assert not Update.objects.exists()


def test_an_objection_nobody_decided_about_is_never_purged(cast: Cast, item: Item) -> None:
    row = moderation.hide(item=item, ground="private-data", why="Her home", by=cast.bob)
    secret = appeals.address_by_hand(hiding=row, by=cast.bob).rstrip("/").rsplit("/", 1)[1]
    appeals.object_to(agency=cast.agency, secret=secret, text="My own")
    assert _later(MODERATION) == 0
    row.refresh_from_db()
    moderation.restore(hiding=row, why="It is her own", by=cast.bob)
    assert _later(MODERATION) == 1
    assert not Hiding.objects.exists()
