"""One condition judged: met, not met, unknown or not applicable (model rules 1, 4 and 8). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from callbox.core.measure import Measure
from callbox.core.text import Reason
from callbox.maturity.model import catalogue
from callbox.maturity.model.practices import Comparison, Condition, Kind, Model
from callbox.maturity.model.quantities import show
from callbox.maturity.scoring.attested import support
from callbox.maturity.scoring.evidence import Attestation, Band
from callbox.maturity.scoring.profile import ConditionResult, Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a condition is judged on. attestations: by the condition they support."""

    model: Model
    measures: Mapping[str, Measure]
    band: Band
    day: date
    attestations: Mapping[str, tuple[Attestation, ...]] = field(default_factory=dict)


def judge(condition: Condition, facts: Facts) -> ConditionResult:
    """Return the outcome of one condition, with the threshold after scaling by size and the reason where it is not met."""
    spared = _spared(condition, facts)
    if spared is not None and spared.outcome is Outcome.NOT_APPLICABLE:
        return spared
    result = _attested(condition, facts) if condition.kind is Kind.ATTESTED else _measured(condition, facts)
    if spared is not None and result.outcome is Outcome.UNKNOWN:
        return spared
    return result


def _result(
    condition: Condition,
    facts: Facts,
    outcome: Outcome,
    reason: Reason | None = None,
    attestation: Attestation | None = None,
) -> ConditionResult:
    return ConditionResult(
        condition.id,
        condition.level,
        outcome,
        measure=condition.key,
        threshold=facts.model.threshold(condition, facts.band),
        attestation=attestation.title if attestation else None,
        reason=reason,
    )


def _spared(condition: Condition, facts: Facts) -> ConditionResult | None:
    """Return the outcome of a reviewed statement that the condition does not apply, None when there is none.

    A statement that something does not exist falls as soon as the record holds some of it; one about the law stands.
    """
    if condition.unless is None:
        return None
    stated = support(
        facts.attestations.get(condition.unless_id, ()), facts.day, months=facts.model.attested_months
    ).attestation
    if stated is None:
        return None
    measure = facts.measures.get(condition.key or "")
    if measure is not None and measure.n > 0 and not condition.unless_law:
        return _result(condition, facts, Outcome.UNKNOWN, Reason("statement_contradicted", {"n": measure.n}), stated)
    reason = Reason("not_applicable", {"why": condition.unless.rstrip(".")})
    return _result(condition, facts, Outcome.NOT_APPLICABLE, reason, stated)


def _attested(condition: Condition, facts: Facts) -> ConditionResult:
    found = support(facts.attestations.get(condition.document, ()), facts.day, months=facts.model.attested_months)
    if found.attestation is None:
        return _result(condition, facts, Outcome.UNKNOWN, found.reason)
    if condition.comparison is None:
        return _result(condition, facts, Outcome.MET, None, found.attestation)
    value = found.attestation.value
    if value is None or math.isnan(value):
        return _result(condition, facts, Outcome.UNKNOWN, Reason("attestation_no_figure"), found.attestation)
    threshold = facts.model.threshold(condition, facts.band) or 0.0
    if _holds(condition.comparison, value, threshold):
        return _result(condition, facts, Outcome.MET, None, found.attestation)
    reason = _plainly(condition, value, threshold)
    return _result(condition, facts, Outcome.NOT_MET, reason, found.attestation)


def _measured(condition: Condition, facts: Facts) -> ConditionResult:
    spec = catalogue.CATALOGUE[condition.measure or ""]
    measure = facts.measures.get(condition.key or "")
    if measure is None:
        return _result(condition, facts, Outcome.UNKNOWN, Reason("no_table", {"table": ", ".join(spec.tables)}))
    if measure.bound is None or math.isnan(measure.bound):
        too_few = Reason("n_too_small", {"n": measure.n, "needed": spec.minimum})
        return _result(condition, facts, Outcome.UNKNOWN, measure.reason or too_few)
    if measure.n < spec.minimum:
        return _result(
            condition, facts, Outcome.UNKNOWN, Reason("n_too_small", {"n": measure.n, "needed": spec.minimum})
        )
    threshold = facts.model.threshold(condition, facts.band)
    if condition.comparison is None or threshold is None:  # "measured", "counted": to know it is enough
        return _result(condition, facts, Outcome.MET)
    if _holds(condition.comparison, measure.bound, threshold):
        return _result(condition, facts, Outcome.MET)
    return _result(condition, facts, Outcome.NOT_MET, _why(condition, measure, threshold))


def _holds(comparison: Comparison, figure: float, threshold: float) -> bool:
    match comparison:
        case Comparison.AT_LEAST:
            return figure >= threshold
        case Comparison.MORE_THAN:
            return figure > threshold
        case Comparison.AT_MOST:
            return figure <= threshold


def _why(condition: Condition, measure: Measure, threshold: float) -> Reason:
    """Say why a figure misses its threshold, as its statistic was judged."""
    bound = measure.bound if measure.bound is not None else math.nan
    value = bound if measure.value is None else measure.value
    unit = condition.unit or measure.unit
    words = {
        "value": show(value, unit),
        "bound": show(bound, unit),
        "threshold": show(threshold, unit),
        "n": measure.n,
    }
    if condition.kind is Kind.SAMPLE:
        return Reason("share_unproven", words)
    if condition.kind is Kind.TIME:
        return Reason("median_open" if math.isinf(bound) else "median_unproven", words)
    return _plainly(condition, bound, threshold)


def _plainly(condition: Condition, value: float, threshold: float) -> Reason:
    code = {
        Comparison.AT_LEAST: "above_threshold",
        Comparison.MORE_THAN: "not_more_than",
        Comparison.AT_MOST: "below_threshold",
    }[condition.comparison or Comparison.AT_LEAST]
    unit = condition.unit or "count"
    return Reason(code, {"value": show(value, unit), "threshold": show(threshold, unit)})
