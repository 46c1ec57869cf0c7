"""What the record says of alerts, how long it is kept, and that validity is read from the bytes that left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from django.utils import timezone

from callbox.core.measure import Window
from callbox.flows import alerting
from callbox.governance.retention import purge
from callbox.networks.ledger import Ledger
from callbox.operations.alert_ledger import ledger
from callbox.operations.alert_measures import cap_valid
from callbox.operations.alert_retention import ALERTS
from callbox.operations.alert_tables import SCHEMAS
from callbox.operations.models import Alert, AlertVersion
from tests.operations.alerts.duty import Duty, words

NOW = datetime(2026, 11, 22, tzinfo=UTC)
YEAR = Window(NOW - timedelta(days=365), NOW)


def record(*valid: bool) -> Ledger:
    rows = [(NOW - timedelta(days=1), "Alert", False, "Severe", 2, each, NOW) for each in valid]
    frame = pl.DataFrame(rows, schema=SCHEMAS["alerts"], orient="row")
    return Ledger(agency="x", as_of=NOW, tables={"alerts": frame.lazy()})


def test_the_share_of_valid_alerts_counts_every_one() -> None:
    found = cap_valid(record(True, True, True, False), YEAR)
    assert (found.value, found.n) == (0.75, 4)
    assert cap_valid(record(True), YEAR).value == 1.0


def test_without_alerts_nothing_is_shown_and_nothing_is_failed() -> None:
    assert [each.code for each in (cap_valid(record(), YEAR).reason,) if each] == ["no_alerts"]
    empty = Ledger(agency="x", as_of=NOW, tables={})
    assert [each.code for each in (cap_valid(empty, YEAR).reason,) if each] == ["no_table"]


@pytest.mark.django_db
def test_what_left_is_judged_by_its_bytes_whatever_was_meant(duty: Duty) -> None:
    good, bad = duty.out(), duty.out(exercise=True)
    duty.draft()
    Alert.objects.filter(pk=bad.pk).update(xml=bad.xml.replace("<severity>Severe", "<severity>Dreadful"))
    rows = ledger(duty.agency, as_of=timezone.now())["alerts"]
    assert rows["valid"].to_list() == [True, False]
    assert rows["approvers"].to_list() == [2, 2]
    assert rows["exercise"].to_list() == [False, True]
    assert rows.schema == SCHEMAS["alerts"]
    assert ledger(duty.agency, as_of=good.sent - timedelta(days=1))["alerts"].is_empty() if good.sent else False


@pytest.mark.django_db
def test_an_alert_goes_after_its_days_and_a_line_from_its_end(duty: Duty) -> None:
    first = duty.out()
    update = duty.ready(alerting.follow(alert=first, kind="Update", content=words(headline="More"), by=duty.wendy))
    alerting.publish(alert=update, by=duty.wendy)
    later = timezone.now() + timedelta(days=2193)
    assert purge.purge([ALERTS], now=timezone.now()) == 0
    assert purge.purge([ALERTS], now=later) == 2
    assert not AlertVersion.objects.exists()
    assert not Alert.objects.exists()
