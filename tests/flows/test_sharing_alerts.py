"""An alert and an event offered, followed and recalled, between two agencies of one installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from callbox.collaboration.bundle import Shown, from_row
from callbox.collaboration.models import Arrival, Offer
from callbox.collaboration.services import agreements, arrivals, offers, overview
from callbox.core.refusal import RefusedError
from callbox.flows import alerting, escalation, sharing
from callbox.governance.models import Approval
from callbox.intelligence.models import Assessment, Event
from callbox.intelligence.services import findings
from callbox.intelligence.services.findings import Finding
from callbox.operations.cap.templates import ended
from callbox.operations.cap.vocabulary import Content
from callbox.operations.models import Alert, Incident
from callbox.operations.services import alert_messages, alerts, incidents
from callbox.voice.models import Message
from tests.collaboration.pair import Force, Pair, make_pair, work
from tests.flows.newsdesk import send, texts
from tests.operations.alerts.duty import words
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    found = make_pair(cast, settings, tmp_path)
    for force, partner in ((found.harbour, found.there), (found.valley, found.here)):
        agreement = partner.agreements.get()
        agreements.end(agreement=agreement, why="A wider one takes its place", by=force.second)
        force.agrees(partner, scope=["message", "alert", "event"])
    return found


def out(force: Force, row: Alert) -> Alert:
    """Let two people approve it, and publish it."""
    alerting.submit(alert=row, by=force.writer)
    for each in (force.approver, force.second):
        alerting.approve(alert=row, digest=alerting.bound_of(row.newest).digest, by=each)
    row.refresh_from_db()
    alerting.publish(alert=row, by=force.writer)
    row.refresh_from_db()
    return row


def warned(force: Force, **more: Any) -> Alert:
    return out(force, alerts.draft(agency=force.agency, content=words(), by=force.writer, **more))


def followed(force: Force, row: Alert, kind: alerts.Follow, content: Content) -> Alert:
    return out(force, alerting.follow(alert=row, kind=kind, content=content, by=force.writer))


def over() -> Content:
    return Content((replace(ended(words(), now=timezone.now()).first, description="The bridge is open again."),))


def offered(pair: Pair, row: Alert, **more: Any) -> Arrival:
    terms = {"label": "clear", **more}
    sharing.offer_alert(alert=row, partners=[pair.there], by=pair.harbour.writer, **terms)
    work()
    return pair.arrival()


def noticed(force: Force, **more: Any) -> Event:
    now = timezone.now()
    facts = {"state": "confirmed", "title": "Gas at the bridge", "named": True, "place": "Harbour bridge", **more}
    return Event.objects.create(
        agency=force.agency, cluster="c", first_at=now, last_at=now, seen_at=now, changed_at=now, **facts
    )


def told(pair: Pair, event: Event, **more: Any) -> Arrival:
    terms = {"text": "A lorry leaks gas on the harbour bridge.", "label": "green", **more}
    sharing.offer_event(event=event, partners=[pair.there], by=pair.harbour.chief, **terms)
    work()
    return pair.arrival()


def shown(arrival: Arrival) -> Shown:
    found = from_row(arrival.bundle).shown
    assert found is not None
    return found


def states(pair: Pair) -> list[tuple[int, str]]:
    rows = Arrival.objects.of(pair.valley.agency).order_by("version")
    return [(each.version, each.state) for each in rows]


# ---- alerts


def test_a_partner_reads_an_alert_with_its_page_and_until_when_it_holds(pair: Pair) -> None:
    row = warned(pair.harbour)
    arrival = offered(pair, row)
    seen = shown(arrival)
    assert (seen.title, seen.urgent, seen.link) == (
        "Keep away from the harbour bridge",
        True,
        alert_messages.address(row),
    )
    assert "The harbour bridge and the streets beside it" in seen.texts["en"]
    assert (arrival.kind, arrival.expires) == ("alert", row.expires.replace(microsecond=0) if row.expires else None)


def test_a_partner_warns_its_own_public_and_the_update_and_the_end_follow(pair: Pair) -> None:
    row = warned(pair.harbour)
    pair.publish(offered(pair, row))
    assert "Keep away from the harbour bridge" in "".join(texts("valley"))
    assert pair.newest().state == "published"
    update = followed(pair.harbour, row, "Update", words(description="The lorry is empty by now."))
    work()
    assert states(pair) == [(1, "behind"), (2, "new")]
    assert shown(pair.arrival()).title == "Update: Keep away from the harbour bridge"
    pair.publish(pair.arrival())
    followed(pair.harbour, update, "Cancel", over())
    work()
    assert shown(pair.arrival()).title.startswith("Ended:")
    pair.publish(pair.arrival())
    assert states(pair) == [(1, "superseded"), (2, "superseded"), (3, "published")]
    work()
    assert Offer.objects.count() == 3


@pytest.mark.parametrize("why", ["draft", "exercise", "followed", "over", "late"])
def test_what_is_no_alert_of_this_moment_cannot_be_offered(pair: Pair, why: str) -> None:
    force = pair.harbour
    row = alerts.draft(agency=force.agency, content=words(), by=force.writer, exercise=why == "exercise")
    if why != "draft":
        out(force, row)
    if why == "followed":
        followed(force, row, "Update", words(description="Still there."))
    if why == "over":
        row = followed(force, row, "Cancel", over())
    if why == "late":
        Alert.objects.filter(pk=row.pk).update(expires=timezone.now() - timedelta(minutes=1))
    with pytest.raises(RefusedError):
        sharing.offer_alert(alert=row, partners=[pair.there], label="clear", by=force.writer)
    assert not Offer.objects.exists()


def test_an_alert_of_our_own_begins_from_theirs_and_they_are_told_when_it_is_out(pair: Pair) -> None:
    arrival, force = offered(pair, warned(pair.harbour)), pair.valley
    row = alerting.draft_from(agency=force.agency, subject=arrival.subject, by=force.writer)
    info = row.newest.written.first
    assert (info.headline, info.areas) == ("Keep away from the harbour bridge", ())  # the area is ours to draw
    assert "A lorry with gas" in info.description
    work()
    assert pair.newest().state == "adapted"
    ready = words(headline=info.headline)
    alerting.save(alert=row, content=ready, accounts=[], seen=row.newest.number, by=force.writer)
    out(force, row)
    work()
    assert pair.newest().state == "published"
    assert pair.newest().receipts.get(said="published").text == alert_messages.address(row)


def test_a_recall_stops_our_alert_before_it_leaves_and_waits_for_our_cancel_after(pair: Pair) -> None:
    arrival, force = offered(pair, warned(pair.harbour)), pair.valley
    row = alerting.draft_from(agency=force.agency, subject=arrival.subject, by=force.writer)
    alerting.save(alert=row, content=words(), accounts=[], seen=row.newest.number, by=force.writer)
    out(force, row)
    work()
    offers.recall(agency=pair.harbour.agency, share=arrival.share, why="Wrong bridge", by=pair.harbour.chief)
    work()
    recall = pair.arrival()
    sharing.take_back(arrival=recall, by=force.writer)
    work()
    assert sharing.holding(recall) == [row]
    assert pair.newest().state == "accepted"  # it still warns, so it is not gone
    followed(force, row, "Cancel", over())
    work()
    assert pair.newest().state == "recalled"


def test_what_two_approved_of_our_alert_is_void_when_theirs_is_recalled(pair: Pair) -> None:
    arrival, force = offered(pair, warned(pair.harbour)), pair.valley
    row = alerting.draft_from(agency=force.agency, subject=arrival.subject, by=force.writer)
    alerting.save(alert=row, content=words(), accounts=[], seen=row.newest.number, by=force.writer)
    alerting.submit(alert=row, by=force.writer)
    for each in (force.approver, force.second):
        alerting.approve(alert=row, digest=alerting.bound_of(row.newest).digest, by=each)
    offers.recall(agency=pair.harbour.agency, share=arrival.share, why="Wrong bridge", by=pair.harbour.chief)
    work()
    assert not Approval.objects.of(force.agency).filter(subject=row.subject).standing().exists()
    row.refresh_from_db()
    with pytest.raises(RefusedError, match="no longer what two people approved"):
        alerting.publish(alert=row, by=force.writer)
    sharing.take_back(arrival=pair.arrival(), by=force.writer)
    work()
    row.refresh_from_db()
    assert (row.state, pair.newest().state) == ("dropped", "recalled")


def test_an_alert_in_several_languages_crosses_in_all_and_begins_ours_in_those_we_speak(pair: Pair) -> None:
    english = words().first
    spanish = replace(
        english, language="es", headline="Aléjese del puente", description="Hay gas en el puente.",
        instruction="Cierre las ventanas.", event="Aléjese", areas=(replace(english.areas[0], description="El puente"),),
    )  # fmt: skip
    french = replace(spanish, language="fr", headline="Éloignez-vous du pont")
    force = pair.harbour
    draft = alerts.draft(agency=force.agency, content=Content((english, spanish, french)), by=force.writer)
    arrival = offered(pair, out(force, draft))
    shown = from_row(arrival.bundle).shown
    assert shown is not None
    assert set(shown.texts) == set(shown.titles) == {"en", "es", "fr"}
    valley = pair.valley
    valley.agency.languages = ["es", "en"]
    valley.agency.save(update_fields=["languages"])
    row = alerting.draft_from(agency=valley.agency, subject=arrival.subject, by=valley.writer)
    infos = row.newest.written.infos
    assert [(info.language, info.headline) for info in infos] == [
        ("es", "Aléjese del puente"),
        ("en", "Keep away from the harbour bridge"),
    ]
    assert infos[0].description == "Hay gas en el puente.\n\nCierre las ventanas.\n\nEl puente"
    again = alerting.draft_from(agency=valley.agency, subject=arrival.subject, by=valley.writer)
    assert again == row  # pressed twice


def test_an_alert_that_is_not_for_the_public_begins_none_here(pair: Pair) -> None:
    arrival = offered(pair, warned(pair.harbour), label="green")
    with pytest.raises(RefusedError, match="TLP:GREEN"):
        alerting.draft_from(agency=pair.valley.agency, subject=arrival.subject, by=pair.valley.writer)
    assert not Alert.objects.of(pair.valley.agency).exists()


# ---- events


def test_of_an_event_only_an_officers_words_cross(pair: Pair) -> None:
    arrival = told(pair, noticed(pair.harbour, words=[["lorry", 3.0]]), urgent=True)
    seen = shown(arrival)
    assert (seen.title, seen.urgent, seen.link, seen.files) == ("Gas at the bridge", True, "", ())
    assert dict(seen.texts) == {"en": "A lorry leaks gas on the harbour bridge."}


@pytest.mark.parametrize("more", [{"state": "new"}, {"state": "refuted"}, {"named": False}])
def test_an_event_nobody_confirmed_or_named_is_not_offered(pair: Pair, more: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        told(pair, noticed(pair.harbour, **more))
    assert not Offer.objects.exists()


def test_who_may_not_read_events_offers_none_and_nothing_is_said_by_nothing(pair: Pair) -> None:
    event = noticed(pair.harbour)
    for text, by in (("  ", pair.harbour.chief), ("A lorry.", pair.harbour.approver)):
        with pytest.raises(RefusedError):
            sharing.offer_event(event=event, text=text, partners=[pair.there], label="green", by=by)


def test_the_partner_says_that_it_knows_and_hears_what_is_new(pair: Pair) -> None:
    event = noticed(pair.harbour)
    arrival = told(pair, event)
    arrivals.noted(arrival=arrival, by=pair.valley.writer)
    work()
    assert pair.newest().state == "accepted"
    sharing.renew_event(share=arrival.share, event=event, text="It is closed off now.", by=pair.harbour.chief)
    work()
    assert states(pair) == [(1, "behind"), (2, "new")]
    (one,) = overview.some(pair.harbour.agency, overview.names(pair.harbour.agency))
    assert one.behind == 1
    arrivals.noted(arrival=pair.arrival(), by=pair.valley.writer)
    work()
    assert states(pair) == [(1, "superseded"), (2, "accepted")]
    assert overview.some(pair.harbour.agency, [arrival.share])[0].behind == 0


def test_refuting_an_event_recalls_it_from_everybody(pair: Pair) -> None:
    event = noticed(pair.harbour)
    arrival = told(pair, event)
    row = escalation.open_incident(
        agency=pair.valley.agency, subject=arrival.subject, title="", critical=False, by=pair.valley.chief
    )
    assert (row.title, states(pair)) == ("Gas at the bridge", [(1, "accepted")])
    finding = Finding(text="It was steam.", source_grade="A", content_grade="1")
    findings.refute(event=event, finding=finding, by=pair.harbour.second)
    work()
    recall = pair.arrival()
    assert (recall.recalls, recall.state, from_row(recall.bundle).why) == (
        True,
        "new",
        "We have looked again: it was not so.",
    )
    sharing.take_back(arrival=recall, by=pair.valley.writer)
    work()
    assert pair.newest().state == "recalled"
    assert Incident.objects.get().state == "open"  # what we do about it is ours to say


def test_an_event_that_was_closed_as_true_stays(pair: Pair) -> None:
    event = noticed(pair.harbour)
    told(pair, event)
    findings.close(event=event, useful="true", by=pair.harbour.second)
    work()
    assert not pair.arrival().recalls
    Assessment.objects.filter(event=event).update(useful="false")
    work()
    assert pair.arrival().recalls


def test_what_we_know_of_can_still_be_published_where_its_label_allows(pair: Pair) -> None:
    arrival = told(pair, noticed(pair.harbour), label="clear")
    arrivals.noted(arrival=arrival, by=pair.valley.writer)
    message = pair.publish(arrival)
    assert texts("valley") == [message.newest.written.text] or "A lorry leaks gas" in texts("valley")[0]
    assert pair.newest().state == "published"
    assert Message.objects.of(pair.valley.agency).count() == 1


def test_who_publishes_an_alert_writes_its_line_into_the_incident_whatever_else_they_lead(pair: Pair) -> None:
    force = pair.harbour
    now = timezone.now()
    incident = incidents.open_incident(agency=force.agency, title="Gas", flagged_at=now, by=force.chief)
    row = alerts.draft(agency=force.agency, content=words(), incident=incident, by=force.writer)
    alerting.submit(alert=row, by=force.writer)
    for each in (force.chief, force.second):
        alerting.approve(alert=row, digest=alerting.bound_of(row.newest).digest, by=each)
    row.refresh_from_db()
    alerting.publish(alert=row, by=force.approver)
    line = incident.notes.get(subject=row.subject)
    assert (line.by, line.text) == (force.approver, "Alert published: Keep away from the harbour bridge")
    row.refresh_from_db()
    followed(force, row, "Cancel", over())
    assert incident.notes.order_by("-pk")[0].text == "Alert cancelled: Keep away from the harbour bridge"
    send()
