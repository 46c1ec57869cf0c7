"""An agency that exists for a drill alone has no partners, and is nobody's: nothing of a drill leaves it."""

from __future__ import annotations

import pytest

from callbox.collaboration.models import Partner
from callbox.collaboration.services import partners
from callbox.core.refusal import RefusedError
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("drilled", ["own", "other"])
def test_an_agency_of_a_drill_makes_no_partner(cast: Cast, drilled: str) -> None:
    row = cast.agency if drilled == "own" else cast.other
    row.exercise = True
    row.save()
    with pytest.raises(RefusedError, match="for a drill alone"):
        partners.add(agency=cast.agency, by=cast.bob, local=cast.other, name="Valley Sheriff", sector="police")
    assert not Partner.objects.exists()
