"""What a chief should know first, and what to do next. Pure.

Findings come before any figure and never contain a mean. There are five kinds, in this order of strength:

1. `held`: an area stays where it is because a practice was judged and falls short (lowest area first);
2. `declared`: the agency declares a practice more than one level above what is shown (contradicted by the record first, then
   the widest gap);
3. `gate`: a gate below level 3, which caps its area; the model asks to do without what depends on it (lowest first);
4. `expires`: evidence that expires within 90 days, or has expired (soonest first);
5. `unknown`: what the record cannot tell, one finding for each reason (the reason that stops most practices first).

The strongest of each kind is taken in turn until there are enough, then the second of each kind, and so on: three findings speak
of three things. A practice named by an earlier finding of the first three kinds is not the subject of a later `declared` or `gate`.
Ties are broken by the order of the model. The same profile gives the same findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, zip_longest

from callbox.core.text import Reason
from callbox.maturity.report.inputs import ReportInput, Words
from callbox.maturity.report.words import count, day, listing
from callbox.maturity.scoring.attested import last_day
from callbox.maturity.scoring.profile import AreaResult, ConditionResult, Outcome, PracticeResult, Profile

#: Below this level the model asks to do without what depends on a gate (rule 6); Callbox shows that and switches nothing off.
GATE_LEVEL = 3
#: Evidence is announced this many days before it expires.
WARNING_DAYS = 90
#: Names before "and n more".
_NAMED = 4


class Kind(StrEnum):
    """What a finding is about, strongest first."""

    HELD = "held"
    DECLARED = "declared"
    GATE = "gate"
    EXPIRES = "expires"
    UNKNOWN = "unknown"


#: Kinds whose findings are about their practices, and not about a document or the record.
_NAMING = frozenset({Kind.HELD, Kind.DECLARED, Kind.GATE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. headline: a sentence; because: sentences that explain it; codes: every reason code behind it."""

    kind: Kind
    headline: Reason
    practices: tuple[str, ...]
    because: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def blocking(practice: PracticeResult) -> tuple[ConditionResult, ...]:
    """Return the conditions that keep `practice` from its next level: those of it that are not met or unknown."""
    if practice.shown is None:
        return ()
    return tuple(
        condition
        for condition in practice.conditions
        if condition.level == practice.shown + 1 and condition.outcome in {Outcome.NOT_MET, Outcome.UNKNOWN}
    )


def findings(report: ReportInput, *, limit: int = 3) -> tuple[Finding, ...]:
    """Return the strongest `limit` findings, as the order above says."""
    by_kind = (
        _held(report.profile, report.words),
        _declared(report.profile, report.words),
        _gates(report.profile, report.words),
        _expiring(report),
        _unknown(report.profile, report.words),
    )
    in_turn = (found for found in chain.from_iterable(zip_longest(*by_kind)) if found is not None)
    return tuple(_without_repeats(in_turn))[:limit]


def _without_repeats(found: Iterable[Finding]) -> Iterator[Finding]:
    told: set[str] = set()
    for finding in found:
        if finding.kind in {Kind.DECLARED, Kind.GATE} and told.issuperset(finding.practices):
            continue
        if finding.kind in _NAMING:
            told.update(finding.practices)
        yield finding


def named(practices: Iterable[str], words: Words) -> str:
    """Return "V1 Purpose, V2 Accounts and 3 more"."""
    names = [f"{practice} {words.practice(practice)}" for practice in practices]
    rest = len(names) - _NAMED
    return listing([*names[:_NAMED], f"{rest} more"] if rest > 0 else names)


def told(condition: ConditionResult, words: Words) -> str:
    """Return a condition's sentence and why it has its outcome, as one line."""
    sentence = words.condition(condition.id).rstrip(".")
    return f"{sentence}: {condition.reason.sentence}" if condition.reason else f"{sentence}: {condition.outcome}"


def _held(profile: Profile, words: Words) -> list[Finding]:
    found = [_held_area(profile, area, words) for area in profile.areas]
    return sorted((finding for finding in found if finding), key=lambda finding: finding.headline.values["level"])


