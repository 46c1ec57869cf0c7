"""Images of messages: taken in from a form, handed out to those who may read messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from callbox.core.refusal import RefusedError
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
def image(request: StaffRequest, agency: Agency, sha256: str) -> HttpResponse:
    """Hand out an image exactly as it will be sent. Its bytes never change, so a browser may keep it."""
    row = get_object_or_404(
        MediaFile.objects.visible_to(request.user).filter(agency=agency, kind="image"), sha256=sha256
    )
    try:
        data = media.read(agency, row.sha256)
    except MediaChangedError:
        raise Http404 from None
    return HttpResponse(
        data,
        content_type=row.type,
        headers={"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )
