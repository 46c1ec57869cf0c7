"""Riverton's burst main and its drill, made by the verbs of its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from callbox.config.demo import drills, incidents
from callbox.intelligence.services import grouping
from callbox.operations.models import Escalation
from callbox.people.roles import Role
from tests.governance.retention import rows
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(tmp_path: Path) -> Iterator[None]:
    grouping.forget()
    with override_settings(DATA=tmp_path):
        yield


def test_the_incident_was_handed_over_and_has_a_first_word(cast: Cast) -> None:
    people = {role: person(role.value, cast.agency, role) for role in (Role.COMMANDER, Role.OFFICER)}
    now = timezone.now()
    message = rows.message(cast.agency, cast.bob, now)
    rows.delivery(message, cast.bob, now, words="A water main has burst in Mill Lane.")
    row = incidents.build(cast.agency, people, now=now)
    assert row.first_word == message.subject
    assert row.first_word_at is not None
    assert row.first_word_at - row.flagged_at == incidents.BEFORE
    assert row.reference == "RC-26-1147"
    assert Escalation.objects.get().state == "acknowledged"


def test_the_drill_has_its_five_times_and_what_it_led_to(cast: Cast) -> None:
    roles = (Role.COMMANDER, Role.PRESS_OFFICER, Role.APPROVER)
    people = {role: person(role.value, cast.agency, role) for role in roles}
    held = drills.build(cast.agency, people, now=timezone.now())
    assert set(held.steps) == set(drills.MINUTES)
    assert sorted(each.state for each in held.actions.all()) == ["closed", "open"]
    assert held.incident is None
