"""The door of the public plane: forgets who asks, knows the language of the address, refuses forms from elsewhere, bounds a flood."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_urlconf
from django.utils import translation

from callbox.portal import errors, load, plane

type Next = Callable[[HttpRequest], HttpResponseBase]

#: Of the portal's own site, or typed into the browser (Fetch Metadata Request Headers, W3C).
OWN_SITE = frozenset({"same-origin", "none"})


class PublicPlane:
    """Answers a public request apart from everything that knows people: no session, no cookie, no sign-in."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.gate = load.gate_for(settings.THREADS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; one of the desk passes untouched."""
        if not plane.is_public(request.path_info):
            return self.get_response(request)
        plane.forget(request.META)
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        request.urlconf = plane.URLCONF
        with plane.serving(), translation.override(language):
            set_urlconf(plane.URLCONF)
            request.LANGUAGE_CODE = language
            return _quiet(self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if _length(request) > settings.PORTAL_BODY_BYTES:
            return errors.too_large(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not from_own_site(request):
            return errors.forbidden(request)
        if request.method != "POST":
            return self.get_response(request)
        with self.gate.passing(request.path_info) as free:
            return self.get_response(request) if free else errors.too_busy(request)


def from_own_site(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this portal, as far as the browser says.

    A cross-site request forgery borrows a signed-in person's rights. Nobody is signed in here, so there are none to borrow, and a
    cookie to carry a token would be the only thing that tells visitors apart. What is left is a page elsewhere that makes its readers
    send forms; browsers say so in Sec-Fetch-Site, older ones in Origin. Under `Referrer-Policy: no-referrer` an own form comes with
    `Origin: null`, so only an origin that names another place is refused. A browser that says nothing is let in.
    """
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in OWN_SITE
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.get_host()


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _quiet(response: HttpResponseBase) -> HttpResponseBase:
    """Set what every public answer carries; a page that did not say it may be kept is not kept."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    response.headers.setdefault("Cache-Control", "no-store")
    response.cookies.clear()
    return response
