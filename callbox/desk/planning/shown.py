"""Pictures of this part, drawn once for the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from callbox.maturity.queries import Picture
from callbox.maturity.queries import drawn as drawn_once
from callbox.maturity.report.roads import PlanLine
from callbox.maturity.report.timeline import timeline


def drawn(lines: Sequence[PlanLine]) -> Picture | None:
    """Return the picture of a plan, None without a step."""
    if not lines:
        return None
    content = [[str(each) for each in astuple(line)] for line in lines]
    return drawn_once("timeline-narrow", content, lambda: timeline(lines))
