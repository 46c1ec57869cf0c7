"""What pages ask about an agency's standing, put together from few queries and one reading of the profile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from django.core.cache import cache as store

from callbox.core.plain import from_plain
from callbox.maturity import peers, plans
from callbox.maturity.model import loader
from callbox.maturity.model.practices import Area, Model, Practice
from callbox.maturity.model.wording import words_of
from callbox.maturity.models import Assessment, Attestation, Exemption, SelfDeclaration, Target
from callbox.maturity.report import charts
from callbox.maturity.report.canvas import Chart
from callbox.maturity.report.inputs import ReportInput, TrendPoint, Words
from callbox.maturity.report.inputs import Target as AimedAt
from callbox.maturity.report.table import readable
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.forecast import Fall
from callbox.maturity.scoring.profile import AreaResult, Outcome, PracticeResult, Profile
from callbox.maturity.scoring.rebase import rebase
from callbox.maturity.services.activity import posting
from callbox.people.models import Agency

#: Earlier assessments in a trend.
TREND = 12
#: A difference between declared and shown above this is a finding (A9).
GAP = 1


def current(agency: Agency) -> Assessment | None:
    """Return the agency's newest assessment that has a profile; one that measured something goes before any quick check."""
    # The key first: sorting whole rows would carry every profile of the agency through the sorter.
    keys = Assessment.objects.of(agency).scored().values_list("pk", flat=True)
    newest = keys.exclude(source=Assessment.Source.QUICK_CHECK).first() or keys.first()
    if newest is None:
        return None
    return Assessment.objects.select_related("agency", "created_by", "frozen_by").get(pk=newest)


def shown_levels(agency: Agency) -> dict[str, int | None]:
    """Return the level each practice shows in the newest measured profile; nothing while nothing was measured."""
    rows = Assessment.objects.of(agency).scored().exclude(source=Assessment.Source.QUICK_CHECK)
    newest = rows.values_list("profile_json", flat=True).first() or {}
    return {practice["id"]: practice["shown"] for practice in newest.get("practices", ())}


def report_input(assessment: Assessment) -> ReportInput:
    """Return everything a report of `assessment` shows.

    Raises:
        ValueError: it has no profile yet.
    """
    profile = assessment.profile
    if profile is None:
        raise ValueError("nothing was measured yet")
    agency, named = assessment.agency, words(profile.model)
    return ReportInput(
        profile=profile,
        words=named,
        earlier=_earlier(assessment),
        targets=tuple(AimedAt(row.practice, row.level, row.due) for row in Target.objects.of(agency)),
        actions=plans.actions(agency, profile, named),
        benchmark=peers.reported(agency, profile, named),
        attestations=tuple(
            row.plain() for row in Attestation.objects.of(agency).reviewed().select_related("owner", "reviewer")
        ),
        exemptions=tuple(
            row.plain() for row in Exemption.objects.of(agency).filter(state="approved").select_related("approver")
        ),
        activity=posting(assessment),
    )


@cache
def words(version: str) -> Words:
    """Return the names and sentences of one version of the model."""
    return words_of(loader.load(version))


