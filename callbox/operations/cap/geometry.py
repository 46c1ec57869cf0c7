"""Whether a shape can be sent: closed, not crossing itself, on this earth, latitude first, covering ground. Pure.

The checks are ours: the schema of CAP takes any text for a polygon, and receivers drop, mirror or stretch what they do not like.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.validation import explain_validity

from callbox.operations.cap.vocabulary import DECIMALS, Area, Circle, Point
from callbox.operations.cap.words import Problem

type Ring = tuple[Point, ...]
#: The corners of a ring as rows of latitude and longitude.
type Table = npt.NDArray[np.float64]
#: West, south, east, north, in degrees.
type Box = tuple[float, float, float, float]

#: Points of one shape: receivers on phones cut longer ones.
MOST_POINTS: Final = 2_000
#: Kilometres of a circle.
LARGEST_RADIUS: Final = 500.0
#: Kilometres an alert may lie away from the agency's own ground.
FAR: Final = 500.0
#: A corner sharper than this, degrees, is a slip of the hand.
SHARPEST: Final = 0.05
#: Ground over outline, degrees: a strip of half a metre has a quarter of a metre's degrees; what is thinner is rounding.
THINNEST: Final = 2.5e-6
#: To one degree.
_STEPS: Final = 10.0**DECIMALS
#: Kilometres of one degree of latitude (mean earth radius 6371.0088 km).
_DEGREE: Final = math.pi * 6371.0088 / 180
_DEGREES: Final = r"[+-]?\d{1,3}+(?:\.\d{1,20}+)?+"
_POINT: Final = re.compile(f"{_DEGREES},{_DEGREES}")
_POINTS: Final = re.compile(rf"\s*+(?:{_DEGREES},{_DEGREES}(?:\s++|$))*+")


def rounded(ring: Sequence[Sequence[float]]) -> Ring:
    """Return a ring as it will be written: five decimals."""
    return _rounded(tuple((lat, lon) for lat, lon in ring))


@lru_cache(maxsize=32)
def _rounded(ring: Ring) -> Ring:
    numbers = np.fromiter(map(float, itertools.chain.from_iterable(ring)), np.float64, 2 * len(ring))
    with np.errstate(over="ignore"):  # what is too large lies on no earth, which is said elsewhere
        return _pairs((np.rint(numbers * _STEPS) / _STEPS + 0.0).tolist())


def _pairs(numbers: Sequence[float]) -> Ring:
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def round_circle(circle: Circle) -> Circle:
    """Return a circle as it will be written: five decimals of a degree, metres."""
    ((lat, lon),) = rounded(((circle.latitude, circle.longitude),))
    return Circle(lat, lon, round(circle.radius, 3))


def problems(areas: Sequence[Area], *, home: Box | None = None) -> list[Problem]:
    """Return everything that is wrong with shapes and circles. home: the agency's own ground, to tell a swap and a slip far away."""
    found: list[Problem] = []
    sound: list[tuple[str, Ring]] = []
    for number, area in enumerate(areas, start=1):
        for count, ring in enumerate(area.polygons, start=1):
            place = f"area {number}, polygon {count}"
            wrong = of_ring(ring, home=home)
            found += [each.within(place) for each in wrong]
            if not wrong:
                sound.append((place, rounded(ring)))
        for count, circle in enumerate(area.circles, start=1):
            found += [each.within(f"area {number}, circle {count}") for each in of_circle(circle, home=home)]
    return found + list(_nested(sound))


def _nested(rings: Sequence[tuple[str, Ring]]) -> Iterator[Problem]:
    """Yield the shapes that lie inside another, found by a tree so that many shapes cost little."""
    if len(rings) < 2:
        return
    shapes = [(place, _polygon(np.array(ring))) for place, ring in rings]
    tree = shapely.STRtree([shape for _place, shape in shapes])
    for number, (place, shape) in enumerate(shapes):
        for other in tree.query(shape, predicate="covered_by"):
            if other != number and (other < number or not shapes[other][1].equals(shape)):
                yield Problem("nested", place, {"other": shapes[other][0]})
                break


