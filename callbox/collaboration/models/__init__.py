"""The rows of collaboration."""

from callbox.collaboration.models.agreements import Agreement
from callbox.collaboration.models.offers import Arrival, Offer, OfferQuerySet, Receipt
from callbox.collaboration.models.partners import Contact, Partner

__all__ = ["Agreement", "Arrival", "Contact", "Offer", "OfferQuerySet", "Partner", "Receipt"]
