"""Handing over what was offered and telling what became of what arrived: at least once, kept once on the other side.

Trying again is harmless, because a partner keeps each version and each receipt once. So a worker that died in the middle leaves no
question open: past its lease the offer waits again. A partner that cannot be reached is asked again and again, with longer pauses, up to
an hour, and what waits for it is shown; a recall is never given up.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from callbox.collaboration import bundle as bundles
from callbox.collaboration.keys import key_of
from callbox.collaboration.models import Offer, Partner, Receipt
from callbox.collaboration.services import agreements
from callbox.collaboration.services.doors import UnreachedError, door_of
from callbox.collaboration.services.incoming import Answer, Word
from callbox.core.state import MovedMeanwhileError, move
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.networks.connections import lanes

BY: Final = "system: sharing"
#: A worker that has not settled by then is taken for dead.
LEASE: Final = timedelta(seconds=120)
#: Seconds after the first, second, ... attempt that failed; the last is kept to.
BACKOFF: Final = (5, 15, 60, 300, 900, 3600)
#: Receipts told in one call.
AT_ONCE: Final = 100


def hand_over_waiting() -> int:
    """Hand over and tell what is due, one lane a partner; return how many offers and receipts moved on."""
    stale = timezone.now() - LEASE
    for offer in Offer.objects.filter(state="sending", claimed_at__lt=stale):
        _settle(offer, "waiting", Audited.SHARE_DELAYED, said="share_unreached")
    return lanes.run(_partners, _work)


def _partners() -> Iterable[int]:
    now = timezone.now()
    offers = Offer.objects.filter(state="waiting", due__lte=now).order_by().values_list("partner", flat=True)
    owed = Receipt.objects.filter(arrival__isnull=False, told_at=None, due__lte=now).order_by()
    return sorted({*offers.distinct(), *owed.values_list("arrival__partner", flat=True).distinct()})


def _work(pk: int) -> int:
    """Do the next thing for one partner: its receipts first, because they are short, then one offer; return how much was done."""
    partner = Partner.objects.select_related("agency", "local").get(pk=pk)
    return _tell(partner) + _hand_over(partner)


def _hand_over(partner: Partner) -> int:
    offer = _claim(partner)
    if offer is None:
        return 0
    if offer.state != "sending":
        return 1
    document = bundles.from_row(offer.bundle).document()
    try:
        answer = door_of(partner).hand_over(document, bundles.sign(document, key_of(partner.agency)))
    except UnreachedError as error:
        _put_off(offer, error.code)
        return 0
    if answer.code == "share_trouble":
        _put_off(offer, answer.code)
        return 0
    _answered(offer, answer)
    return 1


@transaction.atomic
def _claim(partner: Partner) -> Offer | None:
    """Take the oldest version that is due, or block it when no agreement allows it at this moment."""
    now = timezone.now()
    due = Offer.objects.filter(partner=partner, state="waiting", due__lte=now).order_by("pk")
    rows = due.select_related("agency", "partner", "agreement", "agreement__agency", "agreement__partner")
    offer = rows.select_for_update(of=("self",), skip_locked=True).first()
    if offer is None:
        return None
    code = None if offer.recalls else _obstacle(offer)
    if code is not None:
        move(offer, "blocked", said=SENTENCES[code], changed_at=now)
        _record(offer, Audited.SHARE_BLOCKED, why=code)
    else:
        move(offer, "sending", claimed_at=now, attempts=F("attempts") + 1)
        offer.refresh_from_db(fields=["attempts"])
    return offer


def _obstacle(offer: Offer) -> str | None:
    return agreements.obstacle(offer.agreement, kind=offer.kind, label=offer.label, expires=offer.expires)


def _answered(offer: Offer, answer: Answer) -> None:
    if not answer.taken:
        _settle(offer, "refused", Audited.SHARE_REFUSED, said=answer.code)
        return
    now = timezone.now()
    try:
        with transaction.atomic():
            move(offer, "offered", said="", changed_at=now)
            # what 28 CFR 23.20(g) asks to be written down: to whom, when, what, why, by whom
            data: dict[str, Value] = {"digest": offer.digest, "label": offer.label, "purpose": offer.agreement.purpose}
            Receipt.objects.get_or_create(
                offer=offer,
                key=uuid.uuid5(offer.share, f"delivered {offer.version}"),
                defaults={"said": "delivered", "happened_at": now, "told_at": now},
            )
            _record(offer, Audited.SHARE_HANDED_OVER, agreement=offer.agreement_id, offered_by=offer.by.name, **data)
    except MovedMeanwhileError:  # the partner spoke of it before its answer came: it is where it has to be
        return


def _put_off(offer: Offer, code: str) -> None:
    """Let an offer wait, and with it everything else for this partner: nobody knocks at a closed door for each thing."""
    until = _until(offer.attempts)
    _settle(offer, "waiting", Audited.SHARE_DELAYED, said=code, until=until)
    _rest(offer.partner_id, until)


def _until(attempts: int) -> datetime:
    return timezone.now() + timedelta(seconds=BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1])


def _rest(partner: int, until: datetime) -> None:
    Offer.objects.filter(partner=partner, state="waiting", due__lt=until).update(due=until)
    Receipt.objects.filter(arrival__partner=partner, told_at=None, due__lt=until).update(due=until)


def _settle(offer: Offer, state: str, action: Audited, *, said: str, until: datetime | None = None) -> None:
    changes: dict[str, object] = {"said": SENTENCES[said], "due": until or timezone.now()}
    try:
        with transaction.atomic():
            move(offer, state, **changes)
            _record(offer, action, why=said, attempts=offer.attempts)
    except MovedMeanwhileError:
        return


def _record(offer: Offer, action: Audited, **data: Value) -> None:
    facts: dict[str, Value] = {"partner": offer.partner.name, "share": str(offer.share), "version": offer.version}
    record(
        agency=offer.agency, by=BY, action=action, target=offer.name, data={**facts, "subject": offer.subject, **data}
    )


def _tell(partner: Partner) -> int:
    """Tell what we owe this partner, oldest first."""
    now = timezone.now()
    owed = Receipt.objects.filter(arrival__partner=partner, told_at=None, due__lte=now).select_related("arrival")
    rows = list(owed[:AT_ONCE])
    if not rows:
        return 0
    try:
        door_of(partner).tell([_word(row) for row in rows])
    except UnreachedError:
        Receipt.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=F("attempts") + 1)
        _rest(partner.pk, _until(rows[0].attempts + 1))
        return 0
    with transaction.atomic():
        Receipt.objects.filter(pk__in=[row.pk for row in rows], told_at=None).update(told_at=timezone.now())
        said: list[Value] = [f"{row.arrival.share} {row.arrival.version}: {row.said}" for row in rows if row.arrival]
        record(agency=partner.agency, by=BY, action=Audited.RECEIPT_TOLD, target=partner.subject, data={"said": said})
    return len(rows)


def _word(row: Receipt) -> Word:
    arrival = row.arrival
    assert arrival is not None  # noqa: S101 - asked for
    return Word(
        key=str(row.key),
        share=str(arrival.share),
        version=arrival.version,
        said=row.said,
        text=row.text,
        at=row.happened_at.isoformat(),
    )
