"""Every action the audit trail knows, written out."""

from enum import StrEnum


class Audited(StrEnum):
    """What was done. The value stands in the chain for ever: a name may be added, never changed."""

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
    # the record
    RECORD_LOADED = "record.loaded"
    RECORD_REMOVED = "record.removed"
    # assessments
    ASSESSMENT_STARTED = "assessment.started"
    ASSESSMENT_RECOMPUTED = "assessment.recomputed"
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
    CODING_DRAWN = "coding.drawn"
    CODING_DONE = "coding.done"
    QUICK_CHECK_ANSWERED = "quickcheck.answered"
    BENCHMARK_EXPORTED = "benchmark.exported"
    BENCHMARK_IMPORTED = "benchmark.imported"
    # the trail itself
    AUDIT_EXPORTED = "audit.exported"
