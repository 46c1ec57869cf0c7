"""Agencies compare without a server: signed files, merged in any order, nothing below five."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from callbox.maturity.benchmark.contribution import Contribution, ContributionError, contribute, read, write
from callbox.maturity.benchmark.pool import compare, merge
from callbox.maturity.benchmark.published import published
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.scoring.profile import AreaResult, PracticeResult, Profile

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 9)]


def profile(level: int = 2, *, month: int = 10, stated: bool = True) -> Profile:
    return Profile(
        agency="Riverton",
        as_of=datetime(2026, month, 17, tzinfo=UTC),
        model="1",
        band=Band.FROM_25,
        band_stated=stated,
        areas=(AreaResult("voice", level, 4), AreaResult("intelligence", None, None)),
        practices=(PracticeResult("V3", "voice", gate=False, shown=level, at_most=5),),
    )


def contributions(count: int) -> list[Contribution]:
    return [contribute(profile(n % 6), country="no", key=KEYS[n]) for n in range(count)]


def test_a_contribution_names_neither_the_agency_nor_its_day() -> None:
    text = write(contribute(profile(), country="NO", key=KEYS[0]))
    assert "Riverton" not in text
    assert json.loads(text)["month"] == "2026-10-01"
    assert "intelligence" not in json.loads(text)["areas"]


def test_a_contribution_reads_back_as_it_was_written() -> None:
    one = contribute(profile(), country="NO", key=KEYS[0])
    assert read(write(one)) == one


@given(st.sampled_from(["model", "band", "country", "month", "areas", "practices", "key"]), st.data())
def test_any_altered_field_is_refused(field: str, data: st.DataObject) -> None:
    fields = json.loads(write(contribute(profile(), country="NO", key=KEYS[0])))
    other = {
        "model": "2", "band": "500-plus", "country": "SE", "month": "2026-11-01", "areas": {"voice": 5},
        "practices": {"V3": data.draw(st.integers(3, 5))}, "key": json.loads(write(contributions(2)[1]))["key"],
    }  # fmt: skip
    fields[field] = other[field]
    with pytest.raises(ContributionError):
        read(json.dumps(fields))


@given(st.text(max_size=300) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_what_is_no_contribution_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ContributionError) as refusal:
        read(text)
    assert "\n" not in str(refusal.value)


def test_the_size_of_the_agency_must_be_stated() -> None:
    with pytest.raises(ContributionError, match="size"):
        contribute(profile(stated=False), country="NO", key=KEYS[0])


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(1, 12), st.integers(0, 5)), max_size=12), st.randoms())
def test_merging_in_any_order_and_grouping_gives_the_same_pool(
    files: list[tuple[int, int, int]], order: random.Random
) -> None:
    whole = [contribute(profile(level, month=month), country="NO", key=KEYS[n]) for n, month, level in files]
    expected = merge(whole)
    shuffled = whole[:]
    order.shuffle(shuffled)
    cut = order.randint(0, len(shuffled))
    assert merge(merge(shuffled[:cut]), merge(shuffled[cut:]), shuffled) == expected


def test_a_later_file_of_an_agency_replaces_its_earlier_one() -> None:
    early = contribute(profile(1, month=3), country="NO", key=KEYS[0])
    late = contribute(profile(4, month=9), country="NO", key=KEYS[0])
    assert merge([late], [early]) == (late,)


def test_fewer_than_five_agencies_show_nothing() -> None:
    assert compare(contributions(4), band=Band.FROM_25, model="1", subject="V3") is None


def test_five_agencies_show_quartiles_with_n_and_date() -> None:
    # levels 0, 1, 2, 3, 4: quartiles by the inclusive method lie on the second, third and fourth
    found = compare(contributions(5), band=Band.FROM_25, model="1", subject="voice")
    assert found is not None
    assert (found.n, found.newest, found.lower, found.median, found.upper) == (5, date(2026, 10, 1), 1, 2, 3)


def test_bands_and_versions_of_the_model_are_never_mixed() -> None:
    pool = [*contributions(4), dataclasses.replace(contributions(5)[4], band=Band.FROM_500)]
    assert compare(pool, band=Band.FROM_25, model="1", subject="V3") is None
    assert compare(contributions(5), band=Band.FROM_25, model="0", subject="V3") is None


def test_every_published_figure_names_source_and_year() -> None:
    assert all(figure.source and 2010 <= figure.year <= 2026 for figure in published())
