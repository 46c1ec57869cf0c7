"""The audit trail: `record` in the transaction of the write, `seal` chains what is committed, `verify` finds what was touched.

One chain for the whole installation, not one an agency: cutting off a small agency's end would then break everyone's chain, one
sealer and one witness serve all, and an export for one agency carries the other agencies' events as bare digests, so that it still
verifies as a whole and tells nothing of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

from callbox.governance import chain, origin
from callbox.governance.actions import Audited
from callbox.governance.chain import Event, Link, Verdict
from callbox.governance.models import AuditEvent, AuditHead
from callbox.people.models import Agency, User

type Value = str | int | bool | Sequence[Value] | Mapping[str, Value] | None

#: The number of the running transaction, that of the outermost one also inside a savepoint, on the engine that counts them; elsewhere
#: writes come one after the other anyway.
_TRANSACTION: Final = {"postgresql": "pg_current_xact_id()::text::bigint"}

#: The first number that no transaction seen by this very statement has. An event with a higher one was written on another server and
#: brought here by a backup: it would wait until this server has counted as far.
_NEXT: Final = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"

#: Events sealed in one transaction, so that no lock is held long.
BATCH = 1000

#: Characters the column of names holds: a long name and a long address together are longer, and PostgreSQL refuses what does not fit.
_NAME: Final = 300


def record(
    *,
    agency: Agency | None,
    by: User | str,
    action: Audited,
    target: str,
    data: Mapping[str, Value] | None = None,
) -> AuditEvent:
    """Write one event inside the caller's transaction, so that it lives or dies with the change it tells of.

    by: the person, or the name of what acted by itself (`system: sealer`).  target: `assessment:12`.  data: text, whole numbers,
    truth values, lists and maps of them; no floats, because two engines write them differently. What a person does on the staff plane
    gets the address they came from (`origin`).

    Raises:
        RuntimeError: no transaction is open.
        TypeError: `data` holds something else.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the change it tells of: use transaction.atomic()")
    person = by if isinstance(by, User) else None
    facts = dict(data or {})
    if person is not None and (address := origin.address()):
        facts.setdefault("address", address)
    event = Event(
        nonce=secrets.token_hex(16),
        agency=agency.slug if agency else "",
        at=now(),
        by_id=person.pk if person else None,
        by_name=(f"{person.name} <{person.email}>" if person else str(by))[:_NAME],
        action=Audited(action).value,
        target=target,
        data=facts,
    )
    chain.canonical(event.plain())  # refuses what two engines would write differently
    return _written(event, agency, person)


def _written(event: Event, agency: Agency | None, person: User | None) -> AuditEvent:
    """Write the row with a statement made once: every change of the product has an event, and Django would build it anew each time."""
    row = AuditEvent(
        nonce=event.nonce,
        agency=agency,
        at=event.at,
        by=person,
        by_name=event.by_name,
        action=event.action,
        target=event.target,
        data=event.data,
        event_digest=event.digest(),
    )
    fields = [field for field in AuditEvent._meta.concrete_fields if field.name not in {"id", "transaction"}]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(connection.vendor), values)
        row.pk, row.transaction = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias
    return row


@cache
def _insertion(vendor: str) -> str:
    names = [field.column for field in AuditEvent._meta.concrete_fields if field.name not in {"id", "transaction"}]
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    counted = _TRANSACTION.get(vendor, "0")
    return (
        f'INSERT INTO "{AuditEvent._meta.db_table}" ({columns}, "transaction") VALUES ({places}, {counted})'  # noqa: S608
        ' RETURNING "id", "transaction"'
    )


@transaction.atomic(durable=True)
def exported(*, agency: Agency, by: User, what: str, count: int | None, chosen: Mapping[str, str]) -> AuditEvent:
    """Write down that something left the house, before its first byte does: no event, no export.

    what: the address' name, `export_table`.  count: rows in it, None for what has none (a PDF).  chosen: what was asked for.
    """
    return record(
        agency=agency,
        by=by,
        action=Audited.EXPORTED,
        target=f"export:{what}",
        data={"rows": count, "chosen": dict(chosen)},
    )


@transaction.atomic(durable=True)
def read(
    *, agency: Agency, by: User, target: str, action: Audited = Audited.READ, data: Mapping[str, Value] | None = None
) -> AuditEvent:
    """Write down that somebody opened something sensitive (a tip, the name behind an account).

    Call it before anything is opened and outside any other transaction, so that what was shown is in the trail even when the
    page fails afterwards; when the event cannot be written, its error goes up and nothing is shown.

    Raises:
        RuntimeError: a transaction is open, whose end could take the event back.
    """
    return record(agency=agency, by=by, action=action, target=target, data=data)


