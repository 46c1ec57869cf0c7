"""The desk is in one language at a time: English, or one that somebody translated all of it into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from callbox import portal
from callbox.desk.language import Language, spoken
from tests.people import Cast, signed_in

#: Any real catalogue.
CATALOGUE = Path(portal.__file__).parent / "locale" / "es" / "LC_MESSAGES" / "django.mo"


def _said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


def _request(accepts: str) -> HttpRequest:
    return RequestFactory().get("/account/", headers={"accept-language": accepts})


@pytest.mark.parametrize("accepts", ["ar", "es-MX,es;q=0.9", "de", ""])
def test_a_browser_in_another_language_gets_a_page_that_is_english_throughout(accepts: str) -> None:
    answer = Language(_said)(_request(accepts))
    assert answer["Content-Language"] == "en"
    assert getattr(answer, "content", b"") == b"en"


def test_a_language_is_spoken_once_its_catalogue_is_there(tmp_path: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    assert spoken() == ["en"]
    catalogue = tmp_path / "es" / "LC_MESSAGES" / "django.mo"
    catalogue.parent.mkdir(parents=True)
    shutil.copy(CATALOGUE, catalogue)
    assert spoken() == ["en", "es"]
    assert Language(_said)(_request("es-MX,es;q=0.9"))["Content-Language"] == "es"
    assert Language(_said)(_request("ar"))["Content-Language"] == "en"


@pytest.mark.django_db
def test_nobody_is_offered_a_language_the_desk_does_not_speak(cast: Cast) -> None:
    page = signed_in(cast.alice).get("/account/", headers={"accept-language": "ar"}).text
    assert '<html lang="en"' in page
    assert 'dir="rtl"' not in page
    assert 'name="language"' not in page
