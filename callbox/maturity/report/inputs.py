"""What a report is made from, beside the profile itself. Pure values; whoever holds the rows fills them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from callbox.maturity.scoring.evidence import Attestation, Exemption
from callbox.maturity.scoring.profile import AreaResult, Profile


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """One condition in plain words. basis: why the threshold is what it is; source: where that is written."""

    sentence: str
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PracticeWords:
    """One practice in plain words. detail: what it is about, in a sentence or two.

    switch: what the model asks to do without below its gate.
    """

    name: str
    detail: str = ""
    switch: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The names and sentences of one version of the model, and of the measures it reads, by their ids.

    levels: names of levels 0 to 5, in order.  measures: what each measure counts, by the key it has in `Profile.measures`.
    weakest_share: the share of its weakest practices that decides an area (model rule 4).
    """

    levels: tuple[str, ...]
    areas: Mapping[str, str]
    practices: Mapping[str, PracticeWords]
    conditions: Mapping[str, ConditionWords]
    measures: Mapping[str, str] = field(default_factory=dict)
    weakest_share: float = 0.3

    def area(self, identifier: str) -> str:
        """Return the name of an area; an area of another version of the model keeps its id."""
        return self.areas.get(identifier, identifier)

    def practice(self, identifier: str) -> str:
        """Return the name of a practice, or its id when this version of the model has none for it."""
        words = self.practices.get(identifier)
        return words.name if words else identifier

    def condition(self, identifier: str) -> str:
        """Return the sentence of a condition, or its id when this version of the model has none for it."""
        words = self.conditions.get(identifier)
        return words.sentence if words else identifier

    def measure(self, key: str) -> str:
        """Return what a measure counts, or its key in plain letters; a limit in the key is said."""
        limit = key.partition("@")[2]
        return f"{self.counted(key)} (items older than {limit})" if limit else self.counted(key)

    def counted(self, key: str) -> str:
        """Return what a measure counts without its limit."""
        return self.measures.get(key) or key.partition("@")[0].replace("_", " ").capitalize()

    def level(self, level: int | None) -> str:
        """Return "3 Engage", or "does not apply"."""
        return "does not apply" if level is None else f"{level} {self.levels[level]}"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One assessment in the trend."""

    as_of: datetime
    model: str
    areas: tuple[AreaResult, ...]

    @classmethod
    def of(cls, profile: Profile) -> TrendPoint:
        """Return the point that `profile` adds to the trend."""
        return cls(profile.as_of, profile.model, profile.areas)


@dataclass(frozen=True, slots=True)
class Target:
    """The level the agency wants a practice to reach, and by when."""

    practice: str
    level: int
    by: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One step of the roadmap. hours: effort; begins, ends: its dates."""

    practice: str
    what: str
    level: int
    hours: float | None = None
    begins: date | None = None
    ends: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One comparison. own: the agency's figure; quartiles and median of `n` agencies at `as_of`; values are levels, or of `unit`.

    source: where the figures of the others come from; what is not measured by Callbox (a published survey) says so there.
    """

    label: str
    own: float | None
    lower: float
    median: float
    upper: float
    n: int
    as_of: date
    source: str
    unit: str = "level"


@dataclass(frozen=True, slots=True)
class Activity:
    """How the agency posted. weeks: first day and posts of each week, in order, weeks without a post included.

    hours: posts by weekday (Monday first) and hour (local time of the agency), 7 rows of 24.  gap: the longest time without a post.
    """

    weeks: tuple[tuple[date, int], ...] = ()
    hours: tuple[tuple[int, ...], ...] = ()
    gap: tuple[datetime, datetime] | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class ReportInput:
    """Everything a report shows. Only the profile and the words of its model are needed; what is absent is left out or said."""

    profile: Profile
    words: Words
    earlier: tuple[TrendPoint, ...] = ()
    targets: tuple[Target, ...] = ()
    actions: tuple[PlannedAction, ...] = ()
    benchmark: tuple[BenchmarkRow, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    activity: Activity | None = None
    language: str = "en"
