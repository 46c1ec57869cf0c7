"""Alerts on the portal: what holds stands on top, what is over says so, exercises are in no list, every copy can be checked."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from lxml import etree

from callbox.core.signing import parse_public
from callbox.flows import alerting
from callbox.operations.cap import reading
from callbox.operations.cap.vocabulary import Content
from callbox.operations.models import Alert
from callbox.operations.services.alert_messages import address
from callbox.operations.services.alerts import Follow
from callbox.people.models import Agency
from callbox.portal.newsroom import feeds
from callbox.portal.render import render
from tests.operations.alerts.duty import Duty, make_duty, words
from tests.people import Cast

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def duty(cast: Cast, settings: LazySettings, tmp_path: Path) -> Duty:
    settings.DATA = tmp_path
    return make_duty(cast)


def get(path: str) -> str:
    answer = Client().get(f"/p/harbour/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


def followed(duty: Duty, alert: Alert, kind: Follow, content: Content) -> Alert:
    row = duty.ready(alerting.follow(alert=alert, kind=kind, content=content, by=duty.wendy))
    alerting.publish(alert=row, by=duty.wendy)
    row.refresh_from_db()
    return row


def test_what_holds_stands_on_top_of_the_front_page_and_what_is_over_does_not(duty: Duty) -> None:
    alert = duty.out()
    front = get("")
    assert front.index("Keep away from the harbour bridge") < front.index('class="cards"')
    Alert.objects.filter(pk=alert.pk).update(expires=timezone.now() - timedelta(seconds=1))
    assert "Keep away from the harbour bridge" not in get("")
    assert "Expired" in get("alerts/")
    assert "<entry>" not in get("alerts.atom")


def test_the_hours_of_an_alert_are_those_on_the_residents_wall(duty: Duty, cast: Cast) -> None:
    alert = duty.out()
    Agency.objects.filter(pk=cast.agency.pk).update(time_zone="Asia/Kolkata")
    assert alert.sent is not None
    assert alert.sent.astimezone(ZoneInfo("Asia/Kolkata")).isoformat(timespec="seconds") in get(
        f"alerts/{alert.identifier}/"
    )


def test_the_feed_leads_to_the_signed_bytes(duty: Duty) -> None:
    alert = duty.out()
    feed = feedparser.parse(get("alerts.atom"))  # type: ignore[attr-defined, no-untyped-call]
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "Keep away from the harbour bridge"
    (link,) = [each for each in entry.links if each.type == "application/cap+xml"]
    answer = Client().get(link.href.partition("/p/")[1] + link.href.partition("/p/")[2])
    assert answer["Content-Type"].startswith("application/cap+xml")
    assert answer.content.decode() == alert.xml
    copy = json.loads(get(f"alerts/{alert.identifier}/signed.json"))
    assert parse_public(copy["key"]).verifies(base64.b64decode(copy["signature"]), copy["document"].encode())
    assert parse_public(copy["key"]).fingerprint in get("news/key/")
    assert reading.read(copy["document"].encode()).infos[0].web == feeds.address(
        "portal_alert", duty.agency, identifier=alert.identifier
    )
    assert address(alert) == reading.read(alert.xml.encode()).infos[0].web


def test_an_update_takes_the_place_of_what_it_follows_and_a_cancel_takes_it_down(duty: Duty) -> None:
    first = duty.out()
    update = followed(duty, first, "Update", words(headline="The bridge and the quay"))
    assert "harbour bridge" not in get("").replace("The harbour bridge", "")
    assert "The bridge and the quay" in get("")
    assert "There is something newer" in get(f"alerts/{first.identifier}/")
    over = words(headline="The bridge is open", urgency="Past", response=("AllClear",), instruction="")
    cancel = followed(duty, update, "Cancel", over)
    assert "The bridge" not in get("")
    feed = etree.fromstring(get("alerts.atom").encode())
    assert [each.text for each in feed.findall("a:entry/a:title", ATOM)] == ["The bridge is open"]
    assert "This alert has ended" in get(f"alerts/{cancel.identifier}/")
    assert "Ended" in get("alerts/")


def test_an_exercise_stands_in_the_test_feed_alone(duty: Duty) -> None:
    alert = duty.out(exercise=True)
    for path in ("", "alerts/", "alerts.atom", "news/", "news/feed.atom"):
        assert "harbour bridge" not in get(path), path
    test = get("alerts-test.atom")
    assert "EXERCISE – Keep away from the harbour bridge" in test
    assert "Exercise</" in test
    page = get(f"alerts/{alert.identifier}/")
    assert "This is an exercise" in page
    assert "noindex" in page
    assert "<entry>" in test
    assert "<entry>" not in get("alerts.atom")


def test_what_is_not_out_has_no_address(duty: Duty) -> None:
    draft = duty.draft()
    for path in (
        f"alerts/{draft.identifier}/",
        f"alerts/{draft.identifier}/cap.xml",
        f"alerts/{draft.identifier}/signed.json",
    ):
        assert Client().get(f"/p/harbour/{path}").status_code == 404
    out = duty.out()
    assert Client().get(f"/p/valley/alerts/{out.identifier}/").status_code == 404
    assert Client().get(f"/p/harbour/alerts/{out.identifier}/area-99.svg").status_code == 404


def test_readers_get_their_own_language_where_there_is_one(duty: Duty) -> None:
    first = words().first
    spanish = replace(
        first,
        language="es",
        headline="Evite el puente",
        description="Un camión.",
        instruction="Aléjese.",
        event="Evite",
    )
    alert = duty.out(Content((first, spanish)))
    page = Client().get(f"/es/p/harbour/alerts/{alert.identifier}/").content.decode()
    assert page.index("Evite el puente") < page.index("Keep away from the harbour bridge")
    assert "Evite el puente" in Client().get("/es/p/harbour/").content.decode()
    arabic = Client().get(f"/ar/p/harbour/alerts/{alert.identifier}/").content.decode()
    assert 'lang="en" dir="auto">Keep away' in arabic


def test_the_copy_on_disk_holds_them_too(duty: Duty, tmp_path: Path) -> None:
    alert = duty.out()
    render(tmp_path / "copy")
    place = tmp_path / "copy" / "current" / "p" / "harbour"
    assert (place / "alerts" / alert.identifier / "cap.xml").read_text() == alert.xml
    assert "Keep away" in (place / "alerts.atom").read_text()
    assert "Keep away" in (place / "index.html").read_text()
    assert (place / "alerts" / alert.identifier / "area-320.svg").exists()
