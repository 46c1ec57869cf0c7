"""Every table of a report, built once for page, PDF, JSON and CSV. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from callbox.core.text import Reason
from callbox.maturity.report import activity_charts
from callbox.maturity.report.findings import findings, named
from callbox.maturity.report.inputs import ConditionWords, ReportInput, TrendPoint
from callbox.maturity.report.next_steps import next_steps
from callbox.maturity.report.table import Cell, Column, Table
from callbox.maturity.scoring.profile import ConditionResult


def tables(report: ReportInput) -> dict[str, Table]:
    """Return the tables of a report by name, in the order they are read; one without rows is left out."""
    made = (make(report) for make in _MAKERS)
    return {table.name: table for table in made if table.rows}


def _table(name: str, title: str, columns: Mapping[str, str], rows: Iterable[tuple[Cell, ...]]) -> Table:
    return Table(name, title, tuple(Column(key, heading) for key, heading in columns.items()), tuple(rows))


def _why(reasons: Iterable[Reason | None]) -> str:
    return "; ".join(reason.sentence for reason in reasons if reason)


def areas(report: ReportInput) -> Table:
    """Return the five ranges."""
    words = report.words
    return _table(
        "areas",
        "The profile: five areas",
        {
            "id": "Area",
            "name": "Name",
            "shown": "Shown",
            "at_most": "At most",
            "weakest": "Weakest link",
            "why": "Held by",
        },
        (
            (a.id, words.area(a.id), a.shown, a.at_most, named(a.weakest, words) if a.weakest else "", _why(a.reasons))
            for a in report.profile.areas
        ),
    )


def practices(report: ReportInput) -> Table:
    """Return the practices with what is shown, possible, declared and aimed at."""
    words = report.words
    targets = {target.practice: target.level for target in report.targets}
    return _table(
        "practices",
        "Practices",
        {
            "id": "Practice",
            "name": "Name",
            "area": "Area",
            "gate": "Gate",
            "shown": "Shown",
            "at_most": "At most",
            "declared": "Declared",
            "target": "Target",
            "why": "Remark",
        },
        (
            (
                p.id,
                words.practice(p.id),
                words.area(p.area),
                p.gate,
                p.shown,
                p.at_most,
                p.declared,
                targets.get(p.id),
                _why([p.reason]),
            )
            for p in report.profile.practices
        ),
    )


def conditions(report: ReportInput) -> Table:
    """Return every condition with its outcome and the figure behind it."""
    return _table(
        "conditions",
        "Conditions",
        {
            "practice": "Practice",
            "id": "Condition",
            "level": "Level",
            "sentence": "What is asked",
            "outcome": "Outcome",
            "value": "Figure",
            "threshold": "Threshold",
            "unit": "Unit",
            "n": "n",
            "basis": "Basis",
            "source": "Source",
            "why": "Reason",
        },
        (_condition(report, p.id, condition) for p in report.profile.practices for condition in p.conditions),
    )


def _condition(report: ReportInput, practice: str, condition: ConditionResult) -> tuple[Cell, ...]:
    words = report.words.conditions.get(condition.id, ConditionWords(condition.id))
    measure = report.profile.measures.get(condition.measure or "")
    return (
        practice,
        condition.id,
        condition.level,
        words.sentence,
        str(condition.outcome),
        measure.value if measure else None,
        condition.threshold,
        measure.unit if measure else "",
        measure.n if measure else None,
        words.basis,
        words.source,
        _why([condition.reason]),
    )


def figures(report: ReportInput) -> Table:
    """Return every figure with what is needed to believe it, those that are shown first."""
    return _table(
        "figures",
        "Figures",
        {
            "key": "Key",
            "label": "What is counted",
            "value": "Figure",
            "unit": "Unit",
            "n": "n",
            "bound": "Compared as",
            "statistic": "Kind",
            "begins": "From",
            "ends": "To",
            "tables": "Read from",
            "why": "Not shown because",
        },
        (
            (
                key,
                report.words.measure(key),
                m.value,
                m.unit,
                m.n,
                m.bound,
                str(m.statistic),
                m.window.begins,
                m.window.ends,
                ", ".join(m.tables),
                _why([m.reason]),
            )
            for key, m in sorted(report.profile.measures.items(), key=lambda item: item[1].value is None)
        ),
    )


def found(report: ReportInput) -> Table:
    """Return every finding, strongest first."""
    everything = findings(report, limit=len(report.profile.practices) * 3)
    return _table(
        "findings",
        "Findings",
        {
            "rank": "Rank",
            "kind": "Kind",
            "finding": "Finding",
            "practices": "Practices",
            "because": "Because",
            "codes": "Reasons",
        },
        (
            (rank, str(f.kind), f.headline.sentence, ", ".join(f.practices), "; ".join(f.because), ", ".join(f.codes))
            for rank, f in enumerate(everything, 1)
        ),
    )


def steps(report: ReportInput) -> Table:
    """Return the next step of every practice, the one that moves most first."""
    everything = next_steps(report.profile, report.words, limit=len(report.profile.practices))
    return _table(
        "next",
        "Next steps",
        {
            "rank": "Rank",
            "practice": "Practice",
            "name": "Name",
            "to": "To level",
            "what": "What is asked",
            "how": "How",
            "effect": "Effect",
        },
        (
            (
                rank,
                s.practice,
                report.words.practice(s.practice),
                s.level,
                "; ".join(s.what),
                "; ".join(dict.fromkeys(how.sentence for how in s.how)),
                s.moves.sentence,
            )
            for rank, s in enumerate(everything, 1)
        ),
    )


def gaps(report: ReportInput) -> Table:
    """Return the gap to every target, widest first."""
    levels = {p.id: p for p in report.profile.practices}
    missing = [
        (max(0, t.level - p.shown), t, p)
        for t in report.targets
        if (p := levels.get(t.practice)) and p.shown is not None
    ]
    missing.sort(key=lambda row: row[0], reverse=True)
    return _table(
        "gaps",
        "Targets and gaps",
        {
            "practice": "Practice",
            "name": "Name",
            "shown": "Shown",
            "at_most": "At most",
            "target": "Target",
            "gap": "Gap",
            "by": "By",
        },
        (
            (t.practice, report.words.practice(t.practice), p.shown, p.at_most, t.level, gap, t.by)
            for gap, t, p in missing
        ),
    )


def roadmap(report: ReportInput) -> Table:
    """Return the planned actions in the order they were planned."""
    return _table(
        "roadmap",
        "Roadmap",
        {
            "practice": "Practice",
            "what": "Action",
            "to": "To level",
            "hours": "Hours",
            "begins": "From",
            "ends": "To",
            "owner": "Owner",
        },
        ((a.practice, a.what, a.level, a.hours, a.begins, a.ends, a.owner) for a in report.actions),
    )


def trend(report: ReportInput) -> Table:
    """Return the areas at every assessment, oldest first, this one included."""
    points = (*report.earlier, TrendPoint.of(report.profile)) if report.earlier else ()
    return _table(
        "trend",
        "Trend",
        {"as_of": "As of", "model": "Model", "area": "Area", "shown": "Shown", "at_most": "At most"},
        (
            (point.as_of.date(), point.model, report.words.area(a.id), a.shown, a.at_most)
            for point in sorted(points, key=lambda point: point.as_of)
            for a in point.areas
        ),
    )


def benchmark(report: ReportInput) -> Table:
    """Return the comparisons, each with its n, date and source."""
    return _table(
        "benchmark",
        "Compared with other agencies",
        {
            "label": "Figure",
            "own": "This agency",
            "lower": "Lower quartile",
            "median": "Median",
            "upper": "Upper quartile",
            "unit": "Unit",
            "n": "Agencies (n)",
            "as_of": "As of",
            "source": "Source",
        },
        ((b.label, b.own, b.lower, b.median, b.upper, b.unit, b.n, b.as_of, b.source) for b in report.benchmark),
    )


def evidence(report: ReportInput) -> Table:
    """Return the documents and links, each with its period and digest."""
    return _table(
        "evidence",
        "Evidence",
        {
            "condition": "Condition",
            "title": "Document",
            "owner": "Owner",
            "reviewer": "Reviewer",
            "begins": "From",
            "ends": "To",
            "reviewed": "Reviewed",
            "link": "Link",
            "sha256": "SHA-256",
        },
        (
            (
                e.condition,
                e.title,
                e.owner,
                e.reviewer or "",
                e.begins,
                e.ends,
                e.reviewed_on,
                e.link or "",
                e.sha256 or "",
            )
            for e in report.attestations
        ),
    )


def exemptions(report: ReportInput) -> Table:
    """Return the practices left out, why and until when."""
    return _table(
        "exemptions",
        "Exemptions",
        {
            "practice": "Practice",
            "name": "Name",
            "why": "Why",
            "approver": "Approved by",
            "ends": "Until",
            "level": "Last measured",
        },
        (
            (e.practice, report.words.practice(e.practice), e.why, e.approver, e.ends, e.last_measured)
            for e in report.exemptions
        ),
    )


def cadence(report: ReportInput) -> Table:
    """Return the posts of each week."""
    return activity_charts.weeks_table(report.activity)


def hours(report: ReportInput) -> Table:
    """Return the posts of each hour of the week."""
    return activity_charts.hours_table(report.activity)


def record(report: ReportInput) -> Table:
    """Return what was read, one fact a row: whatever the reader counted, nested names joined by a dot."""
    return _table("record", "The record", {"fact": "Fact", "value": "Value"}, _facts("", report.profile.record))


def _facts(prefix: str, value: Any) -> Iterable[tuple[Cell, ...]]:
    match value:
        case Mapping():
            items: Iterable[tuple[Any, Any]] = value.items()
        case list() | tuple() if all(isinstance(item, str | int | float) for item in value):
            yield (prefix, ", ".join(map(str, value)))
            return
        case list() | tuple():
            items = enumerate(value, 1)
        case _:
            yield (prefix, value)
            return
    for key, inner in items:
        yield from _facts(f"{prefix}.{key}" if prefix else str(key), inner)


_MAKERS: tuple[Callable[[ReportInput], Table], ...] = (
    areas,
    found,
    steps,
    trend,
    benchmark,
    practices,
    gaps,
    roadmap,
    conditions,
    figures,
    cadence,
    hours,
    evidence,
    exemptions,
    record,
)
