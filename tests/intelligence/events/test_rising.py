"""Who triages is told that an event rises: once, or once more after a crash, never not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Event
from callbox.intelligence.services import rising
from callbox.people.models import Membership
from tests.intelligence.events import rows
from tests.people import Cast

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """The worker dies here."""


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def event(cast: Cast, now: datetime) -> Event:
    staff = rows.staff(cast)
    found = rows.event(rows.sighting(rows.source(cast.agency, staff.gina), "flood on Mill Road", author="a", at=now))
    Event.objects.update(tell_at=now)
    return found


def killed(*_args: object) -> Any:
    raise KilledError


def told() -> int:
    return AuditEvent.objects.filter(action="event.risen-told").count()


@pytest.mark.parametrize(("place", "letters"), [("_write", 3), ("_done", 6)])
def test_a_worker_killed_before_or_after_its_letters_leaves_it_to_the_next_one(
    event: Event, now: datetime, monkeypatch: pytest.MonkeyPatch, place: str, letters: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(rising, place, killed)
        with pytest.raises(KilledError):
            rising.tell_waiting(now=now)
    assert rising.tell_waiting(now=now) == 0  # it may still be at work
    assert rising.tell_waiting(now=now + rising.LEASE) == 1
    assert rising.tell_waiting(now=now + 2 * rising.LEASE) == 0
    assert (len(mail.outbox), told()) == (letters, 1)


def test_while_one_worker_writes_another_leaves_it_alone(
    event: Event, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, others = rising._write, []

    def meanwhile(row: Event) -> int | None:
        others.append(rising.tell_waiting(now=now))
        return write(row)

    monkeypatch.setattr(rising, "_write", meanwhile)
    assert rising.tell_waiting(now=now) == 1
    assert (others, len(mail.outbox)) == ([0], 3)


def test_a_mail_server_that_is_down_is_tried_again_and_one_bad_address_stops_nobody(
    event: Event, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    down, send = {each.user.email for each in Membership.objects.select_related("user")}, send_mail

    def sending(subject: str, body: str, sender: None, to: list[str]) -> int:
        if to[0] in down:
            raise ConnectionRefusedError
        return send(subject, body, sender, to)

    monkeypatch.setattr(rising, "send_mail", sending)
    assert rising.tell_waiting(now=now) == 0
    assert told() == 0
    down = {min(down)}
    assert rising.tell_waiting(now=now + rising.LEASE) == 1
    assert told() == 1


def test_what_rose_again_while_letters_left_is_told_of_again(
    event: Event, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, later = rising._write, now + timedelta(hours=1)

    def rises(row: Event) -> int | None:
        Event.objects.update(tell_at=later)
        return write(row)

    with monkeypatch.context() as patched:
        patched.setattr(rising, "_write", rises)
        rising.tell_waiting(now=now)
    assert rising.tell_waiting(now=later) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("new", "Nobody has said"),
        ("checking", "looking into it"),
        ("confirmed", "was confirmed"),
        ("refuted", "refuted"),
    ],
)
def test_the_letter_says_what_is_known(event: Event, now: datetime, state: str, words: str) -> None:
    Event.objects.update(state=state)
    rising.tell_waiting(now=now)
    assert {words in str(letter.body) for letter in mail.outbox} == {True}


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_of_what_was_closed_meanwhile_nobody_is_told_any_more(event: Event, now: datetime, state: str) -> None:
    Event.objects.update(state=state)
    rising.tell_waiting(now=now)
    Event.objects.update(state="checking")
    assert rising.tell_waiting(now=now + rising.LEASE) == 0
    assert mail.outbox == []
