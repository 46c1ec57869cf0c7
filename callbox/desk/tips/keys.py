"""The keys of tips: made on the officer's own machine; the desk keeps the public half alone, and a second person lets it in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.tips.forms import KeyForm
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can
from callbox.trust.tips import keys
from callbox.trust.tips.models import Key


@require_safe
@agency_page(Action.ALLOW_TIP_KEY)
def tip_keys(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the keys tips are sealed to and those that wait."""
    return _page(request, agency, KeyForm())


@require_POST
@agency_page(Action.READ_TIPS)
def add_tip_key(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Bring a key, which a second person then allows."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, agency, form)
    try:
        keys.propose(agency=agency, recipient=form.cleaned_data["recipient"], by=request.user)
    except RefusedError as refused:
        form.add_error("recipient", str(refused))
        return _page(request, agency, form)
    with told(
        request, _("Your key waits for a second person. Read it to a colleague, who compares it here and allows it.")
    ):
        return redirect("tip_keys", agency=agency.slug)


def _page(request: StaffRequest, agency: Agency, form: KeyForm) -> HttpResponse:
    rows = list(Key.objects.of(agency))
    people = {row.owner_id for row in rows} | {row.allowed_by_id for row in rows if row.allowed_by_id}
    names = {user.pk: user for user in User.objects.filter(pk__in=people)}
    reads = can(request.user, Action.READ_TIPS, agency)
    readers = keys.readers(agency)
    context = {
        "keys": [
            (row, names.get(row.owner_id), names.get(row.allowed_by_id or 0), row.owner_id in readers) for row in rows
        ],
        "orphaned": any(row.ended is None and row.owner_id not in readers for row in rows),
        "form": form if reads else None,
        "section": "tips" if reads else "tip_keys",
    }
    return render(request, "tips/keys.html", context)


@require_POST
@agency_page(Action.ALLOW_TIP_KEY)
def allow_tip_key(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let tips be sealed to a key somebody else brought."""
    key = get_object_or_404(Key.objects.of(agency).waiting(), pk=pk)
    with told(request, _("From now on tips are sealed to this key too.")):
        keys.allow(agency=agency, key=key, by=request.user)
    return redirect("tip_keys", agency=agency.slug)


@require_POST
@agency_page(Action.ALLOW_TIP_KEY)
def refuse_tip_key(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Do not let a key in, or take one's own back."""
    key = get_object_or_404(Key.objects.of(agency).waiting(), pk=pk)
    with told(request, _("Nothing is sealed to this key.")):
        keys.refuse(agency=agency, key=key, by=request.user)
    return redirect("tip_keys", agency=agency.slug)


@require_POST
@agency_page(Action.ALLOW_TIP_KEY)
def end_tip_key(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Seal nothing to a key any more."""
    key = get_object_or_404(Key.objects.of(agency).in_use(), pk=pk)
    with told(request, _("New tips are no longer sealed to this key.")):
        keys.end(agency=agency, key=key, by=request.user)
    return redirect("tip_keys", agency=agency.slug)
