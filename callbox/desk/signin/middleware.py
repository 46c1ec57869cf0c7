"""Rules for every request of a signed-in person: the idle lock, the second factor, nothing left in caches."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from callbox.governance.origin import coming_from

type Next = Callable[[HttpRequest], HttpResponseBase]

#: Pages that stay open while the desk is locked or the second factor is missing.
ALWAYS_OPEN = {"account_login", "account_logout", "theme", "set_language", "agency_css", "health"}
#: Pages that unlock.
UNLOCK = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
#: Pages on which a second factor is set up.
SET_UP = UNLOCK | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "account_change_password",
    "second_factor",
}
_SEEN, _BEGAN, _LOCKED = "desk_seen", "desk_began", "desk_locked"


class Origin:
    """Knows from which address somebody works, for the trail."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        with coming_from(get_adapter(request).get_client_ip(request)):
            return self.get_response(request)


class IdleLock:
    """Locks the desk after `IDLE_LOCK` of quiet and ends the session after `SESSION_LIFE`.

    Locked is not signed out: the person confirms who they are, and a form they sent into the lock goes on from where it was.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:  # noqa: ARG002
        """Lock, end or note that someone is here."""
        if not request.user.is_authenticated:
            return None
        session, now = request.session, int(time.time())
        began, seen = session.setdefault(_BEGAN, now), session.setdefault(_SEEN, now)
        if now - began > settings.SESSION_LIFE.total_seconds():
            logout(request)
            messages.info(request, _("You have been signed in for a whole shift. Please sign in again."))
            return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
        name = request.resolver_match.url_name if request.resolver_match else ""
        if session.get(_LOCKED) and _confirmed_after(request, session[_LOCKED]):
            del session[_LOCKED]
        elif not session.get(_LOCKED) and now - seen > settings.IDLE_LOCK.total_seconds():
            session[_LOCKED] = now
        if session.get(_LOCKED):
            if name in ALWAYS_OPEN | UNLOCK:
                return None
            messages.info(
                request,
                _("The desk was locked because nobody used it for a while. Confirm that it is you; nothing was lost."),
            )
            return suspend_request(request, reverse("account_reauthenticate"))
        if now - seen >= 30:  # not a write to the session on every click
            session[_SEEN] = now
        return None


def _confirmed_after(request: HttpRequest, moment: int) -> bool:
    records = request.session.get("account_authentication_methods", [])
    return any(entry.get("reauthenticated") and entry.get("at", 0) >= moment for entry in records)


class SecondFactor:
    """Sends a person without a second factor to where one is set up; nothing else opens before."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:  # noqa: ARG002
        """Redirect while the factor is missing."""
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in ALWAYS_OPEN | SET_UP:
            return None
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        if Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).exists():
            return None
        return HttpResponseRedirect(reverse("second_factor"))


class PrivatePages:
    """Keeps pages of signed-in people out of every cache, so that the back button shows nothing after signing out."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)  # files that are handed out piece by piece too
        return response
