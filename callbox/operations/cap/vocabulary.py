"""The words of CAP 1.2 as values: a message, one `Info` a language, areas.

Coordinates are written as CAP writes them, latitude before longitude, in degrees of WGS 84. Names in the comments are the elements of
the standard (section 3.2).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from callbox.core.plain import canonical, to_plain

type Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
type Kind = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
type Scope = Literal["Public", "Restricted", "Private"]
type Category = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"
]
type Response = Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"]
type Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
type Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
type Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
#: (latitude, longitude) in degrees.
type Point = tuple[float, float]
#: A name and its value: eventCode, parameter, geocode.
type Pair = tuple[str, str]

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE: Final = "application/cap+xml"
#: Decimals of a coordinate, about a metre.
DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within `radius` kilometres of a point."""

    latitude: float
    longitude: float
    radius: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where it holds. description: in words (areaDesc).  polygons: closed, the first point again last.  geocodes: of others' lists."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Pair, ...] = ()
    altitude: float | None = None  # feet above mean sea level
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that goes with it, by its address."""

    description: str
    type: str  # MIME
    size: int | None = None  # bytes
    uri: str = ""
    digest: str = ""  # SHA-1, as the standard has it


@dataclass(frozen=True, slots=True)
class Info:
    """What one language is told. effective: from when it holds (None: when sent).  onset: when it is expected to begin."""

    language: str = "en"
    category: tuple[Category, ...] = ("Safety",)
    event: str = ""
    response: tuple[Response, ...] = ()
    urgency: Urgency = "Unknown"
    severity: Severity = "Unknown"
    certainty: Certainty = "Unknown"
    audience: str = ""
    event_codes: tuple[Pair, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Pair, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, named for ever: its sender, identifier and time of sending, exactly as they stand in it."""

    sender: str
    identifier: str
    sent: str

    @property
    def text(self) -> str:
        """As CAP writes it."""
        return f"{self.sender},{self.identifier},{self.sent}"


@dataclass(frozen=True, slots=True)
class Message:
    """One CAP message, whole. references: what it follows, the oldest first."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    kind: Kind  # msgType
    scope: Scope = "Public"
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()

    @property
    def reference(self) -> Reference:
        """How later messages name this one."""
        return Reference(self.sender, self.identifier, stamp(self.sent))


@dataclass(frozen=True, slots=True)
class Content:
    """What people write of an alert: everything but its names, its hour of sending and what it follows. A version holds one."""

    infos: tuple[Info, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over all of it."""
        return hashlib.sha256(canonical(to_plain(self))).hexdigest()

    @property
    def first(self) -> Info:
        """The language it was written in; an empty one where nothing was written yet."""
        return self.infos[0] if self.infos else Info()

    @property
    def expires(self) -> datetime | None:
        """When the last of it expires."""
        return max((info.expires for info in self.infos if info.expires), default=None)

    @property
    def dangerous(self) -> bool:
        """Whether it speaks of danger to life: a great or extreme threat, at once or soon."""
        return any(
            info.severity in {"Extreme", "Severe"} and info.urgency in {"Immediate", "Expected"} for info in self.infos
        )


def stamp(moment: datetime) -> str:
    """Return a moment as CAP writes it: whole seconds, a numeric offset, `-00:00` for UTC (3.3.2); the letter Z is not allowed.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time of an alert needs a zone")
    text = moment.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text