def _earlier(assessment: Assessment) -> tuple[TrendPoint, ...]:
    rows = (
        Assessment.objects.of(assessment.agency)
        .scored()
        .exclude(source=Assessment.Source.QUICK_CHECK)
        .filter(as_of__lt=assessment.as_of)
        .values_list("as_of", "model_version", "areas")[:TREND]
    )
    return tuple(
        TrendPoint(as_of, version, tuple(AreaResult(name, shown, at_most) for name, (shown, at_most) in areas.items()))
        for as_of, version, areas in reversed(rows)
        if as_of is not None
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a page shows it: the picture, what it says in words, and the same data as a table of texts."""

    title: str
    description: str
    svg: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


#: Pixels a picture of the desk is drawn for, so that its letters can be read on a phone.
NARROW: Final = 400.0


def profile_chart(assessment: Assessment, report: ReportInput) -> Picture:
    """Return the picture of the five ranges, drawn once for the same figures."""
    return drawn(f"profile-{NARROW}", assessment.profile_json, lambda: charts.profile(report, width=NARROW))


def trend_chart(assessment: Assessment, report: ReportInput) -> Picture | None:
    """Return the picture of the trend, None while there is only one assessment."""
    if not report.earlier:
        return None
    points = [
        (str(point.as_of), point.model, [(a.id, a.shown, a.at_most) for a in point.areas]) for point in report.earlier
    ]
    content = [points, assessment.areas, str(assessment.as_of)]
    return drawn(f"trend-{NARROW}", content, lambda: charts.trend(report, width=NARROW))


def drawn(name: str, content: object, draw: Callable[[], Chart | None]) -> Picture:
    """Return what `draw` draws, kept under the digest of what it shows: matplotlib takes longer than a page may."""
    key = f"chart:{name}:{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}"
    kept = store.get(key)
    if kept is None:
        chart = draw()
        if chart is None:
            raise ValueError(f"nothing to draw for {name}")
        kept = json.dumps([chart.title, chart.description, chart.svg, chart.table.header, readable(chart.table)])
        store.set(key, kept, timeout=None)
    title, description, svg, header, rows = json.loads(kept)
    return Picture(title, description, svg, tuple(header), tuple(tuple(row) for row in rows))


def untold(profile: Profile, words: Words) -> list[tuple[str, list[str]]]:
    """Return what the record cannot tell: each reason once, with the practices it leaves open, most first."""
    reasons: dict[str, dict[str, None]] = {}
    for practice in profile.practices:
        for condition in practice.conditions:
            if condition.outcome is Outcome.UNKNOWN and condition.measure and condition.reason:
                reasons.setdefault(condition.reason.sentence, {})[practice.id] = None
    ranked = sorted(reasons.items(), key=lambda item: -len(item[1]))
    return [(why, [f"{each} {words.practice(each)}" for each in found]) for why, found in ranked]


def falls(assessment: Assessment) -> list[Fall]:
    """Return the practices that will fall when nothing more is recorded, soonest first, as forecast when it was measured."""
    return [from_plain(Fall, each) for each in assessment.falls]


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One practice as lists show it: the model's words, what the record shows, what the agency says and wants."""

    practice: Practice
    area: Area
    result: PracticeResult | None
    declared: int | None = None
    target: Target | None = None
    exemption: Exemption | None = None
    evidence: int = 0  # attestations that count or wait

    @property
    def shown(self) -> int | None:
        """The level shown, None when it does not apply or nothing was scored yet."""
        return self.result.shown if self.result else None

    @property
    def declared_gap(self) -> int:
        """By how many levels the agency's word exceeds what is shown; 0 when it does not."""
        return 0 if self.declared is None or self.shown is None else max(0, self.declared - self.shown)

    @property
    def contested(self) -> bool:
        """Whether the two levels differ by more than one (A9)."""
        return self.declared is not None and self.shown is not None and abs(self.declared - self.shown) > GAP

    @property
    def target_gap(self) -> int:
        """Levels to go to the target."""
        return 0 if self.target is None else max(0, self.target.level - (self.shown or 0))

    @property
    def gap(self) -> int:
        """What the list sorts by: levels to the target, or between word and record."""
        return max(self.target_gap, self.declared_gap)


#: The states a list can be narrowed to, written out: name in the address -> test.
STATES: dict[str, Callable[[PracticeRow], bool]] = {
    "contested": lambda row: row.contested,
    "below-target": lambda row: row.target_gap > 0,
    "unknown": lambda row: row.result is not None and row.result.shown != row.result.at_most,
    "gate": lambda row: row.practice.gate,
    "exempt": lambda row: row.exemption is not None and row.exemption.state == "approved",
}
#: The orders of a list: name in the address -> key; ties keep the model's order.
ORDERS: dict[str, Callable[[PracticeRow], int]] = {
    "model": lambda _row: 0,
    "gap": lambda row: -row.gap,
    "level": lambda row: 9 if row.shown is None else row.shown,
}


def practice_rows(
    agency: Agency, profile: Profile | None, *, area: str = "", state: str = "", order: str = "model"
) -> list[PracticeRow]:
    """Return the practices of an agency, narrowed and ordered; names that are not known narrow nothing."""
    model = loader.load(profile.model) if profile else loader.load()
    rows = _rows(agency, profile, model)
    if area in {each.id for each in model.areas}:
        rows = [row for row in rows if row.area.id == area]
    if state in STATES:
        rows = [row for row in rows if STATES[state](row)]
    return sorted(rows, key=ORDERS.get(order, ORDERS["model"]))


def _rows(agency: Agency, profile: Profile | None, model: Model) -> list[PracticeRow]:
    results = {result.id: result for result in profile.practices} if profile else {}
    declared = SelfDeclaration.objects.of(agency).levels()
    targets = {target.practice: target for target in Target.objects.of(agency)}
    exemptions = {row.practice: row for row in Exemption.objects.of(agency).open().order_by("pk")}
    evidence: dict[str, int] = {}
    for practice in Attestation.objects.of(agency).counting().values_list("practice", flat=True):
        evidence[practice] = evidence.get(practice, 0) + 1
    return [
        PracticeRow(
            practice,
            area,
            results.get(practice.id),
            declared.get(practice.id),
            targets.get(practice.id),
            exemptions.get(practice.id),
            evidence.get(practice.id, 0),
        )
        for area in model.areas
        for practice in area.practices
    ]


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """An agency's evidence as its page shows it."""

    waiting: list[Attestation] = field(default_factory=list)  # for the person who looks: theirs to review
    counting: list[Attestation] = field(default_factory=list)  # reviewed, soonest expiry first
    proposed: list[Attestation] = field(default_factory=list)  # waits for somebody else
    past: list[Attestation] = field(default_factory=list)  # withdrawn, refused, replaced, expired


def evidence_list(agency: Agency, *, reader: object, today: date) -> EvidenceList:
    """Return the evidence of an agency; `waiting` holds what `reader` may review."""
    found = EvidenceList()
    for row in Attestation.objects.of(agency).select_related("owner", "reviewer", "proposed_by"):
        if row.state == "proposed":
            (found.proposed if reader in {row.owner, row.proposed_by} else found.waiting).append(row)
        elif row.state == "reviewed" and row.expires_on and row.expires_on >= today:
            found.counting.append(row)
        else:
            found.past.append(row)
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One area or practice in two assessments. rebased: the earlier one as the later model judges it."""

    name: str
    before: tuple[int | None, int | None]
    rebased: tuple[int | None, int | None]
    after: tuple[int | None, int | None]

    @property
    def by_model(self) -> bool:
        """Whether the model alone moved it."""
        return self.before != self.rebased

    @property
    def by_agency(self) -> bool:
        """Whether the agency, or its record, moved it."""
        return self.rebased != self.after

    @property
    def moved(self) -> bool:
        """Whether anything did, even where both cancel out."""
        return self.by_model or self.by_agency


def compared(first: Assessment, second: Assessment) -> tuple[list[Compared], list[Compared]]:
    """Return the areas, and the practices that moved from `first` to `second`, through the agency and through the model.

    Raises:
        ValueError: one of them has no profile.
    """
    before, after = first.profile, second.profile
    if before is None or after is None:
        raise ValueError("nothing was measured yet")
    standing = from_plain(Standing, first.standing_json) if first.standing_json else Standing()
    rebased = rebase(before, standing, loader.load(before.model), loader.load(after.model)).profile
    named = words(after.model)

    def rows(
        part: Callable[[Profile], Sequence[AreaResult | PracticeResult]], name: Callable[[str], str]
    ) -> list[Compared]:
        found = [
            {each.id: (each.shown, each.at_most) for each in part(profile)} for profile in (before, rebased, after)
        ]
        nothing = (None, None)
        return [Compared(name(each.id), *(levels.get(each.id, nothing) for levels in found)) for each in part(after)]

    practices = rows(lambda profile: profile.practices, lambda each: f"{each} {named.practice(each)}")
    return rows(lambda profile: profile.areas, named.area), [each for each in practices if each.moved]
