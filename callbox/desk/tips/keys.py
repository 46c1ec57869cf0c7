"""The keys of tips: made on the officer's own machine; the desk keeps the public half alone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.tips.forms import KeyForm
from callbox.people.models import Agency, User
from callbox.people.roles import Action
from callbox.trust.tips import desk
from callbox.trust.tips.models import Key


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.READ_TIPS)
def tip_keys(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the keys tips are sealed to, and add one."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            desk.add_key(agency=agency, recipient=form.cleaned_data["recipient"], by=request.user)
        except RefusedError as refused:
            form.add_error("recipient", str(refused))
        else:
            with told(request, _("From now on tips are sealed to this key too.")):
                return redirect("tip_keys", agency=agency.slug)
    rows = list(Key.objects.filter(agency_id=agency.pk))
    names = {user.pk: user for user in User.objects.filter(pk__in={row.owner_id for row in rows})}
    context = {
        "keys": [(row, names.get(row.owner_id)) for row in rows],
        "form": form,
        "section": "tips",
    }
    return render(request, "tips/keys.html", context)


@require_POST
@agency_page(Action.READ_TIPS)
def end_tip_key(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Seal nothing to a key any more."""
    key = get_object_or_404(Key.objects.filter(agency_id=agency.pk, ended=None), pk=pk)
    with told(request, _("New tips are no longer sealed to this key.")):
        desk.end_key(agency=agency, key=key, by=request.user)
    return redirect("tip_keys", agency=agency.slug)
