"""Pictures and videos of published entries, by the digest of their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseNotModified

from callbox.core.store import locate
from callbox.networks.media import place_of
from callbox.networks.newsroom.models import Entry
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page

#: What is served, and as what; anything else does not leave.
TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm", "text/vtt"})
#: The bytes of a digest never change; but a picture can be taken back, so no cache keeps it longer than ten minutes.
KEEP: Final = "public, max-age=600, immutable, stale-if-error=86400"


@portal_page()
def media(request: PublicRequest, agency: Agency, sha256: str) -> HttpResponseBase:
    """Return a file that stands in an entry as it is shown now; not one of an earlier or a withdrawn edition."""
    kind = published(agency).get(sha256) if _mentioned(agency, sha256) else None
    if kind not in TYPES:
        raise Http404
    if request.headers.get("If-None-Match") == f'"{sha256}"':
        return HttpResponseNotModified(headers={"ETag": f'"{sha256}"', "Cache-Control": KEEP})
    try:
        file = locate(settings.MEDIA_ROOT, place_of(agency.pk, sha256)).open("rb")
    except OSError:
        raise Http404 from None
    headers = {"Cache-Control": KEEP, "ETag": f'"{sha256}"', "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(file, content_type=kind, headers=headers)


def published(agency: Agency) -> dict[str, str]:
    """Return every file that is shown now: its SHA-256 and its type."""
    return dict(_files(agency))


def _files(agency: Agency) -> Iterator[tuple[str, str]]:
    for entry in Entry.objects.of(agency).current().filter(withdrawn=False).iterator():
        for each in entry.shown.media:
            yield each.sha256, each.type
            if each.captions:
                yield each.captions, "text/vtt"


def _mentioned(agency: Agency, sha256: str) -> bool:
    """Whether any entry names the digest; spares reading all of them for a made-up one."""
    rows = Entry.objects.of(agency).annotate(words=Cast("rendition", TextField()))
    return rows.filter(words__contains=sha256).exists()
