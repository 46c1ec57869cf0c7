"""The door of every staff page: signed in, member of the agency in the address, role allowed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, Protocol

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from callbox.desk.clock import zone_of
from callbox.governance import audit
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
    without the role gets 403; what cannot be read, 400. Days and hours are the agency's. Every file that leaves by it is in the
    trail (`noted`).
    """

    def decorate(view: _View[P]) -> AgencyView:
        @login_required
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, agency: str, **kwargs: Any) -> HttpResponseBase:
            found = get_object_or_404(Agency.objects.visible_to(request.user), slug=agency)
            needed = action if write is None or request.method in {"GET", "HEAD"} else write
            if not can(request.user, needed, found):
                raise PermissionDenied
            if _unreadable(request):
                raise BadRequest("a zero byte in what was sent")
            request.agency = found
            if request.session.get("agency") != found.slug:  # not a write on every page
                request.session["agency"] = found.slug
            with timezone.override(zone_of(found)):  # days and hours of a page are those on the agency's wall
                return noted(request, found, view(request, found, *args, **kwargs))

        guarded.action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _unreadable(request: HttpRequest) -> bool:
    """Whether a form holds what no database takes as text. No keyboard types a zero byte, so no words of a person are lost."""
    return any("\0" in str(value) for _name, values in request.POST.lists() for value in values)


def counted[R: HttpResponseBase](response: R, rows: int) -> R:
    """Say how many rows a file holds, for the trail."""
    response.rows = rows  # type: ignore[attr-defined]
    return response


def told_already[R: HttpResponseBase](response: R) -> R:
    """Say that the service that made the file wrote an event of its own, with more in it."""
    response.told_already = True  # type: ignore[attr-defined]
    return response


def noted(request: StaffRequest, agency: Agency, response: HttpResponseBase) -> HttpResponseBase:
    """Write every file that leaves into the trail, with what was asked for; without its event nothing leaves."""
    leaves = response.status_code == HTTPStatus.OK and response.get("Content-Disposition", "").startswith("attachment")
    if leaves and not getattr(response, "told_already", False):
        match = request.resolver_match
        assert match is not None  # the view was found by its address  # noqa: S101
        given = {name: value for name, value in match.kwargs.items() if name != "agency"} | request.GET.dict()
        chosen = {str(name)[:60]: str(value)[:200].replace("\0", "") for name, value in given.items()}
        rows: int | None = getattr(response, "rows", None)
        audit.exported(agency=agency, by=request.user, what=match.url_name or "", count=rows, chosen=chosen)
    return response
