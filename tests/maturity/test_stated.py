"""What people state about the record reaches its figures: codes of a sample, adopted languages."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from callbox.maturity.assess import assess
from callbox.maturity.models import Assessment, CodingSample
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.services import assessments, coding, measuring, review
from callbox.people.models import User
from tests.people import Cast, signed_in

pytestmark = pytest.mark.django_db

#: Every third post gives advice.
ADVICE = "Lock your bicycle"


def table(days: int = 100, extra: str = "") -> bytes:
    begin = timezone.now() - timedelta(days=days)
    lines = ["id,time,text,account,force,reply_to_user"]
    for number in range(days * 2):
        text = f"{ADVICE} on day {number}" if number % 3 == 0 else f"Road closed on day {number}"
        lines.append(f"{number},{begin + timedelta(hours=12 * number):%Y-%m-%dT%H:%M:%SZ},{text},harbour,Harbour,")
    return ("\n".join(lines) + "\n" + extra).encode()


def measured(cast: Cast, content: bytes | None = None, title: str = "Spring") -> Assessment:
    found = assessments.start_from_files(
        agency=cast.agency,
        title=title,
        files=[assessments.Incoming("harbour.csv", [content or table()])],
        by=cast.alice,
    )
    measuring.measure_waiting()
    return fresh(found)


def fresh(assessment: Assessment) -> Assessment:
    found = Assessment.objects.get(pk=assessment.pk)
    assert found.profile is not None, found.why
    return found


def coded(sample: CodingSample, by: User, *, wrong: float = 0, seed: int = 1) -> None:
    """Label every post of a sample by what its text says, a share of them wrongly."""
    chance = random.Random(seed)
    for post in sample.posts.all():
        advice = post.text.startswith(ADVICE) is not (chance.random() < wrong)
        coding.code(post=post, kind="inform", prevention=advice, services=False, by=by)


def useful(assessment: Assessment) -> object:
    profile = fresh(assessment).profile
    assert profile is not None
    figure = profile.measures["useful_share"]
    return figure.reason.code if figure.reason else round(figure.value or 0, 2)


def test_the_share_of_useful_posts_shows_once_both_coders_are_done(cast: Cast) -> None:
    assessment = measured(cast)
    sample = coding.draw(assessment=assessment, by=cast.alice, size=60, seed=7)
    assert sample.drawn_from == 181  # of the 90 days that the measure reads, both ends included
    coded(sample, cast.alice)
    assert useful(assessment) == "no_coded_sample"
    coded(sample, cast.bob)
    advice = sum(post.text.startswith(ADVICE) for post in sample.posts.all())
    assert useful(assessment) == round(advice / 60, 2)


def test_coders_who_agree_too_little_are_told_and_another_sample_helps(cast: Cast) -> None:
    assessment = measured(cast)
    first = coding.draw(assessment=assessment, by=cast.alice, size=60, seed=7)
    coded(first, cast.alice)
    coded(first, cast.bob, wrong=0.5)
    assert useful(assessment) == "kappa_too_low"
    second = coding.draw(assessment=assessment, by=cast.alice, size=60, seed=8)
    coded(second, cast.bob)
    coded(second, cast.carol)
    assert isinstance(useful(assessment), float)


def test_a_frozen_assessment_keeps_its_figures_and_a_new_one_carries_the_codes(cast: Cast) -> None:
    old = measured(cast)
    sample = coding.draw(assessment=old, by=cast.alice, size=60, seed=7)
    coded(sample, cast.alice)
    review.submit(assessment=old, by=cast.alice)
    review.review_levels(
        assessment=old, confirmed=[row.id for row in review.to_confirm(old)], questioned={}, by=cast.carol
    )
    review.freeze(assessment=old, by=cast.bob)
    coded(sample, cast.bob)
    assert useful(old) == "no_coded_sample"
    assert isinstance(useful(measured(cast, title="Again")), float)


def test_an_assessment_measured_anew_can_be_frozen_and_proven(cast: Cast) -> None:
    assessment = measured(cast)
    sample = coding.draw(assessment=assessment, by=cast.alice, size=60, seed=7)
    coded(sample, cast.alice)
    coded(sample, cast.bob)
    assessment = fresh(assessment)
    review.submit(assessment=assessment, by=cast.alice)
    levels = [row.id for row in review.to_confirm(assessment)]
    review.review_levels(assessment=assessment, confirmed=levels, questioned={}, by=cast.carol)
    review.freeze(assessment=assessment, by=cast.bob)  # writes a pack, which recomputes every score
    assert fresh(assessment).state == "frozen"


def test_posts_of_another_agency_in_the_same_file_are_never_drawn(cast: Cast) -> None:
    content = table(
        extra="".join(f"v{n},{timezone.now():%Y-%m-%dT%H:%M:%SZ},Elsewhere,valley,Valley,\n" for n in range(40))
    )
    assessment = measured_of(cast, content)
    sample = coding.draw(assessment=assessment, by=cast.alice, size=100, seed=7)
    assert {post.account for post in sample.posts.all()} == {"table:harbour"}


def measured_of(cast: Cast, content: bytes) -> Assessment:
    found = assessments.start_from_files(
        agency=cast.agency, title="Both", files=[assessments.Incoming("both.csv", [content])], by=cast.alice
    )
    measuring.measure_waiting()
    found.refresh_from_db()
    assessments.choose_agency(assessment=found, name="Harbour", by=cast.alice)
    measuring.measure_waiting()
    return fresh(found)


def test_adopted_languages_reach_the_figure_of_urgent_messages(cast: Cast) -> None:
    assert reach(measured(cast)) == "no_urgent"
    cast.agency.languages = []
    cast.agency.save()
    assert reach(measured(cast)) == "no_adopted_languages"


def reach(assessment: Assessment) -> str:
    assert assessment.profile is not None
    reason = assessment.profile.measures["urgent_language_reach"].reason
    assert reason is not None
    return reason.code


def test_languages_and_size_chosen_in_the_settings_reach_the_open_assessment(cast: Cast) -> None:
    cast.agency.languages = []
    cast.agency.save()
    assessment = measured(cast)
    page = {
        "name": cast.agency.name,
        "size": "25-99",
        "time_zone": "Europe/Oslo",
        "languages": ["en"],
        "accent": "#1f5f6b",
    }
    answer = signed_in(cast.erin).post(f"/a/{cast.agency.slug}/settings/", page)
    assert answer.status_code == 302
    assert reach(fresh(assessment)) == "no_urgent"
    assert (fresh(assessment).standing_json or {})["band"] == "25-99"


def test_languages_of_the_standing_file_reach_a_record_without_a_database(tmp_path: Path) -> None:
    path = tmp_path / "harbour.csv"
    path.write_bytes(table())
    _record, (found,) = assess(
        [path], now=timezone.now(), workdir=tmp_path, standing=Standing(languages=("es", "en-GB", "en")), labels=False
    )
    assert found.ledger.table("languages").collect()["language"].to_list() == ["en", "es"]
    reason = found.profile.measures["urgent_language_reach"].reason
    assert reason is not None
    assert reason.code == "no_urgent"
