"""What a partner brings: bundles, receipts, questions for files. The door for machines and partners of this installation both call here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from callbox.collaboration import bundle as bundles
from callbox.collaboration.bundle import Bundle, BundleError
from callbox.collaboration.models import Arrival, Offer, Partner, Receipt
from callbox.collaboration.services import agreements, receipts
from callbox.core.signing import PublicKey, parse_public
from callbox.core.state import MovedMeanwhileError, move
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks import media
from callbox.networks.media import MediaChangedError
from callbox.people.models import Agency

#: What a partner can say of a version.
SAID: Final = ("opened", "accepted", "adapted", "declined", "published", "recalled")
#: What has been made of an older version and has to follow a newer one.
_FOLLOWS: Final = ("accepted", "adapted", "published")


@dataclass(frozen=True, slots=True)
class Answer:
    """taken: it is kept here, now or since before.  code: of the sentence that says why not."""

    taken: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One receipt on its way. key: its name on both sides.  at: ISO 8601 with offset."""

    key: str
    share: str
    version: int
    said: str
    text: str
    at: str


def partner_of(agency: Agency, key: PublicKey) -> Partner | None:
    """Return who calls with this key, an ended partner too (it may still recall); None for a stranger or a key nobody compared."""
    known = Partner.objects.of(agency).filter(public_key=key.text).exclude(key_checked_at=None)
    return known.select_related("agency", "local").first()


def keys() -> frozenset[str]:
    """Return the keys of everybody that `partner_of` would find, in any agency."""
    return frozenset(
        Partner.objects.exclude(public_key="").exclude(key_checked_at=None).values_list("public_key", flat=True)
    )


def take(*, partner: Partner, document: str, signature: str) -> Answer:
    """Keep a bundle, once; the same again is taken without a trace. Recalls pass whatever agreement ended."""
    if not bundles.is_signed(document, signature, parse_public(partner.public_key)):
        return Answer(taken=False, code="share_signature")
    try:
        bundle = bundles.parse(document)
    except BundleError as error:
        return Answer(taken=False, code=error.code)
    if (bundle.sender, bundle.recipient) != (partner.short_name, partner.agency.slug):
        return Answer(taken=False, code="share_addressee")
    try:
        with transaction.atomic():
            Partner.objects.select_for_update().get(pk=partner.pk)  # one writer a partner: versions in their order
            return _take(partner, bundle, document, signature)
    except (IntegrityError, MovedMeanwhileError):  # somebody here moved it at this moment: the partner asks again
        return Answer(taken=False, code="share_trouble")


def _take(partner: Partner, bundle: Bundle, document: str, signature: str) -> Answer:
    chain = list(Arrival.objects.filter(partner=partner, share=bundle.share).order_by("version"))
    same = next((row for row in chain if row.version == bundle.version), None)
    if same is not None:
        known = same.digest == bundles.digest(document)
        return Answer(taken=known, code="" if known else "share_changed")
    if chain and chain[-1].version > bundle.version:
        return Answer(taken=True)  # a newer one stands here already: nothing of this one is missing
    if any(row.recalls for row in chain):
        return Answer(taken=False, code="share_recalled")
    if not bundle.recalls and (code := _obstacle(partner, bundle)):
        return Answer(taken=False, code=code)
    row = _keep(partner, bundle, document, signature)
    behind = [each for each in chain if _stepped_aside(each)]
    if bundle.recalls and not behind:  # nothing was made of it here, so nothing is left to take back
        for each in (*chain, row):
            if each.LIFE.allows(each.state, "recalled"):
                move(each, "recalled", changed_at=row.at)
        receipts.note(row, "recalled")
    record(
        agency=partner.agency,
        by=f"partner: {partner.name}",
        action=Audited.ARRIVAL_CAME,
        target=row.subject,
        data={"share": bundle.share, "version": bundle.version, "recalls": bundle.recalls, "digest": row.digest},
    )
    return Answer(taken=True)


def _obstacle(partner: Partner, bundle: Bundle) -> str:
    """What we may receive is what our own agreement with this partner says."""
    if partner.state != "standing":
        return "share_partner_ended"
    _row, code = agreements.covering(partner, kind=bundle.kind, label=bundle.label, expires=bundle.ends, receiving=True)
    return code


