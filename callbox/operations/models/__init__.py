"""The rows of operations."""

from callbox.operations.models.alerts import Alert, AlertVersion
from callbox.operations.models.cases import Case, Update
from callbox.operations.models.drills import Action, Drill
from callbox.operations.models.escalations import Escalation, Gateway
from callbox.operations.models.incidents import Incident, Note
from callbox.operations.models.roster import Shift

__all__ = [
    "Action",
    "Alert",
    "AlertVersion",
    "Case",
    "Drill",
    "Escalation",
    "Gateway",
    "Incident",
    "Note",
    "Shift",
    "Update",
]
