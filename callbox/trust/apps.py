"""The trust room as a Django application."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Conversations, moderation, subscriptions."""

    name = "callbox.trust"
    label = "trust"
