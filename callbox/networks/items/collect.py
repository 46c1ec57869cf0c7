"""Asking every connected network what is new, about once a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import batched
from typing import Final

from django.db.models import Q
from django.utils import timezone

from callbox.networks import registry
from callbox.networks.connections import lanes
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection, ConnectionQuerySet
from callbox.networks.contract import Ability, NetworkError, NotSentError, Session, SignInError
from callbox.networks.deliveries.outcome import sensible
from callbox.networks.items.models import Item
from callbox.networks.items.services import store
from callbox.networks.vocabulary import Batch

#: Between two rounds on one account.
EVERY: Final = timedelta(seconds=55)
#: Pages in one round; the next round goes on behind them.
PAGES: Final = 50
#: Stored in one transaction.
AT_ONCE: Final = 500
#: A cursor larger than this is none, in characters.
LONGEST_CURSOR: Final = 10_000

type Arrived = Callable[[list[Item]], object]


def collect_due(arrived: Arrived) -> int:
    """Collect on every account that is due; return how many new things there were.

    arrived: what is done with new items once they are kept; it must find again what a worker that stopped in between left behind.
    Accounts are asked side by side: one that hangs or errs stops no other.
    """
    return lanes.run(lambda: list(_due().values_list("pk", flat=True)), lambda pk: _collect(pk, arrived))


def _due() -> ConnectionQuerySet:
    now = timezone.now()
    kinds = [kind for kind, network in registry.NETWORKS.items() if Ability.COLLECT in network.abilities]
    ours = Q()
    for kind in kinds:
        ours |= Q(account__startswith=f"{kind}:")
    rows = Connection.objects.usable().filter(ours) if kinds else Connection.objects.none()
    rows = rows.filter(Q(collected_at=None) | Q(collected_at__lt=now - EVERY))
    return rows.filter(Q(listen_after=None) | Q(listen_after__lte=now))


def _collect(pk: int, arrived: Arrived) -> int:
    connection = _due().select_related("agency").filter(pk=pk).first()
    if connection is None:
        return 0
    count = 0
    try:
        with connections.open_session(connection) as session:
            for _page in range(PAGES):
                new, more = _page_of(session, connection, arrived)
                count += new
                if not more:
                    break
    except SignInError as error:
        connections.refused(connection, error.said)
    except NetworkError as error:
        after = sensible(error.after) if isinstance(error, NotSentError) else None
        pause = timedelta(seconds=after) if after else EVERY
        Connection.objects.filter(pk=pk).update(listen_after=timezone.now() + pause)
    return count


def _page_of(session: Session, connection: Connection, arrived: Arrived) -> tuple[int, bool]:
    """Store the next page; return how much of it is new and whether there is another behind it."""
    before = connection.cursor
    batch = session.collect(before)
    if len(batch.cursor) > LONGEST_CURSOR:
        raise NetworkError("the network sent a mark of its place that is too long to keep")
    count = 0
    parts = list(batched(batch.seen, AT_ONCE, strict=False)) or [()]
    for number, part in enumerate(parts, start=1):
        cursor = batch.cursor if number == len(parts) else before
        new = store(connection=connection, batch=Batch(part, cursor))
        if new:
            arrived(new)
        count += len(new)
    return count, batch.more and batch.cursor != before
