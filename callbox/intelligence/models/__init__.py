"""The rows of intelligence."""

from callbox.intelligence.models.events import Assessment, Event
from callbox.intelligence.models.listening import Listening, SetAside
from callbox.intelligence.models.sightings import Match, Reveal, Sighting
from callbox.intelligence.models.sources import Silence, Source
from callbox.intelligence.models.watches import SignOff, Watch, WatchVersion

__all__ = [
    "Assessment",
    "Event",
    "Listening",
    "Match",
    "Reveal",
    "SetAside",
    "Sighting",
    "SignOff",
    "Silence",
    "Source",
    "Watch",
    "WatchVersion",
]