def _keep(partner: Partner, bundle: Bundle, document: str, signature: str) -> Arrival:
    now = timezone.now()
    return Arrival.objects.create(
        agency=partner.agency,
        partner=partner,
        share=uuid.UUID(bundle.share),
        version=bundle.version,
        recalls=bundle.recalls,
        kind=bundle.kind,
        label=bundle.label,
        expires=bundle.ends,
        bundle=bundle.plain(),
        digest=bundles.digest(document),
        signature=signature,
        signer=partner.public_key,
        at=now,
        changed_at=now,
    )


def _stepped_aside(row: Arrival) -> bool:
    """Let an older version make room for a newer one or a recall; return whether something of ours has been made of it.

    What was made and has not left loses its approval, so that superseded words stop before they are public; a person looks at them.
    """
    if row.state == "behind":
        return True
    if row.state in _FOLLOWS:
        if row.state != "published" and row.message:
            approvals.void(agency=row.agency, subject=row.message, why=WHY, by=f"partner: {row.partner.name}")
        move(row, "behind", changed_at=timezone.now())
        return True
    if row.state in {"new", "declined"}:
        move(row, "superseded", changed_at=timezone.now())
    return False


#: Why approvals of what was made of it are void.
WHY: Final = "The partner it came from has corrected or recalled it."


def hear(*, partner: Partner, words: Sequence[Word]) -> int:
    """Keep what a partner says of our offers; return how much of it was new. What is not about an offer to this partner is passed over."""
    new = 0
    for word in words:
        if word.said in SAID and (key := _uuid(word.key)) and (share := _uuid(word.share)) and (at := _moment(word.at)):
            with transaction.atomic():
                new += _hear(partner, word, key, share, at)
    return new


def _hear(partner: Partner, word: Word, key: uuid.UUID, share: uuid.UUID, at: datetime) -> bool:
    rows = Offer.objects.select_for_update(of=("self",)).select_related("agency", "partner")
    offer = rows.filter(partner=partner, share=share, version=word.version).order_by().first()
    if offer is None or Receipt.objects.filter(offer=offer, key=key).exists():
        return False
    now = timezone.now()
    text = word.text[:2000].replace("\0", "")
    Receipt.objects.create(offer=offer, key=key, said=word.said, text=text, happened_at=min(at, now), told_at=now)
    if offer.state in {"waiting", "sending", "blocked"}:  # it has it, although the answer to our handing over got lost
        move(offer, "offered", changed_at=now)
    if word.said in offer.LIFE.edges and offer.LIFE.allows(offer.state, word.said):
        move(offer, word.said, changed_at=now, said=text[:500])
    record(
        agency=offer.agency,
        by=f"partner: {partner.name}",
        action=Audited.SHARE_HEARD_OF,
        target=offer.name,
        data={"share": str(share), "version": offer.version, "said": word.said, "text": text},
    )
    return True


def file(*, partner: Partner, share: str, sha256: str) -> bytes | None:
    """Return the bytes of a file that was offered to this partner, is not recalled and may still be shared; None for anything else."""
    named = _uuid(share)
    offered = (
        Offer.objects.filter(partner=partner, share=named).select_related("agency") if named else Offer.objects.none()
    )
    newest = offered.order_by("-version").first()
    handed = [
        each for each in offered if each.state in {"sending", "offered", "accepted", "adapted", "published", "declined"}
    ]
    if newest is None or newest.recalls or partner.state != "standing":
        return None
    found = next((each for each in handed if sha256 in bundles.from_row(each.bundle).digests), None)
    if found is None or not _may_still_have(found):
        return None
    try:
        data = media.reader(Path(settings.MEDIA_ROOT), found.agency_id)(sha256)
    except MediaChangedError:
        return None
    with transaction.atomic():
        record(
            agency=found.agency,
            by=f"partner: {partner.name}",
            action=Audited.SHARE_FILE_GIVEN,
            target=found.name,
            data={"share": share, "sha256": sha256, "bytes": len(data)},
        )
    return data


def _may_still_have(offer: Offer) -> bool:
    """Whether an agreement of this moment lets the partner have more of what was offered: a file is handed over when it is asked for."""
    row, _code = agreements.covering(offer.partner, kind=offer.kind, label=offer.label, expires=offer.expires)
    return row is not None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
