"""What may be shared with whom, decided from values alone: labels, agreements, and audiences that are unusual."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

#: TLP 2.0 of FIRST, from what anybody may read to what only the named may.
LABELS: Final = ("clear", "green", "amber", "amber+strict", "red")
#: The only label under which something may be published (TLP 2.0: clear "may be shared without restriction", green not in public).
PUBLIC: Final = "clear"
#: What an agreement can cover.
KINDS: Final = ("message", "alert", "event")


def within(label: str, most: str) -> bool:
    """Whether `label` is no stricter than `most`; an unknown word never is."""
    return label in LABELS and most in LABELS and LABELS.index(label) <= LABELS.index(most)


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement as far as a decision needs it. scope: kinds.  label: the strictest it covers.  starts, ends: both days included."""

    state: str
    scope: tuple[str, ...]
    label: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Receiver:
    """A partner as far as a decision needs it. keyed: its public key was compared by a person, or it lives in this installation."""

    state: str
    clearance: str
    keyed: bool


def obstacle(
    *, kind: str, label: str, expires: datetime | None, terms: Terms, partner: Receiver, now: datetime, today: date
) -> str | None:
    """Return the code of what forbids sharing this under these terms at this moment, None when nothing does.

    today: the day on the agency's clocks.  A recall is never asked about: taking back is owed whatever ended.
    """
    questions = (
        ("share_partner_ended", partner.state != "standing"),
        ("share_key", not partner.keyed),
        (_of_terms(terms, today), _of_terms(terms, today) is not None),
        ("share_scope", kind not in terms.scope),
        ("share_label", not within(label, terms.label)),
        ("share_clearance", not within(label, partner.clearance)),
        ("share_past", expires is not None and expires <= now),
    )
    return next((code for code, forbidden in questions if forbidden), None)


def _of_terms(terms: Terms, today: date) -> str | None:
    if terms.state != "signed":
        return "share_unsigned" if terms.state == "draft" else "share_ended"
    if today < terms.starts:
        return "share_not_begun"
    return "share_expired" if today > terms.ends else None


@dataclass(frozen=True, slots=True)
class Audience:
    """What of a chosen group is out of the ordinary. first: partners that never had anything of ours.  larger: than any group before."""

    first: tuple[str, ...]
    larger: bool
    apart: bool

    @property
    def unusual(self) -> bool:
        """Whether a person should look twice."""
        return bool(self.first) or self.larger or self.apart


def audience(chosen: Collection[str], before: Collection[frozenset[str]]) -> Audience:
    """Compare a group with the groups something was offered to before (features: D6).

    apart: of those that had something before, no group ever held all of these together.
    """
    known = {name for group in before for name in group}
    first = tuple(sorted(set(chosen) - known))
    familiar = set(chosen) & known
    return Audience(
        first=first,
        larger=len(set(chosen)) > max((len(group) for group in before), default=0) > 0,
        apart=len(familiar) > 1 and not any(familiar <= group for group in before),
    )
