"""Beats at the desk: a file shows what it changes, is saved as a whole, and says what is wrong with it."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from callbox.people.models import Beat, Street
from tests.people import signed_in
from tests.people.beats.town import NORTH, STREETS, TOWN, file, square
from tests.people.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "/a/harbour/beats/"


def upload(client: Client, place: str, data: bytes) -> str:
    answer = client.post(f"{HERE}{place}/", {"file": SimpleUploadedFile("f", data)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def save(client: Client, page: str) -> str:
    seen, whole = (re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("seen", "file"))
    assert seen
    assert whole
    form = {"seen": seen[1], "file": html.unescape(whole[1])}
    return client.post(f"{HERE}save/", form, follow=True).content.decode()


def test_a_file_is_looked_at_then_saved(cast: Cast) -> None:
    client = signed_in(cast.erin)
    assert "No beats yet" in client.get(HERE).content.decode()
    page = upload(client, "look", TOWN)
    assert "3 new" in page
    assert not Beat.objects.exists()
    assert "Lee Park" in save(client, page)
    assert Beat.objects.of(cast.agency).standing().count() == 3
    assert "nothing to save" in upload(client, "look", TOWN)
    page = upload(client, "look", file(NORTH, {**NORTH, "properties": {"code": "n2", "name": "N2"}}))
    assert "These share ground" in page
    assert "2 end" in page


def test_a_file_that_lies_elsewhere_is_asked_about_before_it_is_saved(cast: Cast) -> None:
    client = signed_in(cast.erin)
    page = upload(client, "look", TOWN)
    assert "between latitude 50.000 and 51.000, longitude 10.000 and 11.500" in page
    save(client, page)
    assert "somewhere else" not in upload(client, "look", file({**NORTH, "geometry": square(10.2, 50.5, 12, 51)}))
    assert "somewhere else" in upload(client, "look", file({**NORTH, "geometry": square(50.5, 10, 51, 11)}))


@pytest.mark.parametrize("name", ["half a sign \ud83d", 'x", "more": [1e999], "y": "', "[" * 3])
def test_what_json_can_say_and_nobody_can_keep_is_told_in_words(cast: Cast, name: str) -> None:
    data = file({**NORTH, "properties": {"code": "north", "name": "NAME"}})
    wrong = data.replace(b"NAME", json.dumps(name)[1:-1].replace('\\"', '"').encode())
    page = upload(signed_in(cast.erin), "look", wrong)
    assert ("cannot be read as JSON" in page) == (name != "[[[")


def test_a_wrong_file_says_where_and_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast.erin)
    wrong = {**NORTH, "geometry": square(0, 80, 1, 99)}
    assert "Feature 1: north: the corner" in upload(client, "look", file(wrong))
    assert "Choose a file first" in client.post(f"{HERE}look/").content.decode()
    assert "cannot be read" in client.post(f"{HERE}save/", {"file": "x"}).content.decode()
    save(client, upload(client, "look", TOWN))
    assert "Line 3: there is no beat" in upload(client, "streets", b"street,first,last,beat\na,1,2,north\nb,1,2,west\n")
    assert not Street.objects.exists()
    assert "The list of 6 lines is saved" in upload(client, "streets", STREETS)


def test_a_team_is_changed_and_an_offset_of_a_meeting_stays(cast: Cast) -> None:
    client = signed_in(cast.erin)
    meeting = {"at": "2026-12-03T18:30+01:00", "title": "Coffee", "place": "Library"}
    save(client, upload(client, "look", file({**NORTH, "properties": {**NORTH["properties"], "meetings": [meeting]}})))
    beat = Beat.objects.get()
    page = client.get(f"{HERE}{beat.pk}/").content.decode()
    form = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', page))
    form |= {
        "priorities": "Speeding\n\nNoise",
        "team-1-name": "Ana Ruiz",
        "team-0-name": "",
        "public_contact": "Desk 2",
    }
    assert client.post(f"{HERE}{beat.pk}/", form).status_code == 302
    beat.refresh_from_db()
    assert beat.team == [{"name": "Ana Ruiz"}]
    assert (beat.priorities, beat.public_contact) == (["Speeding", "Noise"], "Desk 2")
    assert beat.meetings == [meeting]
    client.post(f"{HERE}{beat.pk}/end/")
    assert client.get(f"{HERE}{beat.pk}/").status_code == 404
    assert "Ended" in client.get(HERE).content.decode()
