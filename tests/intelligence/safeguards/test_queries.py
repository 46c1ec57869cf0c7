"""The table of labelled queries: every protected one is stopped, every person refused, every harmless one passes (T-102)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from callbox.intelligence.safeguards import Finding, check

_CODES = {
    "person": "watch_person",
    "account": "watch_account",
    "address": "watch_address",
    "phone": "watch_phone",
    "wide": "watch_wide",
    "mixed": "watch_mixed",
}
LABELLED = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text("utf-8"))
_LEAST = 200


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield each query with what it is labelled as: ("stop", "faith", ...), ("refuse", "person", ...), ("pass", "", ...)."""
    for label in ("stop", "refuse"):
        for kind, queries in LABELLED[label].items():
            yield from ((label, kind, query) for query in queries)
    yield from (("pass", "", query) for query in LABELLED["pass"])


def comes_out(label: str, kind: str, found: tuple[Finding, ...]) -> bool:
    """Whether what was found is what the label says."""
    if label == "pass":
        return not found
    if label == "stop":
        return kind in {finding.topic for finding in found if finding.demand == "sign"}
    return _CODES[kind] in {finding.code for finding in found if finding.demand == "refuse"}


def test_every_labelled_query_comes_out_as_labelled() -> None:
    wrong, counted = [], Counter[str]()
    for label, kind, query in rows():
        found = check(query)
        counted[label] += 1
        if not comes_out(label, kind, found):
            wrong.append((label, kind, query, [(each.code, each.word, each.topic) for each in found]))
    print(dict(counted))
    assert sum(counted.values()) >= _LEAST
    assert wrong == []


def test_the_page_shows_the_table_as_it_comes_out() -> None:
    from tests.intelligence.safeguards.table import PAGE, table  # noqa: PLC0415 - it reads the rows of this module

    shown = PAGE.read_text(encoding="utf-8")
    assert table() in shown, "run: python -m tests.intelligence.safeguards.table"
