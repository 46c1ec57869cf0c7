"""Figures, documents and judged practices made by hand, for tests of the scoring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from callbox.core.measure import Measure, Window
from callbox.maturity.model.catalogue import CATALOGUE
from callbox.maturity.model.loader import load
from callbox.maturity.model.practices import Model
from callbox.maturity.scoring.evidence import Attestation, Standing
from callbox.maturity.scoring.profile import PracticeResult, Profile
from callbox.maturity.scoring.score import score

AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)
V1 = load("v1")


def figure(key: str, bound: float | None, *, n: int = 1000, value: float | None = None) -> Measure:
    """Return a measure that is judged by `bound`."""
    spec = CATALOGUE[key.partition("@")[0]]
    window = Window.trailing(AS_OF, days=spec.window_days)
    shown = bound if value is None else value
    return Measure(spec.name, spec.statistic, window, spec.unit, spec.tables, n=n, value=shown, bound=bound)


def figures(**bounds: float) -> dict[str, Measure]:
    """Return measures by key; in a keyword `__` stands for the `@` of a limit."""
    return {(key := name.replace("__", "@")): figure(key, bound) for name, bound in bounds.items()}


def document(condition: str, **changes: Any) -> Attestation:
    """Return a document that supports `condition` on AS_OF."""
    plain: dict[str, Any] = {
        "condition": condition,
        "title": f"Document for {condition}",
        "owner": "Alice",
        "begins": date(2026, 1, 1),
        "link": "https://example.org/document",
        "reviewer": "Bob",
        "reviewed_on": date(2026, 2, 1),
    }
    return Attestation(**(plain | changes))


def scored(
    measures: Mapping[str, Measure] | None = None, standing: Standing | None = None, model: Model = V1
) -> Profile:
    """Score against version 1 on AS_OF."""
    return score(model, measures or {}, standing or Standing(), agency="Northtown", as_of=AS_OF)


def judged(levels: Mapping[str, int | tuple[int, int] | None], **last_measured: int) -> list[PracticeResult]:
    """Return every practice of version 1 at the given level (or shown and at most); 5 where nothing is given."""
    rows = []
    for practice in V1.practices:
        level = levels.get(practice.id, 5)
        shown, at_most = level if isinstance(level, tuple) else (level, level)
        rows.append(
            PracticeResult(
                practice.id, practice.area, practice.gate, shown, at_most, last_measured=last_measured.get(practice.id)
            )
        )
    return rows
