"""Where the real posts of the tests are, and a plain evaluation of queries to compare with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from callbox.intelligence.engine.query import And, Near, Node, Not, Or, Term

DATA = Path(os.environ.get("CALLBOX_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))


def real(name: str) -> Path:
    """Return a real record, or skip the test with one line where it is not here."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: set CALLBOX_SHARED_DATA to the folder that holds it")
    return path


def holds(node: Node, words: list[str]) -> bool:
    """Say whether a query holds of these words, node by node and place by place."""
    match node:
        case And():
            return all(holds(part, words) for part in node.parts)
        case Or():
            return any(holds(part, words) for part in node.parts)
        case Not():
            return not holds(node.part, words)
        case Near():
            left, right = spans(node.left, words), spans(node.right, words)
            return any(0 < b[0] - a[1] <= node.apart or 0 < a[0] - b[1] <= node.apart for a in left for b in right)
        case Term():
            return bool(spans(node, words))


def spans(term: Term, words: list[str]) -> list[tuple[int, int]]:
    """Return where a term stands: the places of its first and last word."""
    found = []
    for first in range(len(words)):
        last = first + len(term.words) - 1
        there = words[first : last + 1]
        if len(there) == len(term.words) and there[:-1] == list(term.words[:-1]):
            end = there[-1]
            if end.startswith(term.words[-1]) if term.prefix else end == term.words[-1]:
                found.append((first, last))
    return found
