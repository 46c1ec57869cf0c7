"""A small town: three beats side by side on a square of a degree, as files."""

from __future__ import annotations

import json
from typing import Any


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a rectangle."""
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def feature(code: str, geometry: object, **properties: object) -> dict[str, Any]:
    """Return a feature with a name made of its code."""
    return {
        "type": "Feature",
        "properties": {"code": code, "name": code.title(), **properties},
        "geometry": geometry,
    }


def file(*features: object) -> bytes:
    """Return a FeatureCollection."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


NORTH = feature(
    "north",
    square(10, 50.5, 11, 51),
    team=[{"name": "Lee Park", "rank": "Sergeant", "hours": "Mon to Fri"}],
    hours="Every day 8 to 20",
    contact="Harbour station, 555 0101",
    meetings=[{"at": "2026-12-03T18:30", "title": "Coffee with a cop", "place": "Library; hall, 2"}],
    priorities=["Speeding on Mill Lane"],
)
SOUTH, EAST = feature("south", square(10, 50, 11, 50.5)), feature("east", square(11, 50, 11.5, 51))
TOWN = file(NORTH, SOUTH, EAST)

STREETS = """street,first,last,beat,side
Mill Lane,1,40,north,
Mill Lane,41,80,south,
Rúa do Príncipe,,,south,
Border Road,1,99,north,odd
Border Road,2,98,east,even
Millers Way,,,east,
""".encode()
