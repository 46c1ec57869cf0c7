"""The log in a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import time_machine

from callbox.core.log.contract import KEEP, LogError
from callbox.core.log.sqlite import MEMORY, SqliteLog
from tests.core.log.contract import PATIENCE, LogContract, Opener, entries, ids


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Opener]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(
            closing(SqliteLog(tmp_path / "log.sqlite3", patience=PATIENCE, durable=False))
        )


class TestSqliteLog(LogContract):
    """Every log's tests, on a file."""

    def test_what_nobody_fetched_for_a_day_is_let_go_of(self, tmp_path: Path) -> None:
        with time_machine.travel("2026-03-01 12:00", tick=False) as clock, closing(SqliteLog(tmp_path / "log")) as one:
            one.append(entries("a"))
            clock.shift(KEEP + 1)
            assert one.fetch(10, seconds=0) == []
            one.append(entries("b"))
            assert (one.waiting(), ids(one)) == (1, ["b"])

    def test_what_is_too_old_goes_although_nothing_is_heard_any_more(self, tmp_path: Path) -> None:
        with time_machine.travel("2026-03-01 12:00", tick=False) as clock, closing(SqliteLog(tmp_path / "log")) as one:
            one.append(entries("a"))
            clock.shift(KEEP + 1)
            assert one.fetch(10, seconds=0) == []
            assert one.waiting() == 0

    def test_what_is_acknowledged_is_remembered_for_a_while_without_its_words(self, tmp_path: Path) -> None:
        with time_machine.travel("2026-03-01 12:00", tick=False) as clock, closing(SqliteLog(tmp_path / "log")) as one:
            one.append(entries(["some words of a stranger"]))
            one.acknowledge(one.fetch(1, seconds=0))
            clock.shift(MEMORY / 2)
            one.append(entries(["some words of a stranger"]))
            assert one.waiting() == 0
            clock.shift(MEMORY)
            one.append(entries(["some words of a stranger"]))
            assert one.waiting() == 1

    def test_a_file_that_is_none_is_refused_with_a_reason(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_text("no database " * 100)
        with pytest.raises(LogError, match="the log cannot be used"):
            SqliteLog(tmp_path / "log")
        with pytest.raises(LogError, match="the log cannot be opened"):
            SqliteLog(tmp_path / "no folder" / "log")
