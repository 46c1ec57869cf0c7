"""Images and videos: taken in, cleaned of everything hidden, kept once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core import store
from callbox.core.refusal import RefusedError
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks import media as kept_media
from callbox.people.models import Agency, User
from callbox.voice.models import MediaFile
from callbox.voice.pictures import Clean, UnfitError, clean

#: The largest file taken in, in bytes; what is larger is refused while it arrives.
MOST_BYTES = 100_000_000


def add(*, agency: Agency, name: str, chunks: Iterable[bytes], by: User) -> MediaFile:
    """Keep an image, a video or the captions of one, and return it; the same file twice is the same row.

    An image is redrawn, so that place, camera and everything behind its last byte are gone. A video is kept as it is.

    Raises:
        RefusedError: it is not of a kind that can be published, too large, damaged, or tells a place.
        OSError: the disk is full; nothing is left behind.
    """
    with tempfile.TemporaryFile() as file:
        _receive(file, chunks)
        try:
            found = clean(file)
        except UnfitError as unfit:
            why = _(SENTENCES[unfit.reason.code]) % unfit.reason.values
            raise RefusedError(_("%(name)s was not added: %(why)s.") % {"name": name, "why": why}) from None
        known = MediaFile.objects.filter(agency=agency, sha256=found.sha256).first()
        if known is None:
            return _keep(agency, name, found, by)
        lying = store.locate(Path(settings.MEDIA_ROOT), known.place)
        if (
            not lying.is_file() or lying.stat().st_size != known.size
        ):  # lost from the disk: given again, it is whole again
            store.put(Path(settings.MEDIA_ROOT), known.place, found.chunks())
        return known


def _receive(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise RefusedError(
                _("This file is larger than 100 MB. Nothing of it was kept. Shorten the video, or save it smaller.")
            )
        file.write(chunk)


def _keep(agency: Agency, name: str, found: Clean, by: User) -> MediaFile:
    place = kept_media.place_of(agency.pk, found.sha256)
    kept = store.put(Path(settings.MEDIA_ROOT), place, found.chunks())
    try:
        with transaction.atomic():
            file = MediaFile.objects.create(
                agency=agency,
                sha256=kept.sha256,
                kind=found.kind,
                type=found.type,
                size=kept.size,
                width=found.width,
                height=found.height,
                name=name.strip()[-120:] or found.kind,
                place=place,
                by=by,
                at=timezone.now(),
            )
            record(
                agency=agency,
                by=by,
                action=Audited.MEDIA_ADDED,
                target=f"media:{file.pk}",
                data={"sha256": file.sha256, "type": file.type, "size": file.size},
            )
    except IntegrityError:  # the same file arrived twice at once: it lies in the same place
        return MediaFile.objects.get(agency=agency, sha256=kept.sha256)
    return file


def read(agency: Agency, sha256: str) -> bytes:
    """Return the bytes of a file.

    Raises:
        MediaChangedError: the agency has no such file, or what lies there is no longer what was approved.
    """
    return kept_media.reader(Path(settings.MEDIA_ROOT), agency.pk)(sha256)
