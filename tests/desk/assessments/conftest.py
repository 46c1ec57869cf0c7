"""An agency with a measured record, made once a test."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.maturity.models import Assessment
from callbox.maturity.services import assessments, measuring
from tests.people import Cast


def posts(days: int = 100) -> bytes:
    """A table with two posts a day, one of them a reply to somebody else."""
    begin = timezone.now() - timedelta(days=days)
    lines = ["id,time,text,reply_to_user,account"]
    for day in range(days):
        for number, reply in enumerate(("", "ola")):
            moment = begin + timedelta(days=day, hours=number)
            lines.append(f"{day}-{number},{moment:%Y-%m-%dT%H:%M:%SZ},Day {day}: lock your bicycle,{reply},harbour")
    return "\n".join(lines).encode()


@pytest.fixture
def measured(cast: Cast) -> Assessment:
    """Harbour's record, measured."""
    assessment = assessments.start_from_files(
        agency=cast.agency, title="Spring", files=[assessments.Incoming("harbour.csv", [posts()])], by=cast.alice
    )
    measuring.measure_waiting()
    assessment.refresh_from_db()
    assert assessment.state == "measured", assessment.why
    return assessment
