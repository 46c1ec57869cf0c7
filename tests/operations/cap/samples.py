"""Alerts and shapes for the tests of CAP, sound ones and every kind of bad one."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from callbox.operations.cap.checking import Setting
from callbox.operations.cap.vocabulary import Area, Circle, Info, Message

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SQUARE = ((51.5, -0.12), (51.5, -0.1), (51.51, -0.1), (51.51, -0.12), (51.5, -0.12))
#: The agency's own ground: west, south, east, north.
HOME = (-0.3, 51.3, 0.1, 51.7)
SETTING = Setting(exercise=False, now=NOW, home=HOME)

NAN, INF = math.nan, math.inf
_A, _B, _C, _D, _E = SQUARE

#: Name -> (outline, code of what is wrong with it). Refused whole, every one.
BAD_RINGS: dict[str, tuple[tuple[tuple[float, ...], ...], str]] = {
    "nothing": ((), "too_few_points"),
    "one point": ((_A,), "too_few_points"),
    "a line": ((_A, _B, _A), "too_few_points"),
    "open": ((_A, _B, _C, _D), "not_closed"),
    "open by a hair": ((_A, _B, _C, _D, (51.50001, -0.12)), "not_closed"),
    "bow-tie": ((_A, _C, _B, _D, _A), "crosses_itself"),
    "figure of eight": (((51.5, -0.1), (51.52, -0.1), (51.5, -0.12), (51.52, -0.12), (51.5, -0.1)), "crosses_itself"),
    "touches itself at a point": ((_A, (51.505, -0.11), _B, _C, (51.505, -0.11), _D, _A), "crosses_itself"),
    "spike outwards": ((_A, _B, (51.6, -0.1), _B, _C, _D, _A), "spike"),
    "spike that is nearly one": ((_A, _B, (51.3, -0.1), (51.51, -0.09999), _D, _A), "spike"),
    "spike at the first point": ((_A, _B, _C, _D, (51.52, -0.12), _A), "spike"),
    "same point twice": ((_A, _B, _B, _C, _D, _A), "same_point"),
    "same point twice at five decimals": ((_A, _B, (51.500001, -0.1), _C, _D, _A), "same_point"),
    "last point twice": ((_A, _B, _C, _D, _A, _A), "same_point"),
    "all the same": ((_A, _A, _A, _A), "same_point"),
    "flat": ((_A, (51.505, -0.11), _C, _A), "no_ground"),
    "flat along a meridian": (((51.5, -0.1), (51.51, -0.1), (51.52, -0.1), (51.5, -0.1)), "no_ground"),
    "smaller than its decimals": (((51.5, -0.1), (51.500001, -0.1), (51.500001, -0.100001), (51.5, -0.1)), "same_point"),
    "not a number": ((_A, (NAN, -0.1), _C, _D, _A), "not_a_number"),
    "endless": ((_A, (51.5, INF), _C, _D, _A), "not_a_number"),
    "three numbers": ((_A, (51.5, -0.1, 3.0), _C, _D, _A), "not_a_number"),
    "latitude too high": ((_A, (251.5, -0.1), _C, _D, _A), "latitude_out"),
    "longitude too far": ((_A, (51.5, -200.0), _C, _D, _A), "longitude_out"),
    "swapped, and off the earth": (tuple((lon - 122, lat) for lat, lon in SQUARE), "swapped"),
    "swapped, and elsewhere": (tuple((lon, lat) for lat, lon in SQUARE), "swapped"),
    "far away": (tuple((lat - 40, lon) for lat, lon in SQUARE), "far_away"),
    "a zero too few": (tuple((lat / 10, lon) for lat, lon in SQUARE), "far_away"),
    "across the 180th meridian": (((60.0, 179.0), (60.0, -179.0), (61.0, -179.0), (61.0, 179.0), (60.0, 179.0)), "across_180"),
    "too many points": (tuple((51.5 + 0.01 * math.sin(n / 500), 0.01 * math.cos(n / 500)) for n in range(3200)), "too_many_points"),
}  # fmt: skip

BAD_CIRCLES: dict[str, tuple[Circle, str]] = {
    "no radius": (Circle(51.5, -0.1, 0.0), "no_radius"),
    "below nothing": (Circle(51.5, -0.1, -1.0), "no_radius"),
    "radius that is none": (Circle(51.5, -0.1, NAN), "no_radius"),
    "endless": (Circle(51.5, -0.1, INF), "no_radius"),
    "half the earth": (Circle(51.5, -0.1, 9000.0), "large_radius"),
    "over the pole": (Circle(89.9, 0.0, 100.0), "across_180"),
    "across the 180th meridian": (Circle(0.0, 179.99, 100.0), "across_180"),
    "swapped": (Circle(-0.1, 51.5, 1.0), "swapped"),
    "off the earth": (Circle(91.0, -100.0, 1.0), "latitude_out"),
}

#: Several shapes of one area, of which one lies inside another.
NESTED = {
    "a hole": (
        SQUARE,
        ((51.503, -0.115), (51.503, -0.105), (51.507, -0.105), (51.507, -0.115), (51.503, -0.115)),
    ),
    "twice the same": (SQUARE, SQUARE),
    "the other way round": (SQUARE, tuple(reversed(SQUARE))),
}


def info(**more: Any) -> Info:
    """Return sound words."""
    sound = Info(
        language="en",
        category=("Safety",),
        event="Keep away",
        response=("Avoid",),
        urgency="Immediate",
        severity="Severe",
        certainty="Observed",
        expires=NOW + timedelta(hours=4),
        sender_name="Harbour City Police",
        headline="Keep away from the bridge",
        description="A lorry with gas lies on the bridge.",
        instruction="Stay away.",
        web="https://example.org/p/harbour/alerts/x/",
        areas=(Area("The harbour bridge", (SQUARE,), (Circle(51.49, -0.1, 1.5),), (("FIPS6", "006017"),)),),
    )
    return replace(sound, **more)


def message(**more: Any) -> Message:
    """Return a sound message; what is no field of it is one of its words."""
    head = {name: more.pop(name) for name in list(more) if name in Message.__dataclass_fields__}
    sound = Message(
        identifier="harbour-20261122-1",
        sender="harbour@example.org",
        sent=NOW,
        status="Actual",
        kind="Alert",
        infos=(info(**more),),
    )
    return replace(sound, **head)
