"""The pages of alerts, walked through by the people of the duty room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from callbox.operations.cap import reading
from callbox.operations.models import Alert
from callbox.people.models import User
from tests.operations.alerts.duty import FORCE, Duty, words
from tests.people import signed_in

pytestmark = pytest.mark.django_db

SHAPE = "51.5,-0.12 51.5,-0.10 51.51,-0.10 51.51,-0.12 51.5,-0.12"


def typed(**more: Any) -> dict[str, Any]:
    """Return what a person types into the form."""
    return {
        "headline:en": "Keep away from the bridge",
        "description:en": "A lorry with gas lies on the bridge.",
        "instruction:en": "Stay away.",
        "event:en": "Keep away",
        "place:en": "The harbour bridge",
        "category": ["Safety"],
        "response": ["Avoid"],
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "expires": (timezone.now() + timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M"),
        "shapes": SHAPE,
        "accounts": [FORCE],
        "seen": 0,
        **more,
    }


def url(name: str, alert: Alert | None = None, **kwargs: Any) -> str:
    return reverse(name, kwargs={"agency": "harbour", **({"pk": alert.pk} if alert else {}), **kwargs})


def hand(user: User) -> Client:
    return signed_in(user)


def test_an_alert_is_written_approved_by_two_and_published_by_hand(duty: Duty) -> None:
    wendy, kim, abe = hand(duty.wendy), hand(duty.kim), hand(duty.abe)
    assert wendy.post(url("new_alert"), typed(do="submit")).status_code == 302
    alert = Alert.objects.get()
    assert (alert.state, alert.exercise) == ("submitted", False)
    for client in (kim, abe):
        page = client.get(url("alert", alert))
        assert b"Your decision" in page.content
        answer = client.post(url("approve_alert", alert), {"digest": page.context["digest"]}, follow=True)
        assert b"You approved exactly what stood there" in answer.content
    assert b"Your decision" not in wendy.get(url("alert", alert)).content
    wendy.post(url("publish_alert", alert))
    alert.refresh_from_db()
    assert alert.state == "published"
    assert reading.read(alert.xml.encode()).infos[0].areas[0].description == "The harbour bridge"
    assert "Write an update" in wendy.get(url("alert", alert)).content.decode()
    assert "holds now" in wendy.get(url("alerts")).content.decode()


def test_an_update_begins_with_the_same_words_and_a_cancel_with_the_end(duty: Duty) -> None:
    alert = duty.out()
    wendy = hand(duty.wendy)
    answer = wendy.post(url("follow_alert", alert), {"kind": "Update"}, follow=True)
    assert b"Keep away from the harbour bridge" in answer.content
    cancel = wendy.post(url("follow_alert", alert), {"kind": "Cancel"}, follow=True).content.decode()
    assert "You can go to [place] again" in cancel
    assert {row.kind for row in Alert.objects.filter(follows=alert)} == {"Update", "Cancel"}
    wendy.post(url("follow_alert", alert), {"kind": "Alert"})
    assert Alert.objects.filter(follows=alert).count() == 2


def test_a_form_that_is_sent_twice_makes_one_alert_and_other_words_make_another(duty: Duty) -> None:
    wendy, form = hand(duty.wendy), typed()
    for _time in range(2):
        assert wendy.post(url("new_alert"), form).status_code == 302
    assert Alert.objects.count() == 1
    wendy.post(url("new_alert"), {**form, "contact": "112"})
    assert Alert.objects.count() == 2
    other = hand(duty.kim)
    other.post(url("new_alert"), form)
    assert Alert.objects.count() == 3


def test_update_and_cancel_pressed_twice_are_one_draft_each(duty: Duty) -> None:
    alert, wendy = duty.out(), hand(duty.wendy)
    for kind in ("Update", "Update", "Cancel", "Cancel"):
        wendy.post(url("follow_alert", alert), {"kind": kind})
    assert sorted(Alert.objects.filter(follows=alert).values_list("kind", flat=True)) == ["Cancel", "Update"]


def test_words_without_a_headline_in_a_language_we_do_not_speak_stand_in_the_form(duty: Duty) -> None:
    alert = duty.draft(words(language="uk", headline="", description="Газ на мосту."))
    page = hand(duty.wendy).get(url("write_alert", alert)).content.decode()
    assert "Газ на мосту." in page


def test_bad_input_keeps_what_was_typed_and_says_where_it_is_wrong(duty: Duty) -> None:
    wendy = hand(duty.wendy)
    for shapes, said in (
        ("{not json", "neither GeoJSON"),
        ("51.5;0.1", "is no point"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]],[[0.1,0.1],[0.2,0.1],[0.2,0.2],[0.1,0.1]]]}', "has a hole"),
        ('{"type": "Polygon", "coordinates": 7}', "neither GeoJSON"),
        ("[" * 100_000, "neither GeoJSON"),
    ):  # fmt: skip
        page = wendy.post(url("new_alert"), typed(shapes=shapes))
        assert page.status_code == 422
        assert said in page.content.decode()
        assert "A lorry with gas" in page.content.decode()
    page = wendy.post(url("new_alert"), typed(circles="51.5,-0.1 wide"))
    assert "is no circle" in page.content.decode()
    assert not Alert.objects.exists()


def test_what_stands_in_the_way_is_on_the_page_and_the_picture_is_drawn_as_far_as_it_can(duty: Duty) -> None:
    wendy = hand(duty.wendy)
    wendy.post(url("new_alert"), typed(shapes="51.5,-0.12 51.51,-0.10 51.5,-0.10 51.51,-0.12 51.5,-0.12", do="submit"))
    alert = Alert.objects.get()
    assert alert.state == "draft"
    assert "crosses or touches itself" in wendy.get(url("alert", alert)).content.decode()
    assert wendy.get(url("alert_picture", alert, wide=620)).status_code == 404
    wendy.post(url("write_alert", alert), typed(circles="51.5,-0.1 2", seen=1))
    picture = wendy.get(url("alert_picture", alert, wide=320))
    assert etree.fromstring(picture.content).tag.endswith("svg")
    assert picture.content.count(b'class="a"') == 2


def test_an_exercise_is_marked_everywhere_and_offers_paper_alone(duty: Duty) -> None:
    wendy = hand(duty.wendy)
    wendy.post(url("new_alert"), typed(exercise="1", do="submit"))
    alert = Alert.objects.get()
    assert (alert.exercise, alert.state) == (True, "submitted")
    page = wendy.get(url("alert", alert)).content.decode()
    assert "EXERCISE – Keep away from the bridge" in page
    assert "can never become a real alert" in page
    listed = wendy.get(url("alerts")).content.decode()
    assert listed.index("Exercises</h2>") < listed.index("EXERCISE – Keep away")
    wendy.post(url("write_alert", alert), typed(seen=1))
    alert.refresh_from_db()
    assert alert.exercise


def test_the_file_that_leaves_is_the_one_that_was_published(duty: Duty) -> None:
    alert = duty.out()
    answer = hand(duty.olu).get(url("alert_xml", alert))
    assert answer.content.decode() == alert.xml
    assert answer["Content-Type"].startswith("application/cap+xml")
    draft = duty.draft(words(headline=""))
    assert b"<alert" in hand(duty.olu).get(url("alert_xml", draft)).content


def test_another_agency_sees_none_of_it(duty: Duty) -> None:
    alert = duty.out()
    dan = hand(duty.dan)
    for name in ("alert", "alert_xml", "write_alert"):
        assert dan.get(url(name, alert)).status_code == 404
    assert dan.get(reverse("alert", kwargs={"agency": "valley", "pk": alert.pk})).status_code == 404


def test_an_alert_begins_from_an_incident_and_says_so_when_there_is_none(duty: Duty) -> None:
    wendy = hand(duty.wendy)
    answer = wendy.post(url("alert_from"), {"subject": "incident:9"}, follow=True)
    assert b"There is no such incident" in answer.content
    answer = wendy.post(url("alert_from"), {"subject": "tip:1"}, follow=True)
    assert b"from an event, a conversation or an incident" in answer.content
