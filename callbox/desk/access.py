"""The door of every staff page: signed in, member of the agency in the address, role allowed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Protocol

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from callbox.people.models import Agency, User
from callbox.people.roles import Action, can


class StaffRequest(HttpRequest):
    """A request that came through `agency_page`: someone is signed in and `agency` is theirs."""

    user: User
    agency: Agency


class AgencyView(Protocol):
    """What the URL list takes: a view whose address holds the agency's short name."""

    action: Action

    def __call__(self, request: HttpRequest, *args: Any, agency: str, **kwargs: Any) -> HttpResponseBase:
        """Answer the request."""
        ...


type _View[**P] = Callable[Concatenate[StaffRequest, Agency, P], HttpResponseBase]


def agency_page[**P](action: Action, *, write: Action | None = None) -> Callable[[_View[P]], AgencyView]:
    """Let a view be reached by members whose role may do `action`; other methods than GET and HEAD need `write` if given.

    The view is called as `view(request, agency, ...)`. A stranger to the agency gets 404, as if it did not exist; a member
    without the role gets 403.
    """

    def decorate(view: _View[P]) -> AgencyView:
        @login_required
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, agency: str, **kwargs: Any) -> HttpResponseBase:
            found = get_object_or_404(Agency.objects.visible_to(request.user), slug=agency)
            needed = action if write is None or request.method in {"GET", "HEAD"} else write
            if not can(request.user, needed, found):
                raise PermissionDenied
            request.agency = found
            if request.session.get("agency") != found.slug:  # not a write on every page
                request.session["agency"] = found.slug
            return view(request, found, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
