"""The maturity room as a Django application."""

from django.apps import AppConfig


class MaturityConfig(AppConfig):
    """Assessments, evidence, targets."""

    name = "callbox.maturity"
    label = "maturity"
