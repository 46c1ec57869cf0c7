"""Who polices my street: by street, by a click, in a list; without a script, and nothing of it is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client

from callbox.governance import places
from callbox.people.beats import shapes, streets
from callbox.people.beats.ground import Frame, ground_of
from callbox.people.models import Beat
from tests.people.beats.town import STREETS, TOWN
from tests.people.cast import Cast
from tests.portal.test_canaries import _rows

pytestmark = pytest.mark.django_db
BEATS = "/p/harbour/beats/"


@pytest.fixture
def town(cast: Cast) -> Cast:
    drawn = shapes.read(TOWN)
    places.import_beats(agency=cast.agency, drawn=drawn, seen=places.changes(cast.agency, drawn).seen, by=cast.erin)
    found = streets.read(STREETS, codes={"north", "south", "east"})
    places.import_streets(agency=cast.agency, stretches=found, by=cast.erin)
    return cast


def page(**form: str) -> str:
    answer = Client().post(BEATS, form)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return answer.content.decode()


def click(cast: Cast, longitude: float, latitude: float, *, wide: int = 300) -> str:
    frame = Frame.around(ground_of(cast.agency), wide=wide)
    x, y = (longitude - frame.west) * frame.across, (frame.north - latitude) * frame.down
    return page(**{f"map{wide}.x": str(int(x)), f"map{wide}.y": str(int(y))})


def test_without_beats_the_page_says_so(cast: Cast) -> None:
    assert "not published yet" in Client().get(BEATS).content.decode()
    assert Client().get(f"{BEATS}map-300.svg").status_code == 404


def test_a_street_and_number_lead_to_the_team_and_how_to_reach_it(town: Cast) -> None:
    shown = page(street="12 mill lane")
    assert "Mill Lane 12 belongs to:" in shown
    assert "Lee Park" in shown
    assert "555 0101" in shown
    assert 'href="/p/harbour/ask/?beat=north"' in shown


def test_half_a_name_offers_a_choice_that_leads_on(town: Cast) -> None:
    values = re.findall(r'name="street" value="([^"]+)"', page(street="mill 12"))
    assert "Mill Lane 12" in values
    assert "Millers Way 12" in values
    assert "Lee Park" in page(street="Mill Lane 12")


@pytest.mark.parametrize("wide", [300, 620])
def test_a_click_leads_to_the_beat_under_it(town: Cast, wide: int) -> None:
    assert "Lee Park" in click(town, 10.5, 50.8, wide=wide)
    assert "close to a border" in click(town, 10.5, 50.5, wide=wide)
    assert "outside our areas" in page(**{f"map{wide}.x": "1", f"map{wide}.y": "1"})


@pytest.mark.parametrize(
    "form",
    [{"map300.x": "0", "map300.y": "0"}, {"map300.x": "a", "map300.y": "9"}, {"map300.x": "-5", "map300.y": "9"}],
)
def test_what_is_no_click_is_answered_in_words(town: Cast, form: dict[str, str]) -> None:
    assert "Click on the place" in page(**form)


def test_the_picture_is_whole_and_holds_every_beat(town: Cast) -> None:
    answer = Client().get(f"{BEATS}map-300.svg")
    assert "public" in answer["Cache-Control"]
    drawn = ET.fromstring(answer.content)
    assert len(drawn.findall(".//{*}path")) == 3
    assert f'width="300" height="{drawn.attrib["height"]}"' in Client().get(BEATS).content.decode()
    assert Client().get(f"{BEATS}map-301.svg").status_code == 404


def test_the_meetings_are_a_calendar_file_whose_lines_are_short(town: Cast) -> None:
    town.agency.time_zone = "Europe/Oslo"
    town.agency.save()
    answer = Client().get(f"{BEATS}north/meetings.ics")
    lines = answer.content.split(b"\r\n")
    assert b"DTSTART:20261203T173000Z" in lines
    assert rb"LOCATION:Library\; hall\, 2" in lines
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize(("day", "stands"), [(20, True), (3, True), (4, False)])
def test_a_meeting_stands_on_the_page_until_its_day_is_over(town: Cast, day: int, stands: bool) -> None:
    town.agency.time_zone = "Europe/Oslo"
    town.agency.save()
    with time_machine.travel(datetime(2026, 11 if day == 20 else 12, day, 22, 30, tzinfo=UTC), tick=False):
        shown = Client().get(f"{BEATS}north/").content.decode()
    assert ("Dec. 3, 2026, 6:30 p.m.: Coffee with a cop, Library" in shown) is stands


def test_asking_a_beat_names_it_already(town: Cast) -> None:
    assert '<option value="north" selected>' in Client().get("/p/harbour/ask/?beat=north").content.decode()
    assert Client().get("/p/harbour/ask/?beat=%00nonsense").status_code == 200


def test_an_ended_beat_is_gone_from_every_page(town: Cast) -> None:
    places.end_beat(beat=Beat.objects.get(code="north"), by=town.erin)
    assert Client().get(f"{BEATS}north/").status_code == 404
    assert "North" not in Client().get(BEATS).content.decode()
    assert "outside our areas" in click(town, 10.5, 50.8)
    assert "Lee Park" not in page(street="mill lane 12")


def test_nothing_of_a_search_is_kept(town: Cast) -> None:
    before = _rows()
    page(street="canary street 77")
    page(street="mill lane 12")
    click(town, 10.5, 50.8)
    assert _rows() == before
