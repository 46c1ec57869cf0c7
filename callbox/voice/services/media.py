"""Images and videos: taken in, cleaned of everything hidden, kept once."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.store import keep, locate
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency, User
from callbox.voice.models import MediaFile
from callbox.voice.pictures import Clean, UnfitError, clean

#: The largest file taken in, in bytes; what is larger is refused while it arrives.
MOST_BYTES = 100_000_000


def add(*, agency: Agency, name: str, chunks: Iterable[bytes], by: User) -> MediaFile:
    """Keep an image, a video or the captions of one, and return it; the same file twice is the same row.

    An image is redrawn, so that place, camera and everything behind its last byte are gone. A video is kept as it is.

    Raises:
        RefusedError: it is not of a kind that can be published, too large, or damaged.
        OSError: the disk is full; nothing is left behind.
    """
    with tempfile.TemporaryFile() as file:
        _receive(file, chunks)
        try:
            found = clean(file)
        except UnfitError as unfit:
            raise RefusedError(_(unfit.reason.sentence)) from None
        return _kept(agency, name, found, by)


def _receive(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise RefusedError(
                _("This file is larger than 100 MB. Nothing of it was kept. Shorten the video or save it smaller.")
            )
        file.write(chunk)
    file.seek(0)


def _kept(agency: Agency, name: str, found: Clean, by: User) -> MediaFile:
    known = MediaFile.objects.filter(agency=agency, sha256=found.sha256).first()
    if known is not None:
        return known
    kept = keep(settings.MEDIA_ROOT, f"media/{agency.pk}", f"file.{found.ending}", found.chunks())
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
                place=kept.place,
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
    except IntegrityError:  # the same file arrived twice at once
        locate(settings.MEDIA_ROOT, kept.place).unlink(missing_ok=True)
        return MediaFile.objects.get(agency=agency, sha256=kept.sha256)
    except BaseException:
        locate(settings.MEDIA_ROOT, kept.place).unlink(missing_ok=True)
        raise
    return file


def read(agency: Agency, sha256: str) -> bytes:
    """Return the bytes of a file: what the sender sends.

    Raises:
        MediaFile.DoesNotExist: the agency has no such file.
        OSError: it is gone from the disk.
        ValueError: what lies there is no longer what was approved.
    """
    file = MediaFile.objects.get(agency=agency, sha256=sha256)
    found = Path(locate(settings.MEDIA_ROOT, file.place)).read_bytes()
    if hashlib.sha256(found).hexdigest() != sha256:
        raise ValueError(f"the file kept as {sha256} was changed")
    return found
