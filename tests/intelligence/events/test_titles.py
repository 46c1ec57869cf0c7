"""An event that nobody has named shows no word of a post that its author deleted or whose time has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.flows.retention import KEEPERS
from callbox.governance.retention import purge
from callbox.intelligence.models import Event, Sighting, Watch
from callbox.intelligence.services import events, grouping
from callbox.people.roles import Role
from tests.intelligence.pipeline.conftest import place, watch
from tests.intelligence.pipeline.place import Place
from tests.intelligence.pipeline.scripted import gone, post
from tests.people import Cast, person

__all__ = ["place", "watch"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    grouping.forget()
    yield
    grouping.forget()


def test_a_deleted_post_is_no_title_any_more(place: Place, watch: Watch) -> None:
    place.run([post(1)])
    grouping.group_waiting()
    assert Event.objects.get().title == "harbour, fire"
    place.run([gone(1)])
    event = Event.objects.get()
    assert (event.title, event.words, event.size) == ("A post whose words are gone", [], 1)


def test_words_that_several_posts_share_stay_when_one_is_deleted(place: Place, watch: Watch) -> None:
    place.run([post(1), post(2, "a large fire near the harbour, people gather")])
    grouping.group_waiting()
    Sighting.objects.update(event=Event.objects.order_by("pk")[0])
    Event.objects.update(size=2)
    place.run([gone(1), gone(2)])
    assert Event.objects.order_by("pk")[0].title == "harbour, fire"


def test_a_post_that_was_split_off_and_deleted_is_no_title_and_a_name_by_a_person_stays(
    place: Place, watch: Watch, cast: Cast
) -> None:
    gina = person("Gina", cast.agency, Role.ANALYST)
    place.run([post(1), post(2, "fire, smoke and sirens all over the harbour and the fish market tonight")])
    grouping.group_waiting()
    first, second = Sighting.objects.order_by("pk")
    Sighting.objects.update(event=first.event)
    second.refresh_from_db()
    made = events.split(sighting=second, by=gina)
    assert first.event is not None
    events.name(event=first.event, title="Fire at the harbour", by=gina)
    place.run([gone(1), gone(2)])
    assert Event.objects.get(pk=made.pk).title == "A post whose words are gone"
    assert Event.objects.get(pk=first.event.pk).title == "Fire at the harbour"


def test_words_that_go_by_their_day_go_from_the_title_too(place: Place, watch: Watch) -> None:
    place.run([post(1)])
    grouping.group_waiting()
    review = Sighting.objects.get().review_by
    with time_machine.travel(timezone.now() + timedelta(days=(review - timezone.now().date()).days + 2)):
        purge.purge(KEEPERS, now=timezone.now())
    assert set(Event.objects.values_list("title", flat=True)) <= {"A post whose words are gone"}
    assert not Sighting.objects.exclude(text="").exists()
