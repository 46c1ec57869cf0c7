"""Residents of Riverton are heard by the collector and answered by its officers; its tips open with the analyst's key alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from callbox.config.demo import messages, residents, tips
from callbox.governance.models import AuditEvent
from callbox.people.models import Agency
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Line
from callbox.trust.tips import envelope
from callbox.trust.tips.models import Intake, Letter, Tip
from tests.people import person

ROLES = (Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER, Role.ANALYST)


@pytest.fixture
def settings_of_its_own(settings: Settings, tmp_path: Path) -> Settings:
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings


@pytest.mark.slow
@pytest.mark.django_db
def test_residents_were_answered_at_their_hours_and_some_wait(settings_of_its_own: Settings) -> None:
    agency = Agency.objects.create(slug="riverton", name="Riverton Police", languages=["en"], time_zone="Europe/London")
    people = {role: person(role.value, agency, role) for role in ROLES}
    now = datetime.now(UTC)
    messages.build(agency, people, now=now)
    residents.build(agency, people, now=now)
    rows = Conversation.objects.of(agency)
    answered = rows.filter(state="answered", connection__isnull=False)
    assert answered.count() == len(residents.written()["answered"])
    for row in answered:
        line = row.lines.get(kind=Line.Kind.ANSWER)
        assert line.delivery is not None
        assert line.delivery.state == "sent"
        assert row.replied_at is not None
        assert row.replied_at == line.at == line.delivery.called_at
        assert row.opened_at < row.replied_at < now
        assert row.answerable is True
    assert {row.answerable for row in rows.filter(state="closed")} == {False}
    first = Conversation.objects.of(agency).waiting().first()
    assert first is not None
    assert first.urgent_words
    assert rows.filter(state="claimed").get().lines.filter(kind=Line.Kind.NOTE).exists()
    assert rows.filter(door="enquiry", replied_at=None).count() == 1
    assert min(AuditEvent.objects.values_list("at", flat=True)) >= now - timedelta(seconds=1), (
        "the trail is never set back"
    )


@pytest.mark.django_db
def test_tips_open_with_the_key_file_alone(settings_of_its_own: Settings) -> None:
    agency = Agency.objects.create(slug="riverton", name="Riverton Police", languages=["en"], time_zone="Europe/London")
    person("Ellen", agency, Role.CHIEF)  # allows the key
    tips.build(agency, person("hanna", agency, Role.ANALYST), now=datetime.now(UTC))
    told = residents.written()["tips"]
    file = settings_of_its_own.DATA / tips.KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    key = file.read_text().split()[-1]
    opened = {
        envelope.unseal(bytes(letter.sealed), identity=key).text for letter in Letter.objects.filter(from_agency=False)
    }
    assert opened == {row[3] for row in told}
    rows = Tip.objects.of(agency)
    assert rows.filter(state="settled").count() == 7
    assert rows.filter(state="new").count() == 1
    assert rows.exclude(same_as=None).count() == 1
    assert Intake.objects.count() == len({row[0] for row in told}), "one number for each day"
    seen = AuditEvent.objects.filter(action="tip.read").count()
    assert seen == rows.exclude(state="new").count(), "every reading is in the trail"
