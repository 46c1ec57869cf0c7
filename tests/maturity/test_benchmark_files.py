"""Files of contributions: one or a pool, each entry checked on its own, and nothing a stranger writes gets further."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from callbox.maturity.benchmark.contribution import Contribution, ContributionError, contribute, read, write
from callbox.maturity.benchmark.files import LIMIT, open_file, write_pool
from callbox.maturity.benchmark.pool import merge
from tests.maturity.test_benchmark import KEYS, contributions, profile

TODAY = date(2026, 11, 22)


def signed(signer: Ed25519PrivateKey = KEYS[0], /, **changes: Any) -> str:
    """A file whose signature fits whatever was changed in it, as a hostile sender would make it."""
    bare = replace(contribute(profile(), country="NO", key=signer), signature="", **changes)
    fields = json.loads(bare.body()) | {"signature": signer.sign(bare.body()).hex()}
    return json.dumps(fields)


def test_a_pool_reads_back_whole_in_any_order() -> None:
    pool = contributions(5)
    assert write_pool(pool) == write_pool(reversed(pool))
    assert open_file("pool.json", write_pool(pool).encode(), today=TODAY).contributions == merge(pool)


def test_one_refused_entry_is_named_and_costs_no_other() -> None:
    content = json.loads(write_pool(contributions(3)))
    content["contributions"][1]["areas"]["voice"] = 5
    opened = open_file("pool.json", json.dumps(content).encode(), today=TODAY)
    assert len(opened.contributions) == 2
    assert [(one.name, "altered" in one.why) for one in opened.refused] == [("pool.json, entry 2", True)]


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_sentence(content: bytes) -> None:
    opened = open_file("x", content, today=TODAY)
    assert not opened.contributions
    (refused,) = opened.refused
    assert "\n" not in refused.why


@pytest.mark.parametrize("entries", [[], None, 3, [None], [[]], ["x"], [{"format": "callbox-benchmark-1"}]])
def test_a_pool_that_holds_nothing_sound_gives_nothing(entries: object) -> None:
    content = json.dumps({"format": "callbox-benchmark-pool-1", "contributions": entries}).encode()
    opened = open_file("pool.json", content, today=TODAY)
    assert opened.contributions == ()
    assert opened.refused


def test_a_file_too_large_to_be_one_is_not_parsed() -> None:
    assert "larger" in open_file("x", b" " * (LIMIT + 1), today=TODAY).refused[0].why


def test_a_month_still_to_come_is_refused() -> None:
    late = write(contribute(profile(month=12), country="NO", key=KEYS[0]))
    assert "still to come" in open_file("x", late.encode(), today=TODAY).refused[0].why


@pytest.mark.parametrize(
    "changes",
    [
        {"model": ""},
        {"model": "x" * 41},
        {"areas": {"<script>": 3}},
        {"areas": {"a\ud800": 3}},
        {"practices": {f"P{number}": 1 for number in range(300)}},
        {"practices": {"V1": 6}},
        {"country": "no"},
        {"country": "NOR"},
        {"month": date(2026, 10, 2)},
        {"key": KEYS[0].public_key().public_bytes_raw().hex().upper()},
    ],
)
def test_a_signature_that_fits_does_not_make_nonsense_sound(changes: dict[str, Any]) -> None:
    with pytest.raises(ContributionError):
        read(signed(**changes))


def test_a_name_that_somebody_made_up_is_not_repeated() -> None:
    fields = json.loads(signed()) | {"areas": {"\nforged line": "x"}}
    with pytest.raises(ContributionError, match=r"^A value: [^\n]+$"):
        read(json.dumps(fields))


def test_a_signature_is_kept_in_one_way_of_writing() -> None:
    fields = json.loads(signed())
    fields["signature"] = " ".join(fields["signature"].upper()[start : start + 2] for start in range(0, 128, 2))
    assert read(json.dumps(fields)) == read(signed())


def test_what_is_written_verifies_again() -> None:
    one = contribute(profile(), country="NO", key=KEYS[0])
    assert isinstance(one, Contribution)
    assert read(write(read(write(one)))) == one
