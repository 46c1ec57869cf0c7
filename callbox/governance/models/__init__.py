"""The rows of this room: the trail, approvals, what one person let go alone, the freeze, retention."""

from callbox.governance.models.approvals import Approval, ApprovalRule
from callbox.governance.models.emergency import EmergencyRule, LoneApproval
from callbox.governance.models.freeze import Freeze
from callbox.governance.models.retention import Disposal, Hold, RetentionRule
from callbox.governance.models.trail import AuditEvent, AuditHead

__all__ = [
    "Approval",
    "ApprovalRule",
    "AuditEvent",
    "AuditHead",
    "Disposal",
    "EmergencyRule",
    "Freeze",
    "Hold",
    "LoneApproval",
    "RetentionRule",
]
