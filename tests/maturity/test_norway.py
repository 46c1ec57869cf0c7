"""Three real agencies in one table: cadence and gaps as another tool counts them, and nothing made up where the table is silent."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from callbox.core.measure import Measure
from callbox.maturity.scoring import probes
from callbox.networks.archives import record
from callbox.networks.ledger import Ledger

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(os.environ.get("CALLBOX_SHARED_DATA", ROOT / "../shared/data")) / "police_posts_norway_2013.csv"

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the shared data are not here (CALLBOX_SHARED_DATA)")


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ledger]:
    read = record.build([FILE], now=datetime(2026, 3, 1, tzinfo=UTC), workdir=tmp_path_factory.mktemp("work"))
    return {one.agency: one for one in read.ledgers}


@pytest.fixture(scope="module")
def by_hand() -> dict[str, list[datetime]]:
    """Return the times of every account, read with the standard library alone."""
    times = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            times[row["account"]].append(datetime.fromisoformat(row["created_at"]))
    return {account: sorted(found) for account, found in times.items()}


@pytest.fixture(scope="module")
def figures(ledgers: dict[str, Ledger]) -> dict[str, dict[str, Measure]]:
    return {agency: probes.measure_all(one) for agency, one in ledgers.items()}


def test_three_agencies_are_told_apart(ledgers: dict[str, Ledger], by_hand: dict[str, list[datetime]]) -> None:
    assert sorted(ledgers) == sorted(by_hand)
    assert len(ledgers) == 3


def test_cadence_and_the_longest_gap_are_what_the_standard_library_counts(
    figures: dict[str, dict[str, Measure]], by_hand: dict[str, list[datetime]]
) -> None:
    for agency, times in by_hand.items():
        end = times[-1]
        recent = [time for time in times if end - timedelta(days=90) <= time <= end]
        gaps = [after - before for before, after in pairwise(recent)]
        assert figures[agency]["posts_per_week"].n == len(recent)
        assert figures[agency]["posts_per_week"].value == pytest.approx(len(recent) * 7 / 90)
        assert figures[agency]["longest_gap"].value == pytest.approx(max(gaps) / timedelta(days=1))


def test_two_way_share_is_not_shown_for_a_record_of_threads(figures: dict[str, dict[str, Measure]]) -> None:
    for measures in figures.values():
        figure = measures["two_way_share"]
        assert figure.value is None
        assert figure.reason is not None
        assert figure.reason.sentence == "this record holds no replies to others"


def test_what_the_table_does_not_say_is_not_made_up(figures: dict[str, dict[str, Measure]]) -> None:
    for measures in figures.values():
        for name in (
            "described_images",
            "captioned_videos",
            "undescribed_media",
            "replied_in_day",
            "first_reply@24h",
            "useful_share",
        ):
            assert measures[name].value is None, name
            assert measures[name].reason is not None, name
