"""One report as plain JSON values: the desk's pages, the PDF and the JSON file all show these. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callbox.maturity.model import catalogue
from callbox.maturity.origin import KEY, own_line
from callbox.maturity.report import activity_charts, charts, tables
from callbox.maturity.report import words as say
from callbox.maturity.report.canvas import Chart
from callbox.maturity.report.findings import findings
from callbox.maturity.report.inputs import ConditionWords, ReportInput
from callbox.maturity.report.next_steps import next_steps
from callbox.maturity.report.table import readable
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.scoring.profile import AreaResult, ConditionResult, PracticeResult

BANDS = {
    Band.UNDER_25: "under 25 sworn officers",
    Band.FROM_25: "25 to 99 sworn officers",
    Band.FROM_100: "100 to 499 sworn officers",
    Band.FROM_500: "500 or more sworn officers",
}


def page_data(report: ReportInput) -> dict[str, Any]:
    """Return everything a report says, as plain JSON values; what it lacks is an empty list. Pictures are `charts_of`."""
    profile = report.profile
    made = tables.tables(report)
    return {
        "agency": profile.agency,
        "title": f"Social media maturity of {profile.agency}",
        "as_of": say.day(profile.as_of),
        "as_of_iso": profile.as_of.isoformat(),
        "model": profile.model,
        "band": BANDS[profile.band] + ("" if profile.band_stated else " (assumed)"),
        "language": report.language,
        "levels": list(report.words.levels),
        "remarks": [remark.sentence for remark in profile.remarks],
        "areas": [_area(report, area) for area in profile.areas],
        "findings": _findings(report),
        "next": _steps(report),
        "practices": [_practice(report, practice) for practice in profile.practices],
        "figures": [
            {
                "label": report.words.measure(key),
                "value": say.figure(measure.value, measure.unit),
                "n": say.number(measure.n),
                "window": say.window(measure.window),
                "interval": say.interval(measure),
            }
            for key, measure in profile.measures.items()
            if measure.value is not None
        ],
        "record": [[str(fact), text] for fact, text in readable(tables.record(report))],
        "tables": {
            name: {"title": table.title, "keys": [c.key for c in table.columns], "header": list(table.header),
                   "rows": [list(row) for row in readable(table)]}
            for name, table in made.items()
        },
    }  # fmt: skip


#: What the page for the chief takes from `page_data`, and which of its tables.
_CHIEF = (
    *("agency", "title", "as_of", "as_of_iso", "model", "band", "language", "levels", "remarks"),
    *("areas", "findings", "next", "figures", "record"),
)
_CHIEF_TABLES = ("areas", "trend", "benchmark")


def chief_data(report: ReportInput) -> dict[str, Any]:
    """Return what the one page for the chief says, as plain JSON values."""
    data = page_data(report)
    kept = {name: data["tables"][name] for name in _CHIEF_TABLES if name in data["tables"]}
    return {name: data[name] for name in _CHIEF} | {"tables": kept}


def record_line(report: ReportInput) -> str:
    """Return what was read in a line: each file with its counts; of a record that names no files, every fact."""
    files = report.profile.record.get("files", ())
    told = [
        f"{file['name']}: {file['kept']:,} records kept, {file.get('set_aside', 0):,} set aside."
        for file in files
        if isinstance(file, Mapping) and "name" in file and isinstance(file.get("kept"), int)
    ]
    facts = "; ".join(f"{fact}: {value}" for fact, value in readable(tables.record(report)))
    told += [own_line(report.profile.record)] if KEY in report.profile.record else []
    return " ".join(told) or facts or "Nothing is known about the files."


def charts_of(report: ReportInput, widths: Mapping[str, float] | None = None) -> dict[str, Chart]:
    """Return the charts of a report by name, in reading order; those without data are left out.

    widths: pixels a chart is drawn for, by name; its letters keep their size, so a narrow place gets a narrow drawing.
    With `widths` only the charts it names are drawn.
    """
    wanted = dict.fromkeys(_CHARTS, 520.0) if widths is None else widths
    made = [_CHARTS[name](report, width=width) for name, width in wanted.items()]
    return {chart.name: chart for chart in made if chart}


def _of_activity(draw: Callable[..., Chart | None]) -> Callable[..., Chart | None]:
    return lambda report, *, width: draw(report.activity, width=width) if report.activity else None


_CHARTS: Mapping[str, Callable[..., Chart | None]] = {
    "profile": charts.profile,
    "trend": charts.trend,
    "benchmark": charts.benchmark,
    "practices": charts.practices,
    "cadence": _of_activity(activity_charts.cadence),
    "hours": _of_activity(activity_charts.hours),
}


def _findings(report: ReportInput) -> list[dict[str, Any]]:
    return [
        {
            "kind": str(found.kind),
            "headline": found.headline.sentence,
            "because": list(found.because),
            "practices": list(found.practices),
            "codes": [found.headline.code, *found.codes],
        }
        for found in findings(report)
    ]


def _steps(report: ReportInput) -> list[dict[str, Any]]:
    return [
        {
            "practice": step.practice,
            "name": report.words.practice(step.practice),
            "area": report.words.area(step.area),
            "level": step.level,
            "what": [
                {"how": how.sentence, "sentence": sentence} for how, sentence in zip(step.how, step.what, strict=True)
            ],
            "moves": step.moves.sentence,
            "codes": [step.moves.code, *step.codes],
        }
        for step in next_steps(report.profile, report.words)
    ]


def _area(report: ReportInput, area: AreaResult) -> dict[str, Any]:
    words = report.words
    return {
        "id": area.id,
        "name": words.area(area.id),
        "shown": area.shown,
        "at_most": area.at_most,
        "range": say.level_range(area.shown, area.at_most),
        "level": words.levels[area.shown] if area.shown is not None else "",
        "weakest": [{"id": practice, "name": words.practice(practice)} for practice in area.weakest],
        "reasons": [reason.sentence for reason in area.reasons],
        "codes": [reason.code for reason in area.reasons],
    }


def _practice(report: ReportInput, practice: PracticeResult) -> dict[str, Any]:
    words = report.words.practices.get(practice.id)
    targets = {target.practice: target.level for target in report.targets}
    return {
        "id": practice.id,
        "name": report.words.practice(practice.id),
        "detail": words.detail if words else "",
        "area": practice.area,
        "gate": practice.gate,
        "switch": words.switch if words else "",
        "shown": practice.shown,
        "at_most": practice.at_most,
        "range": say.level_range(practice.shown, practice.at_most),
        "declared": practice.declared,
        "target": targets.get(practice.id),
        "reason": practice.reason.sentence if practice.reason else "",
        "conditions": [_condition(report, condition) for condition in practice.conditions],
    }


def _condition(report: ReportInput, condition: ConditionResult) -> dict[str, Any]:
    words = report.words.conditions.get(condition.id, ConditionWords(condition.id))
    return {
        "id": condition.id,
        "level": condition.level,
        "sentence": words.sentence,
        "outcome": str(condition.outcome),
        "basis": words.basis,
        "source": words.source,
        "why": condition.reason.sentence if condition.reason else "",
        "code": condition.reason.code if condition.reason else "",
        "attestation": condition.attestation or "",
        "figure": _figure(report, condition),
    }


def _figure(report: ReportInput, condition: ConditionResult) -> dict[str, Any] | None:
    """Return the figure a condition reads, in words; None when it reads none."""
    if condition.measure is None:
        return None
    measure = report.profile.measures.get(condition.measure)
    label = report.words.measure(condition.measure)
    if measure is None:
        nothing = dict.fromkeys(("value", "window", "interval", "needed", "ours"), "")
        return {"label": label, "n": 0, "why": "not measured", **nothing}
    needed = "" if condition.threshold is None else say.figure(condition.threshold, measure.unit)
    return {
        "label": label,
        "value": "" if measure.value is None else say.figure(measure.value, measure.unit),
        "n": measure.n,
        "window": say.window(measure.window),
        "interval": say.interval(measure),
        "needed": needed,
        "why": measure.reason.sentence if measure.reason else "",
        "ours": catalogue.definition(measure.name),
    }
