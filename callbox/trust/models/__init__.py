"""The rows of this room."""

from callbox.trust.models.conversations import Conversation, Line
from callbox.trust.models.moderation import Hiding
from callbox.trust.models.subscriptions import Subscription

__all__ = ["Conversation", "Hiding", "Line", "Subscription"]
