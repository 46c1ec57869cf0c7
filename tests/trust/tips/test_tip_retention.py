"""Tips go two years after their last letter; held ones and those that became part of a case stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from pyrage import x25519

from callbox.flows.retention import KEEPERS
from callbox.governance.models import Disposal
from callbox.governance.retention import purge, services
from callbox.trust.tips import intake
from callbox.trust.tips.models import Letter, Tip
from tests.people.cast import Cast
from tests.trust.tips import keys

pytestmark = pytest.mark.django_db

THEN = datetime(2024, 1, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def test_old_tips_go_and_held_and_promoted_ones_stay(cast: Cast) -> None:
    made = x25519.Identity.generate()
    keys.in_use(cast.agency, made.to_public(), by=cast.bob)
    with time_machine.travel(THEN):
        for _ in range(3):
            intake.receive(agency=cast.agency, text="old")
    gone, held, promoted = Tip.objects.all()
    Tip.objects.filter(pk=promoted.pk).update(promoted=True)
    with time_machine.travel(NOW):
        intake.receive(agency=cast.agency, text="new")
        services.place_hold(
            agency=cast.agency, subject=f"tip:{held.pk}", reason="A court asked for it", reference="12/24", by=cast.bob
        )
        purge.purge(KEEPERS, now=NOW)
    left = set(Tip.objects.values_list("pk", flat=True))
    assert gone.pk not in left
    assert {held.pk, promoted.pk} < left
    assert len(left) == 3
    assert Letter.objects.count() == 3
    certificate = Disposal.objects.get(class_id="tips")
    assert (certificate.count, certificate.held) == (1, 1)
