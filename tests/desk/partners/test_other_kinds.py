"""The pages on which alerts and events are offered, known of, renewed and recalled; the list of shares a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from callbox.collaboration.bundle import Shown
from callbox.collaboration.models import Arrival, Offer
from callbox.collaboration.services import agreements, offers, overview
from callbox.flows import alerting
from callbox.intelligence.models import Event
from callbox.operations.models import Alert, Incident
from callbox.operations.services import alerts
from callbox.people.models import User
from tests.collaboration.pair import Pair, make_pair, work
from tests.operations.alerts.duty import words
from tests.people import Cast

pytestmark = pytest.mark.django_db
type Browser = Callable[[User], Client]


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    found = make_pair(cast, settings, tmp_path)
    for force, partner in ((found.harbour, found.there), (found.valley, found.here)):
        agreements.end(agreement=partner.agreements.get(), why="A wider one takes its place", by=force.second)
        force.agrees(partner, scope=["message", "alert", "event"])
    return found


def warned(pair: Pair) -> Alert:
    force = pair.harbour
    row = alerts.draft(agency=force.agency, content=words(), by=force.writer)
    alerting.submit(alert=row, by=force.writer)
    for each in (force.approver, force.second):
        alerting.approve(alert=row, digest=alerting.bound_of(row.newest).digest, by=each)
    row.refresh_from_db()
    alerting.publish(alert=row, by=force.writer)
    row.refresh_from_db()
    return row


def noticed(pair: Pair, **more: object) -> Event:
    now = timezone.now()
    facts = {"state": "confirmed", "title": "Gas at the bridge", "named": True, **more}
    return Event.objects.create(
        agency=pair.harbour.agency, cluster="c", first_at=now, last_at=now, seen_at=now, changed_at=now, **facts
    )


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return unescape(answer.content.decode())


def test_an_alert_is_offered_from_its_page_after_a_look(pair: Pair, browser_of: Browser) -> None:
    row, desk = warned(pair), browser_of(pair.harbour.writer)
    url = f"/a/harbour/alerts/{row.pk}/offer/"
    assert url in text(desk, f"/a/harbour/alerts/{row.pk}/")
    chosen = {"partners": [pair.there.pk], "label": "clear"}
    looked = unescape(desk.post(url, chosen).content.decode())
    assert "1 partner gets it" in looked
    assert "Keep away from the harbour bridge" in looked
    assert not Offer.objects.exists()
    desk.post(url, {**chosen, "offer": "1"})
    share = Offer.objects.get().share
    shown = text(desk, f"/a/harbour/shares/{share}/")
    assert f"/a/harbour/alerts/{row.pk}/" in shown
    work()
    there = browser_of(pair.valley.writer)
    arrival = text(there, f"/a/valley/shared-with-us/{pair.arrival().pk}/")
    for words_ in ("We know of it", "Make a message of it", "Write an alert", "Open an incident"):
        assert words_ in arrival


def test_a_draft_of_an_alert_has_no_button_and_says_why_it_cannot_be_offered(pair: Pair, browser_of: Browser) -> None:
    row = alerts.draft(agency=pair.harbour.agency, content=words(), by=pair.harbour.writer)
    desk = browser_of(pair.harbour.writer)
    url = f"/a/harbour/alerts/{row.pk}/offer/"
    assert url not in text(desk, f"/a/harbour/alerts/{row.pk}/")
    assert "Two people approve it first" in text(desk, url)
    answer = desk.post(url, {"partners": [pair.there.pk], "label": "clear", "offer": "1"})
    assert (answer.status_code, Offer.objects.count()) == (422, 0)


def test_an_event_is_offered_known_of_renewed_and_recalled(pair: Pair, browser_of: Browser) -> None:
    event, desk = noticed(pair), browser_of(pair.harbour.chief)
    url = f"/a/harbour/events/{event.pk}/offer/"
    assert url in text(desk, f"/a/harbour/events/{event.pk}/")
    assert desk.post(url, {"partners": [pair.there.pk], "label": "green", "offer": "1"}).status_code == 422
    desk.post(url, {"text": "A lorry leaks gas.", "partners": [pair.there.pk], "label": "green", "offer": "1"})
    work()
    arrival, there = pair.arrival(), browser_of(pair.valley.writer)
    page = text(there, f"/a/valley/shared-with-us/{arrival.pk}/")
    assert "A lorry leaks gas." in page
    assert "Make a message of it" not in page  # TLP:GREEN is not for the public
    there.post(f"/a/valley/shared-with-us/{arrival.pk}/know/")
    work()
    share = f"/a/harbour/shares/{arrival.share}/"
    assert "they know of it" in text(desk, share)
    assert desk.post(f"{share}renew/", {"text": ""}).status_code == 422
    desk.post(f"{share}renew/", {"text": "It is closed off."})
    work()
    assert "has not read the newest yet" in text(desk, share)
    newest = f"/a/valley/shared-with-us/{pair.arrival().pk}/"
    assert "It is closed off." in text(there, newest)
    browser_of(pair.valley.chief).post(f"/a/valley/incidents/from/{pair.arrival().subject}/")
    work()
    desk.post(f"{share}recall/", {"why": "It was steam"})
    work()
    recall = f"/a/valley/shared-with-us/{pair.arrival().pk}/"
    page = text(there, recall)
    assert "Recalled: Gas at the bridge" in page
    assert f"/a/valley/incidents/{Incident.objects.get().pk}/" in page  # what was begun from it stands beside it
    there.post(f"{recall}take-back/")
    work()
    assert "they have taken note" in text(desk, share)


def test_who_may_not_read_events_finds_none_to_offer(pair: Pair, browser_of: Browser) -> None:
    event = noticed(pair)
    answer = browser_of(pair.harbour.approver).get(f"/a/harbour/events/{event.pk}/offer/")
    assert answer.status_code == 404
    desk = browser_of(pair.harbour.chief)
    Event.objects.update(named=False)
    assert "Name the event first" in text(desk, f"/a/harbour/events/{event.pk}/offer/")


def test_another_agencys_arrival_begins_nothing(pair: Pair, browser_of: Browser) -> None:
    event = noticed(pair)
    browser_of(pair.harbour.chief).post(
        f"/a/harbour/events/{event.pk}/offer/",
        {"text": "A lorry leaks gas.", "partners": [pair.there.pk], "label": "green", "offer": "1"},
    )
    work()
    subject = Arrival.objects.get().subject
    desk = browser_of(pair.harbour.chief)
    assert desk.post(f"/a/harbour/incidents/from/{subject}/").status_code == 404
    desk.post("/a/harbour/alerts/from/", {"subject": subject})
    assert not Incident.objects.exists()
    assert not Alert.objects.exists()


def test_shares_are_read_a_page_at_a_time_and_what_is_stopped_comes_first(
    pair: Pair, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callbox.desk.shares.standing.PAGE", 2)
    message, force = pair.harbour.published(), pair.harbour
    made = [
        offers.offer(
            agency=force.agency, subject=message.subject, kind="message",
            shown=_shown(f"Words {number}"), partners=[pair.there], label="clear", by=force.writer,
        )
        for number in range(5)
    ]  # fmt: skip
    Offer.objects.filter(share=made[0]).update(state="refused")
    assert [each.share for each in overview.to_look_after(force.agency)] == [made[0]]
    desk = browser_of(force.writer)
    first, last = text(desk, "/a/harbour/shares/"), text(desk, "/a/harbour/shares/?page=3")
    assert [name for name in range(5) if f"Words {name}" in first] == [0, 3, 4]
    assert [name for name in range(5) if f"Words {name}" in last] == [0]
    assert "To look after</h2>" in first
    assert "To look after</h2>" not in last


def _shown(title: str) -> Shown:
    return Shown(title=title, texts={"en": title}, link="", urgent=False)
