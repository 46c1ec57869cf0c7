"""The person's own pages: account and second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.language import spoken
from callbox.people.models import Membership, User


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show who the person is, their roles and how they sign in."""
    assert isinstance(request.user, User)  # login_required has asked  # noqa: S101
    kinds = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    memberships = Membership.objects.filter(user=request.user).select_related("agency")
    return render(request, "desk/account.html", {"kinds": kinds, "memberships": memberships, "languages": spoken()})


@require_safe
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Explain why a second factor is needed and offer both kinds."""
    return render(request, "desk/second_factor.html", {"required": settings.SECOND_FACTOR_REQUIRED})
