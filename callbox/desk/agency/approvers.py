"""How many people approve a message: everybody reads the rule, the chief sets it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.governance import approvals
from callbox.people.models import Agency
from callbox.people.roles import Action, can


class ApproversForm(forms.Form):
    """How many, and why."""

    needed = forms.TypedChoiceField(
        label=gettext_lazy("Who approves a message"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (1, gettext_lazy("One person besides those who wrote it")),
            (2, gettext_lazy("Two people besides those who wrote it")),
            (3, gettext_lazy("Three people besides those who wrote it")),
        ],
    )
    why = forms.CharField(
        label=gettext_lazy("Why is the rule like this?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stands in the record."),
    )


@require_safe
@agency_page(Action.READ_MESSAGES)
def approval_rule(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the rule, and to the chief the form that changes it."""
    return _page(request, agency, ApproversForm(initial={"needed": approvals.needed(agency)}))


@require_POST
@agency_page(Action.RULE_APPROVALS)
def set_approval_rule(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Set the rule."""
    form = ApproversForm(request.POST)
    if form.is_valid():
        try:
            approvals.set_needed(agency=agency, by=request.user, **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The rule is set. It counts from now on, also for what waits."))
            return redirect("approval_rule", agency=agency.slug)
    return _page(request, agency, form)


def _page(request: StaffRequest, agency: Agency, form: ApproversForm) -> HttpResponse:
    context = {
        "form": form,
        "rule": approvals.rule_of(agency),
        "needed": approvals.needed(agency),
        "may_change": can(request.user, Action.RULE_APPROVALS, agency),
        "section": "messages",
    }
    return render(request, "desk/approvers.html", context, status=422 if form.errors else 200)
