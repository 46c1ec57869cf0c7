"""What changed between two versions of the model, one change a line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callbox.core.text import Reason
from callbox.maturity.model.practices import Condition, Model, Practice
from callbox.maturity.model.quantities import show
from callbox.maturity.scoring.evidence import Band


@dataclass(frozen=True, slots=True)
class Change:
    """One change. id: of the practice, the condition or the rule.  practice: the one it belongs to, None for a rule of the whole."""

    id: str
    practice: str | None
    reason: Reason


def diff(old: Model, new: Model) -> tuple[Change, ...]:
    """Return every change from `old` to `new` that can move a level or that people read: rules, then practices in order."""
    return (*_rules(old, new), *_practices(old, new))


def _rules(old: Model, new: Model) -> Iterator[Change]:
    for name, before, after in (
        ("weakest_share", old.weakest_share, new.weakest_share),
        ("gate_level", old.gate_level, new.gate_level),
        ("attested_months", old.attested_months, new.attested_months),
        ("volume", _factors(old.volume), _factors(new.volume)),
        ("gap", _factors(old.gap), _factors(new.gap)),
        ("assumed_band", old.assumed_band.value, new.assumed_band.value),
        ("dependency", _dependency(old), _dependency(new)),
        ("not_practised", _not_practised(old), _not_practised(new)),
    ):
        if before != after:
            yield Change(name, None, Reason("rule_changed", {"id": name, "before": before, "after": after}))


def _factors(factors: Mapping[Band, float]) -> str:
    return ", ".join(f"{band} x {factor:g}" for band, factor in factors.items())


def _dependency(model: Model) -> str:
    rule = model.dependency
    return f"{rule.area} on {', '.join(rule.on)} + {rule.lead}"


def _not_practised(model: Model) -> str:
    rule = model.not_practised
    return f"{rule.area} without {', '.join(rule.stays_rated)}, refused by {rule.refused_by}"


def _practices(old: Model, new: Model) -> Iterator[Change]:
    before = {practice.id: practice for practice in old.practices}
    after = {practice.id: practice for practice in new.practices}
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield _named("practice_removed", before[name], before[name].name)
        elif name not in before:
            yield _named("practice_added", after[name], after[name].name)
        else:
            yield from _practice(before[name], after[name])


def _named(code: str, practice: Practice, says: str) -> Change:
    return Change(practice.id, practice.id, Reason(code, {"id": practice.id, "says": says}))


def _practice(old: Practice, new: Practice) -> Iterator[Change]:
    for code, was, now in (
        ("gate_changed", old.switch or "nothing", new.switch or "nothing"),
        ("wording_changed", old.name, new.name),
        ("wording_changed", old.question, new.question),
    ):
        if was != now:
            yield Change(new.id, new.id, Reason(code, {"id": new.id, "before": was, "after": now}))
    before = {row.id: row for row in old.conditions}
    after = {row.id: row for row in new.conditions}
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            says = {"id": name, "says": before[name].says}
            yield Change(name, new.id, Reason("condition_removed", says))
        elif name not in before:
            yield Change(name, new.id, Reason("condition_added", {"id": name, "says": after[name].says}))
        else:
            yield from _condition(before[name], after[name], new.id)


def _condition(old: Condition, new: Condition, practice: str) -> Iterator[Change]:
    for code, was, now in (
        ("figure_changed", _figure(old), _figure(new)),
        ("threshold_changed", asked(old), asked(new)),
        ("wording_changed", _text(old), _text(new)),
    ):
        if was != now:
            yield Change(new.id, practice, Reason(code, {"id": new.id, "before": was, "after": now}))


def _figure(row: Condition) -> str:
    return f"{row.measure} ({row.kind})" if row.measure else f"a document ({row.document})"


def asked(row: Condition) -> str:
    """Return what a condition asks of its figure, as people read it; `nothing` where it asks none."""
    if row.comparison is None or row.threshold is None:
        return "that the figure is known" if row.known else "no figure"
    scaled = "" if row.scale == "none" else f", scaled by {row.scale}"
    return f"{row.comparison.replace('_', ' ')} {show(row.threshold, row.unit or 'count')}{scaled}"


def _text(row: Condition) -> str:
    return row.says if row.unless is None else f"{row.says} Unless: {row.unless}"
