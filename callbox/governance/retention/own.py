"""What this room itself keeps for a while: approvals and invitations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q

from callbox.governance.models import Approval, LoneApproval
from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.people.models import Agency, Invitation


def _approvals(agency: Agency) -> Rows:
    """Return the approvals; one whose review is still owed stays however old it is."""
    return Approval.objects.of(agency).exclude(lone__state="owed").annotate(started=F("at"))


def _remove_approvals(rows: Rows) -> None:
    LoneApproval.objects.filter(approval__in=rows.values("pk")).delete()
    rows.delete()


def _approvals_held(subjects: Sequence[str]) -> Q:
    return Q(subject__in=subjects) | Q(pk__in=numbers(subjects, "approval"))


def _invitations(agency: Agency) -> Rows:
    return Invitation.objects.filter(agency=agency).annotate(started=F("made"))


def _invitations_held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "invitation"))


APPROVALS = Keeper("approvals", _approvals, _approvals_held, _remove_approvals, frozenset({LoneApproval}))
INVITATIONS = Keeper("invitations", _invitations, _invitations_held, lambda rows: rows.delete())
