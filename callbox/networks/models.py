"""The rows of this room, where Django looks for them."""

from callbox.networks.accounts.models import Account
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.models import Delivery
from callbox.networks.items.models import Item
from callbox.networks.newsroom.models import Entry

__all__ = ["Account", "Connection", "Delivery", "Entry", "Item"]
