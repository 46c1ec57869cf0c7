"""The record: several files, agencies told apart, repeated posts, wrong clocks, files that are none."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from callbox.networks.archives import record, spill
from callbox.networks.archives.contract import ArchiveError
from callbox.networks.archives.record import Record
from callbox.networks.ledger import SCHEMAS, Ledger

NOW = datetime(2024, 6, 1, tzinfo=UTC)
HEADER = "account,id,created_at,text,in_reply_to,reposts,likes\n"
NORWAY = Path(os.environ.get("CALLBOX_SHARED_DATA", "../shared/data")) / "police_posts_norway_2013.csv"


def table(folder: Path, rows: Sequence[str], name: str = "posts.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text(header + "".join(f"{row}\n" for row in rows))
    return path


def build(folder: Path, *paths: Path, **how: object) -> Record:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return record.build(paths, now=how.pop("now", NOW), workdir=work, **how)  # type: ignore[arg-type]


def ids(ledger: Ledger) -> list[str]:
    return ledger.table("posts").select("post").collect()["post"].to_list()


def test_accounts_of_one_table_are_agencies_unless_told_otherwise(tmp_path: Path) -> None:
    path = table(tmp_path, ["north,1,2024-05-01T00:00:00Z,a,,,", "south,1,2024-05-02T00:00:00Z,b,,,"])
    apart, together = build(tmp_path, path), build(tmp_path, path, agency="Both")
    assert [(ledger.agency, ledger.as_of.day) for ledger in apart.ledgers] == [("north", 1), ("south", 2)]
    assert [(ledger.agency, ids(ledger)) for ledger in together.ledgers] == [("Both", ["1", "1"])]


def test_a_column_of_agencies_tells_them_apart_and_joins_their_accounts(tmp_path: Path) -> None:
    rows = [
        "a1,1,2024-05-01T00:00:00Z,North",
        "a2,2,2024-05-01T00:00:00Z,North",
        "b1,3,2024-05-01T00:00:00Z,South",
        "c,4,2024-05-01T00:00:00Z,",
    ]
    made = build(tmp_path, table(tmp_path, rows, header="account,id,created_at,force\n"))
    assert {ledger.agency: ids(ledger) for ledger in made.ledgers} == {"North": ["1", "2"], "South": ["3"], "c": ["4"]}
    assert made.ledgers[0].table("accounts").collect()["handle"].to_list() == ["a1", "a2"]


def test_tables_of_the_ledger_have_every_column_and_no_text(tmp_path: Path) -> None:
    made = build(tmp_path, table(tmp_path, ["north,1,2024-05-01T00:00:00Z,secret,,,"]))
    for name in SCHEMAS:
        assert made.ledgers[0].table(name).collect_schema() == SCHEMAS[name]
    assert "secret" not in str(made.ledgers[0].table("posts").collect().rows())


def test_repeated_posts_are_kept_once_and_counted_where_they_repeat(tmp_path: Path) -> None:
    rows = [
        "north,1,2024-05-01T00:00:00Z,a,,,",
        "north,2,2024-05-02T00:00:00Z,b,,,",
        "north,1,2024-05-03T00:00:00Z,c,,,",
    ]
    first = table(tmp_path, rows)
    second = table(tmp_path, [*rows, "north,3,2024-05-04T00:00:00Z,d,,,"], name="again.csv")
    made = build(tmp_path, first, second)
    assert ids(made.ledgers[0]) == ["1", "2", "3"]
    assert made.ledgers[0].table("posts").collect()["at"].dt.day().to_list() == [1, 2, 4]
    assert [(file.read, file.kept, file.repeated) for file in made.files] == [(3, 2, 1), (4, 1, 3)]


def test_rows_that_do_not_fit_in_memory_give_the_same_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        f"{'north' if n % 3 else 'south'},{n % 700},2024-05-01T00:{n % 60:02}:{n % 59:02}Z,text {n},,{n},{n}"
        for n in range(1000)
    ]
    first, second = table(tmp_path, rows), table(tmp_path, rows[:50], name="again.csv")
    whole = build(tmp_path, first, second)
    monkeypatch.setattr(spill, "HASHES_AT_ONCE", 100)
    store = spill.Store
    monkeypatch.setattr(record, "Store", lambda name, folder: store(name, folder, in_memory=100, part_rows=40))
    spilled = build(tmp_path, first, second)
    assert list((tmp_path / "work").glob("posts-*.parquet"))
    assert spilled.to_dict() == whole.to_dict()
    for a, b in zip(whole.ledgers, spilled.ledgers, strict=True):
        assert (a.agency, a.as_of) == (b.agency, b.as_of)
        assert a.table("posts").collect().rows() == b.table("posts").collect().rows()


def test_wrong_clocks_are_set_aside_with_their_place_and_never_date_the_record(tmp_path: Path) -> None:
    rows = [
        "north,1,2003-12-31T00:00:00Z,a,,,",
        "north,2,2024-05-01T00:00:00Z,b,,,",
        "north,3,2031-01-01T00:00:00Z,c,,,",
    ]
    made = build(tmp_path, table(tmp_path, rows))
    assert made.ledgers[0].as_of == datetime(2024, 5, 1, tzinfo=UTC)
    assert made.files[0].reasons == {"wrong_clock": 2}
    assert made.rejects is not None
    lines = [json.loads(line) for line in made.rejects.read_text().splitlines()]
    assert [(line["record"], line["offset"]) for line in lines] == [
        (1, len(HEADER)),
        (3, len(HEADER) + sum(len(row) + 1 for row in rows[:2])),
    ]
    assert lines[0]["sentence"] == "the time 2003-12-31T00:00:00Z lies before 2004 or in the future"


def test_a_post_of_the_coming_hours_never_moves_the_record_past_the_clock(tmp_path: Path) -> None:
    soon = (NOW + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = build(tmp_path, table(tmp_path, ["north,1,2024-05-01T00:00:00Z,a,,,", f"north,2,{soon},b,,,"]))
    assert made.ledgers[0].as_of <= NOW
    assert made.files[0].kept == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "this is no archive or table that Callbox reads"),
        (b"just a note to myself\nwithout any table\n", "this is no archive or table that Callbox reads"),
    ],
)
def test_a_file_that_is_none_gets_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "thing.bin"
    path.write_bytes(content)
    with pytest.raises(ArchiveError) as error:
        build(tmp_path, path)
    assert str(error.value) == f"thing.bin: {sentence}."


def test_a_table_without_one_valid_record_says_why(tmp_path: Path) -> None:
    with pytest.raises(
        ArchiveError, match=r"none of 1 records could be read; the first \(record 1\): the time soon is not understood"
    ):
        build(tmp_path, table(tmp_path, ["north,1,soon,a,,,"]))


def test_texts_are_labelled_before_they_are_dropped_and_a_persons_label_stays(tmp_path: Path) -> None:
    path = table(tmp_path, ["n,1,2024-05-01T00:00:00Z,hello,", "n,2,2024-05-02T00:00:00Z,bye,gather", "n,3,2024-05-03T00:00:00Z,,"],
                 header="account,id,created_at,text,kind\n")  # fmt: skip

    def label(texts: pl.Series, languages: pl.Series) -> pl.DataFrame:
        assert texts.to_list() == ["hello"]
        assert languages.to_list() == [None]
        return pl.DataFrame({"kind": ["inform"], "labelled_by": ["machine"]})

    posts = build(tmp_path, path, label=label).ledgers[0].table("posts").collect()
    assert posts.select("kind", "labelled_by").rows() == [("inform", "machine"), ("gather", "person"), (None, None)]


def test_replies_on_the_thread_of_a_contact_answer_it(tmp_path: Path) -> None:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    contacts = pl.DataFrame(
        {
            "account": "n",
            "contact": ["1", "2"],
            "thread": ["t", "u"],
            "at": [at, at],
            "replied_at": pl.Series([None, None], dtype=pl.Datetime("us", "UTC")),
        }
    )
    posts = pl.DataFrame(
        {
            "account": "n",
            "thread": "t",
            "action": "reply",
            "addressee": "other",
            "at": [at + timedelta(hours=hours) for hours in (-1, 2, 3)],
        }
    )
    answered = record._replied(contacts.lazy(), posts.lazy()).sort("contact").collect()
    assert answered["replied_at"].to_list() == [at + timedelta(hours=2), None]


def test_the_real_record_of_three_norwegian_operation_centres() -> None:
    if not NORWAY.exists():
        pytest.skip("the real records are not here: set CALLBOX_SHARED_DATA to their folder")
    import csv  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, NORWAY.open(newline="", encoding="utf-8") as file:
        made = build(Path(folder), NORWAY)
        stated = list(csv.DictReader(file))
    assert (made.files[0].kept, made.files[0].set_aside, made.rejects) == (len(stated), 0, None)
    for ledger in made.ledgers:
        mine = [row for row in stated if row["account"] == ledger.agency]
        posts = ledger.table("posts").sort("at", "post").collect()
        times = sorted(datetime.fromisoformat(row["created_at"]) for row in mine)
        assert posts["at"].to_list() == times
        assert ledger.as_of == times[-1]
        assert "replies" not in ledger.carried
        assert posts.filter(pl.col("action") == "reply")["addressee"].unique().to_list() in ([], ["self"])
        assert (posts["action"] == "reply").sum() == sum(bool(row["in_reply_to"]) for row in mine)
        assert posts["likes"].null_count() == sum(not row["likes"] for row in mine)
