"""Tables of incoming items, as inbox tools export them: recognised, read, and what T2 and T3 make of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from callbox.core.measure import Window
from callbox.networks.archives import csv_table, jsonl_table, parquet_table, record
from callbox.networks.archives.contract import ArchiveError, Reading, Reject
from callbox.networks.archives.table_shape import shape_of
from callbox.networks.measures import dialogue

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HEADER = "Item ID,Conversation ID,Received at,Channel,Needs reply,First reply at,Auto reply at,Page,Platform\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(path: Path, reading: Reading | None = None) -> tuple[pl.DataFrame, pl.DataFrame, list[Reject]]:
    rejects: list[Reject] = []
    given = reading or Reading()
    reading = Reading(columns=given.columns, earliest=given.earliest, latest=given.latest, reject=rejects.append)
    batches = list(csv_table.read(path, reading))
    contacts = [batch.rows for batch in batches if batch.table == "contacts"]
    return pl.concat(contacts, how="diagonal"), batches[-1].rows, rejects


def test_an_export_of_an_inbox_tool_is_told_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "inbox.csv"
    path.write_text(
        HEADER
        + "m1,c1,2026-02-01 10:00:00,Facebook message,yes,2026-02-01 10:30:00,2026-02-01 10:00:05,force,Facebook\n"
        + "m2,c2,2026-02-01 11:00:00,Comment,No,,,force,Facebook\n"
        + "m3,c3,2026-02-01 12:00:00,Mention,,,,@force,Twitter\n"
        + "m4,c4,2026-02-01 13:00:00,Web form,TRUE,,,force,\n"
    )
    contacts, accounts, rejects = read(path)
    assert contacts.select("account", "contact", "thread", "door", "answerable").rows() == [
        ("facebook:force", "m1", "c1", "message", True),
        ("facebook:force", "m2", "c2", "comment", False),
        ("x:force", "m3", "c3", "mention", None),
        ("table:force", "m4", "c4", "enquiry", True),
    ]
    assert contacts.row(0, named=True)["replied_at"] == at("2026-02-01 10:30")
    assert contacts.row(0, named=True)["acknowledged_at"] == at("2026-02-01 10:00:05")
    assert accounts["account"].to_list() == ["facebook:force", "x:force", "table:force"]
    assert accounts["carries"].to_list() == [["incoming"]] * 3
    assert rejects == []


@pytest.mark.parametrize(
    ("header", "table"),
    [
        (["id", "created_at", "text", "answerable"], "contacts"),
        (["id", "received_at", "replied_at"], "contacts"),
        (["id", "created_at", "channel", "message", "first_response_at"], "contacts"),
        (["id", "created_at", "text", "reply_at"], "posts"),
        (["id", "created_at", "text", "channel"], "posts"),
        (["id", "created_at", "channel", "replied", "response_time"], "posts"),
        (["id", "created_at", "account"], "posts"),
    ],
)
def test_what_kind_of_table_it_is(header: list[str], table: str) -> None:
    assert shape_of(header, {}, file="f.csv")[0].table == table


def test_the_person_says_which_columns_an_inbox_has(tmp_path: Path) -> None:
    path = tmp_path / "eingang.csv"
    path.write_text("Nr;Eingang;Antwort;Frage\n7;2026-02-01T10:00:00Z;2026-02-01T11:00:00Z;yes\n")
    columns = {"contact": "Nr", "at": "Eingang", "replied_at": "Antwort", "answerable": "Frage"}
    given = {f"contacts.{name}": column for name, column in columns.items()}
    contacts, accounts, _rejects = read(path, Reading(columns=given | {"at": "Posted on"}))
    assert contacts.select("account", "contact", "answerable").rows() == [("table:eingang", "7", True)]
    assert accounts["handle"].to_list() == ["eingang"]
    with pytest.raises(ArchiveError, match="no column is called Eingan "):
        read(path, Reading(columns={"contacts.at": "Eingan", "contacts.contact": "Nr"}))
    with pytest.raises(ArchiveError, match="Callbox has no likes; it knows account, contact"):
        read(path, Reading(columns={"contacts.likes": "Nr"}))


def test_columns_given_for_posts_leave_an_inbox_alone(tmp_path: Path) -> None:
    path = tmp_path / "inbox.csv"
    path.write_text(HEADER + "m1,c1,2026-02-01 10:00:00,dm,yes,,,force,x\n")
    assert read(path, Reading(columns={"text": "Nachricht"}))[0].height == 1


def test_a_bad_record_is_set_aside_with_its_place_and_without_a_word_of_it(tmp_path: Path) -> None:
    path = tmp_path / "inbox.csv"
    good = "m{},c,2026-02-01 10:00:00,dm,yes,2026-02-01 11:00:00,,force,x\n"
    bad = [
        "m2,c,yesterday,dm,yes,,,force,x\n",
        "m3,c,2026-02-01 10:00:00,dm,yes,soon,,force,x\n",
        ",c,2026-02-01 10:00:00,dm,yes,,,force,x\n",
        'm5,"c,2026-02-01 10:00:00,dm,yes,,,force,x\n',
        "m6,c,2031-02-01 10:00:00,dm,yes,,,force,x\n",
    ]
    path.write_text(HEADER + good.format(1) + "".join(bad) + good.format(7))
    contacts, _accounts, rejects = read(path, Reading(latest=NOW))
    assert contacts["contact"].to_list() == ["m1", "m5", "m7"]
    assert [(reject.record, reject.code) for reject in rejects] == [
        (2, "bad_time"), (3, "bad_reply_time"), (4, "no_id"), (5, "repaired_quote"), (6, "wrong_clock"),
    ]  # fmt: skip
    assert rejects[0].offset == len(HEADER) + len(good.format(1))
    assert {reject.excerpt for reject in rejects} == {""}


def test_a_label_that_is_neither_yes_nor_no_is_no_label(tmp_path: Path) -> None:
    path = tmp_path / "inbox.csv"
    path.write_text(HEADER + "m1,c,2026-02-01 10:00:00,dm,perhaps,,,force,x\n")
    contacts, _accounts, rejects = read(path)
    assert contacts["answerable"].to_list() == [None]
    assert [(reject.code, reject.kept) for reject in rejects] == [("bad_label", True)]


def test_an_automatic_reply_that_the_tool_calls_the_first_one_never_counts(tmp_path: Path) -> None:
    path = tmp_path / "inbox.csv"
    path.write_text(HEADER + "m1,c,2026-02-01 10:00:00,dm,yes,2026-02-01 10:00:05,2026-02-01 10:00:05,force,x\n")
    assert read(path)[0]["replied_at"].to_list() == [None]


def test_json_lines_and_parquet_give_the_same_rows(tmp_path: Path) -> None:
    rows = [
        {"id": "m1", "received_at": "2026-02-01T10:00:00Z", "answerable": "yes", "replied_at": "2026-02-01T11:00:00Z",
         "account": "force", "network": "x", "door": "dm"},
        {"id": "m2", "received_at": "2026-02-01T12:00:00Z", "answerable": None, "replied_at": None, "account": "force",
         "network": "x", "door": "comment"},
    ]  # fmt: skip
    frame = pl.DataFrame(rows)
    frame.write_csv(tmp_path / "inbox.csv")
    frame.with_columns(pl.col("received_at", "replied_at").str.to_datetime(time_zone="UTC")).write_parquet(
        tmp_path / "inbox.parquet"
    )
    (tmp_path / "inbox.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    first = read(tmp_path / "inbox.csv")[0]
    for reader, name in ((jsonl_table, "inbox.jsonl"), (parquet_table, "inbox.parquet")):
        batches = list(reader.read(tmp_path / name, Reading()))
        assert [batch.table for batch in batches] == ["contacts", "accounts"]
        assert batches[0].rows.equals(first)


def posts(folder: Path) -> Path:
    path = folder / "posts.csv"
    path.write_text("id,created_at,account,network,text\np1,2026-02-28T12:00:00Z,force,x,Road closed\n")
    return path


def inbox(folder: Path, *lines: str) -> Path:
    path = folder / "inbox.csv"
    path.write_text(HEADER + "".join(line + "\n" for line in lines))
    return path


def test_reply_rate_and_time_are_shown_for_labelled_items_only(tmp_path: Path) -> None:
    """Forty questions, thirty answered after half an hour; ten thanks; five nobody labelled. By hand: 30 of 40."""
    day = at("2026-02-01 00:00")
    asked = [day + timedelta(hours=number) for number in range(55)]
    lines = [
        f"m{number},c{number},{when},message,{'yes' if number < 40 else 'no' if number < 50 else ''},"
        f"{when + timedelta(minutes=30) if number < 30 else ''},{when + timedelta(seconds=3)},force,x"
        for number, when in enumerate(asked)
    ]
    built = record.build([posts(tmp_path), inbox(tmp_path, *lines)], now=NOW, workdir=tmp_path)
    (ledger,) = built.ledgers
    assert ledger.agency == "force"
    window = Window.trailing(ledger.as_of, days=90)
    rate = dialogue.replied_in_day(ledger, window)
    assert (rate.value, rate.n) == (0.75, 40)
    first = dialogue.first_reply(ledger, window, timedelta(hours=24))
    assert (first.value, first.n) == (30.0, 40)
    labelled = dialogue.answerable_labelled(ledger, window)
    assert (labelled.n, labelled.beside) == (55, {"labelled": 50, "answerable": 40})


def test_without_a_label_nothing_is_shown(tmp_path: Path) -> None:
    lines = [f"m{n},c{n},2026-02-0{n} 10:00:00,dm,,2026-02-0{n} 10:10:00,,force,x" for n in range(1, 9)]
    (ledger,) = record.build([inbox(tmp_path, *lines)], now=NOW, workdir=tmp_path).ledgers
    rate = dialogue.replied_in_day(ledger, Window.trailing(ledger.as_of, days=90))
    assert rate.value is None
    assert rate.reason is not None
    assert rate.reason.code == "no_labels"


def test_an_inbox_beside_archives_is_the_same_agencys(tmp_path: Path) -> None:
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Force", "items": [
        {"id": "1", "date_published": "2026-02-01T10:00:00Z", "content_text": "Road closed"}]}))  # fmt: skip
    line = "m1,c1,2026-02-01 11:00:00,comment,yes,,,Some Page,facebook"
    (ledger,) = record.build([feed, inbox(tmp_path, line)], now=NOW, workdir=tmp_path).ledgers
    assert ledger.table("contacts").collect()["account"].to_list() == ["facebook:Some Page"]
