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
    COMMANDER = "commander", _("Commander")
    PRESS_OFFICER = "press-officer", _("Press officer")
    APPROVER = "approver", _("Approver")
    OFFICER = "officer", _("Officer")
    ANALYST = "analyst", _("Analyst")
    LEGAL_ADVISER = "legal-adviser", _("Legal adviser")
    RECORDS_OFFICER = "records-officer", _("Records officer")
    ASSESSOR = "assessor", _("Assessor")
    EVIDENCE_OWNER = "evidence-owner", _("Evidence owner")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    VIEWER = "viewer", _("Viewer")


#: One sentence a role, shown where a role is chosen.
MEANINGS = {
    Role.ADMINISTRATOR: _("Invites people, gives roles, sets up the agency. Does not judge evidence."),
    Role.CHIEF: _("Starts and freezes assessments, sets targets, approves exemptions."),
    Role.COMMANDER: _("Leads incidents, approves alerts and watches, plans who is on duty, holds drills."),
    Role.PRESS_OFFICER: _("Writes messages and answers, keeps the accounts, stops everything when it must."),
    Role.APPROVER: _("Approves messages others wrote, answers residents, decides about hidden comments."),
    Role.OFFICER: _("Writes messages, claims and answers what residents ask."),
    Role.ANALYST: _("Reads tips and what watches found, and works on both; every reading is written down."),
    Role.LEGAL_ADVISER: _("Signs watches that touch what the law protects, or refuses them."),
    Role.RECORDS_OFFICER: _("Keeps retention rules and holds, reads the trail, publishes nothing."),
    Role.ASSESSOR: _("Loads the record, runs assessments, adds evidence, plans the way."),
    Role.EVIDENCE_OWNER: _("Adds documents and links that support a practice."),
    Role.REVIEWER: _("Reviews the evidence others added."),
    Role.AUDITOR: _("Reads everything, the audit trail too, and changes nothing."),
    Role.VIEWER: _("Reads profiles and reports."),
}


class Action(StrEnum):
    """Everything a person can ask to do on the desk."""

    # voice
    READ_MESSAGES = "message.read"
    WRITE_MESSAGE = "message.write"
    APPROVE_MESSAGE = "message.approve"
    SEND_ALONE = "message.send-alone"
    REVIEW_ALONE = "message.review-alone"
    RULE_ALONE = "message.rule-alone"
    RULE_APPROVALS = "message.rule-approvals"
    SEND_AGAIN = "delivery.settle"
    FREEZE = "freeze.press"
    LIFT_FREEZE = "freeze.lift"
    CONNECT_ACCOUNT = "connection.change"
    STATE_ACCOUNT = "account.state"
    SET_GOALS = "goal.set"
    # trust
    READ_INBOX = "inbox.read"
    ANSWER = "inbox.answer"
    MODERATE = "moderation.hide"
    DECIDE_APPEAL = "moderation.decide"
    READ_TIPS = "tip.read"
    ALLOW_TIP_KEY = "tip-key.allow"
    READ_SUBSCRIPTIONS = "subscription.read"
    UPDATE_CASE = "case.update"
    CHANGE_PORTAL = "portal.change"
    # collaboration
    READ_PARTNERS = "partner.read"
    CHANGE_PARTNER = "partner.change"
    SIGN_AGREEMENT = "agreement.sign"
    OFFER = "share.offer"
    TAKE_OFFER = "share.take"
    # intelligence
    READ_WATCHES = "watch.read"
    WRITE_WATCH = "watch.write"
    ALLOW_WATCH = "watch.allow"
    SIGN_OFF_WATCH = "watch.sign-off"
    READ_SOURCES = "source.read"
    CHANGE_SOURCE = "source.change"
    READ_EVENTS = "event.read"
    TRIAGE = "event.triage"
    ASK_REVEAL = "reveal.ask"
    ALLOW_REVEAL = "reveal.allow"
    # operations
    READ_INCIDENTS = "incident.read"
    LEAD_INCIDENT = "incident.lead"
    ESCALATE = "escalation.send"
    CHANGE_GATEWAY = "gateway.change"
    READ_ALERTS = "alert.read"
    WRITE_ALERT = "alert.write"
    APPROVE_ALERT = "alert.approve"
    READ_STAFFING = "staffing.read"
    PLAN_STAFFING = "staffing.plan"
    READ_DRILLS = "drill.read"
    HOLD_DRILL = "drill.hold"
    # governance
    READ_RETENTION = "retention.read"
    CHANGE_RETENTION = "retention.change"
    # maturity
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
_SPEAKS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})
_LEADS = frozenset({Role.CHIEF, Role.COMMANDER})
#: Who oversees what is noticed and done, and changes nothing of it.
_OVERSEES = frozenset({Role.AUDITOR, Role.RECORDS_OFFICER, Role.LEGAL_ADVISER})

