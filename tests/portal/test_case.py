"""A caller looks up how a report stands; whoever has not both number and words learns nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from callbox.operations.kinds import kinds
from callbox.operations.services import cases
from callbox.portal.case.words import KINDS
from tests.people import Cast

pytestmark = pytest.mark.django_db
PLACE = "/p/harbour/report/"


def test_every_kind_has_its_name() -> None:
    assert set(KINDS) == set(kinds())


def test_a_caller_reads_what_was_written(cast: Cast) -> None:
    at = timezone.now() - timedelta(minutes=25)
    case, given = cases.register(agency=cast.agency, reference="26-1147", kind="burglary", reported_at=at, by=cast.bob)
    asked = {"reference": "26-1147", "words": given}
    assert "Nobody has written anything here yet" in Client().post(PLACE, asked).content.decode()
    cases.write(case=case, text="An officer is on the way. It takes longer than usual, about 40 minutes.", by=cast.bob)
    page = Client().post(PLACE, asked).content.decode()
    assert "about 40 minutes" in page
    assert "Bob" not in page
    assert "no-store" in Client().post(PLACE, asked)["Cache-Control"]


def test_wrong_closed_taken_off_and_unknown_get_the_same_page(cast: Cast) -> None:
    now, pages = timezone.now(), set()
    given: dict[str, str] = {}
    for number in ("open", "closed", "off"):
        case, given[number] = cases.register(
            agency=cast.agency, reference=number, kind="theft", reported_at=now, by=cast.bob
        )
        if number == "closed":
            cases.close(case=case, by=cast.bob)
        if number == "off":
            cases.take_off(case=case, kind="domestic-violence", by=cast.bob)
    asked = [
        ("open", "four wrong words here"),
        ("closed", given["closed"]),
        ("off", given["off"]),
        ("unknown", given["open"]),
    ]
    for number, words in asked:
        answer = Client().post(PLACE, {"reference": number, "words": words})
        page = answer.content.decode()
        assert f'value="{number}"' in page  # what was typed stands there to be corrected
        assert f'value="{words}"' in page
        page = page.replace(f'value="{number}"', "").replace(f'value="{words}"', "")
        pages.add((answer.status_code, re.sub(r"\s+", " ", page)))
    assert len(pages) == 1
    assert "Number and words open nothing" in pages.pop()[1]
