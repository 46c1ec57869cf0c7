"""A table of a pack made before a column was added is still read; one with any other columns is not."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from callbox.maturity.proof import lines
from callbox.maturity.tables import SCHEMAS

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)


def _content() -> bytes:
    row = {"account": "paper:harbour", "at": AT, "copied": True, "appealed_at": AT, "due_at": AT}
    return lines.write("moderation", pl.DataFrame([row], schema=SCHEMAS["moderation"]))


def test_a_pack_made_before_a_column_was_added_is_read() -> None:
    older = b"".join(line.rpartition(b",")[0] + b"\n" for line in _content().splitlines())
    (row,) = lines.read("moderation", older).to_dicts()
    assert (row["account"], row["appealed_at"], row["due_at"]) == ("paper:harbour", AT, None)
    (whole,) = lines.read("moderation", _content()).to_dicts()
    assert whole["due_at"] == AT
    assert lines.read("moderation", older).schema == SCHEMAS["moderation"]


def test_a_table_with_any_other_columns_is_none_of_ours() -> None:
    shorter = b"".join(line.rsplit(b",", 2)[0] + b"\n" for line in _content().splitlines())
    renamed = _content().replace(b"due_at", b"due_on")
    for content in (shorter, renamed, b"", b"\n"):
        with pytest.raises(pl.exceptions.PolarsError):
            lines.read("moderation", content)


def test_what_was_added_stands_last() -> None:
    for table, names in lines.ADDED.items():
        assert tuple(SCHEMAS[table])[-len(names) :] == names
