"""Images and videos of messages: taken in from a form, handed out to those who may read messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from callbox.core.refusal import RefusedError
from callbox.core.serving import file_answer
from callbox.core.store import locate
from callbox.desk.access import StaffRequest, agency_page
from callbox.networks.media import MediaChangedError
from callbox.people.models import Agency, User
from callbox.people.roles import Action
from callbox.voice.models import MediaFile
from callbox.voice.services import media


def take_in(agency: Agency, files: Iterable[UploadedFile[Any]], by: User) -> tuple[list[MediaFile], list[str]]:
    """Keep each file; return those kept, and a sentence for each that was refused."""
    kept, refused = [], []
    for file in files:
        name = file.name or ""
        try:
            kept.append(media.add(agency=agency, name=name, chunks=file.chunks(), by=by))
        except RefusedError as refusal:
            refused.append(f"{name}: {refusal}")
    return kept, refused


@require_safe
@agency_page(Action.READ_MESSAGES)
def image(request: StaffRequest, agency: Agency, sha256: str) -> HttpResponseBase:
    """Hand out an image exactly as it will be sent, a video and its captions in the parts a player asks for.

    Their bytes never change, so a browser may keep them.
    """
    row = get_object_or_404(MediaFile.objects.visible_to(request.user).filter(agency=agency), sha256=sha256)
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    try:
        if row.kind == "image":
            return HttpResponse(media.read(agency, row.sha256), content_type=row.type, headers=headers)
        path = locate(settings.MEDIA_ROOT, row.place)
        return file_answer(request, path, kind=row.type, tag=row.sha256, headers=headers)
    except (MediaChangedError, OSError):
        raise Http404 from None
