"""When a document supports a condition: its own period, its reviewer, its end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from callbox.maturity.scoring.attested import last_day, support
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Outcome
from tests.maturity.figures import AS_OF, document, figure, figures, scored
from tests.maturity.test_scoring_practices import condition


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"link": None, "sha256": "ab" * 32}, None),
        ({"ends": date(2026, 6, 30)}, None),  # its last day is AS_OF
        ({"reviewed_on": date(2025, 6, 30), "begins": date(2025, 1, 1)}, None),  # 12 months to the day
        ({"reviewed_on": date(2025, 6, 29), "begins": date(2025, 1, 1)}, "attestation_expired"),
        ({"ends": date(2026, 6, 29)}, "attestation_expired"),
        ({"begins": date(2026, 7, 1)}, "attestation_ahead"),
        ({"reviewer": None}, "attestation_unreviewed"),
        ({"reviewed_on": date(2026, 7, 1)}, None),  # looked at after the moment of the record, as every record is
        ({"reviewer": " alice "}, "attestation_own_review"),
        ({"link": None}, "attestation_empty"),
    ],
)
def test_a_document_counts_or_says_why_not(changes: dict[str, Any], why: str | None) -> None:
    found = support([document("V1.1.owner", **changes)], AS_OF.date())
    assert (found.reason.code if found.reason else None) == why
    outcome = condition(
        scored(standing=Standing(attestations=(document("V1.1.owner", **changes),))), "V1.1.owner"
    ).outcome
    assert outcome is (Outcome.MET if why is None else Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("reviewed", "ends", "expected"),
    [
        (date(2026, 2, 1), None, date(2027, 2, 1)),
        (date(2026, 2, 1), date(2026, 12, 31), date(2026, 12, 31)),
        (date(2026, 2, 1), date(2028, 1, 1), date(2027, 2, 1)),
        (date(2028, 2, 29), None, date(2029, 2, 28)),
        (date(2026, 12, 31), None, date(2027, 12, 31)),
    ],
)
def test_a_document_lasts_12_months_from_its_review_or_to_the_end_of_its_period(
    reviewed: date, ends: date | None, expected: date
) -> None:
    assert last_day(document("V1.1.owner", reviewed_on=reviewed, ends=ends)) == expected


def test_one_level_needs_all_its_documents() -> None:
    owner, purpose = document("V1.1.owner"), document("V1.1.purpose")
    assert scored(standing=Standing(attestations=(owner,))).practice("V1").shown == 0
    assert scored(standing=Standing(attestations=(owner, purpose))).practice("V1").shown == 1


def test_of_several_documents_the_one_nearest_to_counting_gives_the_reason() -> None:
    expired = document("V1.1.owner", ends=date(2026, 3, 1))
    waiting = document("V1.1.owner", reviewer=None)
    for order in ([expired, waiting], [waiting, expired]):
        reason = support(order, AS_OF.date()).reason
        assert reason is not None
        assert reason.code == "attestation_unreviewed"


@pytest.mark.parametrize(
    ("value", "levels"),
    # The portrayal gap in points: level 3 asks 12 or less, level 4: 5, level 5: 2 and a published note.
    [(12.1, (2, 2)), (12.0, (3, 3)), (5.0, (4, 4)), (2.0, (4, 5)), (None, (2, 5))],
)
def test_an_attested_figure_is_held_against_its_thresholds(value: float | None, levels: tuple[int, int]) -> None:
    documents = (document("T6.1.rule"), document("T6.2.audit"), document("T6.3.gap", value=value))
    profile = scored(figures(late_booking_photos=0.0), Standing(attestations=documents))
    assert (profile.practice("T6").shown, profile.practice("T6").at_most) == levels


def test_the_newest_figure_counts_whatever_the_order() -> None:
    old = document("T6.3.gap", begins=date(2025, 9, 1), value=2.0)
    new = document("T6.3.gap", begins=date(2026, 3, 1), value=20.0)
    for order in ((old, new), (new, old)):
        assert condition(scored(standing=Standing(attestations=order)), "T6.3.gap").outcome is Outcome.NOT_MET


# Statements that a condition does not apply


def test_no_law_on_booking_photos_takes_the_condition_away_whatever_the_record_shows() -> None:
    standing = Standing(attestations=(document("T6.3.photos.unless"),))
    found = condition(scored({"late_booking_photos": figure("late_booking_photos", 4, n=9)}, standing), "T6.3.photos")
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.reason is not None
    assert found.reason.sentence == "does not apply: No law on booking photos applies to the agency"


def test_no_video_takes_the_captions_away() -> None:
    # 98 % of images and no video: levels 1 to 4 hold; level 5 fails on nothing but waits for its test by residents.
    documents = (document("V5.3.videos.unless"), document("V5.4.videos.unless"))
    measures = figures(described_images=0.985, undescribed_media=0.0)
    found = scored(measures, Standing(attestations=documents)).practice("V5")
    assert (found.shown, found.at_most) == (4, 5)


def test_no_video_falls_as_soon_as_the_record_holds_one() -> None:
    standing = Standing(attestations=(document("V5.3.videos.unless"),))
    few = condition(scored({"captioned_videos": figure("captioned_videos", None, n=3)}, standing), "V5.3.videos")
    many = condition(scored({"captioned_videos": figure("captioned_videos", 0.1, n=40)}, standing), "V5.3.videos")
    assert (few.outcome, few.reason and few.reason.code) == (Outcome.UNKNOWN, "statement_contradicted")
    assert many.outcome is Outcome.NOT_MET


def test_a_statement_without_a_place_is_said_and_not_lost() -> None:
    profile = scored(standing=Standing(attestations=(document("V9.1.nothing"),), declared={"X1": 3, "V1": 2}))
    assert [reason.sentence for reason in profile.remarks if reason.code == "evidence_unplaced"] == [
        "these statements have no place in this version of the model: V9.1.nothing, X1"
    ]
    assert profile.practice("V1").declared == 2
