"""What one person sent alone: the list with the reviews that are owed, the agency's rule, and the two acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.voice.writing import door
from callbox.flows import publication
from callbox.governance import emergency
from callbox.governance.alone import LEAST_HOURS, MOST_HOURS, USUAL_HOURS, Reach
from callbox.governance.models import EmergencyRule, LoneApproval
from callbox.people.models import Agency, User
from callbox.people.roles import ALLOWED, Action, Role
from callbox.voice.models import Message, Version

#: As many as one page names.
SHOWN = 100
KINDS = {
    Reach.PUBLIC: gettext_lazy("Messages on public accounts and in the newsroom"),
    Reach.CORRECTION: gettext_lazy("Corrections of what is public"),
    Reach.LETTERS: gettext_lazy("Letters to subscribers"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sending with the message it let go. overdue: the review is owed and late.  mine: whoever looks may review it."""

    row: LoneApproval
    message: Message | None
    overdue: bool
    mine: bool


def lines(agency: Agency, user: User, message: Message | None = None) -> list[Line]:
    """Return what was sent alone, of one message or all; what is owed first, the first to run out before the others."""
    rows = LoneApproval.objects.visible_to(user).of(agency).select_related("approval__by", "by", "agency")
    if message is not None:
        rows = rows.filter(approval__subject=message.subject)
    found = [*rows.owed()[:SHOWN], *rows.filter(state="reviewed").order_by("-pk")[:SHOWN]]
    numbers = {int(row.approval.subject.partition(":")[2]) for row in found}
    messages, now = Message.objects.of(agency).in_bulk(numbers), timezone.now()
    return [
        Line(
            row,
            messages.get(int(row.approval.subject.partition(":")[2])),
            overdue=row.state == "owed" and row.due <= now,
            mine=row.state == "owed" and emergency.may_review(row, user),
        )
        for row in found
    ]


def on_the_page_of(message: Message, newest: Version, user: User) -> dict[str, Any]:
    """Return what the page of a message says about sending it alone; `rule` only for those whom the agency's rule names."""
    found: dict[str, Any] = {"sent_alone": lines(message.agency, user, message)}
    rule = emergency.rule_of(message.agency)
    role = message.agency.role_of(user)
    if message.state in {"draft", "submitted"} and rule is not None and role in rule.roles:
        against = publication.obstacles_to_sending_alone(message, newest, user)
        found |= {"rule": rule, "against": against, "until_hours": hours(rule.hours)}
    return found


def hours(count: int) -> str:
    """Return a number of hours in words."""
    return ngettext("%(n)d hour", "%(n)d hours", count) % {"n": count}


@require_safe
@agency_page(Action.READ_MESSAGES)
def sent_alone(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List what one person sent alone, with the rule that allows it."""
    found, rule = lines(agency, request.user), emergency.rule_of(agency)
    context = {
        "owed": [line for line in found if line.row.state == "owed"],
        "reviewed": [line for line in found if line.row.state == "reviewed"],
        "rule": rule,
        "rule_roles": [Role(role).label for role in rule.roles] if rule else [],
        "rule_kinds": [KINDS[Reach(kind)] for kind in rule.kinds] if rule else [],
        "rule_hours": hours(rule.hours) if rule else "",
        "may": may(request.user, agency),
        "section": "sent_alone",
    }
    return render(request, "voice/alone.html", context)


class RuleForm(forms.Form):
    """Who may send what alone, and until when a second person looks."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Who may send alone"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody chosen: nobody may, and a second person approves everything."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which messages"),
        required=False,
        choices=[(kind.value, label) for kind, label in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Always only what is marked as urgent and leaves at once. Never alerts, never in a drill."
        ),
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Hours until a second person must have reviewed it"),
        min_value=LEAST_HOURS,
        max_value=MOST_HOURS,
    )
    why = forms.CharField(
        label=gettext_lazy("Why is the rule like this?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stands in the record."),
    )

    def __init__(self, data: Any = None, *, rule: EmergencyRule | None) -> None:
        kept = {"roles": rule.roles, "kinds": rule.kinds, "hours": rule.hours} if rule else {"hours": USUAL_HOURS}
        super().__init__(data, initial=kept)
        names = [role for role in Role if role in ALLOWED[Action.SEND_ALONE]]
        self.fields["roles"].choices = [(role.value, role.label) for role in names]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.RULE_ALONE)
def rule(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Set the rule."""
    sent = request.method == "POST"
    form = RuleForm(request.POST if sent else None, rule=emergency.rule_of(agency))
    if sent and form.is_valid():
        try:
            emergency.set_rule(agency=agency, **form.cleaned_data, by=request.user)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            notes.success(request, _("The rule is set. It counts from now on."))
            return redirect("sent_alone", agency=agency.slug)
    context = {"form": form, "section": "sent_alone"}
    return render(request, "voice/alone_rule.html", context, status=422 if sent else 200)


@require_POST
@agency_page(Action.SEND_ALONE)
def send_alone(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let exactly what stood on the page leave at once."""
    row = get_object_or_404(door(request, agency), pk=pk)
    with told(request, _("It leaves at once. A second person reviews it; this page shows what they find.")):
        publication.send_alone(
            message=row, digest=request.POST.get("digest", ""), why=request.POST.get("why", ""), by=request.user
        )
    return redirect("message", agency=agency.slug, pk=row.pk)


@require_POST
@agency_page(Action.REVIEW_ALONE)
def review_alone(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write down what the second person found."""
    rows = LoneApproval.objects.visible_to(request.user).of(agency).select_related("approval")
    row = get_object_or_404(rows, pk=pk)
    with told(request, _("Written down. Thank you: now two people have looked at it.")):
        emergency.review(
            row=row, finding=request.POST.get("finding", ""), said=request.POST.get("said", ""), by=request.user
        )
    number = int(row.approval.subject.partition(":")[2])
    return redirect("message", agency=agency.slug, pk=number)
