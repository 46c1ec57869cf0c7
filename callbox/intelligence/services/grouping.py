"""What watches matched becomes events: near-duplicates are folded, the rest is grouped, in the order it was kept, by one writer an agency.

The rows are the state: which sightings are grouped, and into what, is written in one transaction with its event in the trail. The
memory of the engine follows the rows, so a process that is killed anywhere leaves a sighting either grouped once or waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import AuditEvent
from callbox.governance.urgent import urgent_words
from callbox.intelligence.memory import SPAN, Memory, Place
from callbox.intelligence.models import Event, Sighting
from callbox.intelligence.naming import Names, names, places_in
from callbox.intelligence.services.families import root
from callbox.intelligence.services.figures import BY, refresh
from callbox.intelligence.services.titles import beginning
from callbox.people.models import Agency, Beat, Street

#: Sightings grouped in one transaction, so that no lock is held long.
BATCH: Final = 500
#: A memory is made anew once a day, so that it never grows past what the rows hold.
_FRESH: Final = timedelta(days=1)
#: Words in the title of an event that nobody has named.
TITLE_WORDS: Final = 5
#: Words kept of one event.
WORDS: Final = 20
#: Groups are compared with each other no more often than this.
_COMPARE: Final = timedelta(minutes=5)
_TICK: Final = timedelta(microseconds=1)


@dataclass
class _Kept:
    """A memory and how far it has followed the rows. last: the row it took in last, and when that was grouped."""

    made: datetime
    memory: Memory = field(default_factory=Memory)
    compared: datetime | None = None  # when its groups were last compared with each other
    last: tuple[int, datetime] | None = None


#: What this process remembers, by agency. Only speed depends on it.
_KEPT: Final[dict[int, _Kept]] = {}


def group_waiting(*, now: datetime | None = None) -> int:
    """Group what no event holds yet, of every agency; return how many sightings that were. Any number of workers may run it."""
    total = 0
    waiting = Sighting.objects.filter(grouped_at=None).order_by().values("agency").distinct()
    for agency in Agency.objects.filter(pk__in=waiting).order_by("pk"):
        while count := _batch(agency, now or timezone.now()):
            total += count
    return total


def forget() -> None:
    """Drop what this process remembers, as a restart would."""
    _KEPT.clear()


def _batch(agency: Agency, now: datetime) -> int:
    """Group one batch. The row of the agency lets one writer in; another worker leaves this agency to it."""
    # Reading days of rows takes seconds, so it comes before the transaction, in which only what was grouped since is read.
    kept = _followed(agency, _KEPT.pop(agency.pk, None), now)  # given back only when everything was written
    with transaction.atomic():
        locked = Agency.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=agency.pk)
        if not list(locked):
            _KEPT[agency.pk] = kept
            return 0
        kept = _followed(agency, kept, now)
        rows = _waiting(agency)
        if rows:
            kept.last = (rows[-1].pk, _write(agency, kept, rows, now))
    _KEPT[agency.pk] = kept
    return len(rows)


def _waiting(agency: Agency) -> list[Sighting]:
    """Return the next sightings in the order they were kept, locked in the order in which whoever keeps them locks them."""
    next_ones = list(Sighting.objects.of(agency).ungrouped().values_list("pk", flat=True)[:BATCH])
    rows = Sighting.objects.select_for_update().filter(pk__in=next_ones, grouped_at=None).order_by("key")
    return sorted(rows, key=lambda row: row.pk)


def _followed(agency: Agency, kept: _Kept | None, now: datetime) -> _Kept:
    """Return a memory that knows every sighting grouped so far: the one at hand, led on, or one made of the last days' rows."""
    grouped = Sighting.objects.of(agency).filter(grouped_at__isnull=False)
    if kept is None or now - kept.made > _FRESH or not _continues(grouped, kept):
        kept = _Kept(now)
        newest = grouped.aggregate(newest=Max("seen_at"))["newest"] or now
        rows = grouped.filter(seen_at__gt=newest - SPAN)
    else:
        rows = grouped.filter(grouped_at__gt=kept.last[1]) if kept.last else grouped
    for row in rows.order_by("grouped_at", "pk").only("text", "seen_at", "reasons", "grouped_at").iterator(2000):
        if row.text:
            kept.memory.recall(str(row.pk), row.text, row.seen_at, **_places(row))
        assert row.grouped_at is not None  # asked for  # noqa: S101
        kept.last = (row.pk, row.grouped_at)
    return kept


