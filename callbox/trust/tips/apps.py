"""Sealed tips as a Django application of their own, so that they can live in a database of their own."""

from django.apps import AppConfig


class TipsConfig(AppConfig):
    """Sealed tips and their dialogue."""

    name = "callbox.trust.tips"
    label = "tips"
