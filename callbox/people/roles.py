"""Who may do what: one table, read by `can`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from callbox.people.models import Agency


class Role(TextChoices):
    """What a person is in one agency; one person has one role there."""

    ADMINISTRATOR = "administrator", _("Administrator")
    CHIEF = "chief", _("Chief")
    ASSESSOR = "assessor", _("Assessor")
    EVIDENCE_OWNER = "evidence-owner", _("Evidence owner")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    VIEWER = "viewer", _("Viewer")


#: One sentence a role, shown where a role is chosen.
MEANINGS = {
    Role.ADMINISTRATOR: _("Invites people, gives roles, sets up the agency. Does not judge evidence."),
    Role.CHIEF: _("Starts and freezes assessments, sets targets, approves exemptions."),
    Role.ASSESSOR: _("Loads the record, runs assessments, adds evidence, plans the way."),
    Role.EVIDENCE_OWNER: _("Adds documents and links that support a practice."),
    Role.REVIEWER: _("Reviews the evidence others added."),
    Role.AUDITOR: _("Reads everything, the audit trail too, and changes nothing."),
    Role.VIEWER: _("Reads profiles and reports."),
}


class Action(StrEnum):
    """Everything a person can ask to do on the desk."""

    READ_PROFILE = "profile.read"
    READ_EVIDENCE = "evidence.read"
    LOAD_RECORD = "record.load"
    READ_RECORD = "record.read"
    START_ASSESSMENT = "assessment.start"
    FREEZE_ASSESSMENT = "assessment.freeze"
    ADD_ATTESTATION = "attestation.add"
    REVIEW_ATTESTATION = "attestation.review"
    DECLARE_LEVEL = "level.declare"
    APPROVE_EXEMPTION = "exemption.approve"
    SET_TARGET = "target.set"
    COMPARE = "benchmark.read"
    EXCHANGE_BENCHMARK = "benchmark.exchange"
    EXPORT = "assessment.export"
    READ_AUDIT = "audit.read"
    READ_PEOPLE = "people.read"
    CHANGE_PEOPLE = "people.change"
    CHANGE_AGENCY = "agency.change"


_EVERYONE = frozenset(Role)

#: The table. An action that is not here is refused to everyone.
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.READ_PROFILE: _EVERYONE,
    Action.COMPARE: _EVERYONE,
    Action.READ_EVIDENCE: _EVERYONE - {Role.VIEWER},
    Action.READ_RECORD: frozenset({Role.CHIEF, Role.ASSESSOR, Role.REVIEWER, Role.AUDITOR}),
    Action.LOAD_RECORD: frozenset({Role.CHIEF, Role.ASSESSOR}),
    Action.START_ASSESSMENT: frozenset({Role.CHIEF, Role.ASSESSOR}),
    Action.FREEZE_ASSESSMENT: frozenset({Role.CHIEF}),
    Action.ADD_ATTESTATION: frozenset({Role.CHIEF, Role.ASSESSOR, Role.EVIDENCE_OWNER}),
    Action.REVIEW_ATTESTATION: frozenset({Role.CHIEF, Role.ASSESSOR, Role.REVIEWER}),
    Action.DECLARE_LEVEL: frozenset({Role.CHIEF, Role.ASSESSOR}),
    Action.APPROVE_EXEMPTION: frozenset({Role.CHIEF}),
    Action.SET_TARGET: frozenset({Role.CHIEF, Role.ASSESSOR}),
    Action.EXCHANGE_BENCHMARK: frozenset({Role.CHIEF, Role.ASSESSOR}),
    Action.EXPORT: frozenset({Role.CHIEF, Role.ASSESSOR, Role.AUDITOR}),
    Action.READ_AUDIT: frozenset({Role.ADMINISTRATOR, Role.CHIEF, Role.AUDITOR}),
    Action.READ_PEOPLE: _EVERYONE,
    Action.CHANGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Action.CHANGE_AGENCY: frozenset({Role.ADMINISTRATOR}),
}


def can(user: AbstractBaseUser | AnonymousUser, action: Action, agency: Agency) -> bool:
    """Return whether `user` may do `action` in `agency`: an active member whose role the table names."""
    role = agency.role_of(user)
    return role is not None and role in ALLOWED.get(action, frozenset())
