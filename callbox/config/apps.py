"""The settings room as an application: it registers the system checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, URLs, schedule."""

    name = "callbox.config"
    label = "config"

    def ready(self) -> None:
        """Register the numbered checks."""
        from callbox.config import checks, lacking  # noqa: F401, PLC0415 - they register on import, which needs the applications
