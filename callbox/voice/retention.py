"""How long messages are kept, those that went out and those that did not, and files nobody uses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from callbox.core.store import locate
from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.networks.deliveries.models import Delivery
from callbox.people.models import Agency
from callbox.voice.models import MediaFile, Message, Version


def _undelivered(agency: Agency, *states: str) -> Rows:
    """Return messages in these states whose deliveries are gone: those are kept by a class of their own, and go first."""
    subject = Concat(Value("message:"), Cast(OuterRef("pk"), CharField()))
    deliveries = Delivery.objects.of(agency).filter(subject=subject)
    messages = Message.objects.of(agency).filter(~Exists(deliveries), state__in=states)
    return messages.annotate(started=F("changed_at"))


def _held(subjects: Sequence[str]) -> Q:
    """A hold on a message covers its corrections, too."""
    held = numbers(subjects, "message")
    return Q(pk__in=held) | Q(corrects__in=held) | Q(campaign__in=numbers(subjects, "campaign"))


def _remove(rows: Rows) -> None:
    Version.objects.filter(message__in=rows.values("pk")).delete()
    rows.delete()


def _unused(agency: Agency) -> Rows:
    """Return files that no version, and nothing on its way, names by its digest."""
    files = MediaFile.objects.filter(agency=agency)
    versions = Version.objects.filter(message__agency=agency).annotate(words=Cast("content", TextField()))
    deliveries = Delivery.objects.of(agency).annotate(words=Cast("rendition", TextField()))
    for shown in (versions, deliveries):
        files = files.exclude(Exists(shown.filter(words__contains=OuterRef("sha256"))))
    return files.annotate(started=F("at"))


def _remove_files(rows: Rows) -> None:
    going = list(rows.values_list("pk", "place"))
    numbers_going = [pk for pk, _place in going]
    for _pk, place in going:  # two agencies may have the same picture in one place
        if not MediaFile.objects.filter(place=place).exclude(pk__in=numbers_going).exists():
            locate(Path(settings.MEDIA_ROOT), place).unlink(missing_ok=True)
    rows.delete()


PUBLISHED = Keeper(
    "published", lambda agency: _undelivered(agency, "out", "withdrawn"), _held, _remove, frozenset({Version})
)
DRAFTS = Keeper(
    "drafts", lambda agency: _undelivered(agency, "dropped", "expired"), _held, _remove, frozenset({Version})
)
MEDIA = Keeper("media", _unused, lambda subjects: Q(pk__in=numbers(subjects, "media")), _remove_files)
