"""What became of the events each watch found, for its page, for the board and for the quarter."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from callbox.intelligence.hit_rate import HitRate, outcome, tally
from callbox.intelligence.models import Assessment, Event, Match
from callbox.people.models import Agency


def rates(agency: Agency, *, begins: datetime | None = None, ends: datetime | None = None) -> dict[int, HitRate]:
    """Return by number of a watch what became of the events it found; those whose first post reached us in the span, where given.

    An event counts once for every watch that matched one of its posts, posts of events that were put into it included.
    """
    outcomes = _outcomes(agency, begins=begins, ends=ends)
    roots = _roots(agency)
    found: dict[int, set[int]] = defaultdict(set)
    pairs = Match.objects.filter(watch__agency=agency, sighting__event__isnull=False)
    for watch, event in pairs.values_list("watch", "sighting__event").distinct().order_by():
        if event is not None and (top := roots[event]) in outcomes:
            found[watch].add(top)
    return {watch: tally(outcomes[event] for event in events) for watch, events in found.items()}


def _outcomes(agency: Agency, *, begins: datetime | None, ends: datetime | None) -> dict[int, str]:
    events = Event.objects.of(agency).exclude(state="merged")
    if begins is not None:
        events = events.filter(seen_at__gte=begins)
    if ends is not None:
        events = events.filter(seen_at__lt=ends)
    said: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Assessment.objects.filter(event__in=events).order_by("at", "pk").values_list("event", "verdict", "useful")
    for event, verdict, useful in rows:
        said[event].append((verdict, useful))
    return {pk: outcome(state=state, verdicts=said[pk]) for pk, state in events.values_list("pk", "state")}


def _roots(agency: Agency) -> dict[int, int]:
    above = dict(Event.objects.of(agency).values_list("pk", "merged_into"))

    def top(event: int) -> int:
        while (next_one := above[event]) is not None:
            event = next_one
        return event

    return {event: top(event) for event in above}
