"""Keeps what knows people on the staff plane, when one process serves all: each of these passes a public request and a machine's by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from callbox.portal.plane import is_public

type Next = Callable[[HttpRequest], HttpResponseBase]


def _of_people(path: str) -> bool:
    return not (is_public(path) or path.startswith("/api/"))


class OnDesk:
    """A middleware that a public request and a signed call of a machine never meet."""

    path: ClassVar[str]

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.inner: Any = import_string(self.path)(get_response)
        if hasattr(self.inner, "process_view"):
            self.process_view = self._view  # Django looks for it on the instance

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        answer: HttpResponseBase = (self.inner if _of_people(request.path_info) else self.get_response)(request)
        return answer

    def _view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not _of_people(request.path_info):
            return None
        answer: HttpResponseBase | None = self.inner.process_view(request, view, args, kwargs)
        return answer


class Sessions(OnDesk):
    """Who is here, from a cookie."""

    path = "django.contrib.sessions.middleware.SessionMiddleware"


class Languages(OnDesk):
    """The reader's language, where the desk speaks it; the portal's stands in its addresses."""

    path = "callbox.desk.language.Language"


class Tokens(OnDesk):
    """Forms carry a token that belongs to a cookie."""

    path = "django.middleware.csrf.CsrfViewMiddleware"


class People(OnDesk):
    """The signed-in person."""

    path = "django.contrib.auth.middleware.AuthenticationMiddleware"


class Messages(OnDesk):
    """What is told once on the next page."""

    path = "django.contrib.messages.middleware.MessageMiddleware"


class Origins(OnDesk):
    """Where somebody works from, for the trail."""

    path = "callbox.desk.signin.middleware.Origin"


class IdleLock(OnDesk):
    """The lock after half an hour."""

    path = "callbox.desk.signin.middleware.IdleLock"


class SecondFactor(OnDesk):
    """Nothing opens without one."""

    path = "callbox.desk.signin.middleware.SecondFactor"


class PrivatePages(OnDesk):
    """Nothing of a signed-in person in caches."""

    path = "callbox.desk.signin.middleware.PrivatePages"
