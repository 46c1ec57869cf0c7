"""How long the public waits for the next official word (O2): by hand, and from incidents, messages and alerts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.core.measure import Measure, Window
from callbox.networks.models import Connection, Delivery
from callbox.operations import incident_ledger
from callbox.operations.models import Alert, Incident
from callbox.operations.update_measures import update_gap, update_gap_peak
from tests.networks.measures.record import NOW, Row, ago, ledger
from tests.people import Cast

YEAR = Window.trailing(NOW, days=365)


def words(incident: str, *minutes: float, closed: float | None = None) -> list[Row]:
    """Return the words of an incident that began a day ago, some minutes after its first."""
    begin = ago(1)
    ends = None if closed is None else begin + timedelta(minutes=closed)
    return [{"incident": incident, "at": begin + timedelta(minutes=each), "closed_at": ends} for each in minutes]


def told(rows: list[Row]) -> tuple[float | None, float | None]:
    found = ledger(updates=rows)
    return update_gap(found, YEAR).value, update_gap_peak(found, YEAR).value


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (words("a", 0, 10, 45, 50), (35, 35)),
        (words("a", 0, 10, 100, closed=5000), (90, 50)),  # of the hour, the last fifty minutes were silent
        (words("a", 0, closed=20), (20, 20)),
        (words("a", 0), (1440, 60)),  # it lasts until the record's end
        (words("a", 0, 10, closed=10), (10, 10)),
        (words("a", 0, closed=-5), (0, 0)),
        (words("a", 0, 10) + words("b", 0, 20) + words("c", 0, 60), (20, 50)),
    ],
)
def test_the_longest_silence_of_each_incident_and_the_median_of_them(
    rows: list[Row], expected: tuple[float, float]
) -> None:
    assert told(rows) == pytest.approx(expected)


def code(figure: Measure) -> str:
    return figure.reason.code if figure.reason else ""


def test_an_incident_that_began_before_the_window_is_left_out() -> None:
    rows = [{"incident": "a", "at": ago(366)}, {"incident": "a", "at": ago(364)}]
    assert code(update_gap(ledger(updates=rows), YEAR)) == "no_updates"
    assert code(update_gap_peak(ledger(updates=[]), YEAR)) == "no_updates"
    assert code(update_gap(ledger(), YEAR)) == "no_table"


@pytest.mark.django_db
def test_first_word_linked_messages_and_alerts_are_its_words_and_a_message_that_carries_an_alert_is_none(
    cast: Cast,
) -> None:
    now = timezone.now().replace(microsecond=0)
    flagged = now - timedelta(hours=5)
    where = Connection.objects.create(agency=cast.agency, account="paper:harbour", by=cast.bob, at=flagged)
    for number, minutes in ((1, -5), (2, 5), (3, 30), (4, 40), (5, 50)):
        at = flagged + timedelta(minutes=minutes)
        Delivery.objects.create(
            agency=cast.agency, connection=where, subject=f"message:{number}", key=str(number), state="sent",
            due=at, made=at, settled_at=at,
        )  # fmt: skip
    incident = Incident.objects.create(
        agency=cast.agency, title="Flood", flagged_at=flagged, by=cast.bob, at=flagged, first_word="message:2",
        subjects=["message:1", "message:3", "message:4", "message:9", "conversation:3", "event:1"],
    )  # fmt: skip
    sent = flagged + timedelta(minutes=41)
    Alert.objects.create(
        agency=cast.agency, incident=incident, kind="Alert", identifier="a", message="message:4", state="published",
        sent=sent, xml="<status>Actual</status>", signature="x", by=cast.bob, at=flagged, changed_at=flagged,
    )  # fmt: skip
    found = incident_ledger.ledger(cast.agency, as_of=now)["updates"]
    assert [(at - flagged) // timedelta(minutes=1) for at in found["at"]] == [5, 30, 41]
    assert incident_ledger.ledger(cast.agency, as_of=flagged + timedelta(minutes=10))["updates"].height == 1
    Incident.objects.update(exercise=True)
    assert incident_ledger.ledger(cast.agency, as_of=now)["updates"].is_empty()
