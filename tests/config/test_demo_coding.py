"""Two people of the invented force label its posts by the verbs of the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from callbox.config.demo import archives
from callbox.config.demo import record as invented
from callbox.config.demo.coding import double_code
from callbox.maturity.models import Assessment
from callbox.maturity.services import assessments, coding, measuring
from tests.people import Cast


@pytest.mark.slow
@pytest.mark.django_db
def test_the_coders_agree_enough_and_not_everywhere(cast: Cast, tmp_path: Path) -> None:
    record = invented.make(until=timezone.now())
    files = [assessments.Incoming(path.name, [path.read_bytes()]) for path in archives.write(tmp_path, record)]
    found = assessments.start_from_files(agency=cast.agency, title="Today", files=files, by=cast.alice)
    measuring.measure_waiting()
    found = Assessment.objects.get(pk=found.pk)
    assert found.state == "measured", found.why
    double_code(found, record, cast.alice, cast.bob)
    agreement = coding.agreement(found.coding_samples.get())
    assert agreement is not None
    assert 0.7 <= agreement.kappas["useful"] < 1
    assert len(agreement.apart) == 4
    profile = Assessment.objects.get(pk=found.pk).profile
    assert profile is not None
    assert profile.measures["useful_share"].n == 60
