"""Publishing in the newsroom: each edition one transaction, known by its key, signed when it is written."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from callbox.core import signing
from callbox.core.plain import canonical
from callbox.networks.connections.models import Connection
from callbox.networks.contract import NotSentError, Reader
from callbox.networks.newsroom.models import Entry
from callbox.networks.vocabulary import Batch, Identity, Receipt, Rendition
from callbox.people.models import Agency


class NewsroomSession:
    """One agency's newsroom. A remote id is the entry's public name.

    connection: its row, 0 while it is being connected; then only `identity` answers, for the agency of that short name.
    """

    def __init__(self, connection: int, agency: str = "") -> None:
        self._connection, self._slug = connection, agency

    def identity(self) -> Identity:
        """Return who publishes here."""
        new = Agency.objects.filter(slug=self._slug).first() if not self._connection else None
        agency = new or self._agency()
        return Identity(handle=agency.slug, name=agency.name, url=address(agency))

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:  # noqa: ARG002
        """Write the first edition; the same key again finds it.

        Raises:
            NotSentError: the newsroom was taken off.
        """
        return self._write(rendition, key=key, slug=key)

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002
        """Return what this key wrote, exactly."""
        found = Entry.objects.filter(connection=self._connection, key=key).first()
        return None if found is None else _receipt(found)

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:  # noqa: ARG002
        """Write the next edition.

        Raises:
            NotSentError: there is no such entry, or it was withdrawn.
        """
        return self._write(rendition, key=key, slug=remote_id, follows=True)

    def withdraw(self, remote_id: str) -> None:
        """Write the edition that says it was withdrawn; what it said before stays readable below.

        Raises:
            NotSentError: there is no such entry.
        """
        newest = self._newest(remote_id)
        if newest is None:
            raise NotSentError("There is no such entry in the newsroom.")
        if not newest.withdrawn:
            key = hashlib.sha256(f"withdraw {remote_id}".encode()).hexdigest()[:32]
            self._write(newest.shown, key=key, slug=remote_id, follows=True, withdrawn=True)

    def hide(self, remote_id: str, *, hidden: bool) -> None:  # noqa: ARG002
        """Refuse.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("The newsroom takes no comments, so there is nothing to hide.")

    def exists(self, remote_id: str) -> bool:
        """Whether residents still see it."""
        newest = self._newest(remote_id)
        return newest is not None and not newest.withdrawn

    def collect(self, cursor: str) -> Batch:  # noqa: ARG002
        """Refuse: nobody writes to the newsroom, and everything in it came from here."""
        raise NotSentError("Nobody can write to the newsroom, so there is nothing to collect.")

    def close(self) -> None:
        """Nothing is open."""

    def _agency(self) -> Agency:
        found = Connection.objects.filter(pk=self._connection).select_related("agency").first()
        if found is None:
            raise NotSentError("This newsroom is no longer connected.")
        return found.agency

    def _newest(self, slug: str) -> Entry | None:
        return Entry.objects.filter(connection=self._connection, slug=slug).order_by("-edition").first()

    def _write(
        self, rendition: Rendition, *, key: str, slug: str, follows: bool = False, withdrawn: bool = False
    ) -> Receipt:
        agency = self._agency()
        signer = signing.load_or_create(_key_folder(agency))  # a file: not inside the transaction
        try:
            with transaction.atomic():
                # One writer an agency: two editions of one entry never follow the same one.
                Connection.objects.select_for_update().get(pk=self._connection)
                known = Entry.objects.filter(key=key).first()
                if known is not None:
                    return _receipt(known)
                before = self._followed(slug) if follows else None
                entry = Entry(
                    agency=agency,
                    connection_id=self._connection,
                    slug=slug,
                    edition=before.edition + 1 if before else 1,
                    key=key,
                    rendition=rendition.plain(),
                    withdrawn=withdrawn,
                    at=timezone.now(),
                    follows=before,
                )
                sign(entry, signer)
                entry.save()
        except IntegrityError as error:  # somebody else's row in the way: surely nothing of ours was written
            raise NotSentError("The newsroom was changed at the same moment.", after=1) from error
        return _receipt(entry)

    def _followed(self, slug: str) -> Entry:
        newest = self._newest(slug)
        if newest is None:
            raise NotSentError("There is no such entry in the newsroom.")
        if newest.withdrawn:
            raise NotSentError("This entry was withdrawn; a correction needs a new one.")
        return newest


def sign(entry: Entry, signer: signing.SigningKey) -> None:
    """Fill in the document of an edition and the signature of its bytes."""
    document = canonical(
        {
            "agency": entry.agency.slug,
            "entry": entry.slug,
            "edition": entry.edition,
            "at": entry.at.isoformat(timespec="milliseconds"),
            "withdrawn": entry.withdrawn,
            "shown": entry.rendition,
        }
    )
    entry.document = document.decode()
    entry.signature = base64.b64encode(signer.sign(document)).decode()
    entry.signer = signer.public.text


def address(agency: Agency, slug: str = "") -> str:
    """Return where people see the newsroom, or one entry of it; the portal's tests hold it to the portal's own addresses."""
    return f"{settings.PORTAL_URL}/p/{agency.slug}/news/{f'{slug}/' if slug else ''}"


def _key_folder(agency: Agency) -> Path:
    """Return where the agency's signing key lies; proof packs are signed with the same one."""
    return Path(settings.DATA) / "keys" / str(agency.pk)


def _receipt(entry: Entry) -> Receipt:
    return Receipt(entry.slug, address(entry.agency, entry.slug), entry.at)
