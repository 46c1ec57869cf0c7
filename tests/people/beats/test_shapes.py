"""A file of beats is used as a whole or not at all, and says which feature is wrong and why."""

from __future__ import annotations

import json

import pytest

from callbox.people.beats import shapes
from tests.people.beats.town import NORTH, SOUTH, TOWN, feature, file, square

_BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
_OPEN = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}


def test_a_file_is_read_with_everything_residents_may_know() -> None:
    north, south, _east = shapes.read(TOWN)
    assert (north.code, north.name, north.contact) == ("north", "North", "Harbour station, 555 0101")
    assert north.meetings[0]["at"] == "2026-12-03T18:30"
    assert north.team == ({"name": "Lee Park", "rank": "Sergeant", "hours": "Mon to Fri"},)
    assert (south.team, south.priorities) == ((), ())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (feature("x", _BOW), "Feature 2: x: its outline crosses or touches itself near longitude 0.5"),
        (feature("x", _OPEN), "not closed"),
        (feature("x", square(179, 50, 181, 51)), "outside the world"),
        (feature("x", square(50, 89, 51, 91)), "outside the world"),
        (feature("x", square(1, 1, 1, 1)), "crosses or touches itself"),
        (feature("x", {"type": "Point", "coordinates": [1, 2]}), "Polygon or a MultiPolygon"),
        (feature("x", {"type": "Polygon", "coordinates": [[[0, 0], ["a", 1], [1, 1], [0, 0]]]}), "a corner must be"),
        (feature("x", {"type": "Polygon", "coordinates": [[[0, 0], [True, 1], [1, 1], [0, 0]]]}), "a corner must be"),
        (feature("x", {"type": "MultiPolygon", "coordinates": []}), "empty"),
        (feature("x", None), "Polygon or a MultiPolygon"),
        (feature("not a code", square(0, 0, 1, 1)), "letters, digits"),
        (feature("north", square(0, 0, 1, 1)), "twice"),
        (feature("x", square(0, 0, 1, 1), name=""), "no name"),
        (feature("x", square(0, 0, 1, 1), team=["Lee"]), "“team” must be"),
        (feature("x", square(0, 0, 1, 1), team=[{"rank": "Sergeant"}]), "no name"),
        (feature("x", square(0, 0, 1, 1), meetings=[{"at": "soon"}]), "day and hour"),
        (feature("x", square(0, 0, 1, 1), hours=8), "must be text"),
        (feature("x", square(0, 0, 1, 1), priorities="speed"), "must be a list"),
        ("x", "no Feature"),
        ({"type": "Feature", "geometry": None}, "no properties"),
    ],
)
def test_what_is_wrong_with_a_feature_is_said_with_its_number(wrong: object, said: str) -> None:
    with pytest.raises(shapes.UnusableError) as caught:
        shapes.read(file(NORTH, wrong, SOUTH))
    (problem,) = caught.value.problems
    assert problem.startswith("Feature 2: ")
    assert said in problem


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"type":"FeatureCollection","features":[]}', b"[1]", b"null",
     b'{"type":"FeatureCollection","features":[NaN]}', b" " * 2_000_001, TOWN[:-1]],
)  # fmt: skip
def test_a_file_that_is_none_is_told_in_words(data: bytes) -> None:
    with pytest.raises(shapes.UnusableError) as caught:
        shapes.read(data)
    assert caught.value.problems[0].startswith("The file")


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(shapes.UnusableError) as caught:
        shapes.read(file(*(feature(f"x{n}", _OPEN) for n in range(30))))
    assert len(caught.value.problems) == shapes.MOST_PROBLEMS


def test_heights_are_left_out_and_holes_kept() -> None:
    outer, hole = square(0, 0, 4, 4)["coordinates"][0], square(1, 1, 2, 2)["coordinates"][0]
    (drawn,) = shapes.read(file(feature("x", {"type": "Polygon", "coordinates": [[[*c, 7] for c in outer], hole]})))
    assert json.loads(json.dumps(drawn.shape))["coordinates"] == [outer, hole]
