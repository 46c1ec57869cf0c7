"""Delimited tables: one damaged record costs itself and nothing else, and is named with its place."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbox.networks.archives import csv_table
from callbox.networks.archives.contract import Reading, Reject
from callbox.networks.ledger import conform

HEADER = ["account", "id", "created_at", "text", "in_reply_to", "reposts", "likes"]
TEXTS = [
    "Road closed at the bridge",
    "Fire, all units on the scene, stay away",
    'He said "stop", then ran',
    "First line\n\nMore: second, third, fourth, fifth, sixth, seventh",
    "Ørland bru er stengt 🚓 på grunn av ulykke",
    '"All of it quoted"',
    "",
    'ends with a quote"',
    "2013-01-18T11:51:35Z, a time in a text\n12,13,14",
]


@dataclass
class Outcome:
    rows: pl.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accounts: pl.DataFrame | None = None


def read(path: Path, **how: object) -> Outcome:
    outcome = Outcome(pl.DataFrame())
    block = how.pop("block", csv_table.BLOCK)
    reading = Reading(reject=outcome.rejects.append, note=lambda reason: outcome.notes.append(reason.code), **how)  # type: ignore[arg-type]
    parts = []
    for batch in csv_table.read(path, reading, block=block):  # type: ignore[arg-type]
        if batch.table == "posts":
            parts.append(batch.rows)
        else:
            outcome.accounts = batch.rows
    rows = pl.concat(parts, how="diagonal")
    outcome.rows = conform("posts", rows.drop("text", "agency", strict=False)).with_columns(rows["text"].fill_null(""))
    return outcome


def records(texts: list[str], *, quote_all: bool = False, end: str = "\n", separator: str = ",") -> list[bytes]:
    """Return header and records as a good program writes them."""
    made = []
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [HEADER] + [
        [
            "politi",
            str(10_000_000_000 + n),
            (begins + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            text,
            "",
            str(n % 5),
            "",
        ]
        for n, text in enumerate(texts)
    ]
    for row in rows:
        line = io.StringIO()
        style: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        csv.writer(line, lineterminator=end, quoting=style, delimiter=separator).writerow(row)
        made.append(line.getvalue().encode())
    return made


def write(folder: Path, parts: list[bytes], name: str = "posts.csv") -> Path:
    path = folder / name
    path.write_bytes(b"".join(parts))
    return path


FAULTS = ["stray quote", "zero byte", "bad byte", "truncated", "huge field", "too many fields"]


def damage(record: bytes, fault: str, where: float, following: bytes) -> bytes | None:
    """Damage one record, or return None when this would leave it whole."""
    end = b"\r\n" if record.endswith(b"\r\n") else b"\n"
    body = record[: -len(end)]
    at = int(where * len(body))
    if fault == "stray quote":
        return body[:at] + b'"' + body[at:] + end
    if fault == "zero byte":
        return body[:at] + b"\0" + body[at:] + end
    if fault == "bad byte":
        return body[:at] + b"\xe5" + body[at:] + end
    if fault == "truncated":
        return body[:at] + end if body[:at].count(b",") < 5 and at else None
    if fault == "huge field":
        return body.replace(b"politi", b"politi" + b"9" * (1 << 20), 1) + end
    if fault == "too many fields":
        return body + b",,extra" + end
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.sampled_from(TEXTS), min_size=3, max_size=30),
    victim=st.integers(0, 10_000),
    fault=st.sampled_from(FAULTS),
    where=st.floats(0, 1, exclude_max=True),
    block=st.sampled_from([200, 700, 4096, csv_table.BLOCK]),
    quote_all=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_one_damaged_record_costs_no_other(
    tmp_path: Path, texts: list[str], victim: int, fault: str, where: float, block: int, quote_all: bool, end: str
) -> None:
    header, *good = records(texts, quote_all=quote_all, end=end)
    number = victim % len(good)
    damaged = damage(good[number], fault, where, good[(number + 1) % len(good)])
    if damaged is None:
        return
    whole = read(write(tmp_path, [header, *good])).rows
    path = write(tmp_path, [header, *good[:number], damaged, *good[number + 1 :]])
    outcome = read(path, block=block)
    others = whole.filter(pl.int_range(pl.len()) != number)
    kept = outcome.rows.filter(pl.col("post").is_in(others["post"].implode()))
    assert kept.select(others.columns).rows() == others.rows()
    assert [reject.record for reject in outcome.rejects] == [number + 1]
    assert outcome.rejects[0].offset == len(header) + sum(map(len, good[:number]))
    assert outcome.rows.height == len(good) - (0 if outcome.rejects[0].kept else 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=80), min_size=1, max_size=40
    ),
    block=st.sampled_from([64, 300, 5000]),
    quote_all=st.booleans(),
    separator=st.sampled_from(",;\t|"),
)
def test_any_text_comes_through_whatever_the_size_of_a_block(
    tmp_path: Path, texts: list[str], block: int, quote_all: bool, separator: str
) -> None:
    outcome = read(write(tmp_path, records(texts, quote_all=quote_all, separator=separator)), block=block)
    assert not outcome.rejects
    assert outcome.rows["text"].to_list() == texts


def test_what_an_account_carries_is_told_also_by_its_last_rows(tmp_path: Path) -> None:
    lines = ["account,id,created_at,language,in_reply_to,likes,display_name,text"]
    lines += [f"politi,{n},2020-01-01T00:00:{n % 60:02}Z,,,,,Hello" for n in range(1000, 1040)]
    lines += ["politi,2000,2020-01-02T00:00:00Z,no,,,,Hei", "politi,2001,2020-01-02T00:00:01Z,,someone,,,Yes"]
    lines += ["politi,2002,2020-01-02T00:00:02Z,,,7,,No", "politi,2003,2020-01-02T00:00:03Z,,,,Politiet i byen,Bye"]
    path = write(tmp_path, [f"{line}\n".encode() for line in lines])
    for block in (64, 300, csv_table.BLOCK):
        accounts = read(path, block=block).accounts
        assert accounts is not None
        [row] = accounts.to_dicts()
        assert (row["account"], row["name"]) == ("table:politi", "Politiet i byen")
        assert set(row["carries"]) == {"replies", "language", "engagement"}


def test_a_short_record_is_found_also_where_line_ends_are_mixed(tmp_path: Path) -> None:
    # Six missing separators, six carriage returns: their sum is that of a sound block.
    header, *good = records(["a"] * 6, end="\r\n")
    short = b"politi,10000000001\r\n"
    outcome = read(write(tmp_path, [header, good[0], short, *good[2:-1], good[-1].replace(b"\r", b"")]))
    assert [(reject.record, reject.offset, reject.code) for reject in outcome.rejects] == [
        (2, len(header) + len(good[0]), "too_few_fields")
    ]
    assert outcome.rows["post"].to_list() == [str(10_000_000_000 + n) for n in (0, 2, 3, 4, 5)]


def test_an_empty_line_does_not_make_up_for_a_missing_field(tmp_path: Path) -> None:
    header, *good = records(["a"] * 4)
    outcome = read(write(tmp_path, [header, good[0], b"\n", good[1][:-2] + b"\n", *good[2:]]))
    assert [(reject.record, reject.code) for reject in outcome.rejects] == [(2, "too_few_fields")]
