"""Every action the audit trail knows, written out."""

from django.db.models import TextChoices


class Audited(TextChoices):
    """What was done. The value stands in the chain for ever: a name may be added, never changed. The label comes from the name."""

    # people
    AGENCY_CREATED = "agency.created"
    AGENCY_CHANGED = "agency.changed"
    PERSON_INVITED = "person.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    INVITATION_USED = "invitation.used"
    MEMBER_ADDED = "member.added"
    ROLE_CHANGED = "role.changed"
    MEMBER_REMOVED = "member.removed"
    # signing in
    SIGNED_IN = "session.begun"
    SIGNED_OUT = "session.ended"
    SIGN_IN_FAILED = "session.refused"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - the name of an event
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    # assessments
    ASSESSMENT_STARTED = "assessment.started"
    ASSESSMENT_FROZEN = "assessment.frozen"
    ASSESSMENT_SIGNED = "assessment.signed"
    ASSESSMENT_EXPORTED = "assessment.exported"
    ASSESSMENT_IMPORTED = "assessment.imported"
    ASSESSMENT_QUEUED = "assessment.queued"
    ASSESSMENT_MEASURED = "assessment.measured"
    ASSESSMENT_FAILED = "assessment.failed"
    ASSESSMENT_SUBMITTED = "assessment.submitted"
    ASSESSMENT_SENT_BACK = "assessment.sent-back"
    ASSESSMENT_WITHDRAWN = "assessment.withdrawn"
    ASSESSMENT_RESTORED = "assessment.restored"
    LEVELS_REVIEWED = "levels.reviewed"
    ATTESTATION_ADDED = "attestation.added"
    ATTESTATION_REVIEWED = "attestation.reviewed"
    ATTESTATION_REFUSED = "attestation.refused"
    ATTESTATION_WITHDRAWN = "attestation.withdrawn"
    ATTESTATION_RESTORED = "attestation.restored"
    ATTESTATION_EXPIRED = "attestation.expired"
    ATTESTATION_REMINDED = "attestation.reminded"
    LEVEL_DECLARED = "level.declared"
    AREA_DECLARED = "area.declared"
    EXEMPTION_ASKED = "exemption.asked"
    EXEMPTION_APPROVED = "exemption.approved"
    EXEMPTION_REFUSED = "exemption.refused"
    EXEMPTION_ENDED = "exemption.ended"
    TARGET_SET = "target.set"
    TARGET_CLEARED = "target.cleared"
    PLAN_CHOSEN = "plan.chosen"
    PLAN_ENDED = "plan.ended"
    STEP_ASSIGNED = "step.assigned"
    STEP_DONE = "step.done"
    STEP_REOPENED = "step.reopened"
    EFFORT_SET = "effort.set"
    EFFORT_CLEARED = "effort.cleared"
    CODING_DRAWN = "coding.drawn"
    CODING_DONE = "coding.done"
    ACCOUNT_STATED = "account.stated"
    QUICK_CHECK_ANSWERED = "quickcheck.answered"
    BENCHMARK_EXPORTED = "benchmark.exported"
    BENCHMARK_IMPORTED = "benchmark.imported"
    BENCHMARK_POOL_EXPORTED = "benchmark.pool-exported"
    # permission to speak
    APPROVAL_GIVEN = "approval.given"
    APPROVAL_VOIDED = "approval.voided"
    FREEZE_PRESSED = "freeze.pressed"
    FREEZE_LIFTED = "freeze.lifted"
    # voice
    # networks
    # trust
    # retention
    # the trail itself
    AUDIT_EXPORTED = "audit.exported"
