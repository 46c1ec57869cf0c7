"""The people room as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Agencies, users, memberships, roles."""

    name = "callbox.people"
    label = "people"
