"""The operations room as a Django application."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Updates to callers and victims."""

    name = "callbox.operations"
    label = "operations"
