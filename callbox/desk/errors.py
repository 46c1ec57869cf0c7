"""Pages for what went wrong: what happened, what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the browser sent something unreadable."""
    return render(request, "errors/400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the role does not allow it, and who can change that."""
    return render(request, "errors/403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is nothing here; a page of another agency looks the same."""
    return render(request, "errors/404.html", status=404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that the form was too old or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer without touching database, session or template: any of them may be what is broken."""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Something broke · Callbox</title>'
        "<h1>Something broke</h1><p>It was written to the log. Nothing you saved before is lost.</p>"
        "<p>Go back and try once more. If it happens again, tell your administrator the time and the page.</p>"
        '<p><a href="/">Home</a></p></html>'
    )
    return HttpResponse(page, status=500)
