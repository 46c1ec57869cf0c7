"""The demonstration's events: heard by its watches, grouped, and worked on by its people."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.config.demo import events, watches
from callbox.core.secrets import SealBrokenError
from callbox.intelligence import pseudonyms
from callbox.intelligence.models import Event, Reveal, Sighting
from callbox.intelligence.services import grouping
from callbox.people.roles import Role
from tests.people import Cast, person


@pytest.mark.django_db
def test_one_event_is_confirmed_one_refuted_and_one_waits(cast: Cast) -> None:
    grouping.forget()
    people = {role: person(role.value, cast.agency, role) for role in (Role.ANALYST, Role.COMMANDER)}
    now = timezone.now()
    flood = events.build(cast.agency, people, watches.build(cast.agency, people, now=now), now=now)
    states = {event.state: event for event in Event.objects.all()}
    assert set(states) == {"confirmed", "refuted", "new"}
    assert states["confirmed"] == flood
    assert states["confirmed"].size == len(events.written()["flood"])
    assert Sighting.objects.filter(event=flood).exclude(duplicate_of=None).count() == 2
    assert states["refuted"].size == len(events.written()["rumour"])
    assert states["new"].size == len(events.written()["spanish"])
    assert Reveal.objects.get().state == "asked"
    texts = " ".join(Sighting.objects.values_list("text", flat=True))
    assert "@old.mill.school" not in texts
    try:
        opened = pseudonyms.open_author(Reveal.objects.get().sighting)
    except SealBrokenError:
        pytest.fail("the demonstration's authors were sealed with another key")
    assert opened["author"] == "clara@riverton.example"