def _held_area(profile: Profile, area: AreaResult, words: Words) -> Finding | None:
    if area.shown is None or area.shown == len(words.levels) - 1:
        return None
    failing = [
        (practice, condition)
        for practice in map(profile.practice, area.weakest)
        for condition in blocking(practice)
        if condition.outcome is Outcome.NOT_MET
    ]
    if not failing:
        return None
    practices = tuple(dict.fromkeys(practice.id for practice, _ in failing))
    return Finding(
        Kind.HELD,
        Reason(
            "finding_held", {"area": words.area(area.id), "level": area.shown, "practices": named(practices, words)}
        ),
        practices,
        (*(told(condition, words) for _, condition in failing), *(reason.sentence for reason in area.reasons)),
        _codes(*(condition.reason for _, condition in failing), *area.reasons),
    )


def _declared(profile: Profile, words: Words) -> list[Finding]:
    over = [p for p in profile.practices if p.declared is not None and p.shown is not None and p.declared - p.shown > 1]
    over.sort(key=lambda p: ((p.at_most or 0) - (p.declared or 0) >= 0, (p.shown or 0) - (p.declared or 0)))
    return [
        Finding(
            Kind.DECLARED,
            Reason("finding_declared", {"practice": named([p.id], words), "declared": p.declared, "shown": p.shown}),
            (p.id,),
            tuple(told(condition, words) for condition in blocking(p)),
            _codes(*(condition.reason for condition in blocking(p))),
        )
        for p in over
    ]


def _gates(profile: Profile, words: Words) -> list[Finding]:
    low = [p for p in profile.practices if p.gate and p.shown is not None and p.shown < GATE_LEVEL]
    known = [p for p in low if any(c.outcome is Outcome.NOT_MET for c in blocking(p))]
    return [
        Finding(
            Kind.GATE,
            Reason("finding_gate", {"practice": named([p.id], words), "level": p.shown, "needed": GATE_LEVEL}),
            (p.id,),
            tuple(told(condition, words) for condition in blocking(p)),
            _codes(*(condition.reason for condition in blocking(p))),
        )
        for p in sorted(known, key=lambda p: p.shown or 0)
    ]


def _expiring(report: ReportInput) -> list[Finding]:
    today = report.profile.as_of.date()
    practice_of = {c.id: p.id for p in report.profile.practices for c in p.conditions}
    ending: defaultdict[date, list[str]] = defaultdict(list)
    for attestation in report.attestations:
        ends = last_day(attestation)
        counted = attestation.reviewer is not None and attestation.condition in practice_of
        if counted and (ends - today).days <= WARNING_DAYS:
            ending[ends].append(practice_of[attestation.condition])
    found = []
    for ends, practices in sorted(ending.items()):
        code = "finding_expired" if ends < today else "finding_expires"
        unique = tuple(dict.fromkeys(practices))
        values = {
            "practices": named(unique, report.words),
            "date": day(ends),
            "documents": count(len(practices), "document"),
        }
        found.append(Finding(Kind.EXPIRES, Reason(code, values), unique))
    return found


def _unknown(profile: Profile, words: Words) -> list[Finding]:
    reasons: dict[str, Reason] = {}
    stopped: defaultdict[str, list[str]] = defaultdict(list)
    for practice in profile.practices:
        for condition in blocking(practice):
            if condition.outcome is Outcome.UNKNOWN and condition.reason:
                reasons[condition.reason.sentence] = condition.reason
                stopped[condition.reason.sentence].append(practice.id)
    ranked = sorted(stopped.items(), key=lambda item: -len(set(item[1])))
    return [
        Finding(
            Kind.UNKNOWN,
            Reason("finding_unknown", {"practices": count(len(set(ids)), "practice"), "why": why}),
            tuple(dict.fromkeys(ids)),
            (named(dict.fromkeys(ids), words),),
            (reasons[why].code,),
        )
        for why, ids in ranked
    ]


def _codes(*reasons: Reason | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason.code for reason in reasons if reason))
