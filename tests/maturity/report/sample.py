"""An invented agency and its reports, in every state a report can meet. Names after the model's, figures made up."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

from callbox.core.measure import Measure, Statistic, Window
from callbox.core.text import Reason
from callbox.maturity.report.inputs import (
    Activity,
    BenchmarkRow,
    ConditionWords,
    PlannedAction,
    PracticeWords,
    ReportInput,
    Target,
    TrendPoint,
    Words,
)
from callbox.maturity.scoring.evidence import Attestation, Band, Exemption
from callbox.maturity.scoring.profile import AreaResult, ConditionResult, Outcome, PracticeResult, Profile

AS_OF = datetime(2026, 4, 3, 12, tzinfo=UTC)
WINDOW = Window.trailing(AS_OF)
LEVELS = ("None yet", "Inform", "Listen", "Engage", "Analyze", "Prevent")
AREAS = {
    "voice": ("Voice", "V", ("Purpose, goals, owner", "Account registry, security, continuity", "Steady presence",
              "Useful content mix", "Accessibility", "Language reach")),
    "trust": ("Trust", "T", ("Lawful, visible moderation", "Reply rate", "Time to first human reply", "Two-way share",
              "Trust measured properly", "Fair and dignified portrayal")),
    "collaboration": ("Collaboration", "C", ("Partner map", "Amplification", "Local access to officers",
                      "Trained authorised contributors", "Closing the loop", "Volunteers and mutual aid")),
    "intelligence": ("Intelligence", "I", ("Policy with seven elements and tiers", "Purpose-bound access",
                     "Retention and purge", "Tip handling", "Evaluation of information", "Sound, aggregate analysis")),
    "operations": ("Operations", "O", ("First official word", "Accuracy, rhythm, correction", "Freeze",
                   "Interoperable alerts and exercises", "Caller and victim updates",
                   "Demand-led staffing and deployment")),
}  # fmt: skip
GATES = {"V2", "V5", "T1", "T6", "I1", "I2", "I3", "O2", "O5"}
UNATTESTED = Reason("not_attested")
NO_REPLIES = Reason("no_replies_to_others")

WORDS = Words(
    levels=LEVELS,
    areas={area: name for area, (name, _, _) in AREAS.items()},
    practices={
        f"{letter}{n}": PracticeWords(name, f"What a mature agency does about {name.lower()}.")
        for _, letter, names in AREAS.values()
        for n, name in enumerate(names, 1)
    },
    conditions={
        f"{letter}{n}.{level}.asked": ConditionWords(
            f"{name} is done as level {level} asks", "expert", "Model, section 7"
        )
        for _, letter, names in AREAS.values()
        for n, name in enumerate(names, 1)
        for level in range(1, 6)
    },
    measures={
        "posts_per_week": "Posts a week on the main channel",
        "two_way_share": "Share of posts that answer somebody",
        "first_reply@24h": "Median time to the first human reply",
    },
)


def condition(practice: str, level: int, outcome: Outcome, reason: Reason | None = None) -> ConditionResult:
    measure = {"V3": "posts_per_week", "T4": "two_way_share", "T3": "first_reply@24h"}.get(practice)
    return ConditionResult(f"{practice}.{level}.asked", level, outcome, measure, 0.5 if measure else None, None, reason)


def practice(
    area: str, identifier: str, shown: int, at_most: int, *, gate: bool | None = None, declared: int | None = None
) -> PracticeResult:
    """A practice whose conditions agree with its two levels."""
    conditions = []
    for level in range(1, 6):
        if level <= shown:
            conditions.append(condition(identifier, level, Outcome.MET))
        elif level <= at_most:
            conditions.append(condition(identifier, level, Outcome.UNKNOWN, UNATTESTED))
        else:
            lacking = Reason("above_threshold", {"value": "2.1 a week", "threshold": "3 a week"})
            conditions.append(condition(identifier, level, Outcome.NOT_MET, lacking))
    is_gate = identifier in GATES if gate is None else gate
    return PracticeResult(identifier, area, is_gate, shown, at_most, tuple(conditions), declared)


def profile(*, shown: int | None = None, at_most: int | None = None, agency: str = "Riverton Police") -> Profile:
    """A mixed profile; or, with `shown` and `at_most`, one where every practice stands there."""
    practices = []
    for place, (area, (_, letter, names)) in enumerate(AREAS.items()):
        for n in range(1, len(names) + 1):
            low = (place * 3 + n * 2) % 4 if shown is None else shown
            high = min(5, low + (n + place) % 3) if at_most is None else at_most
            declared = low + 2 if shown is None and n == 3 else None
            practices.append(practice(area, f"{letter}{n}", low, max(low, high), declared=declared))
    areas = tuple(area_of(area, practices) for area in AREAS)
    return Profile(
        agency, AS_OF, "v1", Band.FROM_100, band_stated=True, areas=areas, practices=tuple(practices),
        measures=measures(), record={"files": ["posts.csv"], "rows": {"posts": 1204, "contacts": 0}, "rejects": 2},
    )  # fmt: skip


def area_of(area: str, practices: list[PracticeResult]) -> AreaResult:
    members = [p for p in practices if p.area == area]
    low, high = (
        sorted(level or 0 for level in levels)[1]
        for levels in zip(*((p.shown, p.at_most) for p in members), strict=True)
    )
    gates = [p for p in members if p.gate]
    low, high = min([low, *(p.shown or 0 for p in gates)]), min([high, *(p.at_most or 0 for p in gates)])
    return AreaResult(area, low, high, tuple(p.id for p in members if (p.shown or 0) <= low))


def measures() -> dict[str, Measure]:
    return {
        "posts_per_week": Measure(
            "posts_per_week", Statistic.CENSUS, WINDOW, "per week", ("posts",), n=27, value=2.1, bound=2.1
        ),
        "two_way_share": Measure(
            "two_way_share", Statistic.SAMPLE, WINDOW, "share", ("posts",), n=27, reason=NO_REPLIES
        ),
        "first_reply@24h": Measure(
            "first_reply", Statistic.TIME, WINDOW, "minutes", ("contacts",), n=41, value=95.0, bound=float("inf")
        ),
    }


def unknown() -> Profile:
    """Nothing shown, everything possible: a record without anything in it."""
    return profile(shown=0, at_most=5)


def without_intelligence() -> Profile:
    """Intelligence declared not practised; one practice of Trust exempt."""
    whole = profile()
    none = Reason("not_practised")
    exempt = Reason("exempt", {"until": "2026-12-31", "why": "outside audit under way"})
    practices = tuple(
        dataclasses.replace(
            p, shown=None, at_most=None, conditions=(), declared=None, reason=none if p.id != "T6" else exempt
        )
        if (p.area == "intelligence" and p.id != "I4") or p.id == "T6"
        else p
        for p in whole.practices
    )
    areas = tuple(AreaResult(a.id, None, None, (), (none,)) if a.id == "intelligence" else a for a in whole.areas)
    return dataclasses.replace(
        whole, practices=practices, areas=areas, remarks=(Reason("band_unknown"),), band_stated=False
    )


def full(kept: Profile | None = None) -> ReportInput:
    """A report with everything a report can hold."""
    kept = kept or profile()
    weeks = tuple((date(2025, 10, 6) + timedelta(weeks=n), (n * 7) % 12 if n != 11 else 0) for n in range(26))
    return ReportInput(
        profile=kept,
        words=WORDS,
        earlier=(
            TrendPoint(datetime(2025, 4, 1, tzinfo=UTC), "v0", tuple(AreaResult(a, 0, 2) for a in AREAS)),
            TrendPoint(datetime(2025, 10, 1, tzinfo=UTC), "v1", tuple(AreaResult(a, 1, 3) for a in AREAS)),
        ),
        targets=(Target("V3", 4, date(2026, 12, 31)), Target("T2", 3)),
        actions=(
            PlannedAction("V3", "Plan three posts a week", 3, 12.0, date(2026, 5, 1), date(2026, 7, 31), "Alice"),
            PlannedAction("T2", "Answer within a day", 2, 30.5, date(2026, 6, 1), date(2026, 9, 30), "Carol"),
        ),
        benchmark=(
            BenchmarkRow("Voice", 1, 1, 2, 3, 7, date(2026, 3, 1), "seven invented peers"),
            BenchmarkRow("Trust", None, 1, 2, 2, 7, date(2026, 3, 1), "seven invented peers"),
            BenchmarkRow("Posts a week", 2.1, 3.2, 9.8, 12.7, 40, date(2015, 6, 1), "published survey", "per week"),
        ),
        attestations=(
            Attestation("V1.1.asked", "Social media order 12", "Alice", date(2025, 5, 1), reviewer="Bob",
                        reviewed_on=date(2025, 5, 10), sha256="ab" * 32),
            Attestation("T1.1.asked", "Comment policy", "Carol", date(2025, 1, 1), date(2026, 2, 1), reviewer="Bob",
                        reviewed_on=date(2025, 1, 20), link="https://example.org/policy"),
        ),
        exemptions=(Exemption("T6", "outside audit under way", "Bob", date(2026, 12, 31), 1),),
        activity=Activity(
            weeks,
            tuple(tuple((day * hour) % 9 if 7 < hour < 22 else 0 for hour in range(24)) for day in range(7)),
            (datetime(2025, 12, 20, 9, tzinfo=UTC), datetime(2026, 1, 1, 21, tzinfo=UTC)),
            "Europe/Oslo",
        ),
    )  # fmt: skip


#: Strings that a careless report would run, break on, or print over its edge.
HOSTILE = (
    "#panic() $x$ *b* _i_ `r` <l> @ref \"q\" \\ // /* ] [ } {",
    "= Heading\n== Other",
    "=HYPERLINK(\"http://x\")",
    "</text><script>alert(1)</script>&amp;",
    "\x00\x01\x1b[31m\x7f\ud800\ufffe control",
    "שלום \u202eevil\u202c مرحبا بكم في الشرطة",
    "long" * 2500,
    "%s %(code)s %%",
    "日本語の警察 👮‍♀️🚓",
    "",
)  # fmt: skip


def hostile(text: str) -> ReportInput:
    """A full report in which every text that comes from people is `text`."""
    whole = full(profile(agency=text))
    return dataclasses.replace(
        whole,
        actions=tuple(dataclasses.replace(a, what=text, owner=text) for a in whole.actions),
        benchmark=tuple(dataclasses.replace(b, label=text, source=text) for b in whole.benchmark),
        attestations=tuple(
            dataclasses.replace(a, title=text, owner=text, reviewer=text, link=text) for a in whole.attestations
        ),
        exemptions=tuple(dataclasses.replace(e, why=text, approver=text) for e in whole.exemptions),
        profile=dataclasses.replace(whole.profile, record={text: text, "files": [{"name": text, text: [text, 1]}]}),
    )
