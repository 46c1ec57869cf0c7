"""Pictures and videos of published entries, by the digest of their bytes, whole or in parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpResponseBase

from callbox.core.serving import file_answer
from callbox.core.store import locate
from callbox.networks.media import place_of
from callbox.networks.newsroom.models import Entry, EntryQuerySet
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page

#: What is served, and as what; anything else does not leave.
TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm", "text/vtt"})
#: The bytes of a digest never change; but a picture can be taken back, so no cache keeps it longer than ten minutes.
KEEP: Final = "public, max-age=600, immutable, stale-if-error=86400"


@portal_page()
def media(request: PublicRequest, agency: Agency, sha256: str) -> HttpResponseBase:
    """Return a file that stands in an entry as it is shown now; not one of an earlier or a withdrawn edition."""
    kind = dict(_files(_naming(agency, sha256))).get(sha256)
    if kind not in TYPES:
        raise Http404
    headers = {"Cache-Control": KEEP, "Content-Security-Policy": "default-src 'none'; sandbox"}
    try:
        path = locate(settings.MEDIA_ROOT, place_of(agency.pk, sha256))
        return file_answer(request, path, kind=kind, tag=sha256, headers=headers)
    except OSError:
        raise Http404 from None


def published(agency: Agency) -> dict[str, str]:
    """Return every file that is shown now: its SHA-256 and its type."""
    return dict(_files(_shown(agency)))


def _shown(agency: Agency) -> EntryQuerySet:
    return Entry.objects.of(agency).current().filter(withdrawn=False)


def _naming(agency: Agency, sha256: str) -> EntryQuerySet:
    """Return the entries that name the digest: a player asks for many parts of one video, and no part reads all the others."""
    return _shown(agency).annotate(words=Cast("rendition", TextField())).filter(words__contains=sha256)


def _files(entries: EntryQuerySet) -> Iterator[tuple[str, str]]:
    for entry in entries.iterator():
        for each in entry.shown.media:
            yield each.sha256, each.type
            if each.captions:
                yield each.captions, "text/vtt"
