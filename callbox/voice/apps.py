"""The voice room as a Django application."""

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    """Goals, messages, campaigns."""

    name = "callbox.voice"
    label = "voice"
