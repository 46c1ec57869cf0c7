"""Sharing: something of one agency becomes an offer, an arrival becomes a message of another, and corrections and recalls follow it.

The other agency's message goes its own way of approval and leaves on its own accounts; nothing is published because it arrived.
"""

from callbox.flows.sharing.following import follow_up
from callbox.flows.sharing.giving import (
    LONGEST,
    Given,
    given_alert,
    given_event,
    given_message,
    offer_alert,
    offer_event,
    offer_message,
    renew_event,
    shown_of,
)
from callbox.flows.sharing.taking import holding, settle_arrivals, take_back, take_over

__all__ = [
    "LONGEST",
    "Given",
    "follow_up",
    "given_alert",
    "given_event",
    "given_message",
    "holding",
    "offer_alert",
    "offer_event",
    "offer_message",
    "renew_event",
    "settle_arrivals",
    "shown_of",
    "take_back",
    "take_over",
]
