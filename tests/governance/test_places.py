"""Beats and the address list change as a whole, with one event; what is ended stays for what refers to it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance import places
from callbox.governance.models import AuditEvent
from callbox.people.beats import shapes, streets
from callbox.people.beats.folding import asked
from callbox.people.models import Beat, Street
from tests.people.beats.town import NORTH, SOUTH, STREETS, TOWN, file
from tests.people.cast import Cast

pytestmark = pytest.mark.django_db


def bring(cast: Cast, data: bytes = TOWN) -> places.Changes:
    drawn = shapes.read(data)
    return places.import_beats(
        agency=cast.agency, drawn=drawn, seen=places.changes(cast.agency, drawn).seen, by=cast.erin
    )


def test_a_file_is_saved_as_a_whole_with_one_event_and_the_same_again_is_nothing(cast: Cast) -> None:
    assert bring(cast).new == ("north", "south", "east")
    assert AuditEvent.objects.get().data == {"new": ["north", "south", "east"], "changed": {}, "ended": []}
    again = bring(cast)
    assert (again.any, again.unchanged) == (False, ("north", "south", "east"))
    assert AuditEvent.objects.count() == 1


def test_what_a_new_file_leaves_out_ends_and_comes_back_as_the_same_row(cast: Cast) -> None:
    bring(cast)
    east = Beat.objects.get(code="east")
    changed = {**NORTH, "properties": {**NORTH["properties"], "hours": "Never"}}
    found = bring(cast, file(changed, SOUTH))
    assert (found.changed, found.ends) == ({"north": ("hours",)}, ("east",))
    assert not Beat.objects.of(cast.agency).standing().filter(code="east").exists()
    assert bring(cast).new == ("east",)
    assert Beat.objects.get(code="east", ended_at=None).pk == east.pk


def test_what_was_looked_at_is_what_is_saved(cast: Cast) -> None:
    bring(cast)
    drawn = shapes.read(file(SOUTH))
    seen = places.changes(cast.agency, drawn).seen
    places.end_beat(beat=Beat.objects.get(code="south"), by=cast.erin)
    with pytest.raises(RefusedError, match="meanwhile"):
        places.import_beats(agency=cast.agency, drawn=drawn, seen=seen, by=cast.erin)
    assert Beat.objects.of(cast.agency).standing().count() == 2


def test_another_agencys_beats_are_left_alone(cast: Cast) -> None:
    other = Beat.objects.create(agency=cast.other, code="north", name="Theirs", at=timezone.now())
    bring(cast)
    other.refresh_from_db()
    assert (other.name, other.ended_at) == ("Theirs", None)


def test_the_address_list_is_replaced_whole(cast: Cast) -> None:
    bring(cast)
    codes = {"north", "south", "east"}
    assert places.import_streets(agency=cast.agency, stretches=streets.read(STREETS, codes=codes), by=cast.erin) == 6
    short = streets.read(b"street;first;last;beat\nNew Road;1;9;east\n", codes=codes)
    places.import_streets(agency=cast.agency, stretches=short, by=cast.erin)
    assert [row.name for row in Street.objects.all()] == ["New Road"]
    assert AuditEvent.objects.filter(action="streets.imported").last().data == {"lines": 1, "before": 6}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Mill Lane,1,9,west", "Line 2: there is no beat “west”"),
        ("Mill Lane,9,1,north", "higher"),
        ("Mill Lane,1,,north", "both house numbers"),
        (",1,2,north", "the street must be"),
        ("Mill Lane,a,2,north", "whole number"),
        ("Mill Lane,-1,2,north", "whole number"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_number(line: str, said: str) -> None:
    with pytest.raises(shapes.UnusableError) as caught:
        streets.read(f"street,first,last,beat\n{line}\n".encode(), codes={"north"})
    assert said in caught.value.problems[0]
    assert caught.value.problems[0].startswith("Line 2: ")


@pytest.mark.parametrize(
    "data", [b"", b"street,beat\na,b\n", b"street,first,last,beat\n", b"\x00\xff\xfe", b'street,first,last,beat\n"a']
)
def test_a_file_that_is_no_list_is_told_in_words(data: bytes) -> None:
    with pytest.raises(shapes.UnusableError):
        streets.read(data, codes={"north"})


@pytest.mark.parametrize(
    ("typed", "beats", "along", "choices"),
    [
        ("mill lane 12", {"north"}, set(), 0),
        ("41 MILL LANE", {"south"}, set(), 0),
        ("rua do principe", {"south"}, set(), 0),
        ("border road 7", {"north"}, set(), 0),
        ("border road 8", {"east"}, set(), 0),
        ("mill lane", {"north", "south"}, set(), 0),
        ("mill lane 500", set(), {"north", "south"}, 0),
        ("mill", set(), set(), 2),
        ("principe 4", {"south"}, set(), 0),
        ("nowhere", set(), set(), 0),
        ("", set(), set(), 0),
    ],
)
def test_a_house_is_found_in_the_list(cast: Cast, typed: str, beats: set[str], along: set[str], choices: int) -> None:
    bring(cast)
    codes = {"north", "south", "east"}
    places.import_streets(agency=cast.agency, stretches=streets.read(STREETS, codes=codes), by=cast.erin)
    answer = streets.find(cast.agency, asked(typed))
    assert {each.code for each in answer.beats} == beats
    assert {each.code for each in answer.along} == along
    assert len(answer.choices) == choices
    assert streets.find(cast.other, asked(typed)).beats == ()
