"""The staff desk as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Staff pages, templates and static files."""

    name = "callbox.desk"
    label = "desk"
