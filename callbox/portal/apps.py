"""The portal as a Django application. It holds no rows of its own."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Public pages, templates, static files, catalogues."""

    name = "callbox.portal"
    label = "portal"
