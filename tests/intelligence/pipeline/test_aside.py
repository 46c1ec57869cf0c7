"""What could not be kept is seen, can be tried again, and goes after a month; names are sealed anew with a new key."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from callbox.core.log.contract import Fetched, LogError
from callbox.core.secrets import SealBrokenError
from callbox.flows import retention
from callbox.governance.models import AuditEvent
from callbox.intelligence import pseudonyms
from callbox.intelligence.models import SetAside, Sighting, Watch
from callbox.intelligence.services import sightings
from tests.intelligence.pipeline.place import Place
from tests.intelligence.pipeline.scripted import post
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_what_was_set_aside_is_kept_once_it_is_tried_again(place: Place, watch: Watch, cast: Cast) -> None:
    place.hear(post(1))
    (entry,) = place.log.fetch(1, seconds=0)
    place.log.acknowledge([entry])
    sightings.set_aside(entry, agency=cast.agency.pk, why="it could not be kept")
    sightings.set_aside(entry, agency=cast.agency.pk, why="it could not be kept")
    assert SetAside.objects.filter(agency=cast.agency).count() == 1
    assert sightings.append_again(place.log) == 1
    place.keep()
    assert (SetAside.objects.count(), Sighting.objects.count()) == (0, 1)
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert [*actions] == ["sighting.set-aside", "sighting.tried-again", "sightings.kept"]


def test_nothing_set_aside_stays_for_ever(cast: Cast) -> None:
    sightings.set_aside(Fetched("odd", b"\xff", "1"), agency=None, why="it cannot be read")
    sightings.set_aside(Fetched("new", b"\xff", "2"), agency=cast.agency.pk, why="it cannot be read")
    SetAside.objects.filter(entry="odd").update(at=timezone.now() - timedelta(days=31))
    retention.purge_tonight()
    assert [row.entry for row in SetAside.objects.all()] == ["new"]


def test_authors_are_sealed_anew_and_open_with_the_new_key_alone(
    place: Place, watch: Watch, settings: Settings
) -> None:
    place.run([post(1), post(2)])
    old = settings.TOKEN_KEYS
    settings.TOKEN_KEYS = ["a new key of many signs", *old]
    assert sightings.seal_anew() == 2
    settings.TOKEN_KEYS = ["a new key of many signs"]
    assert {pseudonyms.open_author(row)["author"] for row in Sighting.objects.all()} == {"did:plc:rosa"}
    settings.TOKEN_KEYS = ["a third one"]
    with pytest.raises(SealBrokenError):
        sightings.seal_anew()


def test_a_log_that_takes_nothing_leaves_everything_set_aside(place: Place, cast: Cast) -> None:
    sightings.set_aside(Fetched("odd", b"{}", "1"), agency=None, why="it cannot be read")
    place.log.close()
    with pytest.raises(LogError):
        sightings.append_again(place.log)
    assert SetAside.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_log_is_never_waited_for_inside_a_transaction(transactional_db: None) -> None:
    sightings.set_aside(Fetched("odd", b"{}", "1"), agency=None, why="it cannot be read")
    log = Mock()
    log.append.side_effect = lambda entries: inside.append((len(entries), connection.in_atomic_block))
    inside: list[tuple[int, bool]] = []
    assert sightings.append_again(log) == 1
    assert inside == [(1, False)]
    assert not SetAside.objects.exists()
