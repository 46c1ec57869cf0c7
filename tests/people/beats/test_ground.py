"""A point is in the beats that cover it, whatever the shapes; a click in the picture finds its way back."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping

from callbox.people.beats import shapes
from callbox.people.beats.ground import Frame, Ground
from tests.people.beats.town import TOWN, square

_points = st.tuples(st.integers(-20, 20), st.integers(-20, 20)).map(lambda p: (p[0] / 2, p[1] / 2))
_hulls = st.lists(_points, min_size=3, max_size=8).map(lambda p: shapely.MultiPoint(p).convex_hull)
_polygons = st.one_of(
    _hulls.filter(lambda each: each.geom_type == "Polygon"),
    st.tuples(_hulls, _hulls).map(lambda p: p[0].difference(p[1])).filter(
        lambda each: each.geom_type in {"Polygon", "MultiPolygon"} and each.is_valid and each.area > 0
    ),
)  # fmt: skip


@given(st.lists(_polygons, min_size=1, max_size=6), _points)
def test_a_point_is_in_the_beats_that_shapely_says_cover_it(
    outlines: list[shapely.Geometry], point: tuple[float, float]
) -> None:
    ground = Ground({str(n): mapping(outline) for n, outline in enumerate(outlines)})
    expected = [str(n) for n, outline in enumerate(outlines) if outline.covers(shapely.Point(point))]
    assert list(ground.at(*point)) == expected


@given(_polygons, st.integers(0, 299), st.floats(0, 1))
def test_a_pixel_and_its_point_are_one(outline: shapely.Geometry, x: int, part: float) -> None:
    frame = Frame.around(Ground({"a": mapping(outline)}), wide=300)
    assert 0 < frame.high <= 450
    y = int(part * (frame.high - 1))
    (back,) = frame.pixels(shapely.get_coordinates(shapely.Point(frame.point(x, y))))
    assert back == pytest.approx((x + 0.5, y + 0.5), abs=1e-4)


def test_a_border_belongs_to_both_sides_and_nothing_to_nobody() -> None:
    ground = Ground({each.code: each.shape for each in shapes.read(TOWN)})
    assert ground.at(10.5, 50.5) == ("north", "south")
    assert ground.at(10.5, 50.501) == ("north",)
    assert ground.at(10.5, 50.501, near=0.01) == ("north", "south")
    assert ground.at(20, 50) == ()


@pytest.mark.parametrize("cut", [True, False])
def test_ground_on_both_sides_of_the_180th_meridian_is_one_piece(cut: bool) -> None:
    """Taveuni, Fiji: cut at the meridian as RFC 7946 asks, or drawn through the whole world by a program that does not know."""
    west, east = square(179.8, -17, 180, -16), square(-180, -17, -179.8, -16)
    both = {"type": "MultiPolygon", "coordinates": [west["coordinates"], east["coordinates"]]}
    ground = Ground(
        {"taveuni": both if cut else square(179.8, -17, -179.8, -16), "south": square(179.8, -18, 179.9, -17)}
    )
    assert ground.bounds() == pytest.approx((179.8, -18, 180.2, -16))
    assert ground.at(179.95, -16.5) == ground.at(-179.9, -16.5) == ("taveuni",)
    assert ground.at(0, -16.5) == ground.at(-179.7, -16.5) == ()
    frame = Frame.around(ground, wide=300)
    assert ground.at(*frame.point(*frame.pixels(shapely.get_coordinates(shapely.Point(180.1, -16.5)))[0])) == (
        "taveuni",
    )


def test_beats_that_share_ground_are_told_and_neighbours_are_not() -> None:
    ground = Ground({"a": square(0, 0, 2, 2), "b": square(1, 1, 3, 3), "c": square(3, 0, 4, 2)})
    assert ground.overlaps() == [("a", "b")]
