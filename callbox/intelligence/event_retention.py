"""How long posts that watches matched are kept, who asked to see an author, and events with what was found.

Words and authors go first: early where the event was refuted or closed, on the day of review where nobody said why they are still
needed. That a post was there, and which watch matched it, stays as long as its event, so that a watch can be judged by what it found.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.intelligence.models import Assessment, Event, Match, Reveal, Sighting
from callbox.intelligence.services import titles
from callbox.people.models import Agency

#: Events put into one another more often than this are looked at by hand.
_DEEP = 4


def _with_words(agency: Agency) -> Rows:
    return Sighting.objects.of(agency).exclude(text="", sealed="", pseudonym="")


def _settled(agency: Agency) -> Rows:
    """Return the posts of events that were refuted or closed, by themselves or with the one they were put into."""
    done, home = Q(), "event"
    for _level in range(_DEEP):
        done |= Q(**{f"{home}__state__in": ("refuted", "closed")})
        home += "__merged_into"
    rows: Rows = _with_words(agency).filter(done).annotate(started=F("event__changed_at"))
    return rows


def _unreviewed(agency: Agency) -> Rows:
    """Return all posts with their words; the clock of one runs out only once its day of review has come."""
    now = timezone.now()
    due = When(review_by__lte=now.date(), then=F("seen_at"))
    rows: Rows = _with_words(agency).annotate(started=Case(due, default=Value(now), output_field=DateTimeField()))
    return rows


def _sightings_held(subjects: Sequence[str]) -> Q:
    events = numbers(subjects, "event")
    return Q(pk__in=numbers(subjects, "sighting")) | Q(event__in=events) | Q(event__merged_into__in=events)


def _blank(rows: Rows) -> None:
    events = set(rows.order_by().values_list("event", flat=True).distinct()) - {None}
    rows.update(text="", sealed="", pseudonym="")
    titles.refreshed(events)


def _reveals(agency: Agency) -> Rows:
    over = Reveal.objects.filter(agency=agency, state__in=("refused", "lapsed"))
    return over.annotate(started=Coalesce("decided_at", "at"))


def _reveals_held(subjects: Sequence[str]) -> Q:
    posts, events = numbers(subjects, "sighting"), numbers(subjects, "event")
    return Q(pk__in=numbers(subjects, "reveal")) | Q(sighting__in=posts) | Q(sighting__event__in=events)


def _unjudged(agency: Agency) -> Rows:
    """Return the events that nobody ever looked at: without a finding, and not being checked."""
    alone = Event.objects.of(agency).filter(state="new", decided_at=None)
    return _without_reveals(alone.exclude(Exists(Assessment.objects.filter(event=OuterRef("pk")))))


def _events(agency: Agency) -> Rows:
    return _without_reveals(
        Event.objects.of(agency).exclude(state="checking").exclude(pk__in=_unjudged(agency).values("pk"))
    )


def _without_reveals(rows: Rows) -> Rows:
    asked = Reveal.objects.filter(sighting__event=OuterRef("pk"))
    newest = Case(When(last_at__gt=F("changed_at"), then=F("last_at")), default=F("changed_at"))
    found: Rows = rows.exclude(Exists(asked)).annotate(started=newest)
    return found


def _events_held(subjects: Sequence[str]) -> Q:
    posts = Sighting.objects.filter(pk__in=numbers(subjects, "sighting"), event__isnull=False)
    return Q(pk__in=numbers(subjects, "event")) | Q(pk__in=posts.values("event"))


def _remove(rows: Rows) -> None:
    """Delete events with their posts, findings and matches; a post elsewhere that repeats one of them stands by itself then."""
    gone = list(rows.values_list("pk", flat=True))
    posts = Sighting.objects.filter(event__in=gone)
    Sighting.objects.filter(duplicate_of__in=posts.values("pk")).exclude(event__in=gone).update(duplicate_of=None)
    Match.objects.filter(sighting__in=posts.values("pk")).delete()
    posts.update(duplicate_of=None)
    posts.delete()
    Assessment.objects.filter(event__in=gone).delete()
    Event.objects.filter(pk__in=gone).delete()


def _alone(agency: Agency) -> Rows:
    """Return the posts that are in no event: deleted by their authors before anybody saw them."""
    return Sighting.objects.of(agency).filter(event=None, grouped_at__isnull=False).annotate(started=F("seen_at"))


def _remove_alone(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Match.objects.filter(sighting__in=gone).delete()
    Sighting.objects.filter(pk__in=gone).delete()


_PARTS = frozenset({Sighting, Assessment})

SETTLED = Keeper("sightings-settled", _settled, _sightings_held, _blank)
SIGHTINGS = Keeper("sightings", _unreviewed, _sightings_held, _blank)
ALONE = Keeper("sightings-alone", _alone, _sightings_held, _remove_alone, frozenset({Match}))
REVEALS = Keeper("reveals", _reveals, _reveals_held, lambda rows: rows.delete())
UNJUDGED = Keeper("events-unjudged", _unjudged, _events_held, _remove, _PARTS)
EVENTS = Keeper("events", _events, _events_held, _remove, _PARTS)
