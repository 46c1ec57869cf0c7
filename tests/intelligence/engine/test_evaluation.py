"""The judge of events: its figures against another's, its words for bad tables."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from callbox.cli.evaluate import evaluate
from callbox.intelligence.engine import evaluation
from tests.intelligence.engine.shared import real

_LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=2, max_size=40)


@given(_LABELS)
def test_figures_are_those_of_scikit_learn(labels: list[tuple[int, int]]) -> None:
    events, groups = zip(*labels, strict=True)
    table = np.zeros((4, 6), np.int64)
    for event, group in labels:
        table[event, group] += 1
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    assert evaluation.ari(table) == pytest.approx(adjusted_rand_score(events, groups), abs=1e-9)
    if min(table.shape) > 1:
        assert evaluation.ami(table) == pytest.approx(adjusted_mutual_info_score(events, groups), abs=1e-6)


def test_b_cubed_of_an_example() -> None:
    found = evaluation.b3(np.array([[2, 1], [0, 1]]))
    assert found["precision"] == pytest.approx((2 * 1 + 0.5 + 0.5) / 4)
    assert found["recall"] == pytest.approx((2 * 2 / 3 + 1 / 3 + 1) / 4)


def _table(path: Path, rows: list[tuple[str, str, str]], header: tuple[str, ...] = ("event", "ts", "text")) -> Path:
    file = gzip.open(path, "wt", encoding="utf-8", newline="") if path.suffix == ".gz" else path.open("w", newline="")  # noqa: SIM115
    with file:
        csv.writer(file).writerows([header, *rows])
    return path


def _rows() -> list[tuple[str, str, str]]:
    rows = []
    for number in range(10):
        rows.append(("fire", str(1_700_000_000 + number), f"harbour warehouse fire smoke number{number}"))
        rows.append(("flood", f"2023-11-14T23:{number:02}:00Z", f"river flooding town square number{number}"))
        rows.append(("", str(1_700_000_100 + number), f"good morning noise{number} everyone{number} lunch{number}"))
    return rows


@pytest.mark.parametrize("name", ["table.csv", "table.csv.gz"])
def test_two_events_are_told_apart(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(evaluate, ["events", str(_table(tmp_path / name, _rows())), "--json"])
    found = json.loads(done.output)
    assert (found["posts"], found["scored"], found["events"], found["found"]) == (30, 20, 2, 2)
    assert found["ami"] == pytest.approx(1)
    assert found["posts_per_cpu_second"] > 0


def test_it_says_so_to_people(tmp_path: Path) -> None:
    done = CliRunner().invoke(evaluate, ["events", str(_table(tmp_path / "t.csv", _rows()))])
    assert "2 of 2 events found" in done.output


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        ([("a", "soon", "x")], ("event", "ts", "text"), 'record 1: the time is "soon"'),
        ([("a", "1", "x"), ("b", "nan", "x")], ("event", "ts", "text"), 'record 2: the time is "nan"'),
        ([("a", "1", "x"), ("b", "1e300", "x")], ("event", "ts", "text"), "record 2"),
        ([("a", "1", "x"), ("b", "", "x")], ("event", "ts", "text"), "record 2"),
        ([("a", "1", "x")], ("event", "when", "text"), "has no column ts"),
        ([("a", "1", "x"), ("", "1", "x")], ("event", "ts", "text"), "fewer than two events"),
        ([], ("event", "ts", "text"), "fewer than two events"),
    ],
)
def test_a_bad_table_gets_one_sentence_with_its_place(
    tmp_path: Path, rows: list[tuple[str, str, str]], header: tuple[str, ...], words: str
) -> None:
    done = CliRunner().invoke(evaluate, ["events", str(_table(tmp_path / "t.csv", rows, header))])
    assert done.exit_code == 1
    assert words in done.output
    assert len(done.output.splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 50, b'event,ts,text\na,1,"x', b"\x1f\x8b\x08\x00broken"])
def test_what_is_no_table_gets_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    done = CliRunner().invoke(evaluate, ["events", str(path)])
    assert done.exit_code == 1
    assert done.output.startswith("Error: t.csv")
    assert len(done.output.splitlines()) == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(evaluate, ["events", str(tmp_path / "none.csv")])
    assert done.exit_code == 1
    assert "there is no such file" in done.output


@pytest.mark.slow
def test_thirteen_crises_are_told_apart() -> None:
    found = evaluation.evaluate(real("crisislex_t26_first13.csv.gz"))
    assert found["found"] == 13
    assert found["ami"] > 0.8
