"""Assessments and what stands beside them. Every row belongs to one agency, and `visible_to(user)` is the only door to it."""

from callbox.maturity.models.assessments import Assessment, LevelReview, Upload
from callbox.maturity.models.coding import Code, CodedPost, CodingSample
from callbox.maturity.models.comparing import Peer
from callbox.maturity.models.evidence import Attestation, Reminder
from callbox.maturity.models.planning import OwnEffort, Plan, PlannedStep
from callbox.maturity.models.statements import AreaStatement, Exemption, SelfDeclaration, Target

__all__ = [
    "AreaStatement",
    "Assessment",
    "Attestation",
    "Code",
    "CodedPost",
    "CodingSample",
    "Exemption",
    "LevelReview",
    "OwnEffort",
    "Peer",
    "Plan",
    "PlannedStep",
    "Reminder",
    "SelfDeclaration",
    "Target",
    "Upload",
]
