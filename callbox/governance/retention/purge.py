"""The nightly purge: batch by batch, each batch one transaction with its certificate and its event, never past a hold."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from callbox.core.plain import canonical
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Disposal
from callbox.governance.retention.keeping import Keeper, Rows
from callbox.governance.retention.rule import EVERYTHING, class_subject, cutoff
from callbox.governance.retention.services import days_of, subjects_on_hold
from callbox.people.models import Agency

log = logging.getLogger("callbox.retention")

#: Rows purged in one transaction, so that no lock is held long.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """What a class holds at one moment. rows: all.  expired: past their days.  held: of those, kept by a hold.  needed: of those
    that are not held, kept because something else still refers to them.  going: what the next purge takes.
    """

    rows: int
    expired: int
    held: int
    going: int

    @property
    def needed(self) -> int:
        """Expired and not held, but something that is kept refers to them."""
        return self.expired - self.held - self.going


def standing(keeper: Keeper, agency: Agency, *, now: datetime, days: int | None, holds: list[str]) -> Standing:
    """Count what a class holds and what would go at `now`, and change nothing."""
    rows = keeper.rows(agency)
    if days is None:
        return Standing(rows.count(), 0, 0, 0)
    expired = rows.filter(started__lte=cutoff(days, now))
    return Standing(
        rows=rows.count(),
        expired=expired.count(),
        held=_held(keeper, expired, holds).count(),
        going=keeper.free(_not_held(keeper, expired, holds)).count(),
    )


def purge(keepers: Iterable[Keeper], *, now: datetime) -> int:
    """Purge everything that is due in every agency; return how many rows went. May be stopped anywhere and run again.

    One class that fails stops no other; its error is logged and raised at the end, so that the job is tried again.
    """
    total, failed = 0, []
    for agency in Agency.objects.order_by("pk"):
        for keeper in keepers:
            try:
                total += purge_class(keeper, agency, now=now)
            except Exception:
                log.exception("Purging “%s” of %s failed.", keeper.id, agency.slug)
                failed.append(f"{keeper.id} of {agency.slug}")
    compact()
    if failed:
        raise RuntimeError(f"not everything was purged: {', '.join(failed)}")
    return total


def purge_class(keeper: Keeper, agency: Agency, *, now: datetime) -> int:
    """Purge what is due of one class of one agency; return how many rows went."""
    total = 0
    while count := _batch(keeper, agency, now):
        total += count
    return total


@transaction.atomic
def _batch(keeper: Keeper, agency: Agency, now: datetime) -> int:
    Agency.objects.select_for_update().get(pk=agency.pk)  # holds and days are changed under the same lock
    days, holds = days_of(agency)[keeper.id], subjects_on_hold(agency)
    if days is None:
        return 0
    rows = keeper.rows(agency)
    expired = rows.filter(started__lte=cutoff(days, now))
    free = keeper.free(_not_held(keeper, expired, holds)).order_by("started", "pk")
    batch = list(free.values_list("pk", "started")[:BATCH])
    if not batch:
        return 0
    numbers = [pk for pk, _started in batch]
    held = _held(keeper, expired, holds).count()
    keeper.remove(rows.model._base_manager.using(rows.db).filter(pk__in=numbers))
    if keeper.rows(agency).filter(pk__in=numbers).exists():
        raise RuntimeError(f"the keeper of {keeper.id} left rows behind")
    _certify(keeper, agency, numbers, days=days, held=held, first=batch[0][1], last=batch[-1][1], now=now)
    return len(batch)


def _certify(
    keeper: Keeper,
    agency: Agency,
    numbers: list[int] | list[UUID],
    *,
    days: int,
    held: int,
    first: datetime,
    last: datetime,
    now: datetime,
) -> None:
    disposal = Disposal.objects.create(
        agency=agency,
        class_id=keeper.id,
        then=keeper.of.then,
        days=days,
        count=len(numbers),
        first=first,
        last=last,
        digest=hashlib.sha256(
            canonical([each if isinstance(each, int) else str(each) for each in numbers])
        ).hexdigest(),
        held=held,
        at=now,
    )
    record(
        agency=agency,
        by="system: purge",
        action=Audited.RETENTION_PURGED,
        target=class_subject(keeper.id),
        data={"certificate": disposal.pk, "count": len(numbers), "held": held, "digest": disposal.digest},
    )


def _held(keeper: Keeper, rows: Rows, holds: list[str]) -> Rows:
    if _all_held(keeper, holds):
        return rows
    return rows.filter(keeper.held(holds)) if holds else rows.none()


def _not_held(keeper: Keeper, rows: Rows, holds: list[str]) -> Rows:
    if _all_held(keeper, holds):
        return rows.none()
    # By number and not by negation: a condition over something null is neither true nor false.
    return rows.exclude(pk__in=rows.filter(keeper.held(holds)).values("pk")) if holds else rows


def _all_held(keeper: Keeper, holds: list[str]) -> bool:
    return EVERYTHING in holds or class_subject(keeper.id) in holds


def compact() -> None:
    """Let what was purged leave the write-ahead log too (SQLite). PostgreSQL: see docs/retention.md."""
    for connection in connections.all():
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
