"""What a profile rests on beside the ledger: attestations, exemptions and the agency's own statements. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Band(StrEnum):
    """Size of the agency by sworn officers (model rule 8)."""

    UNDER_25 = "under-25"
    FROM_25 = "25-99"
    FROM_100 = "100-499"
    FROM_500 = "500-plus"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A document or link that supports one condition for a stated period.

    condition: id of the attested condition (`V1.2.answers`).  begins, ends: the period the evidence speaks of, both included; it
    counts until the earlier of `ends` and 12 months after `begins` of its review.  sha256: of the file, or None for a link.
    reviewer: someone other than the owner, or None while nobody has reviewed it.  value: for attested numbers, the number.
    """

    condition: str
    title: str
    owner: str
    begins: date
    ends: date | None = None
    link: str | None = None
    sha256: str | None = None
    reviewer: str | None = None
    reviewed_on: date | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A practice left out of its area, with reason, approver and end (model rule 9). `last_measured` is the level it never exceeds."""

    practice: str
    why: str
    approver: str
    ends: date
    last_measured: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything an agency states about itself.

    band: None when unknown (100 to 499 is assumed and said).  practises_intelligence: False declares the area not practised; refused
    by the scoring while a watch or search lies in the window.  declared: self-declared level by practice id, shown beside, never scored.
    languages: those adopted for urgent messages (BCP 47); they become the ledger's table of languages.
    """

    band: Band | None = None
    practises_intelligence: bool = True
    attestations: tuple[Attestation, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    declared: dict[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
