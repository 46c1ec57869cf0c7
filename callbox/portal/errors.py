"""Public pages for what went wrong: what happened, what to do. They know no agency, so they need no database."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from callbox.portal.page import show

#: Fields of a form that are given back on a page; no form here has as many.
MOST_FIELDS: Final = 20


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the browser sent something unreadable."""
    return _say(request, 400, _("That could not be read"), _("Nothing was kept. Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the form came from another site."""
    text = _(
        "The form was sent from another website, so it was not taken and nothing was kept. Fill it in on this one."
    )
    return _say(request, 403, _("This form came from elsewhere"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is nothing here."""
    text = _("The address may be mistyped, or what stood here is gone. Start again from the first page.")
    return _say(request, 404, _("There is no such page"), text)


def too_large(request: HttpRequest) -> HttpResponse:
    """Say that more was sent than is taken."""
    text = _("What you sent is larger than we can take, so nothing was kept. Send less, or leave the file out.")
    return _say(request, 413, _("That was too much"), text)


def too_busy(request: HttpRequest) -> HttpResponse:
    """Say truly that nothing was taken, and give back what was typed, so that a second press of a button sends it."""
    answer = show(request, "portal/busy.html", {"typed": _typed(request)}, status=503)
    answer.headers["Retry-After"] = "60"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django writes a line for each 503; the gate writes one a minute
    return answer


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        fields = list(request.POST.lists())[:MOST_FIELDS]
    except (SuspiciousOperation, MultiPartParserError, BadRequest):  # no form; told to wait like every other
        return []
    return [(name, value) for name, values in fields for value in values]


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer without a template or a database: any of them may be what is broken."""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Something broke</title>'
        "<h1>Something broke</h1><p>If you sent a form, take it that nothing was kept. Try again in a few minutes, or call.</p>"
        f"<p>In an emergency call {settings.EMERGENCY_NUMBER}.</p></html>"
    )
    return HttpResponse(page, status=500)


def _say(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return show(request, "portal/error.html", {"heading": title, "text": text}, status=status)
