"""An agency with a scored record, made without reading any file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from callbox.maturity.models import Assessment
from callbox.maturity.scoring.evidence import Band, Standing
from callbox.maturity.scoring.score import regraded
from callbox.maturity.services.scores import fill
from tests.maturity.figures import V1, judged, scored
from tests.people import Cast

type Make = Callable[..., Assessment]


@pytest.fixture(autouse=True)
def own_keys(settings: object, tmp_path: object) -> None:
    """Keep the keys of a test in its own folder."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def make(cast: Cast) -> Make:
    """Return what makes an assessment of Harbour: every practice at level 1, or as named; `days` before today."""

    def made(days: int = 0, *, stated: bool = True, **levels: int | tuple[int, int] | None) -> Assessment:
        moment: datetime = timezone.now() - timedelta(days=days)
        plain = {practice.id: 1 for practice in V1.practices} | levels
        base = replace(
            scored(standing=Standing(band=Band.FROM_100 if stated else None)),
            as_of=moment,
            agency="Harbour City Police",
        )
        assessment = Assessment(
            agency=cast.agency,
            title=f"Record of {days} days ago",
            source=Assessment.Source.UPLOAD,
            state="measured",
            created_by=cast.alice,
            created_at=moment,
        )
        fill(assessment, regraded(V1, base, judged(plain)), Standing())
        assessment.save()
        return assessment

    return made


@pytest.fixture
def assessment(make: Make) -> Assessment:
    """Harbour's newest assessment."""
    return make()
