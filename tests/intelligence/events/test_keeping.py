"""How long posts, requests and events are kept, what a hold covers, and what the ledger says of what was judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
import time_machine
from django.utils import timezone

from callbox.core.measure import Window
from callbox.flows.retention import KEEPERS
from callbox.governance.retention import purge, services
from callbox.intelligence.models import Assessment, Event, Match, Reveal, Sighting, Source
from callbox.intelligence.product_ledger import ledger
from callbox.intelligence.product_measures import products_rated
from callbox.intelligence.product_tables import SCHEMAS
from callbox.intelligence.services import events, findings, grouping, reveals
from callbox.intelligence.services.findings import Finding
from callbox.networks.ledger import Ledger
from tests.intelligence.events import rows
from tests.intelligence.events.rows import Staff
from tests.people import Cast

FOUND = Finding("Water over the kerb", "B", "2", "Patrol 3")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def staff(cast: Cast) -> Staff:
    return rows.staff(cast)


@pytest.fixture
def place(cast: Cast) -> Source:
    return rows.source(cast.agency, cast.bob)


def in_days(days: int) -> int:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return purge.purge(KEEPERS, now=timezone.now())


def words_left() -> int:
    return Sighting.objects.exclude(text="", sealed="", pseudonym="").count()


@pytest.mark.django_db
def test_posts_of_a_refuted_event_lose_their_words_after_a_month_and_still_count(
    cast: Cast, staff: Staff, place: Source
) -> None:
    watch = rows.watch(cast.agency, staff.gina, [place])
    refuted = rows.event(rows.sighting(place, "a", watch=watch))
    part = rows.event(rows.sighting(place, "b"), title="b")
    rows.event(rows.sighting(place, "c"), title="c")
    Sighting.objects.update(review_by=timezone.now().date() + timedelta(days=60))
    events.merge(event=part, into=refuted, by=staff.gina)
    findings.refute(event=refuted, finding=FOUND, by=staff.gina)
    in_days(29)
    assert words_left() == 3
    in_days(31)
    assert words_left() == 1
    assert Sighting.objects.count() == 3
    assert Match.objects.count() == 1


@pytest.mark.django_db
def test_posts_nobody_reviewed_lose_their_words_on_their_day_and_a_review_moves_it(staff: Staff, place: Source) -> None:
    kept = rows.event(rows.sighting(place, "a"))
    rows.event(rows.sighting(place, "b"), title="b")
    Sighting.objects.update(review_by=timezone.now().date() + timedelta(days=90))
    with time_machine.travel(timezone.now() + timedelta(days=80)):
        events.keep(event=kept, reason="Insurance", by=staff.gina)
    in_days(91)
    assert Sighting.objects.exclude(text="").get().event == kept
    in_days(171)
    assert words_left() == 0


@pytest.mark.django_db
def test_a_hold_on_the_event_keeps_its_posts(cast: Cast, staff: Staff, place: Source) -> None:
    event = rows.event(rows.sighting(place, "a"))
    findings.refute(event=event, finding=FOUND, by=staff.gina)
    services.place_hold(agency=cast.agency, subject=event.subject, reason="Inquiry", reference="7", by=cast.bob)
    in_days(2000)
    assert words_left() == 1
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_events_go_whole_once_nothing_needs_them(cast: Cast, staff: Staff, place: Source) -> None:
    watch = rows.watch(cast.agency, staff.gina, [place])
    first = rows.sighting(place, "a", watch=watch)
    judged = rows.event(first)
    rows.event(rows.sighting(place, "b", watch=watch), title="b")
    rows.sighting(place, "", sealed="")
    grouping.forget()
    grouping.group_waiting()
    request = reveals.ask(
        sighting=Sighting.objects.get(pk=first.pk), reason="r", basis="life", reference="1", by=staff.gina
    )
    reveals.refuse(reveal=request, by=staff.ida)
    findings.confirm(event=judged, finding=FOUND, by=staff.gina)
    in_days(121)
    assert list(Event.objects.all()) == [judged]
    assert Sighting.objects.count() == 1  # the one without an event went too
    in_days(1097)
    assert not Reveal.objects.exists()
    assert Event.objects.exists()
    in_days(1827)
    assert not Event.objects.exists()
    assert not Sighting.objects.exists()
    assert not Assessment.objects.exists()
    assert not Match.objects.exists()


@pytest.mark.django_db
def test_the_ledger_holds_the_finding_that_stands_and_no_word_of_it(cast: Cast, staff: Staff, place: Source) -> None:
    first, second = (rows.event(rows.sighting(place, text), title=text) for text in "ab")
    findings.refute(event=first, finding=FOUND, by=staff.gina)
    first.refresh_from_db()
    findings.confirm(event=first, finding=Finding("x", "F", "2", "Patrol"), by=staff.gina)
    findings.refute(event=second, finding=FOUND, by=staff.gina)
    table = ledger(cast.agency, as_of=timezone.now())["products"]
    assert table.schema == SCHEMAS["products"]
    assert sorted(table.select("verdict", "rated", "corroborated").rows()) == [
        ("confirmed", False, True),
        ("refuted", True, True),
    ]
    assert ledger(cast.other, as_of=timezone.now())["products"].is_empty()
    assert ledger(cast.agency, as_of=timezone.now() - timedelta(hours=1))["products"].is_empty()


def products(*both: tuple[bool, bool]) -> Ledger:
    found = [(NOW.date(), "confirmed", rated, elsewhere) for rated, elsewhere in both]
    return Ledger("x", NOW, {"products": pl.DataFrame(found, schema=SCHEMAS["products"], orient="row").lazy()})


def test_a_product_counts_only_where_it_is_rated_and_corroborated() -> None:
    window = Window.trailing(NOW)
    measure = products_rated(products(*[(True, True)] * 30, (True, False), (False, True)), window)
    assert (measure.n, measure.value) == (32, 30 / 32)
    assert measure.bound is not None
    assert products_rated(products(), window).reason is not None
    assert products_rated(Ledger("x", NOW), window).reason is not None
