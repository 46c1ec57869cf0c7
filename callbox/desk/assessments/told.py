"""What every page of this part needs: who may do what here, and what became of what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, UndeclaredMoveError
from callbox.people.models import Agency, Person
from callbox.people.roles import ALLOWED


@contextmanager
def told(request: HttpRequest, done: str) -> Iterator[None]:
    """Say `done` when the block went through, else what stood in the way; the page that follows shows it."""
    try:
        yield
    except RefusedError as refused:
        messages.error(request, str(refused))
    except (UndeclaredMoveError, MovedMeanwhileError):
        messages.error(
            request,
            _("Somebody changed this in the meantime, so nothing was done. The page below shows how it stands now."),
        )
    else:
        messages.success(request, done)


def may(person: Person, agency: Agency) -> dict[str, bool]:
    """Return every action by its name and whether `person` may do it here: one question to the database for a whole page."""
    role = agency.role_of(person)
    return {action.name.lower(): role in roles for action, roles in ALLOWED.items()}


def back(request: HttpRequest, fallback: str) -> HttpResponse:
    """Return to the page a form was sent from, when it is one of ours."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = fallback
    return HttpResponseRedirect(wanted)


def complain(request: HttpRequest, errors: Iterator[str] | list[str]) -> None:
    """Say what is wrong with a form that has no page of its own."""
    for error in errors:
        messages.error(request, error)
