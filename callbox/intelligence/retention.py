"""How long watches, sources and silences are kept. What listens, waits or is still referred to is never purged."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.intelligence.models import Listening, SignOff, Silence, Source, Watch, WatchVersion
from callbox.people.models import Agency


def _ended(agency: Agency) -> Rows:
    return Watch.objects.of(agency).filter(state="ended").annotate(started=F("changed_at"))


def _unallowed(agency: Agency) -> Rows:
    """Return what was never allowed and nobody touched since."""
    return Watch.objects.of(agency).exclude(state__in=("allowed", "ended")).annotate(started=F("changed_at"))


def _watches_held(subjects: Sequence[str]) -> Q:
    sightings, events = numbers(subjects, "sighting"), numbers(subjects, "event")
    return (
        Q(pk__in=numbers(subjects, "watch"))
        | Q(matches__sighting__in=sightings)
        | Q(matches__sighting__event__in=events)
    )


def _remove_watches(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    SignOff.objects.filter(watch__in=gone).delete()
    WatchVersion.objects.filter(watch__in=gone).delete()
    Watch.objects.filter(pk__in=gone).delete()


def _closed(agency: Agency) -> Rows:
    return Source.objects.of(agency).filter(state="closed").annotate(started=Coalesce("heard_at", "at"))


def _sources_held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "source")) | Q(watches__in=numbers(subjects, "watch"))


def _remove_sources(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Silence.objects.filter(source__in=gone).delete()
    Listening.objects.filter(source__in=gone).delete()
    Source.objects.filter(pk__in=gone).delete()


def _silences(agency: Agency) -> Rows:
    return Silence.objects.filter(source__agency=agency, ended_at__isnull=False).annotate(started=F("ended_at"))


def _silences_held(subjects: Sequence[str]) -> Q:
    return Q(source__in=numbers(subjects, "source")) | Q(source__watches__in=numbers(subjects, "watch"))


_PARTS = frozenset({SignOff, WatchVersion})
WATCHES = Keeper("watches", _ended, _watches_held, _remove_watches, _PARTS)
UNALLOWED = Keeper("watches-unallowed", _unallowed, _watches_held, _remove_watches, _PARTS)
SILENCES = Keeper("silences", _silences, _silences_held, lambda rows: rows.delete())
SOURCES = Keeper("sources", _closed, _sources_held, _remove_sources, frozenset({Silence, Listening}))
