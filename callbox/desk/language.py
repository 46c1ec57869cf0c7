"""The language of the desk: English, or one that its words are translated into. The portal's languages stand in its addresses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

type Next = Callable[[HttpRequest], HttpResponseBase]


def spoken() -> list[str]:
    """Return the languages that have a catalogue of the desk's words, English first.

    A page in a language without one would be half English, half Django, and written from the wrong side.
    """
    others = (code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    return [settings.LANGUAGE_CODE, *(code for code in others if _translated(code))]


def _translated(code: str) -> bool:
    catalogue = Path(translation.to_locale(code), "LC_MESSAGES", "django.mo")
    return any(Path(place, catalogue).exists() for place in settings.LOCALE_PATHS)


class Language:
    """Shows a page in the reader's language, from cookie or browser, where the desk speaks it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.spoken = spoken()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        wanted = translation.get_language_from_request(request) if self.spoken[1:] else settings.LANGUAGE_CODE
        with translation.override(wanted if wanted in self.spoken else settings.LANGUAGE_CODE):
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return answer