def now() -> datetime:
    """Return the time in UTC, cut to the millisecond, so that every engine gives back what was written."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def seal() -> int:
    """Chain what is committed and not yet chained; return how many events that were.

    Never past an open transaction: on PostgreSQL an event waits until every transaction of this database that is older than its
    own has ended, so the chain keeps the order in which events were written. On SQLite writes come one after the other anyway.
    Any number of sealers may run; the head row lets one in at a time.
    """
    total = 0
    while True:
        count = _seal_batch()
        total += count
        if count < BATCH:
            return total


@transaction.atomic
def _seal_batch() -> int:
    AuditHead.objects.get_or_create(pk=1, defaults={"chain_digest": chain.GENESIS})
    head = AuditHead.objects.select_for_update().get(pk=1)
    waiting = AuditEvent.objects.filter(sequence__isnull=True).order_by("pk")
    if connection.vendor == "postgresql":
        brought = Q(transaction__gte=RawSQL(_NEXT, ()))  # noqa: S611 - a statement of our own
        waiting = waiting.filter(Q(transaction__lt=oldest_open()) | brought)
    events = list(waiting[:BATCH])
    for event in events:
        head.sequence += 1
        head.chain_digest = chain.link_digest(head.chain_digest, head.sequence, event.event_digest)
        event.sequence, event.chain_digest = head.sequence, head.chain_digest
    if events:
        AuditEvent.objects.bulk_update(events, ["sequence", "chain_digest"], batch_size=200)
        head.save(update_fields=["sequence", "chain_digest"])
    return len(events)


def oldest_open() -> int:
    """Return a transaction number below which every transaction of this database has ended (PostgreSQL).

    A snapshot's own xmin would do, but it waits for the other databases of the server, too. Three statements in this order, each
    with a snapshot of its own: the first number not yet ended, then who is still open, and only then (by the caller) the events.
    A transaction below the first number either shows among the open ones or had ended before, and then its events are visible.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        end: int = cursor.fetchone()[0]
        cursor.execute(
            """SELECT backend_xid::text::bigint FROM pg_stat_activity
               WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
               UNION ALL SELECT transaction::text::bigint FROM pg_prepared_xacts WHERE database = current_database()"""
        )
        return min([end, *(_whole(number, end) for (number,) in cursor.fetchall())])


def _whole(number: int, near: int) -> int:
    """Return a transaction number of 32 bits as the one of 64 bits that lies nearest to `near`: the short ones come round again."""
    return near + (number - near + 2**31) % 2**32 - 2**31


def links(*, agency: Agency | None = None, after: int = 0) -> Iterator[Link]:
    """Yield the sealed chain in order; with `agency`, the other agencies' events as bare digests."""
    slugs = _Slugs()
    rows = AuditEvent.objects.filter(sequence__gt=after).order_by("sequence")
    plain = rows.values_list("sequence", "event_digest", "chain_digest", *_EVENT)  # a million rows: no model instances
    for sequence, event_digest, chain_digest, *event in plain.iterator(chunk_size=5000):
        shown = agency is None or event[1] == agency.pk
        yield Link(sequence or 0, event_digest, chain_digest, _event(event, slugs) if shown else None)


#: The columns of an event, in the order of its fields.
_EVENT = ("nonce", "agency_id", "at", "by_id", "by_name", "action", "target", "data")


class _Slugs(dict[int | None, str]):
    """Slug of each agency by its number, asked for once, also of one that came while the chain is read; empty for none."""

    def __missing__(self, number: int | None) -> str:
        rows = Agency.objects.filter(pk=number) if number else Agency.objects.none()
        self[number] = rows.values_list("slug", flat=True).first() or ""
        return self[number]


def _event(values: Sequence[Any], slugs: _Slugs) -> Event:
    nonce, agency_id, *rest = values
    return Event(nonce, slugs[agency_id], *rest)


def checkpoint() -> chain.Checkpoint | None:
    """Return the end of the chain, to be kept where the database's owner cannot reach it; None while nothing is sealed."""
    head = AuditHead.objects.filter(pk=1, sequence__gt=0).first()
    return None if head is None else chain.Checkpoint(sequence=head.sequence, chain_digest=head.chain_digest, at=now())


def verify(*, checkpoints: list[chain.Checkpoint] | None = None) -> Verdict:
    """Recompute the whole chain of this database and the digests of the unsealed tail.

    Takes no lock, however long it reads: the tail first, then the head, then the links, so that what is sealed meanwhile is read twice
    rather than not at all.
    """
    slugs = _Slugs()
    tail = AuditEvent.objects.filter(sequence__isnull=True).order_by("pk").values_list("pk", "event_digest", *_EVENT)
    waiting = [(pk, digest, _event(event, slugs)) for pk, digest, *event in tail.iterator()]
    head = AuditHead.objects.filter(pk=1).first()
    known = list(checkpoints or [])
    if head is not None and head.sequence:
        known.append(chain.Checkpoint(sequence=head.sequence, chain_digest=head.chain_digest, at=now()))
    verdict = chain.verify(links(), checkpoints=known)
    if verdict.whole and verdict.events and not AuditHead.objects.filter(pk=1, sequence__gt=0).exists():
        verdict = replace(verdict, first_break=chain.Break(verdict.events, "headless"))
    return verdict.with_tail(
        count=len(waiting),
        oldest=waiting[0][2].at if waiting else None,
        broken=next((pk for pk, digest, event in waiting if event.digest() != digest), None),
    )