#: The table. An action that is not here is refused to everyone.
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.READ_MESSAGES: _EVERYONE - {Role.VIEWER},
    Action.WRITE_MESSAGE: _SPEAKS,
    Action.APPROVE_MESSAGE: frozenset({Role.CHIEF, Role.APPROVER}),
    # the agency's own rule says which of these, if any
    Action.SEND_ALONE: _SPEAKS,
    Action.REVIEW_ALONE: frozenset({Role.CHIEF, Role.COMMANDER, Role.APPROVER}),
    Action.RULE_ALONE: frozenset({Role.CHIEF}),
    Action.RULE_APPROVALS: frozenset({Role.CHIEF}),
    Action.SEND_AGAIN: frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER}),
    Action.FREEZE: _SPEAKS | _LEADS,
    Action.LIFT_FREEZE: frozenset({Role.CHIEF, Role.APPROVER}),
    Action.CONNECT_ACCOUNT: frozenset({Role.ADMINISTRATOR, Role.PRESS_OFFICER}),
    Action.STATE_ACCOUNT: frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.ASSESSOR}),
    Action.SET_GOALS: frozenset({Role.CHIEF, Role.PRESS_OFFICER}),
    Action.READ_INBOX: _SPEAKS | {Role.AUDITOR},
    Action.ANSWER: _SPEAKS,
    Action.MODERATE: frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER}),
    Action.DECIDE_APPEAL: frozenset({Role.CHIEF, Role.APPROVER}),
    Action.READ_TIPS: frozenset({Role.ANALYST}),
    Action.ALLOW_TIP_KEY: _LEADS | {Role.ANALYST},
    Action.READ_SUBSCRIPTIONS: frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.AUDITOR, Role.RECORDS_OFFICER}),
    Action.UPDATE_CASE: _SPEAKS,
    Action.CHANGE_PORTAL: frozenset({Role.ADMINISTRATOR, Role.PRESS_OFFICER}),
    Action.READ_PARTNERS: _EVERYONE - {Role.VIEWER},
    Action.CHANGE_PARTNER: _SPEAKS | _LEADS,
    Action.SIGN_AGREEMENT: _LEADS,
    Action.OFFER: frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER, Role.APPROVER}),
    Action.TAKE_OFFER: frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER}),
    Action.READ_WATCHES: _LEADS | _OVERSEES | {Role.ANALYST},
    Action.WRITE_WATCH: frozenset({Role.ANALYST}),
    Action.ALLOW_WATCH: _LEADS,
    Action.SIGN_OFF_WATCH: frozenset({Role.LEGAL_ADVISER}),
    Action.READ_SOURCES: _LEADS | _OVERSEES | {Role.ANALYST, Role.ADMINISTRATOR},
    Action.CHANGE_SOURCE: frozenset({Role.ADMINISTRATOR, Role.ANALYST}),
    Action.READ_EVENTS: _LEADS | _OVERSEES | {Role.ANALYST, Role.PRESS_OFFICER},
    Action.TRIAGE: frozenset({Role.ANALYST, Role.COMMANDER}),
    Action.ASK_REVEAL: frozenset({Role.ANALYST}),
    Action.ALLOW_REVEAL: _LEADS,
    Action.READ_INCIDENTS: _SPEAKS | _LEADS | {Role.ANALYST, Role.AUDITOR, Role.RECORDS_OFFICER},
    Action.LEAD_INCIDENT: _LEADS | {Role.PRESS_OFFICER},
    Action.ESCALATE: _SPEAKS | _LEADS | {Role.ANALYST},
    Action.CHANGE_GATEWAY: frozenset({Role.ADMINISTRATOR, Role.COMMANDER}),
    Action.READ_ALERTS: _EVERYONE - {Role.VIEWER},
    Action.WRITE_ALERT: frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER, Role.APPROVER}),
    Action.APPROVE_ALERT: frozenset({Role.CHIEF, Role.COMMANDER, Role.APPROVER}),
    Action.READ_STAFFING: _EVERYONE - {Role.VIEWER},
    Action.PLAN_STAFFING: _LEADS | {Role.PRESS_OFFICER},
    Action.READ_DRILLS: _EVERYONE - {Role.VIEWER},
    Action.HOLD_DRILL: _LEADS | {Role.PRESS_OFFICER},
    Action.READ_RETENTION: frozenset({Role.ADMINISTRATOR, Role.CHIEF, Role.RECORDS_OFFICER, Role.AUDITOR}),
    Action.CHANGE_RETENTION: frozenset({Role.RECORDS_OFFICER}),
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
    Action.READ_AUDIT: frozenset({Role.ADMINISTRATOR, Role.CHIEF, Role.AUDITOR, Role.RECORDS_OFFICER}),
    Action.READ_PEOPLE: _EVERYONE,
    Action.CHANGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Action.CHANGE_AGENCY: frozenset({Role.ADMINISTRATOR}),
}


def can(user: AbstractBaseUser | AnonymousUser, action: Action, agency: Agency) -> bool:
    """Return whether `user` may do `action` in `agency`: an active member whose role the table names."""
    role = agency.role_of(user)
    return role is not None and role in ALLOWED.get(action, frozenset())
