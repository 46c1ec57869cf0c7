"""Incidents and drills on the desk: empty pages teach, a log is written, the review is drafted, a drill is held and cleaned up."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from callbox.operations.models import Action as Todo
from callbox.operations.models import Drill, Incident
from callbox.operations.services import incidents
from callbox.people.roles import Role
from tests.governance.retention import rows
from tests.people import Cast, person, signed_in

pytestmark = pytest.mark.django_db


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return unescape(answer.content.decode())


def test_empty_pages_say_what_to_do(cast: Cast) -> None:
    chief, keeper = signed_in(cast.bob), signed_in(cast.erin)
    assert "No incident yet" in text_of(chief, "/a/harbour/incidents/")
    assert "Nothing was handed over yet" in text_of(chief, "/a/harbour/escalations/")
    assert "No drill yet" in text_of(chief, "/a/harbour/drills/")
    assert "No gateway yet" in text_of(keeper, "/a/harbour/gateways/")


def test_an_incident_from_its_opening_by_hand_to_its_review(cast: Cast) -> None:
    client = signed_in(cast.bob)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    assert client.post("/a/harbour/incidents/new/", {"title": "", "flagged_at": now}).status_code == 422
    client.post("/a/harbour/incidents/new/", {"title": "Gas leak", "flagged_at": now, "critical": "on"})
    row = Incident.objects.get()
    url = f"/a/harbour/incidents/{row.pk}/"
    assert "The public waits for your first word" in text_of(client, url)
    assert client.post(f"{url}note/", {"text": ""}).status_code == 422
    client.post(f"{url}note/", {"text": "Cordon at <b>Mill Lane</b>"})
    assert "Cordon at &lt;b&gt;" in client.get(url).content.decode()
    message = rows.message(cast.agency, cast.bob, timezone.now())
    rows.delivery(message, cast.bob, timezone.now(), words="Stay away from Mill Lane")
    assert "Stay away from Mill Lane" in text_of(client, url)
    client.post(f"{url}first-word/", {"subject": "message:9999"})
    row.refresh_from_db()
    assert row.first_word == ""
    client.post(f"{url}first-word/", {"subject": message.subject})
    draft = text_of(client, f"{url}close/")
    assert "First official word: after" in draft
    assert "Cordon at" in draft
    client.post(f"{url}close/", {"review": "Next time the cordon comes first."})
    shown = text_of(client, url)
    assert "Next time the cordon comes first." in shown
    assert "Open it again" in shown


def test_a_reader_sees_no_acts(cast: Cast) -> None:
    row = incidents.open_incident(agency=cast.agency, title="Gas leak", flagged_at=timezone.now(), by=cast.bob)
    page = text_of(signed_in(cast.frank), f"/a/harbour/incidents/{row.pk}/")
    assert "Write it into the log" not in page
    assert "Close it" not in page


def test_a_drill_is_held_looked_at_and_cleaned_up(cast: Cast) -> None:
    client = signed_in(person("Carla", cast.agency, Role.COMMANDER))
    assert "The river comes into the town" in text_of(client, "/a/harbour/drills/hold/")
    assert client.post("/a/harbour/drills/hold/", {"scenario": "none"}).status_code == 422
    client.post("/a/harbour/drills/hold/", {"scenario": "flood"})
    row = Drill.objects.get()
    url = f"/a/harbour/drills/{row.pk}/"
    page = text_of(client, url)
    assert "Go to the drill" in page
    assert "not yet" in page
    assert "Everything here is invented" in text_of(client, "/a/harbour-drill/events/")
    assert client.post("/a/harbour/drills/hold/", {"scenario": "rumour"}).status_code == 422
    client.post(f"{url}end/")
    client.post(f"{url}actions/", {"text": "A list of numbers at the desk"})
    todo = Todo.objects.get()
    client.post(f"/a/harbour/drills/actions/{todo.pk}/")
    todo.refresh_from_db()
    assert todo.state == "closed"
    client.post(f"{url}review/", {"review": "We were slow.", "partners": "Fire service\n\nValley Sheriff"})
    client.post(f"{url}clean/")
    row.refresh_from_db()
    assert (row.state, row.partners) == ("done", ["Fire service", "Valley Sheriff"])
    assert "Everything the drill made is deleted" in text_of(client, url)


def test_an_exercise_held_elsewhere_is_written_down(cast: Cast) -> None:
    client = signed_in(cast.bob)
    ahead = {"kind": "exercise", "title": "County exercise", "day": "2999-01-01", "partners": "Fire service"}
    assert client.post("/a/harbour/drills/write-down/", ahead).status_code == 422
    client.post("/a/harbour/drills/write-down/", {**ahead, "day": "2026-05-04"})
    row = Drill.objects.get()
    assert (row.kind, row.state, row.partners) == ("exercise", "done", ["Fire service"])
    assert "County exercise" in text_of(client, "/a/harbour/drills/")
