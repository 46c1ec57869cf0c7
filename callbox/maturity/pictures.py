"""The charts of a report as pages show them: drawn once for the same figures, then remembered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from callbox.core.plain import to_plain
from callbox.maturity.queries import NARROW, Picture, drawn
from callbox.maturity.report import activity_charts, tables
from callbox.maturity.report.inputs import Activity, ReportInput
from callbox.maturity.report.page import charts_of

#: The conditions that weeks and hours of posting explain read one of these measures.
CADENCE: Final = frozenset({"posts_per_week", "longest_gap"})
#: The pictures of each report, by the names of their charts, and the pixels each is drawn for; its letters grow and shrink with it.
ONE_PAGE: Final[Mapping[str, float]] = MappingProxyType({"profile": 500, "trend": 520, "benchmark": 400})
FULL: Final[Mapping[str, float]] = MappingProxyType({"profile": 520, "trend": 520, "benchmark": 520, "practices": 520})


def report_pictures(report: ReportInput, widths: Mapping[str, float]) -> dict[str, Picture]:
    """Return the pictures that `widths` names, by name; those without data are left out."""
    words = [report.profile.model, list(report.words.levels)]
    found = {}
    for name, width in widths.items():
        if content := _content(report, name):
            found[name] = drawn(
                f"{name}-{width}",
                [words, content],
                lambda: charts_of(report, {name: width}).get(name),  # noqa: B023
            )
    return found


def _content(report: ReportInput, name: str) -> Any:
    """Return everything the chart called `name` shows, as plain values; nothing when there is nothing to draw."""
    if name == "trend":
        return [str(point.as_of) for point in report.earlier] and tables.trend(report).plain()
    table = {"profile": tables.areas, "practices": tables.practices, "benchmark": tables.benchmark}[name]
    return table(report).plain()


def posting_pictures(activity: Activity | None) -> dict[str, Picture]:
    """Return the pictures of the weeks and of the hours of an agency's posting; none without a post."""
    if activity is None or not activity.weeks:
        return {}
    content = to_plain(activity)
    return {
        "cadence": drawn(f"cadence-{NARROW}", content, lambda: activity_charts.cadence(activity, width=NARROW)),
        "hours": drawn(f"hours-{NARROW}", content, lambda: activity_charts.hours(activity, width=NARROW)),
    }
