"""The shape of the model's YAML files, word by word. Unknown words are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from callbox.maturity.model.practices import Basis, Evidence, Kind, Scale
from callbox.maturity.scoring.evidence import Band

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: A threshold as written: a number or a figure with its unit.
Figure = Annotated[str | float, Field(union_mode="left_to_right")]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class WrittenCondition(_Written):
    """One condition; see `callbox.maturity.model.practices.Condition`."""

    id: Sentence
    says: Sentence
    kind: Kind
    measure: Sentence | None = None
    known: bool = False
    at_least: Figure | None = None
    at_most: Figure | None = None
    more_than: Figure | None = None
    unit: Sentence | None = None
    scale: Scale = Scale.NONE
    basis: Basis | None = None
    sources: tuple[Sentence, ...] = ()
    document: Sentence | None = None
    unless_none: Sentence | None = None
    unless_no_law: Sentence | None = None


class WrittenPractice(_Written):
    """One practice with its levels by name."""

    id: Sentence
    name: Sentence
    question: Sentence
    why: Sentence
    good: Sentence
    gate: bool
    switches_off: Sentence | None = None
    evidence: Evidence
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]
    sources: tuple[Sentence, ...]
    levels: dict[str, Annotated[tuple[WrittenCondition, ...], Field(min_length=1)]]


class WrittenArea(_Written):
    """One area file."""

    area: Sentence
    name: Sentence
    asks: Sentence
    practices: Annotated[tuple[WrittenPractice, ...], Field(min_length=1)]


class WrittenLevel(_Written):
    """One level."""

    id: Sentence
    name: Sentence
    test: Sentence


class WrittenSource(_Written):
    """One source."""

    title: Sentence
    where: Sentence
    seen: bool = True


class WrittenDependency(_Written):
    """Which area may lead which others, and by how much."""

    area: Sentence
    on: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    lead: Annotated[int, Field(ge=0)]


class WrittenNotPractised(_Written):
    """Which area may be declared not practised."""

    area: Sentence
    stays_rated: tuple[Sentence, ...]
    refused_by: Sentence


class WrittenBands(_Written):
    """Factors by size band."""

    volume: dict[Band, Annotated[float, Field(gt=0)]]
    gap: dict[Band, Annotated[float, Field(gt=0)]]
    assumed: Band


class WrittenCounts(_Written):
    """How many practices of each sort the model says it has."""

    practices: int
    gates: int
    measured: int
    mixed: int
    attested: int


class WrittenModel(_Written):
    """The file `model.yaml`."""

    version: Sentence
    name: Sentence
    dated: date
    language: Sentence
    levels: Annotated[tuple[WrittenLevel, ...], Field(min_length=5, max_length=5)]
    areas: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    weakest_share: Annotated[float, Field(gt=0, le=1)]
    gate_level: Annotated[int, Field(ge=1, le=5)]
    attested_months: Annotated[int, Field(ge=1)]
    bands: WrittenBands
    dependency: WrittenDependency
    not_practised: WrittenNotPractised
    counts: WrittenCounts
    sources: dict[str, WrittenSource]
