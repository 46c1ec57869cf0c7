"""Riverton's watches, made by the verbs of its people."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.config.demo import watches
from callbox.intelligence.services.watches import permits
from callbox.people.roles import Role
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def test_two_listen_one_waits_for_the_law_and_one_was_refused(cast: Cast) -> None:
    people = {role: person(role.value, cast.agency, role) for role in (Role.ANALYST, Role.COMMANDER)}
    now = timezone.now()
    built = watches.build(cast.agency, people, now=now)
    assert [watch.state for watch in built[1:]] == ["allowed", "allowed", "stopped", "refused"]
    river, appeal = permits(built.river, now), permits(built.appeal, now)
    assert river is not None
    assert appeal is not None
    assert river.sources == {source.pk for source in built.sources}
    assert "Protest and assembly" in built.stopped.why
    assert "Peter Jensen" in built.refused.why
    assert permits(built.stopped, now) is permits(built.refused, now) is None
