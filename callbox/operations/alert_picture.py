"""The area of an alert as a picture drawn on the server: its shapes over the outlines of the beats. Dashed for an exercise."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import shapely
from shapely.affinity import scale

from callbox.operations.cap.geometry import of_circle, of_ring
from callbox.operations.cap.vocabulary import Area, Circle
from callbox.people.beats.ground import Frame, Ground

#: Widths it is drawn in, pixels: for a phone and for a desk.
WIDTHS: Final = (320, 620)
#: Part of its own size that is shown around an area.
_AROUND: Final = 0.35
#: Kilometres of one degree of latitude.
_DEGREE: Final = math.pi * 6371.0088 / 180
_STYLE: Final = (
    ".p{fill:#f3efe8}.b{fill:none;stroke:#8a8377;stroke-width:1}.a{fill:#c77700;fill-opacity:.32;stroke:#8f5200;stroke-width:2.5}"
    ".d .a{fill:#c0271f;stroke:#8f1710}.x .a{fill:#5b4aa8;stroke:#43358a;stroke-dasharray:9 6}"
    "@media (prefers-color-scheme: dark){.p{fill:#201f1c}.b{stroke:#8f897e}.a{stroke:#e5b95c}.d .a{stroke:#f2958d}.x .a{stroke:#b9adf2}}"
)


def draw(areas: Sequence[Area], beats: Ground, *, wide: int, exercise: bool, danger: bool) -> str:
    """Return the picture, empty where no shape of the areas can be drawn."""
    shapes = list(_shapes(areas))
    if not shapes:
        return ""
    whole = shapely.union_all(shapes)
    shown = _around(*whole.bounds)
    frame = Frame.around(Ground({"shown": shapely.geometry.mapping(shown)}), wide=wide)
    near = [beat for beat in beats.shapes if beat.intersects(shown)]
    kind = "x" if exercise else "d" if danger else "m"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.wide}" height="{frame.high}" viewBox="0 0 {frame.wide} {frame.high}">'
        f'<style>{_STYLE}</style><rect class="p" width="100%" height="100%"/>'
        f"{''.join(_path('b', beat, frame) for beat in near)}"
        f'<g class="{kind}">{"".join(_path("a", shape, frame) for shape in shapes)}</g></svg>'
    )


def _around(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Return what is shown: the shapes with some ground around them, between a third and twice wider than high."""
    squeeze = math.cos(math.radians((south + north) / 2))
    high, wide = (north - south) * (0.5 + _AROUND), (east - west) * (0.5 + _AROUND)
    wide = max(wide, high * 1.33 / squeeze)
    high = max(high, wide * squeeze / 2)
    middle, across = (south + north) / 2, (west + east) / 2
    return shapely.box(across - wide, middle - high, across + wide, middle + high)


def _shapes(areas: Sequence[Area]) -> Iterator[shapely.Geometry]:
    for area in areas:
        for ring in area.polygons:
            if not of_ring(ring):
                yield shapely.Polygon([(lon, lat) for lat, lon in ring])
        for circle in area.circles:
            if not of_circle(circle):
                yield _round(circle)


def _round(circle: Circle) -> shapely.Geometry:
    """Return a circle on the ground as degrees: wider in longitude, by the cosine of its latitude."""
    high = circle.radius / _DEGREE
    around = shapely.Point(circle.longitude, circle.latitude).buffer(high, quad_segs=16)
    return scale(around, xfact=1 / math.cos(math.radians(circle.latitude)))


def _path(name: str, shape: shapely.Geometry, frame: Frame) -> str:
    rings = []
    for part in shapely.get_parts(shape):
        for ring in shapely.get_rings(part):
            corners = frame.pixels(shapely.get_coordinates(ring))
            rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners[:-1]) + "Z")
    return f'<path class="{name}" fill-rule="evenodd" d="{"".join(rings)}"/>'
