"""What the board shows of an event, counted from its posts: how many, since when, by how many, how fast, and the score with its reasons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.intelligence.board import Facts, raised, rate
from callbox.intelligence.hit_rate import HitRate, tally
from callbox.intelligence.models import Event, Match
from callbox.intelligence.services.families import members, sightings
from callbox.intelligence.services.hits import rates
from callbox.people.models import Agency

#: So many of the newest posts are asked which words of danger and places they name.
READ: Final = 200
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: Events that had no post for so long keep the place they have.
STILL: Final = timedelta(days=2)
BY: Final = "system: grouping"


def refresh(event: Event, *, now: datetime, hits: dict[int, HitRate] | None = None) -> bool:
    """Count an event anew and write what changed; return whether something did. Inside the caller's transaction.

    That it rises is written with it, and `rising` tells of it.
    hits: of the agency's watches; left out, what was known of them stays.
    """
    facts, seen = _facts(event, now=now, hits=hits)
    rating = rate(facts)
    before = risen_at(event)
    risen = raised(facts, before=before, now=now)
    reasons = [each.plain() for each in rating.because]
    if risen is not None:
        reasons.append({"code": "event_risen", "points": 0.0, "values": {"at": risen.isoformat()}})
    new: dict[str, Any] = {
        **seen,
        "size": facts.size,
        "authors": facts.authors,
        "score": rating.score,
        "reasons": reasons,
    }
    changed = {name: value for name, value in new.items() if getattr(event, name) != value}
    if risen is not None and risen != before:
        changed["tell_at"] = now
        record(agency=event.agency, by=BY, action=Audited.EVENT_RISEN, target=event.subject, data={"posts": facts.size})
    if changed:
        Event.objects.filter(pk=event.pk).update(**changed)
        for name, value in changed.items():
            setattr(event, name, value)
    return bool(changed)


def rescore(*, now: datetime | None = None) -> int:
    """Bring the board up to date where time alone changed it: growth fades, watches were right or wrong. Return how many changed.

    One that goes on rising after its quiet hour is told of again, whoever counts it first.
    """
    now, count = now or timezone.now(), 0
    for agency in Agency.objects.filter(pk__in=_moving(now).values("agency")):
        hits = rates(agency)
        for event in _moving(now).filter(agency=agency).select_related("agency"):
            with transaction.atomic():
                count += refresh(event, now=now, hits=hits)
    return count


def risen_at(event: Event) -> datetime | None:
    """Return when an event was last said to rise."""
    at = next((each["values"]["at"] for each in event.reasons if each["code"] == "event_risen"), None)
    return parse_datetime(at) if at else None


def _moving(now: datetime) -> Any:
    return Event.objects.exclude(state__in=("closed", "merged")).filter(last_at__gt=now - STILL)


def _facts(event: Event, *, now: datetime, hits: dict[int, HitRate] | None) -> tuple[Facts, dict[str, datetime]]:
    rows = sightings(event)
    counted = rows.aggregate(
        size=Count("pk"),
        authors=Count("pseudonym", distinct=True, filter=~Q(pseudonym="")),
        sources=Count("source", distinct=True),
        first_at=Min("at"),
        last_at=Max("at"),
        seen_at=Min("seen_at"),
        half_hour=Count("pk", filter=Q(at__gt=now - _HOUR / 2)),
        last_hour=Count("pk", filter=Q(at__gt=now - _HOUR)),
        day=Count("pk", filter=Q(at__gt=now - _DAY)),
    )
    if not counted["size"]:  # all of them were split off
        return Facts(0, 0, 0), {}
    hours = min(max((now - counted["first_at"]) / _HOUR - 1, 1.0), 23.0)
    urgent, places = _found(rows)
    right, judged = _hits(event, hits)
    facts = Facts(
        size=counted["size"],
        authors=counted["authors"],
        sources=counted["sources"],
        half_hour=counted["half_hour"],
        last_hour=counted["last_hour"],
        before=(counted["day"] - counted["last_hour"]) / hours,
        urgent=urgent,
        places=places,
        right=right,
        judged=judged,
    )
    return facts, {name: counted[name] for name in ("first_at", "last_at", "seen_at")}


def _found(rows: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of danger and the places that grouping found in the newest posts, the most frequent first."""
    counts: dict[str, dict[str, int]] = {"event_urgent": {}, "event_place": {}}
    for reasons in rows.order_by("-at", "-pk").values_list("reasons", flat=True)[:READ]:
        for each in reasons:
            for word in each.get("found", ()):
                count = counts[each["code"]]
                count[word] = count.get(word, 0) + 1
    urgent, places = (sorted(each, key=lambda word: (-each[word], word)) for each in counts.values())
    return tuple(urgent), tuple(places)


def _hits(event: Event, hits: dict[int, HitRate] | None) -> tuple[int, int]:
    if hits is None:
        known = next((each["values"] for each in event.reasons if each["code"] == "event_hit_rate"), None)
        return (known["right"], known["judged"]) if known else (0, 0)
    watches = Match.objects.filter(sighting__event__in=members(event)).values_list("watch", flat=True).distinct()
    found = [hits[watch] for watch in watches if watch in hits] or [tally(())]
    return sum(each.right for each in found), sum(each.judged for each in found)