def _continues(grouped: Any, kept: _Kept) -> bool:
    """Whether the row the memory took in last is still that row: another database, or a restored one, begins anew."""
    return kept.last is None or bool(grouped.filter(pk=kept.last[0], grouped_at=kept.last[1]).exists())


def _places(row: Sighting) -> dict[str, str]:
    """Return where a sighting was put when it was grouped, whatever people did with it since; empty where it was folded."""
    placed: dict[str, str] = next((each for each in row.reasons if "cluster" in each), {})
    return {"group": placed.get("group", ""), "cluster": placed.get("cluster", "")}


def _write(agency: Agency, kept: _Kept, rows: list[Sighting], now: datetime) -> datetime:
    """Put a batch where it belongs; return when it was grouped."""
    last = Sighting.objects.of(agency).aggregate(last=Max("grouped_at"))["last"]
    at = now if last is None else max(now, last + _TICK)  # the order of grouping is the order of these moments
    batch = _Batch(agency, kept.memory, now=now)
    for row in rows:
        batch.take(row)
        row.grouped_at = at
    Sighting.objects.bulk_update(rows, ["duplicate_of", "event", "grouped_at", "reasons"], batch_size=100)
    batch.name_events()
    merged = _merge_alike(agency, kept, now)
    touched = {event.pk: event for event in map(root, [*batch.touched.values(), *merged])}
    for event in touched.values():
        refresh(event, now=now)
    data: dict[str, Value] = {"sightings": len(rows), "new": batch.began, "events": sorted(touched)}
    record(agency=agency, by=BY, action=Audited.EVENTS_GROUPED, target=f"agency:{agency.slug}", data=data)
    return at


def _merge_alike(agency: Agency, kept: _Kept, now: datetime) -> list[Event]:
    """Put events together whose groups grew alike, while nobody has looked at the younger; return those. A person takes them out again."""
    if kept.compared is not None and now - kept.compared < _COMPARE:
        return []
    kept.compared = now
    done = []
    for younger, older in kept.memory.merges():
        found = {row.cluster: row for row in Event.objects.of(agency).filter(cluster__in=(younger, older))}
        if len(found) == 2 and _may_merge(found[younger], into=root(found[older])):
            event, into = found[younger], root(found[older])
            move(event, "merged", merged_into=into, changed_at=now)
            record(agency=agency, by=BY, action=Audited.EVENT_MERGED, target=event.subject, data={"into": into.pk})
            done.append(event)
    return done


def _may_merge(event: Event, *, into: Event) -> bool:
    """Whether nobody has worked on an event, nor ever taken it out of another, and `into` is one that may grow."""
    if event.state != "new" or event.named or into.pk == event.pk or into.state not in ("new", "checking", "confirmed"):
        return False
    apart = AuditEvent.objects.filter(agency=event.agency, target=event.subject, action=Audited.EVENT_UNMERGED)
    return not event.assessments.exists() and not apart.exists()


