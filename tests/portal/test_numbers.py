"""Telephone numbers keep their order in Arabic and are called with a tap."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from callbox.portal.numbers import Number, numbers, written
from tests.people import Cast


def test_numbers_are_dialled_one_by_one_and_read_in_their_order() -> None:
    assert numbers("112 / 911") == [Number("112", "112"), Number("911", "911")]
    assert written("112 / 911") == '<bdi dir="ltr"><a href="tel:112">112</a> / <a href="tel:911">911</a></bdi>'
    assert numbers("+1 (555) 010-0100") == [Number("+1 (555) 010-0100", "+15550100100")]


def test_what_no_telephone_dials_is_only_read() -> None:
    assert numbers("555 0100 ext. 4") == [Number("555 0100 ext. 4", "")]
    assert written("the <desk>") == '<bdi dir="ltr">the &lt;desk&gt;</bdi>'
    assert written("") == ""
    assert numbers(" / ") == []


@pytest.mark.django_db
@override_settings(EMERGENCY_NUMBER="112 / 911")
@pytest.mark.parametrize("language", ["", "/ar"])
def test_every_page_says_the_numbers_from_left_to_right(cast: Cast, language: str) -> None:
    cast.agency.phone = "+1 555 0100"
    cast.agency.save()
    for path in ("/p/harbour/", "/p/harbour/ask/", "/p/nowhere/"):
        page = Client().get(f"{language}{path}").content.decode()
        assert '<bdi dir="ltr"><a href="tel:112">112</a> / <a href="tel:911">911</a></bdi>' in page
        assert ('<bdi dir="ltr"><a href="tel:+15550100">+1 555 0100</a></bdi>' in page) == ("harbour" in path)
    page = Client().post(f"{language}/p/harbour/ask/", {"text": "He has a gun"}).content.decode()
    assert '<a class="btn btn-danger" href="tel:112">' in page
    assert '<a class="btn btn-danger" href="tel:911">' in page
