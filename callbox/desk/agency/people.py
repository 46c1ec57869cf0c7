"""The people of an agency: list, invite, change, remove; and the invited person's first page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.agency.forms import InviteForm, RoleForm, WelcomeForm
from callbox.governance import members
from callbox.people.models import Agency, Invitation, Membership, User
from callbox.people.roles import MEANINGS, Action, Role, can


@require_safe
@agency_page(Action.READ_PEOPLE)
def people(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the members and, for administrators, the open invitations."""
    may_change = can(request.user, Action.CHANGE_PEOPLE, agency)
    context = {
        "members": Membership.objects.visible_to(request.user).filter(agency=agency).select_related("user"),
        "invitations": members.open_invitations(agency).select_related("by") if may_change else [],
        "may_change": may_change,
        "meanings": [(role.label, MEANINGS[role]) for role in Role],
        "section": "people",
    }
    return render(request, "desk/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PEOPLE)
def invite(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Invite a person; the one-time link is shown once, to be handed over by the administrator."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, secret = members.invite(
                agency=agency,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                role=Role(form.cleaned_data["role"]),
                by=request.user,
            )
        except RefusedError as refusal:
            form.add_error("email", str(refusal))
        else:
            link = request.build_absolute_uri(reverse("welcome", kwargs={"secret": secret}))
            context = {
                "invitation": invitation,
                "link": link,
                "days": members.INVITATION_LIFE.days,
                "section": "people",
            }
            return render(request, "desk/people/invited.html", context)
    return render(request, "desk/people/invite.html", {"form": form, "section": "people"})


@require_POST
@agency_page(Action.CHANGE_PEOPLE)
def withdraw(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Close an invitation."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).filter(agency=agency), pk=pk)
    members.withdraw(invitation=invitation, by=request.user)
    messages.success(request, _("The invitation was withdrawn; its link no longer opens."))
    return redirect("people", agency=agency.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PEOPLE)
def member(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Change a member's role, or remove the member."""
    membership = get_object_or_404(
        Membership.objects.visible_to(request.user).filter(agency=agency).select_related("user", "agency"), pk=pk
    )
    form = RoleForm(request.POST if "role" in request.POST else None, initial={"role": membership.role})
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                members.remove_member(membership=membership, by=request.user)
                messages.success(request, _("%(name)s is no longer a member.") % {"name": membership.user})
                return _after(request, agency, membership)
            if form.is_valid():
                members.change_role(membership=membership, role=Role(form.cleaned_data["role"]), by=request.user)
                messages.success(request, _("The role was changed."))
                return _after(request, agency, membership)
        except RefusedError as refusal:
            messages.error(request, str(refusal))
    return render(request, "desk/people/member.html", {"membership": membership, "form": form, "section": "people"})


def _after(request: StaffRequest, agency: Agency, membership: Membership) -> HttpResponse:
    """Go back to the list, or home for those who changed themselves and may no longer see it."""
    return redirect("home") if membership.user_id == request.user.pk else redirect("people", agency=agency.slug)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Let an invited person in: a new one chooses name and password, a known one confirms."""
    invitation = members.invitation_of(secret)
    if invitation is None:
        return render(request, "desk/people/closed.html", status=404)
    user = request.user if isinstance(request.user, User) else None
    known = user is not None or User.objects.filter(email=invitation.email).exists()
    form = WelcomeForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    sentence = None
    if request.method == "POST" and (known or form.is_valid()):
        values = {} if known else {"name": form.cleaned_data["name"], "password": form.cleaned_data["password"]}
        try:
            membership = members.accept(secret=secret, user=user, **values)
        except RefusedError as refusal:
            sentence = str(refusal)
        else:
            done = (
                _("Welcome to %(agency)s.")
                if user
                else _("Welcome to %(agency)s. Sign in with the password you chose.")
            )
            messages.success(request, done % {"agency": membership.agency})
            return redirect("agency_home", agency=membership.agency.slug)
    context = {"invitation": invitation, "form": form, "known": known, "sentence": sentence}
    return render(request, "desk/people/welcome.html", context)
