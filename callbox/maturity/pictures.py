"""The charts of a report as pages show them: drawn once for the same figures, then remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callbox.core.plain import to_plain
from callbox.maturity.queries import Picture, drawn
from callbox.maturity.report import activity_charts, charts, tables
from callbox.maturity.report.canvas import Chart
from callbox.maturity.report.inputs import Activity, ReportInput

#: The conditions that weeks and hours of posting explain read one of these measures.
CADENCE = frozenset({"posts_per_week", "longest_gap"})


def report_pictures(report: ReportInput) -> dict[str, Picture]:
    """Return the pictures of a report by the names of their charts; those without data are left out."""
    made: dict[str, tuple[Any, Callable[[], Chart | None]]] = {
        "profile": (tables.areas(report).plain(), lambda: charts.profile(report)),
        "trend": ([str(point.as_of) for point in report.earlier], lambda: charts.trend(report)),
        "benchmark": (tables.benchmark(report).plain(), lambda: charts.benchmark(report)),
        "practices": (tables.practices(report).plain(), lambda: charts.practices(report)),
    }
    words = [report.profile.model, list(report.words.levels), tables.trend(report).plain()]
    found = {name: drawn(name, [words, content], draw) for name, (content, draw) in made.items() if content}
    return found | posting_pictures(report.activity)


def posting_pictures(activity: Activity | None) -> dict[str, Picture]:
    """Return the pictures of the weeks and of the hours of an agency's posting; none without a post."""
    if activity is None or not activity.weeks:
        return {}
    content = to_plain(activity)
    return {
        "cadence": drawn("cadence", content, lambda: activity_charts.cadence(activity)),
        "hours": drawn("hours", content, lambda: activity_charts.hours(activity)),
    }
