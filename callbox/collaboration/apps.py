"""The collaboration room as a Django application."""

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    """Partners, agreements, offers."""

    name = "callbox.collaboration"
    label = "collaboration"
