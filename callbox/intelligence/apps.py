"""The intelligence room as a Django application."""

from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    """Watches, sources, what they matched, events."""

    name = "callbox.intelligence"
    label = "intelligence"
