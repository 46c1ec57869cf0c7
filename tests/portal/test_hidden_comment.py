"""The page of a hidden comment: the ground in plain words, an objection, the decision; and what a public address must not show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings

from callbox.governance.moderation.grounds import grounds
from callbox.people.roles import Role
from callbox.portal.appeal.words import PLAIN
from callbox.trust.models import Hiding
from callbox.trust.services import appeals, moderation
from tests.people import Cast, person
from tests.trust.moderation import things

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


def _page(cast: Cast, ground: str, text: str = things.WORDS) -> tuple[Hiding, str]:
    item = things.comment(things.account(cast.agency, cast.bob), text)
    row = moderation.hide(item=item, ground=ground, why="inside reason", by=cast.bob)
    address = appeals.address_by_hand(hiding=row, by=cast.bob)
    return row, "/p/harbour/appeal/" + address.rsplit("/appeal/", 1)[1]


def test_every_ground_has_plain_words() -> None:
    assert set(PLAIN) == set(grounds())


def test_an_objection_is_sent_decided_and_read_on_one_page(cast: Cast) -> None:
    row, place = _page(cast, "illegal-commerce", "Cheap pills here")
    page = Client().get(place).content.decode()
    assert "Cheap pills here" in page
    assert "An offer that is against the law" in page
    assert "within 5 working days" in page
    assert "inside reason" not in page
    assert "Bob" not in page
    after = Client().post(place, {"text": "It was a joke."}, follow=True).content.decode()
    assert "It was a joke." in after
    assert "Somebody who did not hide it decides by" in after
    row.refresh_from_db()
    appeals.decide(
        hiding=row, uphold=True, why="You offered it for money.", by=person("Paula", cast.agency, Role.APPROVER)
    )
    decided = Client().get(place).content.decode()
    assert "You offered it for money." in decided
    assert "<form" not in decided
    assert "Su comentario oculto" in Client().get(f"/es{place}").content.decode()


def test_what_must_not_be_spread_is_not_shown_again_under_a_public_address(cast: Cast) -> None:
    row, place = _page(cast, "private-data")
    Client().post(place, {"text": "14 Mill Lane is my own home"})
    page = Client().get(place).content.decode()
    assert "Mill Lane" not in page
    assert "others may have the address" in page
    assert Hiding.objects.get(pk=row.pk).state == "appealed"


def test_words_of_danger_in_an_objection_show_the_number_first(cast: Cast) -> None:
    row, place = _page(cast, "malware")
    page = Client().post(place, {"text": "I will kill myself: suicide"}).content.decode()
    assert "Nothing has been sent yet" in page
    assert Hiding.objects.get(pk=row.pk).state == "hidden"
    Client().post(place, {"text": "I will kill myself: suicide", "anyway": "1"})
    assert Hiding.objects.get(pk=row.pk).state == "appealed"


def test_nothing_written_is_an_error_with_its_place_and_a_wrong_address_is_none(cast: Cast) -> None:
    _row, place = _page(cast, "malware")
    assert "field-error" in Client().post(place, {"text": " "}).content.decode()
    assert Client().get("/p/harbour/appeal/nothing/").status_code == 404
    assert Client().get(place.replace("harbour", "valley")).status_code == 404
