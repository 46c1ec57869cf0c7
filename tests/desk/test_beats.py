"""Beats at the desk: a file shows what it changes, is saved as a whole, and says what is wrong with it."""

from __future__ import annotations

import html
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
