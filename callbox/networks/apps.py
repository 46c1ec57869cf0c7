"""The networks room as a Django application. Only `accounts` holds rows; everything else in the room is pure."""

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    """The registry of accounts."""

    name = "callbox.networks"
    label = "networks"
