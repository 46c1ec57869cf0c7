"""Riverton's alerts, made by the verbs of its people."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from callbox.config.demo import alerts, beats
from callbox.config.demo.messages import FORCE, TRAFFIC
from callbox.networks.connections.services import connect
from callbox.networks.newsroom.models import Entry
from callbox.operations.cap import checking
from callbox.operations.models import Alert
from callbox.people.roles import Role
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def test_one_alert_has_an_update_one_waits_and_one_was_an_exercise(
    cast: Cast, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    roles = (Role.PRESS_OFFICER, Role.COMMANDER, Role.APPROVER)
    people = {role: person(role.value, cast.agency, role, second_factor=False) for role in roles}
    by = people[Role.PRESS_OFFICER]
    for account in (FORCE, TRAFFIC):
        connect(agency=cast.agency, kind="paper", details={"handle": account.partition(":")[2]}, secrets={}, by=by)
    connect(agency=cast.agency, kind="newsroom", details={}, secrets={}, by=by)
    monkeypatch.setattr(alerts, "NEWSROOM", f"newsroom:{cast.agency.slug}")
    beats.build(cast.agency, people, now=timezone.now())
    alerts.build(cast.agency, people, now=timezone.now())
    found = sorted((row.kind, row.status, row.state) for row in Alert.objects.all())
    assert found == [
        ("Alert", "Actual", "published"),
        ("Alert", "Actual", "submitted"),
        ("Alert", "Exercise", "published"),
        ("Update", "Actual", "published"),
    ]
    assert all(checking.valid(row.xml.encode()) for row in Alert.objects.published())
    current = Entry.objects.of(cast.agency).current().get()
    assert (current.edition, current.shown.title) == (2, "Update: Flood: Old Town station underpass closed too")
