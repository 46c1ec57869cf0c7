"""The model as a page for people: `docs/model.md` is what this writes. `python -m callbox.maturity.model.page > docs/model.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from callbox.maturity.model.catalogue import CATALOGUE
from callbox.maturity.model.changes import asked
from callbox.maturity.model.examples import example
from callbox.maturity.model.loader import load
from callbox.maturity.model.practices import Area, Condition, Kind, Model, Practice, Scale
from callbox.maturity.model.quantities import show
from callbox.maturity.scoring.evidence import Band

_BANDS = {
    Band.UNDER_25: "under 25",
    Band.FROM_25: "25 to 99",
    Band.FROM_100: "100 to 499",
    Band.FROM_500: "500 and more",
}


def page(model: Model) -> str:
    """Return the model as a Markdown page."""
    lines = [*_head(model)]
    for area in model.areas:
        lines += _area(area, model)
    return "\n".join([*lines, *_measures(), *_sources(model)]).rstrip() + "\n"


def _head(model: Model) -> Iterator[str]:
    gates = [practice.id for practice in model.practices if practice.gate]
    yield f"# {model.name}, version {model.version}"
    yield ""
    yield f"Dated {model.dated:%d %B %Y}. This page is made from `callbox/maturity/model/{model.version}` by"
    yield "`python -m callbox.maturity.model.page`; change the model, never the page."
    yield "How a figure is judged, and how levels become areas: [maturity.md](maturity.md)."
    yield ""
    yield f"{len(model.practices)} practices in {len(model.areas)} areas. Each area has a level of its own, printed as a range: what is"
    yield "shown, and what it can be at most once everything unknown is known. There is no overall mark."
    yield ""
    yield from _table(("Level", "Name", "In one line"), ((row.number, row.name, row.test) for row in model.levels))
    yield f"Gates cap their area: {', '.join(gates)}. Below level {model.gate_level} the model asks to do without what rests on a gate."
    rule = model.dependency
    on = " and ".join(_name(model, name) for name in rule.on)
    yield f"{_name(model, rule.area)} may lead {on} by {rule.lead} level at most."
    absent = model.not_practised
    yield f"{_name(model, absent.area)} may be declared not practised while no watch and no search is in the record;"
    yield f"{', '.join(absent.stays_rated)} stays rated."
    yield ""
    yield "Thresholds of volume and of silence follow the size of the agency; the rights of people never do."
    yield ""
    yield from _table(
        ("Sworn officers", "Volume", "Silence"),
        ((_BANDS[band], f"× {model.volume[band]:g}", f"× {model.gap[band]:g}") for band in Band),
    )
    yield f"Where the size is not stated, {_BANDS[model.assumed_band]} is assumed and said."
    yield ""


def _name(model: Model, identifier: str) -> str:
    return next(area.name for area in model.areas if area.id == identifier)


def _area(area: Area, model: Model) -> Iterator[str]:
    yield f"## {area.name}"
    yield ""
    yield area.asks
    yield ""
    for practice in area.practices:
        yield from _practice(practice, model)


def _practice(practice: Practice, model: Model) -> Iterator[str]:
    yield f"### {practice.id} {practice.name}"
    yield ""
    yield f"**{practice.question}**"
    yield ""
    yield practice.why
    yield ""
    yield f"Good looks like this: {practice.good}"
    yield ""
    if model.version == load().version and (shown := example(practice.id)) is not None:
        yield f"For example: {shown.says} *{shown.take}* ({shown.source})"
        yield ""
    if practice.switch is not None:
        yield f"Gate. Below level {model.gate_level} the model asks to do without: {practice.switch}"
        yield ""
    basis = ", ".join(practice.basis)
    yield f"Evidence: {practice.evidence}. Basis: {basis}. Sources: {'; '.join(_cite(model, practice.sources))}."
    yield ""
    yield from _table(
        ("Level", "Condition", "Judged by", "Threshold", "Basis"),
        (
            (
                f"{level.number} {level.name}",
                f"{row.says}{_unless(row)} `{row.id}`",
                _judged(row),
                _threshold(row),
                row.basis or "",
            )
            for level in model.levels
            for row in practice.at(level.number)
        ),
    )


def _cite(model: Model, names: tuple[str, ...]) -> list[str]:
    return [model.sources[name].title for name in names]


def _unless(row: Condition) -> str:
    return f" Does not apply where a second person has confirmed: {row.unless}" if row.unless else ""


def _judged(row: Condition) -> str:
    if row.kind is not Kind.ATTESTED:
        return f"`{row.key}`, {row.kind}"
    return "document" if row.document == row.id else f"document of `{row.document}`"


def _threshold(row: Condition) -> str:
    if row.known:
        return "known"
    if row.comparison is None:
        return ""
    if row.scale is Scale.NONE:
        return asked(row)
    return f"{row.comparison.replace('_', ' ')} {show(row.threshold or 0, row.unit or 'count')}, by size"


def _measures() -> Iterator[str]:
    yield "## Measures"
    yield ""
    yield "Every figure the model asks for. Those that wait are unknown until the tables they read are part of Callbox."
    yield ""
    yield from _table(
        ("Name", "What it is", "Unit", "Judged as", "Window", "At least", "Reads", ""),
        (
            (
                f"`{spec.name}`",
                f"{spec.label}. Callbox's own definition: {spec.ours}." if spec.ours else spec.label,
                spec.unit,
                spec.statistic.value,
                f"{spec.window_days} days",
                f"{spec.minimum} items" if spec.minimum else "",
                ", ".join(spec.tables),
                "waits" if spec.awaits else "",
            )
            for spec in CATALOGUE.values()
        ),
    )


def _sources(model: Model) -> Iterator[str]:
    yield "## Sources"
    yield ""
    yield "Those marked “to be checked” are general knowledge and must be looked up before anyone quotes them as law or as a figure."
    yield ""
    for source in model.sources.values():
        yield f"- `{source.id}` {source.title}. {source.where}{'' if source.seen else ' (to be checked)'}"


def _table(head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '\\|') for cell in row)} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page(load()))
