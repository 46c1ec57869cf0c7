"""Input that no person types: answered in words, never with a broken page, on every engine."""

from __future__ import annotations

import pytest

from callbox.governance.models import Freeze
from callbox.people.roles import Role
from callbox.voice.services import campaigns
from tests.people.cast import Cast, person, signed_in
from tests.voice.test_campaigns import plan

pytestmark = pytest.mark.django_db

HUGE = "9" * 5000


@pytest.mark.parametrize("path", ["freeze/press/", "guide/purpose/", "messages/1/withdraw/"])
def test_a_zero_byte_in_a_form_is_refused_and_nothing_is_kept(cast: Cast, path: str) -> None:
    officer = signed_in(person("Olu", cast.agency, Role.PRESS_OFFICER))
    answer = officer.post(f"/a/harbour/{path}", {"why": "Wait\0"})
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()
    assert not Freeze.objects.exists()


@pytest.mark.parametrize(
    "path", ["inbox/?words=%00", "messages/?account=%00&page=%00&state=%00", "messages/images/%00", "tips/?show=%00"]
)
def test_a_zero_byte_in_an_address_breaks_nothing(cast: Cast, path: str) -> None:
    for role in (Role.PRESS_OFFICER, Role.ANALYST):
        answer = signed_in(person(f"A{role}", cast.agency, role)).get(f"/a/harbour/{path}")
        assert answer.status_code in {200, 403, 404}


def test_numbers_beyond_every_measure_are_no_numbers(cast: Cast) -> None:
    officer = signed_in(person("Olu", cast.agency, Role.PRESS_OFFICER))
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    typed = {"text": "Road closed", "language": "en", "seen": "0"}
    for number in (HUGE, "9" * 19, "\N{ARABIC-INDIC DIGIT THREE}"):
        assert officer.post("/a/harbour/messages/preview/", {**typed, "corrects": number}).status_code in {200, 404}
        assert officer.get(f"/a/harbour/messages/?page={number}").status_code == 200
        assert officer.post(f"/a/harbour/campaigns/{campaign.pk}/messages/", {"message": number}).status_code == 404