def of_ring(ring: Sequence[Sequence[float]], *, home: Box | None = None) -> list[Problem]:
    """Return what is wrong with one outline, the first thing that makes the rest meaningless alone."""
    wrong = _off_earth(ring) or _count(ring)
    if wrong:
        return wrong
    corners = rounded(ring)
    table = np.array(corners)
    return _closed(table) or _form(corners, table) or _away(table, home)


def _count(ring: Sequence[Sequence[float]]) -> list[Problem]:
    if len(ring) < 4:
        return [Problem("too_few_points", values={"n": len(ring)})]
    if len(ring) > MOST_POINTS:
        return [Problem("too_many_points", values={"n": len(ring), "limit": MOST_POINTS})]
    return []


def _closed(table: Table) -> list[Problem]:
    if (table[0] != table[-1]).any():
        return [Problem("not_closed")]
    steps = table[1:] - table[:-1]
    if (np.abs(steps[:, 1]) > 180).any():
        return [Problem("across_180")]
    twice = np.flatnonzero(~steps.any(axis=1))
    return [Problem("same_point", values={"n": int(number) + 2}) for number in twice[:3]]


def _form(corners: Ring, table: Table) -> list[Problem]:
    back = 0 if _flat(corners) else _spike(table)  # a line has no ground at all, which says more
    if back:
        return [Problem("spike", values={"n": back})]
    shape = _polygon(table)
    if not shape.is_valid:
        if shapely.convex_hull(shapely.MultiPoint(shape.exterior.coords)).area == 0:
            return [Problem("no_ground")]
        where = re.search(r"\[([-\d.e]+) ([-\d.e]+)\]", explain_validity(shape))
        said = f"{float(where[2]):.5f},{float(where[1]):.5f}" if where else "?"
        return [Problem("crosses_itself", values={"where": said})]
    return [] if shape.area > THINNEST * shape.length else [Problem("no_ground")]


def _spike(table: Table) -> int:
    """Return the number of a point from which the outline runs straight back the way it came, 0 when there is none."""
    steps = table[1:] - table[:-1]
    ahead = np.degrees(np.arctan2(steps[:, 0], steps[:, 1]))
    between = np.abs(np.concatenate((ahead[-1:], ahead[:-1])) + 180 - ahead) % 360
    sharp = np.flatnonzero(np.minimum(between, 360 - between) < SHARPEST)
    return int(sharp[0]) + 1 if len(sharp) else 0


def _flat(corners: Sequence[Point]) -> bool:
    (a, b), (c, d) = corners[0], next((each for each in corners if each != corners[0]), corners[0])
    return all(math.isclose((c - a) * (lon - b), (d - b) * (lat - a), rel_tol=0, abs_tol=1e-12) for lat, lon in corners)


def of_circle(circle: Circle, *, home: Box | None = None) -> list[Problem]:
    """Return what is wrong with one circle."""
    centre = ((circle.latitude, circle.longitude),)
    off_earth = _off_earth(centre)
    if off_earth:
        return off_earth
    if not math.isfinite(circle.radius) or circle.radius <= 0:
        return [Problem("no_radius")]
    if circle.radius > LARGEST_RADIUS:
        return [Problem("large_radius", values={"value": f"{circle.radius:g}", "limit": int(LARGEST_RADIUS)})]
    high = abs(circle.latitude) + circle.radius / _DEGREE
    wide = circle.radius / (_DEGREE * math.cos(math.radians(min(high, 89.9))))
    if high >= 90 or abs(circle.longitude) + wide > 180:
        return [Problem("across_180")]
    return _away(np.array(centre), home)


def _off_earth(points: Sequence[Sequence[float]]) -> list[Problem]:
    if _on_earth(points):
        return []
    for number, point in enumerate(points, start=1):
        place = f"point {number}"
        if len(point) != 2 or not all(math.isfinite(value) for value in point):
            return [Problem("not_a_number", place)]
        lat, lon = point
        if abs(lat) > 90:
            swapped = abs(lat) <= 180 and all(abs(each[1]) <= 90 for each in points if len(each) == 2)
            return [Problem("swapped" if swapped else "latitude_out", place, {"value": f"{lat:g}"})]
        if abs(lon) > 180:
            return [Problem("longitude_out", place, {"value": f"{lon:g}"})]
    return []


