"""The accounts of an agency: a list, and one page to say what an account is."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.accounts.forms import AccountForm, NewAccountForm
from callbox.desk.accounts.safety import WORDS, checks
from callbox.desk.assessments.told import told
from callbox.maturity.services import accounts as services
from callbox.networks.accounts.services import posture
from callbox.networks.connections.models import Connection
from callbox.people.models import Agency
from callbox.people.roles import Action, can


@require_safe
@agency_page(Action.READ_EVIDENCE)
def accounts(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the accounts of the record and those that were added, with what is stated of each."""
    today = timezone.localdate()
    rows = services.listed(agency)
    connected = {row.account: row for row in Connection.objects.visible_to(request.user).of(agency)}
    context = {
        "rows": [(row, connected.pop(row.account, None)) for row in rows],
        "open": [(row, [WORDS[gap] for gap in posture(row.stated, today=today)]) for row in rows if row.stated],
        "checks": checks(agency, today=today),
        "may_attest": can(request.user, Action.ADD_ATTESTATION, agency),
        "unlisted": list(connected.values()),
        "may_state": can(request.user, Action.STATE_ACCOUNT, agency),
        "section": "accounts",
    }
    return render(request, "accounts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.STATE_ACCOUNT)
def state_account(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Say what an account is: one of the list (`?account=`), or a new one."""
    known = {row.account: row for row in services.listed(agency)}
    name = request.GET.get("account")
    if name is not None and name not in known:
        raise Http404
    row = known[name] if name is not None else None
    new = NewAccountForm(request.POST or None) if row is None else None
    form = AccountForm(request.POST or None, instance=row.stated if row else None)
    if request.method == "POST" and form.is_valid() and (new is None or new.is_valid()):
        account = new.account() if new else str(name)
        with told(request, _("Saved. An open assessment shows it already.")):
            services.state(agency=agency, account=account, details=form.details(), by=request.user)
            return redirect("accounts", agency=agency.slug)
    return render(request, "accounts/state.html", {"row": row, "form": form, "new": new, "section": "accounts"})
