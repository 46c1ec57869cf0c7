"""One fault costs at most one record, wherever it stands; nothing hangs, nothing raises."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callbox.networks.archives import json_buffer, json_stream
from callbox.networks.archives.json_stream import Damaged, Element, elements
from tests.networks.archives.packing import GOLDEN


def read(data: bytes, *array: str) -> list[Element | Damaged]:
    return list(elements(io.BytesIO(data), *array))


def values(found: list[Element | Damaged]) -> list[dict[str, Any]]:
    return [one.value for one in found if isinstance(one, Element)]


SOUND: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "mastodon": ((GOLDEN / "mastodon/nordvik/outbox.json").read_bytes(), ("orderedItems",)),
    "x": ((GOLDEN / "x/nordvik/data/tweets.js").read_bytes(), ()),
    "facebook": (next((GOLDEN / "facebook/page").rglob("profile_posts_1.json")).read_bytes(), ("comments_v2",)),
    "instagram": (next((GOLDEN / "instagram/account").rglob("post_comments_1.json")).read_bytes(), ()),
}
FAULTS = (b"", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"x", b"\xff", b"\0", b"\n", b'""')


@pytest.mark.parametrize("name", SOUND)
@given(where=st.floats(0, 1, exclude_max=True), fault=st.sampled_from(FAULTS), insert=st.booleans())
@settings(max_examples=100, deadline=None, derandomize=True)
@example(where=0.0, fault=b"", insert=False)
def test_one_fault_at_any_byte_costs_at_most_the_record_it_stands_in(
    name: str, where: float, fault: bytes, insert: bool
) -> None:
    data, array = SOUND[name]
    sound = values(read(data, *array))
    at = int(where * len(data))
    broken = values(read(data[:at] + fault + data[at + (not insert) :], *array))
    lost = [value for value in sound if value not in broken]
    changed = [value for value in broken if value not in sound]
    assert len(lost) <= 1
    assert len(changed) <= len(lost)  # a fault inside a text may leave a record that differs, never an invented one


RECORDS = [
    {"id": f"https://x/{n}", "type": "Create", "object": {"id": "a", "content": '<p>hallo "du", {nå} [x] \U0001f600</p>',
     "tag": [{"type": "M", "name": "a"}, {"type": "H", "name": "b"}], "attachment": [{"type": "D", "name": None}]}, "to": ["a"]}
    for n in range(4)
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("form", ["compact", "indented", "named"])
def test_no_byte_is_worth_more_than_one_record(form: str) -> None:
    array = ("orderedItems",) if form == "named" else ()
    data = {
        "compact": json.dumps(RECORDS),
        "indented": "window.YTD.tweets.part0 = "
        + json.dumps([{"tweet": one} for one in RECORDS], indent=2, ensure_ascii=False),
        "named": json.dumps(
            {"@context": ["a", {"b": 1}], "totalItems": 4, "orderedItems": RECORDS, "x": 1}, separators=(",", ":")
        ),
    }[form].encode()
    sound = values(read(data, *array))
    assert len(sound) == len(RECORDS)
    for at in range(len(data)):
        for fault in FAULTS:
            broken = values(read(data[:at] + fault + data[at + 1 :], *array))
            lost = [value for value in sound if value not in broken]
            changed = [value for value in broken if value not in sound]
            assert len(changed) <= len(lost) <= 1, (at, fault)


def test_places_are_numbers_from_one_and_bytes_from_zero() -> None:
    data = ' \n[{"a":"æøå🚓"},{"a":oops},{"a":3}]'.encode()
    found = read(data)
    assert [(one.number, data[one.offset : one.offset + 5]) for one in found] == [(n, b'{"a":') for n in (1, 2, 3)]
    assert isinstance(found[1], Damaged)


def test_a_truncated_file_loses_only_its_last_record() -> None:
    data, array = SOUND["mastodon"]
    whole = values(read(data, *array))
    found = read(data[: len(data) - 2500], *array)
    assert values(found) == whole[: len(found) - 1]
    assert isinstance(found[-1], Damaged)


def test_two_damaged_records_are_told_one_by_one() -> None:
    data = b'[{"id":1},{"id":"2},{"id":3},{"id":4,,},{"id":5}]'
    assert [one.value["id"] if isinstance(one, Element) else one.code for one in read(data)] == [
        1, "json_damaged", 3, "json_damaged", 5
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b"null", b"[[[[[[", b"\xff\xfe[\0{\0}\0]\0", b"\0" * 5000, b'"', b'{"a":', b"[1,2,3]", b'["a"]',
        b"[" * 200_000, b'[{"a":' * 20_000, b"not json at all, not by a long way", "﻿[]".encode(),
    ],
)  # fmt: skip
def test_nonsense_gives_nothing_and_ends(data: bytes) -> None:
    assert [value for value in values(read(data)) if value] == []


@pytest.mark.parametrize("piece", [b'{"id":[', b'{"id":"', b'{"id":{"id":', b'},{"id":[1,', b'{"id":["x\\'])
def test_hostile_repetition_after_damage_ends_in_bounded_work(piece: bytes) -> None:
    data = b'[{"id":1},{"id":oops},' + piece * 40_000
    found = read(data)
    assert values(found)[0] == {"id": 1}
    assert len(found) < 50_000


def test_a_byte_order_mark_and_raw_line_breaks_in_texts_are_no_damage() -> None:
    data = '﻿[{"id":"1","text":"eine\nzweite"},{"id":"2","text":"x"}]'.encode()
    assert [value["id"] for value in values(read(data))] == ["1", "2"]


def test_a_record_too_long_is_set_aside_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (json_buffer, json_stream):
        monkeypatch.setattr(module, "MAX_ELEMENT", 1 << 20)
    data = json.dumps([{"id": 1}, {"id": 2, "text": "a" * (3 << 20)}, {"id": 3}]).encode()
    assert [one.code if isinstance(one, Damaged) else one.value["id"] for one in read(data)] == [1, "json_too_long", 3]


def test_an_object_where_an_array_was_expected_is_its_one_element() -> None:
    assert values(read(b'{"timestamp":1,"data":[{"post":"x"}]}')) == [{"timestamp": 1, "data": [{"post": "x"}]}]


def test_a_long_file_is_read_through_a_window() -> None:
    class Endless:
        """Ten megabytes, never more than what was asked for at once."""

        def __init__(self) -> None:
            self.left, self.largest = 10 << 20, 0

        def read(self, size: int, /) -> bytes:
            self.largest = max(self.largest, size)
            data = (b'{"id":1,"text":"' + b"a" * 1000 + b'"},') * (size // 1020)
            self.left -= len(data)
            return data if self.left > 0 else b""

    stream = Endless()
    stream.read(0)
    assert sum(isinstance(one, Element) for one in elements(stream)) > 5_000
    assert stream.largest < 1 << 21
