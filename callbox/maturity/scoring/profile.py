"""The profile: what scoring returns, what reports draw, what the proof pack keeps. Pure values, JSON both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from callbox.core.measure import Measure
from callbox.core.text import Reason
from callbox.maturity.scoring.evidence import Band


class Outcome(StrEnum):
    """The four outcomes of a condition (model rule 4)."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition judged. `measure` names an entry of `Profile.measures`; `threshold` is after scaling by size band."""

    id: str
    level: int
    outcome: Outcome
    measure: str | None = None
    threshold: float | None = None
    attestation: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """One practice judged. `shown` and `at_most` are levels 0 to 5, both None when the practice does not apply.

    last_measured: of an exempt practice, the level its area never exceeds (model rule 9).
    """

    id: str
    area: str
    gate: bool
    shown: int | None
    at_most: int | None
    conditions: tuple[ConditionResult, ...] = ()
    declared: int | None = None
    reason: Reason | None = None
    last_measured: int | None = None


@dataclass(frozen=True, slots=True)
class AreaResult:
    """One area judged. `weakest` names the practices that hold `shown` where it is; `reasons` says what capped it."""

    id: str
    shown: int | None
    at_most: int | None
    weakest: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Where an agency stands: five ranges, never one mean.

    measures: by key as the catalogue names them (`longest_gap`, `first_reply@24h`).  record: what was read (rows, files, rejects),
    plain JSON values.  remarks: what the reader must know about the whole (size band assumed, ...).
    """

    agency: str
    as_of: datetime
    model: str
    band: Band
    band_stated: bool
    areas: tuple[AreaResult, ...]
    practices: tuple[PracticeResult, ...]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    remarks: tuple[Reason, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)

    def practice(self, identifier: str) -> PracticeResult:
        """Return one practice.

        Raises:
            KeyError: the model has no such practice.
        """
        for practice in self.practices:
            if practice.id == identifier:
                return practice
        raise KeyError(identifier)
