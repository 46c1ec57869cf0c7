"""The last gate: asked when a delivery is claimed and again just before the call. Whatever cannot be read stops everything.

Every question is read from the database at that moment. An error on the way is passed on, and then nothing leaves.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from callbox.governance import approvals, emergency
from callbox.governance.models import Approval
from callbox.governance.policy import EMERGENCY
from callbox.networks import media
from callbox.networks.contract import Reader
from callbox.networks.deliveries.binding import part_of
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.media import MediaChangedError
from callbox.networks.vocabulary import Rendition

#: Overdue by more than this, a delivery asks a person first (reliability: T-70).
OVERDUE: Final = timedelta(hours=1)
#: "At once" was approved: the hour may lie this much after the queueing, not more.
AT_ONCE: Final = timedelta(minutes=1)


def obstacle(delivery: Delivery, *, frozen: datetime | None) -> str | None:
    """Return the code of what keeps this delivery from leaving, None when it may. Its bytes are looked at by `bytes_of`.

    frozen: since when the agency's freeze stands, asked in the same transaction (`freezing.pressed_at`).
    """
    try:
        rendition = delivery.shown
    except (TypeError, ValueError, AttributeError):  # somebody wrote nonsense into the row
        return "held_changed"
    approval = delivery.approval
    if approval is None or approval.voided_at is not None or not _about(delivery, approval):
        return "held_unapproved"
    if not _as_approved(delivery, approval, rendition):
        return "held_changed"
    if approval.rule == EMERGENCY and not (rendition.urgent and emergency.owes_a_review(approval)):
        return "held_unapproved"
    if not _at_its_hour(delivery, approval):
        return "held_hour"
    return "held_freeze" if _stopped(frozen, delivery, approval, rendition) else _nothing_to_change(delivery)


def _about(delivery: Delivery, approval: Approval) -> bool:
    return approval.agency_id == delivery.agency_id and approval.subject == delivery.subject


def _as_approved(delivery: Delivery, approval: Approval, rendition: Rendition) -> bool:
    account = delivery.connection.account
    ours = rendition.account == account and delivery.connection.agency_id == delivery.agency_id
    part = part_of(rendition, delivery.operation, delivery.replaces)
    return ours and approvals.covers(approval, account=account, rendition_digest=part)


def _at_its_hour(delivery: Delivery, approval: Approval) -> bool:
    if approval.due is not None:
        return delivery.due == approval.due
    return delivery.due <= delivery.made + AT_ONCE


def _stopped(frozen: datetime | None, delivery: Delivery, approval: Approval, rendition: Rendition) -> bool:
    """A freeze stops what was decided before it. Whoever decides knowing of it may still warn of danger, and may still take back.

    One person alone does not speak through it.
    """
    presses = (rendition.urgent and approval.rule != EMERGENCY) or delivery.operation == Operation.WITHDRAW
    return frozen is not None and not (presses and approval.at > frozen)


def _nothing_to_change(delivery: Delivery) -> str | None:
    if delivery.operation == Operation.PUBLISH:
        return None
    changed = delivery.replaces
    known = changed is not None and changed.state == "sent" and changed.remote_id
    return None if known and changed and changed.connection_id == delivery.connection_id else "held_nothing"


def overdue(delivery: Delivery, now: datetime) -> str | None:
    """Return why it is too late to leave by itself, None when it is not."""
    earliest = max(now, delivery.not_before) if delivery.not_before else now
    if delivery.expires is not None and earliest > delivery.expires:
        return "late_expiry"
    begun = max(delivery.due, delivery.released_at) if delivery.released_at else delivery.due
    if now <= begun + OVERDUE:
        return None
    return None if delivery.expires is not None and delivery.attempts else "late_hour"


def bytes_of(delivery: Delivery) -> Reader:
    """Return what hands out the media of a delivery, read once and held against their digests: what was judged is what is sent.

    Raises:
        MediaChangedError: a file is missing or is not what was approved.
    """
    if delivery.operation == Operation.WITHDRAW:
        return _none
    read = media.reader(settings.MEDIA_ROOT, delivery.agency_id)
    wanted = {digest for each in delivery.shown.media for digest in (each.sha256, each.captions) if digest}
    return {digest: read(digest) for digest in wanted}.__getitem__


def _none(sha256: str) -> bytes:
    raise MediaChangedError(f"nothing is sent with this: {sha256[:12]}")
