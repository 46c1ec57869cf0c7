"""Which beat a point lies in, and the flat picture that residents click on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from django.db.models import Count, Max
from shapely.geometry import shape

from callbox.people.models import Agency, Beat

#: Two beats that share less than this part of the smaller one merely have sloppy borders.
OVERLAP: Final = 0.005


class Ground:
    """Beats by their shapes. keys: of the beats.  Longitude and latitude in degrees.

    Ground on both sides of the 180th meridian, cut there or not (RFC 7946, 3.1.9), is one piece here: west of it comes after 180.
    """

    def __init__(self, shapes: Mapping[str, Mapping[str, Any]]) -> None:
        self.keys = tuple(shapes)
        self.shapes = np.array([shape(each) for each in shapes.values()], dtype=object)
        onwards = shapely.transform(self.shapes, _onwards)
        self._onwards = bool(len(self.shapes)) and _width(onwards) < _width(self.shapes)
        if self._onwards:
            self.shapes = onwards
        shapely.prepare(self.shapes)
        self._tree = shapely.STRtree(self.shapes)

    def at(self, longitude: float, latitude: float, *, near: float = 0.0) -> tuple[str, ...]:
        """Return the beats that hold the point, its border included; with `near` those within that many degrees too."""
        point = shapely.Point(longitude + 360 if self._onwards and longitude < 0 else longitude, latitude)
        if near:
            found = self._tree.query(point, predicate="dwithin", distance=near)
        else:
            boxes = self._tree.query(point)
            found = boxes[shapely.covers(self.shapes[boxes], point)]
        return tuple(self.keys[each] for each in sorted(found))

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of all of it.

        Raises:
            ValueError: there is no ground.
        """
        if not len(self.shapes):
            raise ValueError("there is nothing to show")
        west, south, east, north = (float(each) for each in shapely.total_bounds(self.shapes))
        return west, south, east, north

    def overlaps(self) -> list[tuple[str, str]]:
        """Return the pairs of beats that share more than a sliver."""
        pairs = self._tree.query(self.shapes, predicate="intersects")
        found = []
        for one, other in zip(*pairs, strict=True):
            if one < other:
                first, second = self.shapes[one], self.shapes[other]
                if first.intersection(second).area > OVERLAP * min(first.area, second.area):
                    found.append((self.keys[one], self.keys[other]))
        return found


def _onwards(corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.column_stack([np.where(corners[:, 0] < 0, corners[:, 0] + 360, corners[:, 0]), corners[:, 1]])


def _width(shapes: np.ndarray[Any, Any]) -> float:
    west, _south, east, _north = shapely.total_bounds(shapes)
    return float(east - west)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of some ground. west, north: degrees of its upper left corner.  wide, high: pixels.

    across, down: pixels a degree of longitude and of latitude; a degree of longitude is shorter by the cosine of the latitude, so that
    the ground keeps its form (equirectangular projection with the middle latitude as its standard parallel).
    """

    west: float
    north: float
    wide: int
    high: int
    across: float
    down: float

    @classmethod
    def around(cls, ground: Ground, *, wide: int, margin: int = 8) -> Frame:
        """Return the picture that shows all of `ground`, `wide` pixels wide and at most half as high again.

        Raises:
            ValueError: there is no ground.
        """
        west, south, east, north = ground.bounds()
        squeeze = max(0.01, math.cos(math.radians((south + north) / 2)))
        room, tallest = wide - 2 * margin, wide * 1.5 - 2 * margin
        down = min(room / ((east - west) * squeeze), tallest / (north - south))
        across = down * squeeze
        high = math.ceil(round((north - south) * down, 6)) + 2 * margin  # a rounding error is no pixel more
        left = (wide - (east - west) * across) / 2
        return cls(west - left / across, north + margin / down, wide, high, across, down)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of the middle of a pixel."""
        return self.west + (x + 0.5) / self.across, self.north - (y + 0.5) / self.down

    def pixels(self, corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return where corners, rows of longitude and latitude, lie in the picture."""
        return np.column_stack([(corners[:, 0] - self.west) * self.across, (self.north - corners[:, 1]) * self.down])


def ground_of(agency: Agency) -> Ground:
    """Return the standing beats of an agency that have a shape; kept until one of them changes."""
    rows = Beat.objects.of(agency).standing()
    state = rows.aggregate(last=Max("at"), count=Count("pk"))
    return _ground(agency.pk, state["last"], state["count"])


@lru_cache(maxsize=16)
def _ground(agency: int, last: datetime | None, count: int) -> Ground:  # noqa: ARG001 - the last two make an older one stale
    rows = Beat.objects.filter(agency=agency).standing().order_by("name", "pk")
    return Ground({row.code: row.shape for row in rows if row.shape})
