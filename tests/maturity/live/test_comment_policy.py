"""How the comment policy reads (T1): the document that counts as evidence is looked through; a doubtful word never fails by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.maturity.models import Assessment, Attestation
from callbox.maturity.services import assessments, evidence, measuring
from tests.people import Cast

pytestmark = pytest.mark.django_db

PLAIN = b"We hide true threats, obscenity and private addresses. Whoever we hide is told, and may object."
SIDED = b"We remove negative comments at our sole discretion."


def attested(cast: Cast, condition: str, *, name: str = "", content: bytes = b"") -> Attestation:
    row = evidence.propose(
        agency=cast.agency,
        claim=evidence.Claim(
            condition=condition,
            practice="T1",
            title="Comment policy",
            begins=timezone.now().date() - timedelta(days=1),
            link="" if name else "https://harbour.example/comments",
        ),
        owner=cast.carol,
        by=cast.carol,
        document=(name, [content]) if name else None,
    )
    evidence.review(attestation=row, by=cast.alice)
    return Attestation.objects.get(pk=row.pk)


@pytest.fixture
def measured(cast: Cast) -> Assessment:
    found = assessments.start_from_own_record(agency=cast.agency, title="Our record", by=cast.alice)
    measuring.measure_waiting()
    return found


def told(assessment: Assessment) -> tuple[str, float | None]:
    profile = Assessment.objects.get(pk=assessment.pk).profile
    assert profile is not None
    figure = profile.measures["viewpoint_terms"]
    return figure.reason.code if figure.reason else "", figure.value


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("policy.txt", PLAIN, ("", 0)),
        ("Policy.MD", PLAIN, ("", 0)),
        ("policy.txt", SIDED, ("policy_doubtful", None)),
        ("policy.pdf", PLAIN, ("policy_unread", None)),
        ("policy.txt", b"\xff\xfe\x00", ("policy_unread", None)),
        ("", b"", ("policy_unread", None)),
    ],
)
def test_the_policy_is_read_as_soon_as_a_second_person_has_reviewed_it(
    cast: Cast, measured: Assessment, name: str, content: bytes, expected: tuple[str, float | None]
) -> None:
    assert told(measured) == ("no_policy", None)
    attested(cast, "T1.1.policy", name=name, content=content)
    assert told(measured) == expected


def test_a_policy_that_is_taken_back_is_read_no_more(cast: Cast, measured: Assessment) -> None:
    row = attested(cast, "T1.1.policy", name="policy.txt", content=PLAIN)
    evidence.withdraw(attestation=row, by=cast.carol)
    assert told(measured) == ("no_policy", None)


def test_one_of_two_documents_that_cannot_be_read_leaves_it_open(cast: Cast, measured: Assessment) -> None:
    attested(cast, "T1.1.policy", name="policy.txt", content=PLAIN)
    attested(cast, "T1.1.policy")
    assert told(measured) == ("policy_unread", None)


def test_an_agency_that_hides_nothing_and_has_no_filters_can_reach_level_three(
    cast: Cast, measured: Assessment
) -> None:
    def shown() -> int | None:
        profile = Assessment.objects.get(pk=measured.pk).profile
        assert profile is not None
        return next(practice.shown for practice in profile.practices if practice.id == "T1")

    attested(cast, "T1.1.policy", name="policy.txt", content=PLAIN)
    assert shown() == 1
    attested(cast, "T1.2.logged.unless")
    assert shown() == 2
    attested(cast, "T1.3.counsel")
    attested(cast, "T1.3.filters.unless")
    assert shown() == 3
