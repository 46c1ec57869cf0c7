"""The rows of this room, where Django looks for them."""

from callbox.networks.accounts.models import Account

__all__ = ["Account"]
