"""Shifts are planned, repeated by the clock on the wall, taken off and put back; the ledger and its measures read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
import time_machine
from django.utils import timezone

from callbox.core.measure import Window
from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.networks.ledger import SCHEMAS as NETWORKS
from callbox.networks.ledger import Ledger
from callbox.operations import staffing_ledger, staffing_measures
from callbox.operations.models import Shift
from callbox.operations.services import roster
from callbox.operations.staffing import Standard
from tests.people import Cast

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_a_shift_is_repeated_at_the_same_hour_of_the_clock(cast: Cast) -> None:
    cast.agency.time_zone = "Europe/Oslo"
    begins = datetime(2026, 3, 23, 8, tzinfo=UTC)  # 9:00 there; summer time begins on the 29th
    rows = roster.plan(agency=cast.agency, begins=begins, ends=begins + timedelta(hours=8), weeks=2, by=cast.bob)
    assert [row.begins.astimezone(UTC).hour for row in rows] == [8, 7]
    event = AuditEvent.objects.get(action="shift.planned")
    assert (event.data["weeks"], event.data["people"]) == (2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "people", "weeks"), [(0, 1, 1), (-1, 1, 1), (25, 1, 1), (8, 0, 1), (8, 1, 27)])
def test_what_is_no_shift_is_refused_and_nothing_is_saved(cast: Cast, hours: int, people: int, weeks: int) -> None:
    ends = NOW + timedelta(hours=hours)
    with pytest.raises(RefusedError, match="Nothing was saved"):
        roster.plan(agency=cast.agency, begins=NOW, ends=ends, people=people, weeks=weeks, by=cast.bob)
    assert not Shift.objects.exists()


@pytest.mark.django_db
def test_a_shift_is_taken_off_once_and_put_back_once(cast: Cast) -> None:
    [row] = roster.plan(agency=cast.agency, begins=NOW, ends=NOW + timedelta(hours=8), by=cast.bob)
    roster.take_off(shift=row, by=cast.bob)
    with pytest.raises(RefusedError):
        roster.take_off(shift=row, by=cast.bob)
    assert not Shift.objects.of(cast.agency).standing().exists()
    roster.put_back(shift=row, by=cast.bob)
    with pytest.raises(RefusedError):
        roster.put_back(shift=row, by=cast.bob)
    assert list(
        AuditEvent.objects.filter(target=f"shift:{row.pk}").values_list("action", flat=True).order_by("pk")
    ) == [
        "shift.planned",
        "shift.taken-off",
        "shift.put-back",
    ]


@pytest.mark.django_db
def test_who_may_not_plan_cannot(cast: Cast) -> None:
    [row] = roster.plan(agency=cast.agency, begins=NOW, ends=NOW + timedelta(hours=8), by=cast.bob)
    acts = (
        lambda: roster.plan(agency=cast.agency, begins=NOW, ends=NOW + timedelta(hours=1), by=cast.frank),
        lambda: roster.take_off(shift=row, by=cast.frank),
        lambda: roster.put_back(shift=row, by=cast.dan),
    )
    for act in acts:
        with pytest.raises(RefusedError, match="Your role may not plan"):
            act()
    assert Shift.objects.standing().count() == 1


def _record(cast: Cast, times: list[datetime]) -> Ledger:
    contacts = pl.DataFrame({"at": times}).select(pl.col("at").cast(pl.Datetime("us", "UTC")))
    held = pl.concat([pl.DataFrame(schema=NETWORKS["contacts"]), contacts], how="diagonal")
    tables = {"contacts": held, **staffing_ledger.ledger(cast.agency, as_of=NOW)}
    return Ledger("harbour", NOW, {name: rows.lazy() for name, rows in tables.items()})


@pytest.mark.django_db
def test_what_arrives_while_somebody_is_there_counts(cast: Cast) -> None:
    with time_machine.travel(NOW):
        day = NOW - timedelta(days=10)
        roster.plan(agency=cast.agency, begins=day, ends=day + timedelta(hours=8), by=cast.bob)
        night = day + timedelta(hours=8)
        roster.plan(agency=cast.agency, begins=night, ends=night + timedelta(hours=2), on_call=True, by=cast.bob)
        # A short one within a long one ends nothing.
        roster.plan(agency=cast.agency, begins=day + timedelta(hours=1), ends=day + timedelta(hours=2), by=cast.bob)
    inside = [day + timedelta(minutes=15 * each) for each in range(40)]
    outside = [day + timedelta(days=1, minutes=each) for each in range(10)]
    window = Window.trailing(NOW, days=90)
    found = staffing_measures.items_in_staffed_hours(_record(cast, inside + outside), window)
    assert (found.value, found.n) == (0.8, 50)


@pytest.mark.django_db
def test_without_a_roster_nothing_is_said(cast: Cast) -> None:
    window = Window.trailing(NOW, days=90)
    record = _record(cast, [NOW - timedelta(days=1)] * 40)
    for measure in (staffing_measures.items_in_staffed_hours, staffing_measures.staffing_model_error):
        found = measure(record, window)
        assert found.value is None
        assert found.reason is not None
        assert found.reason.code == "no_roster"


@pytest.mark.django_db
def test_the_forecast_is_judged_over_twelve_weeks(cast: Cast) -> None:
    roster.plan(agency=cast.agency, begins=NOW - timedelta(hours=9), ends=NOW - timedelta(hours=1), by=cast.bob)
    monday = NOW - timedelta(weeks=12)
    times = [monday + timedelta(weeks=week, hours=1, minutes=each) for week in range(12) for each in (0, 9, 30)]
    found = staffing_measures.staffing_model_error(_record(cast, times), Window.trailing(NOW, days=90))
    assert (found.value, found.n, found.beside) == (0.0, 1, {"items": 12})


@pytest.mark.django_db
def test_the_mean_week_names_the_hours_that_lack_people(cast: Cast) -> None:
    begins = NOW - timedelta(weeks=1) + timedelta(hours=1)
    with time_machine.travel(NOW):
        roster.plan(agency=cast.agency, begins=begins, ends=begins + timedelta(hours=1), by=cast.bob)
    busy = [begins + timedelta(minutes=each) for each in range(12)]
    alone = [begins + timedelta(hours=3, minutes=1)]
    week = roster.mean_week(cast.agency, busy + alone, until=NOW, weeks=1, standard=Standard())
    assert [(needed, there) for _hour, needed, there in week.short] == [(3, 1.0), (1, 0.0)]
    assert week.items == 13
    assert timezone.is_aware(NOW)