class _Batch:
    """One batch under way: the events it touched, by cluster, and the sightings that later ones may repeat."""

    def __init__(self, agency: Agency, memory: Memory, *, now: datetime) -> None:
        self.agency, self.memory, self.now = agency, memory, now
        self.places = place_names(agency)
        self.events: dict[str, Event] = {}
        self.began: list[int] = []
        self.touched: dict[int, Event] = {}
        self._rows: dict[str, Sighting] = {}

    def take(self, row: Sighting) -> None:
        """Put one sighting where it belongs."""
        if not row.text:  # deleted upstream before anybody saw it: it counts, and belongs nowhere
            row.reasons = [{"code": "sighting_gone", "values": {}}]
            return
        self._rows[str(row.pk)] = row
        place = self.memory.place(str(row.pk), row.text, row.seen_at, repeats=self._repeats, takes=self._takes)
        if place.duplicate_of:
            first = self._rows[place.duplicate_of]  # `_repeats` has looked at it
            row.duplicate_of, row.event = first.duplicate_of or first, first.event
            row.reasons = [{"code": "sighting_repeats", "values": {}}]
        else:
            row.event = self._event(place, row)
            row.reasons = [_why(place, row)]
        if row.event is not None:
            self.touched[row.event.pk] = row.event
        row.reasons += self._found(row.text)

    def _found(self, text: str) -> list[dict[str, Any]]:
        found = {"event_urgent": urgent_words(text), "event_place": places_in(text, self.places)}
        return [{"code": code, "found": list(words)} for code, words in found.items() if words]

    def _row(self, key: str) -> Sighting | None:
        if key not in self._rows:
            row = (
                Sighting.objects.of(self.agency)
                .select_related("event__merged_into", "event__agency", "duplicate_of")
                .filter(pk=int(key))
                .first()
            )
            if row is None:
                return None
            self._rows[key] = row
        return self._rows[key]

    def _repeats(self, key: str) -> bool:
        row = self._row(key)
        return row is not None and row.event is not None and root(row.event).state != "closed"

    def _takes(self, cluster: str) -> bool:
        event = self._known(cluster)
        return event is not None and root(event).state != "closed"

    def _known(self, cluster: str) -> Event | None:
        if cluster not in self.events:
            event = (
                Event.objects.of(self.agency).select_related("agency", "merged_into").filter(cluster=cluster).first()
            )
            if event is None:
                return None
            self.events[cluster] = event
        return self.events[cluster]

    def _event(self, place: Place, row: Sighting) -> Event:
        known = self._known(place.cluster)
        if known is not None:
            known.words = joined(known.words, place.words)
            return known
        words = joined([], place.words)
        event = Event.objects.create(
            agency=self.agency,
            cluster=place.cluster,
            title=title_of(words) or beginning(row.text),
            words=words,
            first_at=row.at,
            last_at=row.at,
            seen_at=row.seen_at,
            changed_at=self.now,
        )
        self.began.append(event.pk)
        self.events[place.cluster] = event
        return event

    def name_events(self) -> None:
        """Write down the words of the events this batch touched; they are its title until a person names it."""
        for event in self.touched.values():
            Event.objects.filter(pk=event.pk).update(words=event.words)
            if event.words:
                Event.objects.filter(pk=event.pk, named=False).update(title=title_of(event.words))


def _why(place: Place, row: Sighting) -> dict[str, Any]:
    placed = {"group": place.group, "cluster": place.cluster}
    if place.cluster == str(row.pk):
        return {"code": "sighting_began", "values": {}, **placed}
    words = ", ".join(word for word, _weight in place.words[:TITLE_WORDS])
    return {"code": "sighting_joined", "values": {"words": words, "similarity": round(place.similarity, 3)}, **placed}


def joined(known: Sequence[Sequence[Any]], words: Sequence[tuple[str, float]]) -> list[list[Any]]:
    """Return the words that hold an event together, heaviest first: what each of its posts shared with it, summed up."""
    weights = {str(word): float(weight) for word, weight in known}
    for word, weight in words:
        weights[word] = weights.get(word, 0.0) + weight
    heaviest = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:WORDS]
    return [[word, round(weight, 3)] for word, weight in heaviest]


def title_of(words: Sequence[Sequence[Any]]) -> str:
    """Return the heaviest words as a title."""
    return ", ".join(str(word) for word, _weight in words[:TITLE_WORDS])[:200]


def place_names(agency: Agency) -> Names:
    """Return the names of the agency's beats and streets, as they are looked for in posts."""
    standing = Beat.objects.of(agency).standing()
    streets = Street.objects.filter(beat__in=standing).order_by().values_list("name", flat=True).distinct()
    return names([*streets, *standing.values_list("name", flat=True)])
