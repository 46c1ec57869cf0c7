"""The rows of intelligence."""

from callbox.intelligence.models.events import Assessment, Event
from callbox.intelligence.models.sightings import Match, Reveal, Sighting
from callbox.intelligence.models.sources import Silence, Source
from callbox.intelligence.models.watches import SignOff, Watch, WatchVersion

__all__ = [
    "Assessment",
    "Event",
    "Match",
    "Reveal",
    "Sighting",
    "SignOff",
    "Silence",
    "Source",
    "Watch",
    "WatchVersion",
]
