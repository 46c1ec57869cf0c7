"""Several workers group at once: one writes, the others leave it to it, and nothing is grouped twice or lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Event, Sighting
from callbox.intelligence.services import grouping
from tests.intelligence.events import rows
from tests.people import make_cast


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    grouping.forget()
    yield
    grouping.forget()


def test_four_workers_at_once_group_every_post_once(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "BATCH", 7)
    cast = make_cast()
    place, now = rows.source(cast.agency, cast.bob), timezone.now()
    for number in range(30):
        rows.sighting(place, f"flood on Mill Road, house {number}", author=str(number), at=now)
        rows.sighting(place, f"carousel at the spring fair, ticket {number}", author=str(number), at=now)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while Sighting.objects.ungrouped().exists():
                grouping.group_waiting()
        except Exception as error:  # shown by the assertion below
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert sorted(Event.objects.values_list("size", flat=True)) == [30, 30]
    told = AuditEvent.objects.filter(action="events.grouped").values_list("data", flat=True)
    assert sum(each["sightings"] for each in told) == 60
    moments = Sighting.objects.values_list("grouped_at", flat=True).distinct()
    assert len(set(moments)) == told.count()  # each batch has a moment of its own, so their order can be read again
