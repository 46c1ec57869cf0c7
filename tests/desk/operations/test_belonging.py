"""One button from a conversation, an event, an incident or an arrival to an alert; things put into an incident and taken out again."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import linking
from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Event
from callbox.operations.models import Alert, Incident
from callbox.operations.services import incidents
from callbox.people.roles import Role
from callbox.trust.models import Conversation
from tests.governance.retention import rows
from tests.people import Cast, person, signed_in

pytestmark = pytest.mark.django_db


def event_of(cast: Cast, state: str = "confirmed") -> Event:
    now = timezone.now()
    return Event.objects.create(
        agency=cast.agency, cluster="c", state=state, title="Gas at the bridge", named=True, place="Harbour bridge",
        first_at=now, last_at=now, seen_at=now, changed_at=now,
    )  # fmt: skip


def talk_of(cast: Cast, topic: str = "Smell of gas") -> Conversation:
    now = timezone.now()
    return Conversation.objects.create(
        agency=cast.agency, thread="t", door="enquiry", topic=topic, opened_at=now, last_at=now
    )


def incident_of(cast: Cast, **more: object) -> Incident:
    return incidents.open_incident(agency=cast.agency, title="Gas", flagged_at=timezone.now(), by=cast.bob, **more)  # type: ignore[arg-type]


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return unescape(answer.content.decode())


def log(incident: Incident) -> list[tuple[str, str]]:
    return [(line.subject, line.text) for line in incident.notes.order_by("at", "pk")]


def begin(client: Client, subject: str) -> str:
    return str(client.post("/a/harbour/alerts/from/", {"subject": subject})["Location"])


def test_each_of_the_three_pages_has_the_button_and_the_alert_leads_back(cast: Cast) -> None:
    chief = signed_in(cast.bob)
    event, talk, incident = event_of(cast), talk_of(cast), incident_of(cast)
    for subject, url, title in (
        (event.subject, f"/a/harbour/events/{event.pk}/", "Gas at the bridge"),
        (f"conversation:{talk.pk}", f"/a/harbour/inbox/{talk.pk}/", "Smell of gas"),
        (incident.subject, f"/a/harbour/incidents/{incident.pk}/", "Gas"),
    ):
        before = page(chief, url)
        assert f'name="subject" value="{subject}"' in before
        assert f"/escalate/{subject}/" in before
        assert "Write an alert" in before
        assert begin(chief, subject).endswith("/write/")
        alert = Alert.objects.get(about=subject)
        assert alert.newest.written.first.headline == title
        shown = page(chief, f"/a/harbour/alerts/{alert.pk}/")
        assert f'href="{url}"' in shown
        after = page(chief, url)
        assert f"/a/harbour/alerts/{alert.pk}/" in after
        assert "Write another alert" in after


def test_nothing_is_begun_from_an_event_that_was_refuted_or_by_who_may_not_read_it(cast: Cast) -> None:
    event = event_of(cast, "refuted")
    assert "Write an alert" not in page(signed_in(cast.bob), f"/a/harbour/events/{event.pk}/")
    Event.objects.update(state="confirmed")
    approver = signed_in(person("Abe", cast.agency, Role.APPROVER))
    begin(approver, event.subject)
    assert not Alert.objects.exists()
    commander = signed_in(person("Kim", cast.agency, Role.COMMANDER))
    begin(commander, f"conversation:{talk_of(cast).pk}")
    assert not Alert.objects.exists()


def test_the_page_of_an_alert_names_nothing_its_reader_may_not_read(cast: Cast) -> None:
    talk = talk_of(cast, "Ann Smith of 4 Mill Lane")
    begin(signed_in(cast.bob), f"conversation:{talk.pk}")
    alert = Alert.objects.get()
    Alert.objects.filter(pk=alert.pk).update(identifier="a-1")
    commander = page(signed_in(person("Kim", cast.agency, Role.COMMANDER)), f"/a/harbour/alerts/{alert.pk}/")
    assert f"/a/harbour/inbox/{talk.pk}/" not in commander


def test_things_are_put_into_an_incident_and_taken_out_and_the_log_keeps_both(cast: Cast) -> None:
    chief, incident = signed_in(cast.bob), incident_of(cast)
    message = rows.message(cast.agency, cast.bob, timezone.now())
    url = f"/a/harbour/incidents/{incident.pk}/"
    assert f'value="{message.subject}"' in page(chief, url)
    put = {"incident": incident.pk, "subject": message.subject}
    chief.post("/a/harbour/incidents/link/", put)
    chief.post("/a/harbour/incidents/link/", put)  # twice is once
    incident.refresh_from_db()
    assert incident.subjects == [message.subject]
    assert f"/a/harbour/messages/{message.pk}/" in page(chief, url)
    chief.post(f"{url}unlink/", {"subject": message.subject})
    chief.post(f"{url}unlink/", {"subject": message.subject})
    incident.refresh_from_db()
    assert incident.subjects == []
    assert [subject for subject, _text in log(incident)] == ["", message.subject, message.subject]
    assert AuditEvent.objects.filter(target=incident.subject, action="incident.unlinked").count() == 1


def test_a_conversation_belongs_to_one_open_incident_and_its_topic_stays_out_of_the_log(cast: Cast) -> None:
    talk, first, second = talk_of(cast, "Ann Smith smells gas"), incident_of(cast), incident_of(cast)
    subject = f"conversation:{talk.pk}"
    chief = signed_in(cast.bob)
    assert "It belongs to an open incident" in page(chief, f"/a/harbour/inbox/{talk.pk}/")
    linking.link(incident=first, subject=subject, by=cast.bob)
    assert "Ann" not in str(log(first))
    with pytest.raises(RefusedError, match="another open incident"):
        linking.link(incident=second, subject=subject, by=cast.bob)
    shown = page(chief, f"/a/harbour/inbox/{talk.pk}/")
    assert f"/a/harbour/incidents/{first.pk}/" in shown
    assert "It belongs to an open incident" not in shown
    analyst = page(signed_in(person("Ana", cast.agency, Role.ANALYST)), f"/a/harbour/incidents/{first.pk}/")
    assert "Ann" not in analyst  # who may not read the inbox learns that there is one, and no more


def test_what_is_not_ours_not_readable_or_closed_is_not_linked(cast: Cast) -> None:
    incident, event = incident_of(cast), event_of(cast)
    officer = person("Olu", cast.agency, Role.PRESS_OFFICER)
    Event.objects.update(agency=cast.other)
    for subject in (event.subject, "message:9", incident.subject, "tip:1", "message:x", "", f"message:{10**30}"):
        with pytest.raises(RefusedError):
            linking.link(incident=incident, subject=subject, by=officer)
    incidents.close(incident=incident, review="", by=cast.bob)
    incident.refresh_from_db()
    message = rows.message(cast.agency, cast.bob, timezone.now())
    with pytest.raises(RefusedError, match="closed"):
        linking.link(incident=incident, subject=message.subject, by=cast.bob)
    chief = signed_in(cast.bob)
    assert chief.post("/a/harbour/incidents/link/", {"incident": "x", "subject": message.subject}).status_code == 404
    assert "Put something here" not in page(chief, f"/a/harbour/incidents/{incident.pk}/")
