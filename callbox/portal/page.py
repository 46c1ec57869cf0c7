"""How a public page is made: found agency, template, headers that say who may keep it and for how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language_info

from callbox.people.models import Agency
from callbox.portal.navigation import places
from callbox.portal.numbers import numbers, written
from callbox.portal.plane import is_copying

#: A page for everybody: a cache in front asks anew every second, and shows the last one for a day while we are down (RFC 5861).
PUBLIC: Final = "public, max-age=1, stale-while-revalidate=30, stale-if-error=86400"
#: A page that shows or takes what one person wrote.
PERSONAL: Final = "no-store"


class PublicRequest(HttpRequest):
    """A request that came through `portal_page`."""

    agency: Agency


type _View[**P] = Callable[Concatenate[PublicRequest, Agency, P], HttpResponseBase]


def portal_page[**P](*methods: str, personal: bool = False) -> Callable[[_View[P]], Callable[..., HttpResponseBase]]:
    """Let a view answer under /p/<agency>/, called as `view(request, agency, ...)`.

    methods: what it answers besides GET and HEAD.  personal: no cache ever keeps it; an answer to POST, or another than 200, never is
    kept anyway.
    """
    allowed = ("GET", "HEAD", *methods)

    def decorate(view: _View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: PublicRequest, *args: Any, agency: str, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            request.agency = get_object_or_404(Agency, slug=agency, exercise=False)
            with timezone.override(
                ZoneInfo(request.agency.time_zone)
            ):  # an hour on a page is the hour on the reader's wall
                response = view(request, request.agency, *args, **kwargs)
            keep = not personal and request.method in {"GET", "HEAD"} and response.status_code in {200, 304}
            response.headers.setdefault("Cache-Control", PUBLIC if keep else PERSONAL)
            return _unchanged(request, response) if keep else response

        return guarded

    return decorate


def _unchanged(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return 304 when the reader has this page already, byte for byte."""
    if not isinstance(response, HttpResponse):
        return response
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of the portal with what all of them know: agency, numbers to call, navigation, languages."""
    agency: Agency | None = getattr(request, "agency", None)
    emergency = (agency.emergency if agency else "") or settings.EMERGENCY_NUMBER
    known: dict[str, Any] = {
        "request": request,
        "agency": agency,
        "emergency": written(emergency),
        "calls": numbers(emergency),
        "phone": written(agency.phone if agency else ""),
        "places": places(agency, request.path) if agency else [],
        "languages": _languages(request),
        "demo": settings.DEMO,
        "static_copy": is_copying(),
        "portal_home": reverse("portal_home"),
    }
    return HttpResponse(render_to_string(template, {**known, **(context or {})}, using="portal"), status=status)


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every language with the address of this same page in it; a page without a name offers the first page instead."""
    match = request.resolver_match
    name, kwargs = (match.view_name, match.kwargs) if match is not None else ("portal_home", {})
    current, found = translation.get_language(), []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            try:
                url = reverse(name, kwargs=kwargs)
            except NoReverseMatch:
                url = reverse("portal_home")
        info = get_language_info(code)
        found.append(
            {"code": code, "name": info["name_local"], "url": url, "current": code == current, "rtl": info["bidi"]}
        )
    return found
