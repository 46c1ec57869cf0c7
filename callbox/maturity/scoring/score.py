"""Scoring: what is known about an agency, judged against one version of the model. Pure; the rules are section 7.2 of the model.

The rules in plain words, and how they are read where they leave a choice: docs/maturity.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from callbox.core.measure import Measure
from callbox.core.text import Reason
from callbox.maturity.model.practices import Model, Practice
from callbox.maturity.scoring.evidence import Attestation, Exemption, Standing
from callbox.maturity.scoring.grading import grade, ladder
from callbox.maturity.scoring.judging import Facts, judge
from callbox.maturity.scoring.profile import ConditionResult, Outcome, PracticeResult, Profile


def score(
    model: Model,
    measures: Mapping[str, Measure],
    standing: Standing,
    *,
    agency: str,
    as_of: datetime,
    record: Mapping[str, Any] | None = None,
) -> Profile:
    """Return where an agency stands.

    measures: by key of the catalogue; one that is missing is unknown.  as_of: the moment the record speaks of; evidence and
    exemptions are those of that day.
    """
    day = as_of.date()
    band = standing.band or model.assumed_band
    facts = Facts(model, measures, band, day, _by_condition(standing.attestations))
    watches = measures.get(model.not_practised.refused_by)
    seen = int(watches.value or 0) if watches is not None else 0
    absent = not standing.practises_intelligence and seen == 0
    exempt = _exemptions(standing.exemptions, as_of)
    practices = [
        replace(
            _practice(practice, facts, exempt.get(practice.id), absent=absent and _switched_out(model, practice)),
            declared=standing.declared.get(practice.id),
        )
        for practice in model.practices
    ]
    remarks = []
    if standing.band is None:
        remarks.append(Reason("band_unknown"))
    if not standing.practises_intelligence and not absent:
        remarks.append(Reason("not_practised_refused", {"n": seen}))
    if lost := _unplaced(model, standing):
        remarks.append(Reason("evidence_unplaced", {"ids": ", ".join(lost)}))
    return Profile(
        agency=agency,
        as_of=as_of,
        model=model.version,
        band=band,
        band_stated=standing.band is not None,
        areas=grade(model, practices),
        practices=tuple(practices),
        measures=dict(measures),
        remarks=tuple(remarks),
        record=dict(record or {}),
    )


def regraded(model: Model, profile: Profile, practices: Iterable[PracticeResult]) -> Profile:
    """Return the profile with these practices instead of its own, and the areas that follow from them. For what-if."""
    rows = tuple(practices)
    return replace(profile, practices=rows, areas=grade(model, rows))


@dataclass(frozen=True, slots=True)
class Switch:
    """The feature behind one gate. on: whether it may be used; probation: only because it was never used yet."""

    practice: str
    feature: str
    on: bool
    probation: bool = False


def switches(model: Model, profile: Profile, *, used: Collection[str]) -> tuple[Switch, ...]:
    """Return what the gates allow (model rule 6). used: ids of the gates whose feature was ever used.

    A gate that is exempt is taken at its last measured level; a gate of an area not practised is off.
    """
    found = []
    for practice in model.practices:
        if practice.switch is None:
            continue
        result = profile.practice(practice.id)
        absent = result.reason is not None and result.reason.code == "not_practised"
        level = result.last_measured if result.shown is None else result.shown
        earned = level is not None and level >= model.gate_level
        probation = not earned and not absent and practice.id not in used
        found.append(Switch(practice.id, practice.switch, earned or probation, probation))
    return tuple(found)


def _practice(practice: Practice, facts: Facts, exemption: Exemption | None, *, absent: bool) -> PracticeResult:
    if absent:
        return _left_out(practice, facts, Reason("not_practised"))
    if exemption is not None:
        reason = Reason("exempt", {"until": str(exemption.ends), "why": exemption.why})
        return replace(_left_out(practice, facts, reason), last_measured=exemption.last_measured)
    conditions = tuple(judge(condition, facts) for condition in practice.conditions)
    shown, at_most = ladder(conditions)
    return PracticeResult(practice.id, practice.area, practice.gate, shown, at_most, conditions)


def _left_out(practice: Practice, facts: Facts, reason: Reason) -> PracticeResult:
    conditions = tuple(
        ConditionResult(
            condition.id,
            condition.level,
            Outcome.NOT_APPLICABLE,
            measure=condition.key,
            threshold=facts.model.threshold(condition, facts.band),
            reason=reason,
        )
        for condition in practice.conditions
    )
    return PracticeResult(practice.id, practice.area, practice.gate, None, None, conditions, reason=reason)


def _switched_out(model: Model, practice: Practice) -> bool:
    return practice.area == model.not_practised.area and practice.id not in model.not_practised.stays_rated


def _by_condition(attestations: Iterable[Attestation]) -> dict[str, tuple[Attestation, ...]]:
    found: dict[str, tuple[Attestation, ...]] = {}
    for attestation in attestations:
        found[attestation.condition] = (*found.get(attestation.condition, ()), attestation)
    return found


def _exemptions(exemptions: Iterable[Exemption], as_of: datetime) -> dict[str, Exemption]:
    """Return the exemption in force of each practice: it needs a reason and an approver and lasts to its end.

    Of several for one practice the strictest counts.
    """
    found: dict[str, Exemption] = {}
    for row in sorted(exemptions, key=lambda row: (-row.last_measured, row.ends, row.why, row.approver)):
        if row.ends >= as_of.date() and row.why.strip() and row.approver.strip():
            found[row.practice] = row
    return found


def _unplaced(model: Model, standing: Standing) -> list[str]:
    """Return the ids of statements that this version of the model has no place for, in order."""
    conditions = {condition.document for condition in model.conditions}
    conditions |= {condition.unless_id for condition in model.conditions if condition.unless is not None}
    practices = {practice.id for practice in model.practices}
    lost = {row.condition for row in standing.attestations} - conditions
    lost |= ({row.practice for row in standing.exemptions} | set(standing.declared)) - practices
    return sorted(lost)
