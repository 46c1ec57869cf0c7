"""Looking on the network for what is unclear. It settles what is found; what is not found stays for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from callbox.core.state import MovedMeanwhileError, move
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.networks import registry
from callbox.networks.connections import lanes
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Ability, NetworkError, Session, SignInError
from callbox.networks.deliveries.models import Delivery, DeliveryQuerySet, Operation
from callbox.networks.deliveries.services import tell
from callbox.networks.vocabulary import Receipt

BY: Final = "system: reader"
#: Between two looks at one delivery; and a network may show what it took only after a while.
PAUSE: Final = timedelta(minutes=1)
#: Looked for this long by itself; after that a person's own look is worth more.
SPAN: Final = timedelta(days=1)
#: Clocks differ: what was published may carry a time this much before the call.
SKEW: Final = timedelta(minutes=5)


def look_at_unclear() -> int:
    """Look once at every unclear delivery that was not looked at within the last minute; return how many were found."""
    return lanes.run(_accounts, _look_on_account)


def _due() -> DeliveryQuerySet:
    now = timezone.now()
    rows = Delivery.objects.filter(state="unclear", called_at__gt=now - SPAN, connection__state="working")
    return rows.filter(Q(looked_at=None) | Q(looked_at__lt=now - PAUSE))


def _accounts() -> list[int]:
    return list(_due().order_by().values_list("connection", flat=True).distinct())


def _look_on_account(connection: int) -> int:
    row = Connection.objects.select_related("agency").get(pk=connection)
    found = 0
    try:
        with connections.open_session(row) as session:
            for delivery in list(_due().filter(connection=row).select_related("agency", "connection", "replaces")):
                found += look(session, delivery)
    except SignInError as error:
        connections.refused(row, error.said)
    return found


def look(session: Session, delivery: Delivery) -> bool:
    """Look for one unclear delivery; return whether the network shows that it was carried out.

    Raises:
        SignInError: the network no longer accepts the token.
    """
    try:
        receipt, said = _seen(session, delivery)
    except SignInError:
        raise
    except NetworkError as error:
        receipt, said = None, error.said
    now = timezone.now()
    if receipt is None:
        Delivery.objects.filter(pk=delivery.pk, state="unclear").update(said=said[:500], looked_at=now)
        return False
    remote_id, url = receipt.remote_id[:500], receipt.url[:1000]
    try:
        with transaction.atomic():
            move(delivery, "sent", settled_at=now, looked_at=now, remote_id=remote_id, url=url, said="")
            tell(delivery, Audited.DELIVERY_SENT, by=BY, found="on the network", remote_id=remote_id)
    except MovedMeanwhileError:  # a person was first
        return False
    return True


def _seen(session: Session, delivery: Delivery) -> tuple[Receipt | None, str]:
    """Return what the network shows of it, or in words that it does not."""
    if Ability.FIND not in registry.network(delivery.connection.kind).abilities or delivery.called_at is None:
        return None, SENTENCES["unclear_unasked"]
    changed = delivery.replaces
    if delivery.operation == Operation.WITHDRAW and changed is not None:
        if session.exists(changed.remote_id):
            return None, SENTENCES["unclear_shown"]
        return Receipt(changed.remote_id, changed.url), ""
    receipt = session.find(delivery.shown, key=delivery.key, since=delivery.called_at - SKEW)
    return receipt, "" if receipt else SENTENCES["unclear_unfound"]
