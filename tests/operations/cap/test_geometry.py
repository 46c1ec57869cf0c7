"""No shape leaves that receivers would drop, mirror or stretch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.operations.cap import geometry
from callbox.operations.cap.vocabulary import Area, Circle
from callbox.operations.cap.words import Problem
from callbox.operations.cap.writing import polygon_text
from tests.operations.cap.samples import BAD_CIRCLES, BAD_RINGS, HOME, NESTED, SQUARE


@pytest.mark.parametrize("name", BAD_RINGS)
def test_a_bad_outline_is_refused_for_the_reason_it_has(name: str) -> None:
    ring, code = BAD_RINGS[name]
    home = None if "180" in name else HOME
    assert {each.code for each in geometry.of_ring(ring, home=home)} == {code}


@pytest.mark.parametrize("name", BAD_CIRCLES)
def test_a_bad_circle_is_refused_for_the_reason_it_has(name: str) -> None:
    circle, code = BAD_CIRCLES[name]
    home = HOME if name == "swapped" else None
    assert [each.code for each in geometry.of_circle(circle, home=home)] == [code]


@pytest.mark.parametrize("name", NESTED)
def test_a_shape_inside_another_is_refused(name: str) -> None:
    found = geometry.problems([Area("x", NESTED[name])], home=HOME)
    assert [each.code for each in found] == ["nested"]
    apart = geometry.problems([Area("x", NESTED[name][:1]), Area("y", NESTED[name][1:])], home=HOME)
    assert [each.code for each in apart] == ["nested"]


def test_sound_shapes_pass_and_those_that_only_overlap_too() -> None:
    beside = tuple((lat + 0.005, lon + 0.01) for lat, lon in SQUARE)
    areas = [Area("x", (SQUARE, beside), (Circle(51.5, -0.1, 3.0),))]
    assert geometry.problems(areas, home=HOME) == []
    assert geometry.problems([Area("x", (tuple(reversed(SQUARE)),))], home=HOME) == []  # either way round
    assert geometry.problems([Area("x", (((-17.0, 179.0), (-17.0, 180.0), (-16.0, 180.0), (-17.0, 179.0)),))]) == []


def test_a_problem_names_its_place() -> None:
    found = geometry.problems([Area("x", (SQUARE,)), Area("y", (BAD_RINGS["bow-tie"][0],))])  # type: ignore[arg-type]
    assert found[0].sentence.startswith("area 2, polygon 1: the outline crosses or touches itself near 51.505")


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=30))
def test_whatever_is_drawn_is_judged_and_never_breaks(points: list[tuple[float, float]]) -> None:
    ring = (*points, points[0]) if points else ()
    assert all(isinstance(each, Problem) for each in geometry.of_ring(ring, home=HOME))


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=30))
def test_a_ring_reads_as_it_is_written_and_lies_within_half_a_step(points: list[tuple[float, float]]) -> None:
    ring = tuple(points)
    near = geometry.rounded(ring)
    assert geometry.points(polygon_text(ring)) == near
    assert all(
        abs(a - b) <= 5.1e-6 for one, other in zip(ring, near, strict=True) for a, b in zip(one, other, strict=True)
    )


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_read_or_refused_in_words(text: str) -> None:
    try:
        geometry.parse(text)
    except ValueError as error:
        assert isinstance(error.args[0], Problem)  # noqa: PT017 - a ValueError of Python itself would be a fault


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "features", "geometry"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_JSON, st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]))
def test_whatever_calls_itself_geojson_is_read_or_refused_in_words(data: Any, kind: str) -> None:
    text = json.dumps({"type": kind, "coordinates": data, "features": data, "geometry": data})
    try:
        geometry.parse(text)
    except ValueError as error:
        assert isinstance(error.args[0], Problem)  # noqa: PT017


def test_geojson_puts_longitude_first_and_cap_latitude() -> None:
    drawn = {"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in SQUARE]]}
    whole = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": drawn}]}
    many = {"type": "MultiPolygon", "coordinates": [drawn["coordinates"]] * 2}
    assert geometry.parse(json.dumps(drawn)) == [SQUARE]
    assert geometry.parse(json.dumps(whole)) == [SQUARE]
    assert geometry.parse(json.dumps(many)) == [SQUARE, SQUARE]
    assert geometry.parse("51.5,-0.12 51.5,-0.1 51.51,-0.1 51.51,-0.12 51.5,-0.12\n\n1,2 3,4") == [
        SQUARE,
        ((1.0, 2.0), (3.0, 4.0)),
    ]


@pytest.mark.parametrize(
    "coordinates",
    ["words", 5, None, {}, [], ["ab"], [[["a", "b"], ["c", "d"]]], [[[1], [2]]], [[1, 2, 3]], [{"0": 1}], [[[None, 1]]]],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_what_is_no_outline_is_refused_in_words(kind: str, coordinates: object) -> None:
    with pytest.raises(ValueError) as refused:
        geometry.from_geojson({"type": kind, "coordinates": coordinates})
    assert isinstance(refused.value.args[0], Problem)
