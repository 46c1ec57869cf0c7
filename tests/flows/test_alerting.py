"""An alert on the accounts: exactly what two people saw, wherever the line is shown; no exercise leaves as actual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import alerting, publication
from callbox.governance import freezing
from callbox.governance.models import Approval
from callbox.intelligence.models import Event
from callbox.networks.deliveries.models import Delivery
from callbox.operations.cap import checking, reading
from callbox.operations.cap.templates import ended
from callbox.operations.cap.vocabulary import Content
from callbox.operations.models import Alert, AlertVersion, Incident
from callbox.operations.services import alert_messages, alerts
from callbox.trust.models import Conversation
from callbox.voice.models import Message
from tests.flows.newsdesk import connect, posts, send, texts
from tests.operations.alerts.duty import EAST, FORCE, Duty, make_duty, words
from tests.people import Cast

pytestmark = pytest.mark.django_db
REAL = "mastodon:police@harbour.example"


@pytest.fixture
def duty(cast: Cast, settings: LazySettings, tmp_path: Path) -> Duty:
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    connect(cast.agency, REAL, by=cast.erin)
    return make_duty(cast)


def message_of(alert: Alert) -> Message:
    return Message.objects.get(pk=int(alert.message.partition(":")[2]))


def over(text: str = "The bridge is open again.") -> Content:
    return Content((replace(ended(words(), now=timezone.now()).first, description=text),))


def next_of(duty: Duty, alert: Alert, kind: alerts.Follow, content: Content) -> Alert:
    row = duty.ready(alerting.follow(alert=alert, kind=kind, content=content, by=duty.wendy))
    alerting.publish(alert=row, by=duty.wendy)
    row.refresh_from_db()
    return row


def test_the_accounts_show_exactly_what_two_people_saw(duty: Duty) -> None:
    alert = duty.draft(accounts=[FORCE, EAST])
    seen = {each.rendition.account: each.rendition for each in alerting.previews_of(alert.newest)}
    duty.ready(alert)
    alerting.publish(alert=alert, by=duty.wendy)
    alert.refresh_from_db()
    deliveries = Delivery.objects.about(alert.message).select_related("connection", "approval")
    assert {each.connection.account: each.shown for each in deliveries} == seen
    approvals = Approval.objects.filter(subject=alert.message)
    assert {each.by for each in approvals} == {duty.kim, duty.abe}
    assert {each.rule for each in approvals} == {"two-approvers"}
    parts = Approval.objects.filter(subject=alert.subject)[0].parts
    assert {name: digest for name, digest in parts.items() if name != "cap"} == approvals[0].parts
    send()
    assert "Keep away from the harbour bridge" in texts("harbour")[0]
    assert alert_messages.address(alert) in texts("harbour")[0]
    assert posts()[0].shown["urgent"] is True
    assert message_of(alert).state == "out"


def test_words_that_are_too_long_for_an_account_are_left_out_there_and_never_cut(duty: Duty) -> None:
    alert = duty.draft(words(description="Smoke. " * 90), accounts=[FORCE])
    (shown,) = alerting.previews_of(alert.newest)
    assert shown.fits
    assert "Smoke" not in shown.rendition.text
    assert "Stay away from the bridge." in shown.rendition.text
    far = duty.draft(words(headline="x" * 160, instruction="y" * 900, description="z" * 900), accounts=[FORCE])
    assert alerting.previews_of(far.newest)[0].fits


def test_an_account_that_would_show_something_else_by_now_keeps_everything_back(
    duty: Duty, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = duty.ready(duty.draft(accounts=[FORCE]))
    monkeypatch.setattr("callbox.networks.paper.network.LIMIT", 100)
    with pytest.raises(RefusedError):
        alerting.publish(alert=alert, by=duty.wendy)
    alert.refresh_from_db()
    assert (alert.state, alert.xml, Message.objects.count(), Delivery.objects.count()) == ("approved", "", 0, 0)


def test_an_update_and_a_cancel_change_what_stands_on_the_accounts(duty: Duty) -> None:
    first = duty.out(accounts=[FORCE])
    send()
    update = next_of(duty, first, "Update", words(headline="Keep away from the bridge and the quay"))
    send()
    assert len(posts()) == 1
    assert texts()[0].startswith("Update: Keep away from the bridge and the quay")
    assert message_of(update).corrects == message_of(first)
    next_of(duty, update, "Cancel", over())
    send()
    assert len(posts()) == 1
    assert texts()[0].startswith("Ended: ")
    assert "The bridge is open again." in texts()[0]
    assert "Stay away from the bridge" not in texts()[0]


def test_what_follows_goes_wherever_the_line_is_shown_whatever_was_chosen(duty: Duty) -> None:
    first = duty.out(accounts=[FORCE, EAST])
    send()
    row = alerting.follow(alert=first, kind="Cancel", content=over(), by=duty.wendy)
    alerting.save(alert=row, content=over("Over."), accounts=[], seen=1, by=duty.wendy)
    assert row.newest.accounts == [FORCE, EAST]


def test_an_old_warning_that_still_waits_never_leaves_after_its_cancel(duty: Duty) -> None:
    first = duty.out(accounts=[FORCE])
    next_of(duty, first, "Cancel", over())
    send()
    assert [text[:6] for text in texts()] == ["Ended:"]
    assert Delivery.objects.get(subject=first.message).state == "given-up"


def test_a_freeze_pressed_after_publishing_holds_what_has_not_left(duty: Duty) -> None:
    alert = duty.out(accounts=[FORCE])
    freezing.press(agency=duty.agency, why="Wrong street", by=duty.bob)
    send()
    assert texts() == []
    assert Delivery.objects.get(subject=alert.message).state == "held"


def test_two_people_who_know_of_the_freeze_still_warn_of_danger_to_life(duty: Duty) -> None:
    freezing.press(agency=duty.agency, why="Shots fired", by=duty.bob)
    duty.out(accounts=[FORCE])
    send()
    assert len(texts()) == 1


def test_the_log_of_its_incident_says_that_it_went_out(duty: Duty) -> None:
    now = timezone.now()
    incident = Incident.objects.create(agency=duty.agency, title="Gas", flagged_at=now, by=duty.kim, at=now)
    alert = duty.out(incident=incident)
    assert [(line.subject, line.text) for line in incident.notes.all()] == [
        (alert.subject, "Alert published: Keep away from the harbour bridge")
    ]


def test_a_warning_never_leaves_after_it_expired(duty: Duty) -> None:
    alert = duty.out(words(expires=timezone.now() + timedelta(minutes=30)), accounts=[FORCE])
    assert Delivery.objects.get(subject=alert.message).expires == alert.expires


def test_an_alert_begins_from_an_event_a_conversation_or_an_incident(duty: Duty) -> None:
    now = timezone.now()
    event = Event.objects.create(
        agency=duty.agency, cluster="c", state="confirmed", title="Gas at the bridge", named=True, place="Harbour bridge",
        first_at=now, last_at=now, seen_at=now, changed_at=now,
    )  # fmt: skip
    found = alerting.draft_from(agency=duty.agency, subject=event.subject, template="avoid-area", by=duty.kim)
    info = found.newest.written.first
    assert (info.headline, info.areas[0].description, info.certainty) == (
        "Gas at the bridge",
        "Harbour bridge",
        "Likely",
    )
    assert info.instruction.startswith("Stay away from [place]")
    assert found.about == event.subject
    incident = Incident.objects.create(
        agency=duty.agency, title="Gas", critical=True, exercise=True, flagged_at=now, by=duty.kim, at=now
    )
    found = alerting.draft_from(agency=duty.agency, subject=incident.subject, by=duty.kim)
    assert (found.exercise, found.incident, found.newest.written.first.severity) == (True, incident, "Severe")
    talk = Conversation.objects.create(
        agency=duty.agency, thread="t", door="enquiry", topic="Smell of gas", opened_at=now, last_at=now
    )
    found = alerting.draft_from(agency=duty.agency, subject=f"conversation:{talk.pk}", by=duty.wendy)
    assert found.newest.written.first.headline == "Smell of gas"
    Event.objects.update(state="refuted")
    for subject in (event.subject, "event:0", "event:x", "tip:1", "", f"incident:{10**30}"):
        with pytest.raises(RefusedError):
            alerting.draft_from(agency=duty.agency, subject=subject, by=duty.kim)


def test_pressed_twice_it_is_one_draft_until_somebody_writes_in_it(duty: Duty) -> None:
    now = timezone.now()
    incident = Incident.objects.create(agency=duty.agency, title="Gas", flagged_at=now, by=duty.kim, at=now)
    begin: dict[str, Any] = {"agency": duty.agency, "subject": incident.subject}
    first = alerting.draft_from(**begin, by=duty.kim)
    assert alerting.draft_from(**begin, by=duty.kim) == first
    assert alerting.draft_from(**begin, by=duty.wendy) != first, "somebody else writes their own"
    assert alerting.draft_from(**begin, exercise=True, by=duty.kim).exercise
    written = first.newest.written
    changed = replace(written, infos=(replace(written.first, headline="Gas at the bridge"),))
    alerting.save(alert=first, content=changed, accounts=(), seen=1, by=duty.kim)
    assert alerting.draft_from(**begin, by=duty.kim) != first, "another one is meant"


def _flip(alert: Alert, _duty: Duty) -> None:
    Alert.objects.filter(pk=alert.pk).update(exercise=False)


# ---- eighteen ways to get an exercise out as actual, or out to real people --------------------------------------------------------


def _real_account_when_drafted(duty: Duty) -> None:
    duty.out(exercise=True, accounts=[REAL])


def _real_account_when_saved(duty: Duty) -> None:
    alert = duty.draft(exercise=True, accounts=[FORCE])
    alerting.save(alert=alert, content=words(), accounts=[FORCE, REAL], seen=1, by=duty.wendy)
    duty.ready(alert)
    alerting.publish(alert=alert, by=duty.wendy)


def _real_account_put_in_after_the_approval(duty: Duty) -> None:
    alert = duty.ready(duty.draft(exercise=True, accounts=[FORCE]))
    AlertVersion.objects.filter(alert=alert).update(accounts=[REAL])
    alerting.publish(alert=alert, by=duty.wendy)


def _real_account_in_the_parts(duty: Duty) -> None:
    alert = duty.ready(duty.draft(exercise=True))
    parts = {REAL: "0" * 64}
    bound = alerts.bound_of(alert.newest, parts)
    for each in (duty.kim, duty.abe):
        Approval.objects.create(
            agency=duty.agency,
            subject=alert.subject,
            digest=bound.digest,
            parts=bound.parts,
            rule="two-approvers",
            by=each,
            at=timezone.now(),
        )
    alerts.publish(alert=alert, parts=parts, signer=alerts.signer_of(duty.agency), by=duty.wendy)


def _flag_turned_before_publishing(duty: Duty) -> None:
    alert = duty.ready(duty.draft(exercise=True))
    _flip(alert, duty)
    alert.refresh_from_db()
    alerting.publish(alert=alert, by=duty.wendy)


def _flag_turned_in_memory(duty: Duty) -> None:
    alert = duty.ready(duty.draft(exercise=True))
    alert.exercise = False
    alerting.publish(alert=alert, by=duty.wendy)


def _flag_turned_after_publishing(duty: Duty) -> None:
    _flip(duty.out(exercise=True), duty)


def _bytes_changed_after_publishing(duty: Duty) -> None:
    alert = duty.out(exercise=True)
    Alert.objects.filter(pk=alert.pk).update(xml=alert.xml.replace("Exercise</status>", "Actual</status>"))


def _flag_turned_before_the_approval(duty: Duty) -> None:
    alert = duty.draft(exercise=True)
    _flip(alert, duty)
    alert.refresh_from_db()
    alerting.submit(alert=alert, by=duty.wendy)


def _actual_update_of_an_exercise(duty: Duty) -> None:
    first = duty.out(exercise=True)
    row = alerting.follow(alert=first, kind="Update", content=words(), by=duty.wendy)
    _flip(row, duty)
    row.refresh_from_db()
    duty.ready(row)
    alerting.publish(alert=row, by=duty.wendy)


def _actual_row_that_follows_an_exercise(duty: Duty) -> None:
    first = duty.out(exercise=True)
    Alert(agency=duty.agency, kind="Update", exercise=False, follows=first, identifier="u").full_clean(
        exclude=["by", "at", "changed_at"]
    )


def _exercise_that_ends_an_actual_alert(duty: Duty) -> None:
    first = duty.out()
    row = alerting.follow(alert=first, kind="Cancel", content=over(), by=duty.wendy)
    Alert.objects.filter(pk=row.pk).update(exercise=True)
    row.refresh_from_db()
    duty.ready(row)
    alerting.publish(alert=row, by=duty.wendy)


def _incident_of_practice_as_actual(duty: Duty) -> None:
    now = timezone.now()
    incident = Incident.objects.create(
        agency=duty.agency, title="Drill", exercise=True, flagged_at=now, by=duty.kim, at=now
    )
    alerts.draft(agency=duty.agency, content=words(), incident=incident, by=duty.kim)


def _mark_taken_out_of_the_headline(duty: Duty) -> None:
    alert = duty.ready(duty.draft(exercise=True))
    version = alert.newest
    version.content["infos"][0]["headline"] = "Keep away"
    AlertVersion.objects.filter(pk=version.pk).update(content=version.content)
    alerting.publish(alert=alert, by=duty.wendy)


def _words_say_that_it_is_actual(duty: Duty) -> None:
    alert = duty.out(words(description="</description></info><status>Actual</status>"), exercise=True)
    assert reading.read(alert.xml.encode()).status == "Exercise"
    raise RefusedError("the words stay words")


def _message_written_as_actual(duty: Duty) -> None:
    alert = duty.ready(duty.draft(exercise=True))
    message = replace(alert_messages.message_of(alert.newest, sent=timezone.now()), status="Actual", note="")
    data, found = checking.finished(message, alert_messages.setting_of(alert, timezone.now()))
    assert data == b""
    raise RefusedError(found[0].sentence)


def _correction_of_its_message_on_a_real_account(duty: Duty) -> None:
    alert = duty.out(exercise=True, accounts=[FORCE])
    send()
    wrong = message_of(alert)
    found = publication.correct(message=wrong, content=wrong.newest.written, by=duty.wendy)
    assert found.newest.accounts == [FORCE]
    raise RefusedError("it stays on paper")


def _published_during_a_freeze_as_danger(duty: Duty) -> None:
    freezing.press(agency=duty.agency, why="Real thing", by=duty.bob)
    duty.out(exercise=True)


WAYS: list[Callable[[Duty], None]] = [
    _real_account_when_drafted,
    _real_account_when_saved,
    _real_account_put_in_after_the_approval,
    _real_account_in_the_parts,
    _flag_turned_before_publishing,
    _flag_turned_in_memory,
    _flag_turned_after_publishing,
    _bytes_changed_after_publishing,
    _flag_turned_before_the_approval,
    _actual_update_of_an_exercise,
    _actual_row_that_follows_an_exercise,
    _exercise_that_ends_an_actual_alert,
    _incident_of_practice_as_actual,
    _mark_taken_out_of_the_headline,
    _words_say_that_it_is_actual,
    _message_written_as_actual,
    _correction_of_its_message_on_a_real_account,
    _published_during_a_freeze_as_danger,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_an_exercise_never_leaves_as_actual(duty: Duty, way: Callable[[Duty], None]) -> None:
    with pytest.raises((RefusedError, DatabaseError, ValidationError)), transaction.atomic():
        way(duty)
    for row in Alert.objects.published():
        status = reading.read(row.xml.encode()).status
        assert status == ("Exercise" if row.exercise else "Actual")
        assert not (row.exercise and "Actual" in row.xml.partition("<info>")[0])
    assert not Delivery.objects.filter(connection__account=REAL).exists()
    for delivery in Delivery.objects.all():
        assert delivery.shown.text.startswith("EXERCISE")


def test_there_are_eighteen_of_them_and_a_sound_exercise_goes_out(duty: Duty) -> None:
    assert len(WAYS) == len(set(WAYS)) == 18
    alert = duty.out(exercise=True, accounts=[FORCE])
    send()
    (text,) = texts()
    assert text.startswith("EXERCISE – ")
    assert "EXERCISE" in text.partition("http")[0].rstrip()[-10:]
    message = reading.read(alert.xml.encode())
    assert (message.status, message.note) == ("Exercise", alert_messages.NOTE)
