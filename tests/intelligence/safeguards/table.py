"""The table of labelled queries as it stands in docs/watches.md. Run `python -m tests.intelligence.safeguards.table` to write it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from callbox.intelligence.safeguards import check, topics
from tests.intelligence.safeguards.test_queries import LABELLED, comes_out, rows

PAGE = Path(__file__).resolve().parents[3] / "docs" / "watches.md"
BEGINS, ENDS = "<!-- table of queries: begin -->", "<!-- table of queries: end -->"
_KINDS = {
    "person": "a person’s name",
    "account": "an account",
    "address": "an e-mail address",
    "phone": "a telephone number",
    "wide": "it would listen to everything",
    "mixed": "letters of several alphabets",
}


def table() -> str:
    """Return the counts and every query that does not pass, with what stops or refuses it."""
    return "\n".join([BEGINS, "", *_counts(), "", *_queries(), "", ENDS])


def _counts() -> Iterator[str]:
    yield "| Label | Queries | Come out so |"
    yield "| --- | --- | --- |"
    for label in ("stop", "refuse", "pass"):
        of_label = [(kind, query) for name, kind, query in rows() if name == label]
        right = sum(comes_out(label, kind, check(query)) for kind, query in of_label)
        yield f"| {label} | {len(of_label)} | {right} |"


def _queries() -> Iterator[str]:
    yield "| What | Queries |"
    yield "| --- | --- |"
    for label, names in (("stop", {each.id: each.title for each in topics().values()}), ("refuse", _KINDS)):
        for kind, queries in LABELLED[label].items():
            shown = " · ".join(f"`{_cell(query)}`" for query in queries)
            yield f"| {'stopped' if label == 'stop' else 'refused'}: {names[kind]} | {shown} |"


def _cell(query: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in query).replace("|", "\\|")


def main() -> None:
    """Write the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGINS)
    PAGE.write_text(before + table() + rest.split(ENDS)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
