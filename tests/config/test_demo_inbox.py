"""The invented force's inbox: written as a tool exports it, labelled by people, and read like any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callbox.config.demo import archives
from callbox.config.demo import record as invented
from callbox.core.measure import Window
from callbox.networks.archives import record
from callbox.networks.ledger import Ledger
from callbox.networks.measures import dialogue

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ledger_of(folder: Path, moment: datetime) -> Ledger:
    """Return the record of the force's page and inbox as of a moment."""
    folder.mkdir()
    _x, _mastodon, page, inbox = archives.write(folder, invented.make(until=NOW).before(moment))
    (ledger,) = record.build([page, inbox], now=moment, workdir=folder).ledgers
    return ledger


@pytest.mark.slow
def test_the_force_answers_more_and_sooner_from_year_to_year(tmp_path: Path) -> None:
    rates, waits = [], []
    for days in (364, 182, 0):
        ledger = ledger_of(tmp_path / str(days), NOW - timedelta(days=days))
        assert ledger.agency == "Riverton Police"
        window = Window.trailing(ledger.as_of, days=90)
        rates.append(dialogue.replied_in_day(ledger, window).value or 0)
        waits.append(dialogue.first_reply(ledger, window, timedelta(hours=24)).value or 0)
    assert rates == sorted(rates)
    assert waits == sorted(waits, reverse=True)
    assert rates[0] < 0.5 < 0.85 < rates[-1]


def test_nobody_looked_at_some_messages_and_a_robot_answers_none(tmp_path: Path) -> None:
    contacts = ledger_of(tmp_path / "now", NOW).table("contacts").collect()
    assert contacts["account"].unique().to_list() == ["facebook:rivertonpolice"]
    assert {True, False, None} == set(contacts["answerable"].to_list())
    assert contacts["acknowledged_at"].count() > 0
    alone = contacts.drop_nulls("acknowledged_at")["replied_at"].null_count()
    assert alone > 0
