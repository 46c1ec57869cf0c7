"""Whom to approach next: nobody who is reached already, everybody who is not, the most heard first."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbox.collaboration.advice import Known, advise
from callbox.collaboration.models.partners import Sector
from callbox.collaboration.tables import SECTORS

TODAY = date(2026, 6, 1)


def known(**facts: object) -> Known:
    given: dict[str, object] = {
        "number": 1,
        "name": "Mill School",
        "sector": "schools",
        "named": True,
        "languages": ("en",),
        "contacted": TODAY,
    }
    return Known(**{**given, **facts})  # type: ignore[arg-type]


def codes(
    *partners: Known, spoken: tuple[str, ...] = ("en",), heard: dict[str, int] | None = None
) -> list[tuple[str, str]]:
    found = advise(partners, sectors=("schools", "media"), spoken=spoken, heard=heard or {}, today=TODAY)
    return [(each.code, each.about) for each in found]


def test_the_sectors_of_the_ledger_are_those_of_the_rows() -> None:
    assert tuple(Sector.values) == SECTORS


def test_languages_nobody_reaches_come_first_the_most_heard_before_all() -> None:
    found = codes(
        known(languages=("en", "pl")), spoken=("en-GB", "es", "ar"), heard={"so": 4, "ar": 9, "pl": 50, "en": 80}
    )
    assert found[:3] == [("language", "ar"), ("language", "so"), ("language", "es")]
    assert ("sector", "media") in found
    assert ("sector", "schools") not in found


def test_one_spoken_with_today_asks_for_nothing() -> None:
    both = [known(), known(number=2, name="Radio", sector="media")]
    assert codes(*both) == []


def test_a_quarter_without_a_word_and_a_partner_without_a_name_are_said() -> None:
    late = known(contacted=TODAY - timedelta(days=91))
    never = known(number=2, name="Radio", sector="media", contacted=None, named=False)
    assert codes(late, never) == [("nobody", "Radio"), ("touch", "Radio"), ("touch", "Mill School")]
    assert codes(known(contacted=TODAY - timedelta(days=90)), known(number=2, sector="media")) == []


def test_a_paper_that_runs_out_is_said_a_month_before() -> None:
    radio = known(number=2, name="Radio", sector="media")
    assert codes(known(agreed=TODAY + timedelta(days=30)), radio) == [("paper", "Mill School")]
    assert codes(known(agreed=TODAY + timedelta(days=31)), radio) == []


@given(st.integers(0, 9), st.integers(0, 9))
def test_who_passes_half_of_it_on_is_left_alone(offered: int, passed: int) -> None:
    passed = min(passed, offered)
    found = codes(known(offered=offered, passed=passed), known(number=2, sector="media"))
    assert (found == [("silent", "Mill School")]) == (offered >= 3 and passed * 2 < offered)
