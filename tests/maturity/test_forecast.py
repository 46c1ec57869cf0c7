"""Levels decay and warn first: the clock stands still at NOW and is then moved on by hand, with nothing added to the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from callbox.core.measure import Measure
from callbox.core.plain import to_plain
from callbox.maturity.scoring import probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Exemption, Standing
from callbox.maturity.scoring.forecast import HORIZON_DAYS, Fall, falls
from callbox.maturity.scoring.profile import Profile
from tests.maturity.figures import V1, document
from tests.networks.measures.record import NOW, ledger, post

#: Forty posts with described pictures on the last day of the record, one a day before.
RECORD = ledger(
    [post(0.1, images=1, images_described=1) for _ in range(40)] + [post(day + 0.1) for day in range(1, 90)]
)
TODAY = NOW.date()


def measured_at(moment: datetime) -> Mapping[str, Measure]:
    return probes.measure_all(replace(RECORD, as_of=moment))


def at(day: float, standing: Standing | None = None) -> Profile:
    """The profile as it stands `day` days later, when nothing was added."""
    moment = NOW + timedelta(days=day)
    return scoring.score(V1, measured_at(moment), standing or Standing(), agency="Northtown", as_of=moment)


def forecast(standing: Standing | None = None) -> dict[str, Fall]:
    found = falls(at(0, standing), V1, standing or Standing(), measured_at)
    return {fall.practice: fall for fall in found}


def test_ninety_days_without_activity_warn_at_day_sixty_fall_at_day_ninety_and_leave_the_history_intact() -> None:
    history = at(0)
    before = to_plain(history)
    level = history.practice("V5").shown
    assert level is not None
    assert level >= 2
    fall = forecast()["V5"]
    assert (fall.level, fall.to) == (level, 0)
    assert fall.warn_from == TODAY + timedelta(days=60)
    assert fall.on == TODAY + timedelta(days=90)
    assert at(89).practice("V5").shown == level
    assert at(90).practice("V5").shown == 0
    assert to_plain(history) == before


def test_a_level_is_unknown_and_not_refuted_once_its_evidence_is_gone() -> None:
    later = at(90).practice("V5")
    assert later.shown == 0
    assert later.at_most == 5


def test_silence_brings_the_cadence_down_first() -> None:
    # the last post lies 0.1 days back: on day 7 the silence is longer than the 7 days that level 2 allows, level 1 allows 14
    fall = forecast()["V3"]
    assert (fall.level, fall.to, fall.on) == (3, 1, TODAY + timedelta(days=7))
    assert fall.conditions == ("V3.2.gap",)


def test_the_soonest_fall_stands_first() -> None:
    found = falls(at(0), V1, Standing(), measured_at)
    assert [fall.on for fall in found] == sorted(fall.on for fall in found)


def documents(*, ends: date) -> Standing:
    """Everything that level 1 of V1 asks for, until `ends`."""
    first = V1.practice("V1").at(1)
    return Standing(
        attestations=tuple(document(one.id, begins=date(2020, 1, 1), reviewed_on=TODAY, ends=ends) for one in first)
    )


def test_a_document_names_the_day_after_its_last_as_the_day_of_the_fall() -> None:
    last = TODAY + timedelta(days=40)
    fall = forecast(documents(ends=last))["V1"]
    assert (fall.level, fall.to, fall.on) == (1, 0, last + timedelta(days=1))
    assert set(fall.conditions) == {one.id for one in V1.practice("V1").at(1)}


def test_what_holds_a_level_is_what_was_met_and_no_longer_is() -> None:
    fall = forecast()["V5"]
    met = {one.id for one in at(0).practice("V5").conditions if one.outcome == "met"}
    assert set(fall.conditions) <= met
    assert fall.conditions


def test_beyond_the_horizon_nothing_is_forecast() -> None:
    standing = documents(ends=TODAY + timedelta(days=HORIZON_DAYS + 5))
    assert at(0, standing).practice("V1").shown == 1
    assert "V1" not in forecast(standing)


def test_an_exempt_practice_does_not_fall() -> None:
    exemption = Exemption(
        practice="V5", why="No pictures", approver="Bob", ends=TODAY + timedelta(days=200), last_measured=2
    )
    assert "V5" not in forecast(Standing(exemptions=(exemption,)))
