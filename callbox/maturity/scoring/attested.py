"""Whether a document or link supports a condition on a given day (model rule 1). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from callbox.core.text import Reason
from callbox.maturity.scoring.evidence import Attestation

#: Life of an attestation where its own period is longer: the yearly re-evaluation of the IACP model policy of 2010.
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Support:
    """What supports a condition: an attestation that counts, or the reason why none does."""

    attestation: Attestation | None
    reason: Reason | None = None


def last_day(attestation: Attestation, *, months: int = MONTHS) -> date:
    """Return the last day on which an attestation counts: the end of its own period or `months` after its review, whichever is first."""
    year, month = divmod((attestation.reviewed_on or attestation.begins).month - 1 + months, 12)
    reviewed = attestation.reviewed_on or attestation.begins
    anniversary = _day(reviewed.year + year, month + 1, reviewed.day)
    return anniversary if attestation.ends is None else min(attestation.ends, anniversary)


def support(attestations: Iterable[Attestation], day: date, *, months: int = MONTHS) -> Support:
    """Return the attestation that supports a condition on `day`; among several that count, the one of the newest period.

    The order of `attestations` does not matter. Where none counts, the reason is that of the one that comes nearest to counting.
    """
    judged = [(_weakness(attestation, day, months), attestation) for attestation in attestations]
    counting = [attestation for weakness, attestation in judged if weakness is None]
    if counting:
        return Support(max(counting, key=_newest))
    weaknesses = [weakness for weakness, _ in judged if weakness is not None]
    if not weaknesses:
        return Support(None, Reason("not_attested"))
    return Support(None, max(weaknesses, key=lambda reason: (_NEARNESS.index(reason.code), reason.sentence)))


#: How near an attestation comes to counting, by the reason why it does not.
_NEARNESS: Final = (
    "attestation_empty",
    "attestation_own_review",
    "attestation_expired",
    "attestation_ahead",
    "attestation_unreviewed",
)


def _weakness(attestation: Attestation, day: date, months: int) -> Reason | None:
    """Return why an attestation does not count on `day`, None when it does."""
    if not (attestation.link or attestation.sha256):
        return Reason("attestation_empty")
    if attestation.reviewer is not None and _same(attestation.reviewer, attestation.owner):
        return Reason("attestation_own_review")
    if attestation.ends is not None and attestation.ends < day:
        return Reason("attestation_expired", {"date": str(attestation.ends)})
    # A record always speaks of a moment before it is looked at, so the review may come after `day`: the evidence's own period decides.
    if not attestation.reviewer:
        return Reason("attestation_unreviewed")
    if attestation.begins > day:
        return Reason("attestation_ahead", {"date": str(attestation.begins)})
    end = last_day(attestation, months=months)
    return None if day <= end else Reason("attestation_expired", {"date": str(end)})


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _newest(attestation: Attestation) -> tuple[date, date, date, str, float]:
    return (
        attestation.begins,
        attestation.reviewed_on or attestation.begins,
        attestation.ends or date.max,
        attestation.title,
        attestation.value or 0.0,
    )


def _day(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:  # 29 February, or the 31st of a short month
            day -= 1
