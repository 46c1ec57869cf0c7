"""The governance room as a Django application."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Audit, approvals, retention."""

    name = "callbox.governance"
    label = "governance"
