"""Two people do the same at the same moment: one wins, the other is told, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from callbox.governance.models import AuditEvent
from callbox.maturity.models import Assessment
from callbox.maturity.services import assessments, evidence, measuring, review
from callbox.people.models import User
from callbox.people.roles import Role
from tests.desk.assessments.conftest import posts
from tests.journeys.hands import Window, window
from tests.people import Cast, make_cast, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOLD = "Somebody changed this in the meantime, so nothing was done."


def _race(first: Window, second: Window, path: str, button: str, ready: Callable[[Window], None]) -> list[str]:
    """Both open the page, both press the button, the second before the first has an answer; return what each reads."""
    for each in (first, second):
        each.open(path)
        ready(each)
    for each in (first, second):
        each.page.get_by_role("button", name=button, exact=True).click(no_wait_after=True)
    for each in (first, second):
        each.page.wait_for_selector("#messages .note")
        each.look("raced")
    return [each.page.locator("#messages").inner_text() for each in (first, second)]


def _windows(stack: ExitStack, machine: Browser, server: LiveServer, *people: User) -> list[Window]:
    return [stack.enter_context(window(machine, server, who=each)) for each in people]


def test_two_reviewers_accept_the_same_evidence(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    row = evidence.propose(
        agency=cast.agency,
        claim=evidence.Claim("V1.1.owner", "V1", "Policy", timezone.localdate(), link="https://harbour.example/policy"),
        owner=cast.carol,
        by=cast.carol,
    )
    with ExitStack() as stack:
        rita = person("Rita", cast.agency, Role.REVIEWER)
        first, second = _windows(stack, machine, live_server, rita, cast.bob)
        said = _race(first, second, f"/a/harbour/evidence/{row.pk}/", "I looked at it: accept", lambda _window: None)
    assert sorted("The evidence counts from now on" in each for each in said) == [False, True]
    assert sorted(TOLD in each for each in said) == [False, True]
    row.refresh_from_db()
    assert row.state == "reviewed"
    assert AuditEvent.objects.filter(action="attestation.reviewed").count() == 1


def test_two_chiefs_freeze_the_same_assessment(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    deputy = person("Deputy", cast.agency, Role.CHIEF)
    assessment = _ready_to_freeze(cast)
    with ExitStack() as stack:
        first, second = _windows(stack, machine, live_server, cast.bob, deputy)
        path = f"/a/harbour/assessments/{assessment.pk}/review/"
        said = _race(first, second, path, "Freeze and sign", lambda each: each.page.check("input[name=sure]"))
    assert sorted("Frozen and signed." in each for each in said) == [False, True]
    assert sorted(TOLD in each for each in said) == [False, True]
    assessment.refresh_from_db()
    assert assessment.state == "frozen"
    assert AuditEvent.objects.filter(action="assessment.signed").count() == 1


def _ready_to_freeze(cast: Cast) -> Assessment:
    assessment = assessments.start_from_files(
        agency=cast.agency, title="Spring", files=[assessments.Incoming("harbour.csv", [posts()])], by=cast.alice
    )
    measuring.measure_waiting()
    assessment.refresh_from_db()
    review.submit(assessment=assessment, by=cast.alice)
    levels = [practice.id for practice in review.to_confirm(assessment)]
    review.review_levels(assessment=assessment, confirmed=levels, questioned={}, by=cast.bob)
    return assessment
