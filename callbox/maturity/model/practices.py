"""The maturity model as values: areas, levels, practices and their conditions. `callbox.maturity.model.loader` makes them from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callbox.maturity.scoring.evidence import Band


class Kind(StrEnum):
    """What a condition is judged on (model rule 1)."""

    ATTESTED = "attested"
    CENSUS = "census"
    SAMPLE = "sample"
    TIME = "time"
    ZERO = "zero"


class Comparison(StrEnum):
    """How a figure is held against the threshold."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"


class Scale(StrEnum):
    """Whether a threshold follows the size of the agency (model rule 8)."""

    VOLUME = "volume"
    GAP = "gap"
    NONE = "none"


class Basis(StrEnum):
    """Where a threshold comes from (model rule 12)."""

    LAW = "law"
    PUBLISHED = "published"
    BORROWED = "borrowed"
    EXPERT = "expert"


class Evidence(StrEnum):
    """What a practice as a whole rests on."""

    MEASURED = "measured"
    MIXED = "mixed"
    ATTESTED = "attested"


@dataclass(frozen=True, slots=True)
class Level:
    """One of the five levels. number: 1 to 5.  test: the level in one line."""

    number: int
    id: str
    name: str
    test: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or threshold was found. seen: False for general knowledge that must be checked before it is quoted."""

    id: str
    title: str
    where: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of one level of a practice.

    key: of the figure it reads (`first_reply@24h`), None when it is attested.  known: met as soon as the figure is known.
    threshold: before scaling, in `unit`.  document: id of the condition whose attestation supports this one (its own by default).
    unless: a statement that, attested, makes the condition not applicable; a statement about the law (`unless_law`) stands whatever
    the record shows, a statement that something does not exist falls when the record shows it.
    """

    id: str
    level: int
    says: str
    kind: Kind
    measure: str | None = None
    key: str | None = None
    known: bool = False
    comparison: Comparison | None = None
    threshold: float | None = None
    unit: str | None = None
    scale: Scale = Scale.NONE
    basis: Basis | None = None
    sources: tuple[str, ...] = ()
    document: str = ""
    unless: str | None = None
    unless_law: bool = False

    @property
    def unless_id(self) -> str:
        """The id under which the statement of `unless` is attested."""
        return f"{self.id}.unless"


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice. switch: what its gate switches off below the gate's level, None when it is no gate."""

    id: str
    area: str
    name: str
    question: str
    why: str
    good: str
    evidence: Evidence
    basis: tuple[Basis, ...]
    sources: tuple[str, ...]
    switch: str | None
    conditions: tuple[Condition, ...]

    @property
    def gate(self) -> bool:
        """Whether the practice caps its area."""
        return self.switch is not None

    def at(self, level: int) -> tuple[Condition, ...]:
        """Return the conditions of one level."""
        return tuple(condition for condition in self.conditions if condition.level == level)


@dataclass(frozen=True, slots=True)
class Area:
    """One area. asks: the area in one question."""

    id: str
    name: str
    asks: str
    practices: tuple[Practice, ...]


@dataclass(frozen=True, slots=True)
class Dependency:
    """`area` may lead the lowest of `on` by `lead` levels at most (model rule 5)."""

    area: str
    on: tuple[str, ...]
    lead: int


@dataclass(frozen=True, slots=True)
class NotPractised:
    """`area` may be declared not practised, except while the figure `refused_by` is above zero; `stays_rated` practices (rule 7)."""

    area: str
    stays_rated: tuple[str, ...]
    refused_by: str


@dataclass(frozen=True, slots=True)
class Model:
    """One version of the maturity model.

    weakest_share: the share whose rank decides an area (rule 4).  gate_level: below it a gate switches its feature off (rule 6).
    volume, gap: factors by size band (rule 8).  assumed_band: used when none is stated.  attested_months: life of an attestation.
    """

    version: str
    name: str
    dated: date
    language: str
    levels: tuple[Level, ...]
    areas: tuple[Area, ...]
    sources: Mapping[str, Source]
    weakest_share: float
    gate_level: int
    attested_months: int
    volume: Mapping[Band, float]
    gap: Mapping[Band, float]
    assumed_band: Band
    dependency: Dependency
    not_practised: NotPractised

    @property
    def practices(self) -> tuple[Practice, ...]:
        """Every practice, in order."""
        return tuple(practice for area in self.areas for practice in area.practices)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition, in order."""
        return tuple(condition for practice in self.practices for condition in practice.conditions)

    def practice(self, identifier: str) -> Practice:
        """Return one practice.

        Raises:
            KeyError: the model has no such practice.
        """
        for practice in self.practices:
            if practice.id == identifier:
                return practice
        raise KeyError(identifier)

    def threshold(self, condition: Condition, band: Band) -> float | None:
        """Return the threshold of a condition for an agency of this size (model rule 8)."""
        if condition.threshold is None:
            return None
        factors = {Scale.VOLUME: self.volume, Scale.GAP: self.gap}.get(condition.scale, {})
        return round(condition.threshold * factors.get(band, 1.0), 9)
