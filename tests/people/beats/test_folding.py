"""Street names are found however they are typed."""

from __future__ import annotations

import pytest

from callbox.people.beats.folding import Asked, asked, fold


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Rúa do Príncipe", "rua do principe"),
        ("Große Straße", "grosse strasse"),
        ("St. John's", "st johns"),
        ("Łódzka", "lodzka"),
        ("Øster  Allé", "oster alle"),
        ("شارعُ النَّهر", "شارع النهر"),
        ("...", ""),
    ],
)
def test_case_accents_and_signs_do_not_count(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert fold(fold(name)) == folded


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Mill Lane 12", ("mill lane", 12)),
        ("12 Mill Lane", ("mill lane", 12)),
        ("mill lane 12b", ("mill lane", 12)),
        ("Mill Lane, 12", ("mill lane", 12)),
        ("Mill Lane", ("mill lane", None)),
        ("5th Avenue", ("5th avenue", None)),
        ("12", ("12", None)),
        ("rue 4 septembre 7", ("rue 4 septembre", 7)),
        ("", ("", None)),
    ],
)
def test_the_house_number_is_found_on_either_end(typed: str, wanted: tuple[str, int | None]) -> None:
    assert asked(typed) == Asked(*wanted)
