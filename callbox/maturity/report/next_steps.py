"""The three next actions: which practice, what to do, and what it would move. Pure.

A candidate is every practice that applies, is below level 5 and has conditions in the way of its next level. They are ranked by

1. whether taking this one step lifts the shown level of its area;
2. whether it is a gate below level 3;
3. whether it holds its area (is among the weakest);
4. how few conditions stand in the way;
5. the lower level first, then the order of the model.

One action an area comes first; areas are only named twice when there are fewer areas than places. A report with a roadmap shows the
roadmap beside these: these need no budget and no target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callbox.core.text import Reason
from callbox.maturity.report.findings import GATE_LEVEL, blocking
from callbox.maturity.report.inputs import Words
from callbox.maturity.scoring.grading import rank_level
from callbox.maturity.scoring.profile import AreaResult, ConditionResult, Outcome, PracticeResult, Profile


@dataclass(frozen=True, slots=True)
class NextStep:
    """One action.

    what: the sentences of the conditions to meet, in order; how: what kind of work each asks for; moves: the effect.
    """

    practice: str
    area: str
    level: int
    what: tuple[str, ...]
    how: tuple[Reason, ...]
    moves: Reason
    codes: tuple[str, ...]


def next_steps(profile: Profile, words: Words, *, limit: int = 3) -> tuple[NextStep, ...]:
    """Return the `limit` actions that move most, as the order above says."""
    ranked = sorted((p for p in profile.practices if blocking(p)), key=lambda p: _rank(profile, p, words.weakest_share))
    first = {p.area: p for p in reversed(ranked)}  # the best of each area
    once = [p for p in ranked if first[p.area] is p]
    again = [p for p in ranked if first[p.area] is not p]
    return tuple(_step(profile, p, words) for p in (once + again)[:limit])


def area_after(profile: Profile, area: AreaResult, practice: PracticeResult, share: float) -> int | None:
    """Return the level `area` would show if `practice` reached its next level and nothing else changed (model rule 4).

    share: of its weakest practices that decides an area.

    An area that is held by something else than its practices (another area, an exemption) stays where that holds it.
    """
    if area.shown is None or practice.shown is None:
        return None
    members = [p for p in profile.practices if p.area == area.id]
    now = {p.id: level for p in members if (level := p.last_measured if p.shown is None else p.shown) is not None}
    gates = {p.id for p in members if p.gate}
    before, after = (_decided(levels, gates, share) for levels in (now, now | {practice.id: practice.shown + 1}))
    return after if before == area.shown else min(after, area.shown)


def _decided(levels: Mapping[str, int], gates: set[str], share: float) -> int:
    rank = rank_level(levels.values(), share) or 0
    return min([rank, *(levels[gate] for gate in gates & levels.keys())])


def _rank(profile: Profile, practice: PracticeResult, share: float) -> tuple[bool, bool, bool, int, int]:
    area = _area(profile, practice)
    shown = practice.shown or 0
    return (
        (area_after(profile, area, practice, share) or 0) <= (area.shown or 0),
        not (practice.gate and shown < GATE_LEVEL),
        practice.id not in area.weakest,
        len(blocking(practice)),
        shown,
    )


def _area(profile: Profile, practice: PracticeResult) -> AreaResult:
    return next(area for area in profile.areas if area.id == practice.area)


def _step(profile: Profile, practice: PracticeResult, words: Words) -> NextStep:
    area = _area(profile, practice)
    conditions = blocking(practice)
    now, after = area.shown or 0, area_after(profile, area, practice, words.weakest_share) or 0
    level = (practice.shown or 0) + 1
    if after > now:
        moves = Reason("moves_area", {"area": words.area(area.id), "before": now, "after": after, "level": level})
    else:
        moves = Reason(
            "moves_practice", {"before": level - 1, "after": level, "area": words.area(area.id), "level": now}
        )
    return NextStep(
        practice.id,
        area.id,
        level,
        tuple(words.condition(c.id).rstrip(".") for c in conditions),
        tuple(_how(c) for c in conditions),
        moves,
        tuple(dict.fromkeys(c.reason.code for c in conditions if c.reason)),
    )


def _how(condition: ConditionResult) -> Reason:
    """Return what kind of work a condition asks for: change something, have a document reviewed, or let the record tell."""
    if condition.outcome is Outcome.NOT_MET and condition.measure:
        return Reason("do_change")
    return Reason("do_record") if condition.measure else Reason("do_attest")