def _on_earth(points: Sequence[Sequence[float]]) -> bool:
    if set(map(len, points)) != {2}:
        return not points
    lat, lon = zip(*points, strict=True)
    if not (all(map(math.isfinite, lat)) and all(map(math.isfinite, lon))):
        return False  # what is no number is neither more nor less than another
    return bool(max(map(abs, lat)) <= 90 and max(map(abs, lon)) <= 180)


def _away(table: Table, home: Box | None) -> list[Problem]:
    """Tell shapes far from home; those that come home when the two numbers change places were swapped."""
    if home is None or distance(table, home) <= FAR:
        return []
    mirrored = table[:, ::-1]
    swapped = not _off_earth(mirrored.tolist()) and distance(mirrored, home) <= FAR
    return [Problem("swapped") if swapped else Problem("far_away", values={"limit": int(FAR)})]


def distance(table: Table, home: Box) -> float:
    """Return the kilometres from the farthest of some points to a box, on a flat earth: near enough to tell a slip."""
    west, south, east, north = home
    lat, lon = table.T
    up = np.maximum(np.maximum(south - lat, lat - north), 0.0)
    aside = np.maximum(np.maximum(west - lon, lon - east), 0.0)
    aside = np.minimum(aside, 360 - aside) * math.cos(math.radians((south + north) / 2))
    return float(np.hypot(up, aside).max()) * _DEGREE


def _polygon(table: Table) -> shapely.Polygon:
    return shapely.polygons(table[:, ::-1])


def parse(text: str) -> list[Ring]:
    """Read pasted shapes: GeoJSON (longitude first, RFC 7946) or points as CAP writes them (latitude first), a line a shape.

    Raises:
        ValueError: neither; its argument is the `Problem`.
    """
    text = text.strip()
    if text.startswith(("{", "[")):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(Problem("not_geojson")) from None
        return from_geojson(data)
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        try:
            found.append(points(line))
        except ValueError as error:
            raise ValueError(error.args[0].within(f"line {number}")) from None
    return found


@lru_cache(maxsize=32)
def points(text: str) -> Ring:
    """Read points as CAP writes them: `lat,lon lat,lon ...`.

    Raises:
        ValueError: one of them is none; its argument is the `Problem`.
    """
    if _POINTS.fullmatch(text) is not None:
        return _pairs([*map(float, text.replace(",", " ").split())])
    number, word = next((n, word) for n, word in enumerate(text.split(), start=1) if not _POINT.fullmatch(word))
    raise ValueError(Problem("bad_point", f"point {number}", {"text": word[:60]}))


def from_geojson(data: object, *, outlines: bool = False) -> list[Ring]:
    """Return the outlines of a GeoJSON geometry, feature or collection. outlines: leave holes out instead of refusing them.

    Raises:
        ValueError: it is no area, or has holes; its argument is the `Problem`.
    """
    found: list[Ring] = []
    ahead, seen = [data], 0
    while ahead:
        each, seen = ahead.pop(0), seen + 1
        if not isinstance(each, Mapping) or seen > 1_000:
            raise ValueError(Problem("not_geojson"))
        kind = each.get("type")
        if kind == "FeatureCollection" and isinstance(each.get("features"), list):
            ahead += each["features"]
        elif kind == "Feature":
            ahead.append(each.get("geometry"))
        elif kind in {"Polygon", "MultiPolygon"}:
            coordinates = each.get("coordinates")
            found += _rings([coordinates] if kind == "Polygon" else coordinates, outlines=outlines)
        else:
            raise ValueError(Problem("not_geojson"))
    if not found:
        raise ValueError(Problem("not_geojson"))
    return found


def _rings(parts: Any, *, outlines: bool) -> Iterator[Ring]:
    for part in parts if isinstance(parts, Sequence) else ():
        if isinstance(part, Sequence) and len(part) > 1 and not outlines:
            raise ValueError(Problem("hole"))
        try:
            yield rounded([(point[1], point[0]) for point in part[0]])
        except (TypeError, LookupError, ValueError, OverflowError):
            raise ValueError(Problem("not_geojson")) from None
