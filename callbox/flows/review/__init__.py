"""The short look at the agency that a person's day begins with: facts of every area, and which five come first."""

from callbox.flows.review.facts import facts
from callbox.flows.review.ranking import MOST, Fact, Kind, first

__all__ = ["MOST", "Fact", "Kind", "facts", "first"]
