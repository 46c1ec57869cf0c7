"""Trying words against what was kept in the last days, before anybody is asked to allow them.

It has a purpose, its event is written before anything is shown, and it obeys the limits of a watch: no person, nothing protected without a
signature. It reaches no source, keeps nothing, and looks only at posts that those who may try may read on the board as well; practice I2
therefore does not count it among the searches, which need an approver (docs/watches.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from callbox.governance import audit
from callbox.governance.actions import Audited
from callbox.intelligence.engine.matching import Matcher
from callbox.intelligence.engine.query import Query, parse
from callbox.intelligence.models import Sighting
from callbox.intelligence.pseudonyms import nameless
from callbox.intelligence.safeguards import Finding
from callbox.intelligence.services.drafting import Said, checked, may
from callbox.people.models import Agency, User
from callbox.people.roles import Action

#: How far back is looked, how many posts at most, and how many are shown.
DAYS, MOST, SHOWN = 7, 20_000, 10
_SPAN: Final = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Seen:
    """One kept post that the words would have found. words: those that decided."""

    sighting: Sighting
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. read: the query as understood.  asked: whether kept posts were looked at.  looked_at, found: how many posts."""

    read: Query
    findings: tuple[Finding, ...]
    asked: bool
    looked_at: int = 0
    found: int = 0
    samples: tuple[Seen, ...] = ()


def try_words(*, agency: Agency, said: Said, by: User) -> Tried:
    """Return what the words touch and which of the agency's own kept posts of the last seven days they would have found.

    Raises:
        RefusedError: `by` may not, or something every watch must say is missing.
    """
    may(by, Action.WRITE_WATCH, agency)
    findings, read = checked(agency, said), parse(said.query)
    if findings:
        return Tried(read, findings, asked=False)
    since = timezone.now() - _SPAN
    kept = Sighting.objects.of(agency).filter(seen_at__gte=since, gone_at=None).exclude(text="").order_by("-seen_at")
    data: dict[str, audit.Value] = {
        "query": str(read)[:500],
        "purpose": said.purpose[:200],
        "basis": said.basis,
        "days": DAYS,
    }
    audit.read(agency=agency, by=by, target="sightings", action=Audited.WATCH_TRIED, data=data)
    matcher = Matcher()
    matcher.add(1, read, said.languages)
    looked_at, found = 0, 0
    samples: list[Seen] = []
    for sighting in kept[:MOST].iterator(chunk_size=2000):
        looked_at += 1
        hits = matcher.match(nameless(sighting.text), sighting.language)
        if hits:
            found += 1
            if len(samples) < SHOWN:
                samples.append(Seen(sighting, hits[0].words))
    return Tried(read, findings, asked=True, looked_at=looked_at, found=found, samples=tuple(samples))
