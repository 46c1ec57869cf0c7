"""JSON Lines and Parquet tables, names of columns, and the forms of times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from callbox.networks.archives import csv_table, jsonl_table, parquet_table
from callbox.networks.archives.contract import ArchiveError, Reading, Reject
from callbox.networks.archives.table_columns import recognise
from callbox.networks.archives.table_times import Times, moment

X_POST = {
    "id": "17", "created_at": "2023-05-01T10:00:00.000Z", "text": "Road closed", "lang": "en",
    "author": {"username": "politi"}, "in_reply_to_user_id": None,
    "public_metrics": {"retweet_count": 3, "reply_count": 1, "like_count": 9},
}  # fmt: skip
CLASSIC = {
    "id_str": "18", "id": 18, "created_at": "Mon May 01 12:00:00 +0200 2023", "full_text": "@anna we are on our way", "lang": "no",
    "user": {"screen_name": "politi", "name": "Politiet"}, "in_reply_to_screen_name": "anna", "retweet_count": 0, "favorite_count": 2,
}  # fmt: skip


def lines(path: Path, reading: Reading | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    batches = list(jsonl_table.read(path, reading or Reading()))
    return batches[0].rows, batches[-1].rows


def test_nested_fields_of_programming_interfaces_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(f"{json.dumps(X_POST)}\n\n{json.dumps(CLASSIC)}\n")
    posts, accounts = lines(path)
    assert posts.select("account", "post", "action", "addressee", "reposts", "likes", "replies", "language").rows() == [
        ("table:politi", "17", "post", None, 3, 9, 1, "en"),
        ("table:politi", "18", "reply", "other", 0, 2, None, "no"),
    ]
    assert posts["at"].to_list() == [datetime(2023, 5, 1, 10, tzinfo=UTC)] * 2
    assert accounts["carries"].to_list() == [["replies", "language", "engagement"]]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": "1", "created_at": ', "bad_json"),
        (b"[1, 2]", "bad_json"),
        (b"[" * 5000, "bad_json"),
        (b'{"id": "1", "account": "p"}', "no_time"),
        (b'{"id": "1", "account": "p", "created_at": "yesterday"}', "bad_time"),
        (b'{"id": null, "account": "p", "created_at": "2023-05-01"}', "no_id"),
        (b'{"id": "1", "account": "p\xe5", "created_at": "2023-05-01"}', "bad_encoding"),
        (b'{"id": "1", "text": "' + b"x" * (1 << 20) + b'"}', "record_too_large"),
    ],
)
def test_a_bad_line_is_set_aside_with_its_place(tmp_path: Path, line: bytes, code: str) -> None:
    good = json.dumps(X_POST).encode() + b"\n"
    path = tmp_path / "posts.jsonl"
    path.write_bytes(good + line + b"\n" + good)
    rejects: list[Reject] = []
    posts, _accounts = lines(path, Reading(reject=rejects.append))
    assert posts.height == 2
    assert [(reject.record, reject.offset, reject.code) for reject in rejects] == [(2, len(good), code)]


def test_a_wrong_byte_in_the_text_is_read_as_windows_1252(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b'{"id": "1", "account": "p", "created_at": "2023-05-01T00:00:00Z", "text": "bl\xe5lys"}\n')
    rejects: list[Reject] = []
    posts, _accounts = lines(path, Reading(reject=rejects.append))
    assert posts["text"].to_list() == ["blålys"]
    assert [(reject.code, reject.kept) for reject in rejects] == [("repaired_encoding", True)]


def test_typed_and_nested_columns_of_parquet_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    pl.DataFrame(
        {
            "user": [{"screen_name": "politi"}] * 3,
            "id": [1, 2, None],
            "created_at": pl.Series(
                [datetime(2023, 5, 1, hour, tzinfo=UTC) for hour in (12, 13, 14)]
            ).dt.replace_time_zone(None),
            "favorite_count": [1.0, None, 3.0],
        }
    ).write_parquet(path)
    rejects: list[Reject] = []
    notes: list[str] = []
    reading = Reading(reject=rejects.append, note=lambda reason: notes.append(reason.code))
    posts, _accounts = (batch.rows for batch in parquet_table.read(path, reading))
    assert posts.select("account", "post", "likes").rows() == [("table:politi", "1", 1), ("table:politi", "2", None)]
    assert posts["at"].to_list() == [datetime(2023, 5, 1, 12, tzinfo=UTC), datetime(2023, 5, 1, 13, tzinfo=UTC)]
    assert [(reject.record, reject.code) for reject in rejects] == [(3, "no_id")]
    assert notes == ["zone_assumed"]


def test_a_damaged_block_of_parquet_costs_that_block_only(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    frame = pl.DataFrame({"account": "p", "id": pl.int_range(4000, eager=True), "created_at": "2023-05-01T00:00:00Z"})
    frame.write_parquet(path, row_group_size=1000, compression="zstd", use_pyarrow=False)
    data = bytearray(path.read_bytes())
    data[4:200] = bytes(len(data[4:200]))
    path.write_bytes(data)
    rejects: list[Reject] = []
    batches = list(parquet_table.read(path, Reading(reject=rejects.append), rows=1000))
    assert sum(batch.rows.height for batch in batches if batch.table == "posts") == 3000
    assert [(reject.record, reject.code, reject.values) for reject in rejects] == [(1, "bad_block", {"n": 1000})]


def test_a_parquet_file_cut_short_is_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    path.write_bytes(b"PAR1" + bytes(100))
    with pytest.raises(ArchiveError, match="damaged or cut short"):
        list(parquet_table.read(path, Reading()))


def test_a_table_without_a_time_says_how_to_name_it(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("who;when it was;what\npoliti;2023-05-01 10:00;Road closed\n")
    with pytest.raises(ArchiveError, match=r"the time of a post \(columns found: who, when it was, what\)"):
        list(csv_table.read(path, Reading()))
    reading = Reading(columns={"at": "when it was", "account": "who"})
    batches = list(csv_table.read(path, reading))
    assert batches[0].rows.select("account", "post").rows() == [("table:politi", "row-1")]


@pytest.mark.parametrize("given", [{"at": "nowhere"}, {"mood": "text"}])
def test_a_mapping_that_leads_nowhere_is_an_error(given: dict[str, str]) -> None:
    with pytest.raises(ArchiveError):
        recognise(["text", "created_at"], given, file="posts.csv")


def test_the_surest_name_wins() -> None:
    header = ["user_id", "Author", "createdAt", "id", "tweet_id", "Likes", "retweets"]
    assert recognise(header, {}, file="f") == {"account": 1, "at": 2, "post": 3, "likes": 5, "reposts": 6}


TIME = datetime(2013, 1, 18, 11, 51, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2013-01-18T11:51:35Z", "2013-01-18T11:51:35.000Z", "2013-01-18T12:51:35+01:00", "2013-01-18 12:51:35 +0100",
        "Fri Jan 18 11:51:35 +0000 2013", "Fri, 18 Jan 2013 11:51:35 GMT", "1358509895", "1358509895000", "1358509895.0",
        "2013-01-18 11:51:35", "2013/01/18 11:51:35 UTC", " 2013-01-18T11:51:35 ",
    ],
)  # fmt: skip
def test_every_common_form_of_time_is_understood_alone_and_among_others(text: str) -> None:
    assert Times().parse(pl.Series(["2013-01-18T11:51:35Z", text, None])).to_list() == [TIME, TIME, None]
    assert Times().parse(pl.Series([text] * 3)).to_list() == [TIME] * 3


@pytest.mark.parametrize("text", ["", "yesterday", "18/01/2013", "2013-13-45", "12", "9" * 30, "2013-02-30T00:00:00Z"])
def test_what_is_no_time_is_never_guessed(text: str) -> None:
    assert moment(text) is None
    assert Times().parse(pl.Series([text])).to_list() == [None]


def test_an_assumed_zone_is_told() -> None:
    stated, assumed = Times(), Times()
    stated.parse(pl.Series(["2013-01-18T11:51:35Z", "2013-01-18T12:51:35+01:00"]))
    assumed.parse(pl.Series(["2013-01-18T11:51:35Z", "2013-01-18T11:51:35"]))
    assert (stated.zone_assumed, assumed.zone_assumed) == (False, True)
