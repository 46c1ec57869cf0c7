"""The sender's statements between two calls, written out: Django builds each of its own anew, which costs more than asking the database.

They read and write exactly what the models say: columns, and what turns them into values, come from the models' own fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.models import Field, Model

from callbox.governance.models import Approval
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.models import Delivery

#: What the gate reads of a delivery: alias in the statement -> whose columns, and which.
_READ: Final[Mapping[str, tuple[type[Model], tuple[str, ...]]]] = {
    "mine": (
        Delivery,
        ("id", "agency", "connection", "approval", "replaces", "subject", "operation", "rendition", "due", "made", "state"),
    ),
    "account": (Connection, ("id", "agency", "account")),
    "approval": (
        Approval,
        ("id", "agency", "subject", "digest", "parts", "due", "rule", "by", "at", "voided_at"),
    ),
    "replaced": (Delivery, ("id", "connection", "key", "state", "remote_id")),
}  # fmt: skip

type _Converter = tuple[int, Callable[[Any, Any, Any], Any], Any]


def claimed(delivery: Delivery) -> Delivery | None:
    """Return a delivery as it stands now with all that the gate reads of it, locked until the transaction ends; None when this worker
    no longer holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_reading(connection.vendor), [delivery.pk, delivery.fence])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, convert, column in _converters(connection.vendor):
        values[place] = convert(values[place], column, connection)
    mine, account, approval, replaced = _models(values)
    mine.connection, mine.approval, mine.replaces = account, approval, replaced
    return mine  # type: ignore[no-any-return]


def mark(delivery: Delivery, now: datetime) -> None:
    """Write down that the call of a locked delivery begins; its lease begins anew with it."""
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{Delivery._meta.db_table}" SET "called_at" = %s, "claimed_at" = %s WHERE "id" = %s',  # noqa: S608
            [moment, moment, delivery.pk],
        )


def swap(delivery: Delivery, changes: Mapping[str, object], known: Mapping[str, object]) -> bool:
    """Write `changes` where this worker holds the delivery, by its state and its fence, and what else is known of it is so still.

    Names are columns. Return whether it was written.
    """
    where = {"id": delivery.pk, "state": "sending", "fence": delivery.fence, **known}
    bound: list[Any] = [
        _adapted(value) for value in (*changes.values(), *(each for each in where.values() if each is not None))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_swapping(tuple(changes), tuple((name, value is None) for name, value in where.items())), bound)
        return bool(cursor.rowcount)


def _adapted(value: object) -> object:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


@cache
def _swapping(changes: tuple[str, ...], where: tuple[tuple[str, bool], ...]) -> str:
    table = Delivery._meta.db_table
    new = ", ".join(f'"{name}" = %s' for name in changes)
    so = " AND ".join(f'"{name}" IS NULL' if empty else f'"{name}" = %s' for name, empty in where)
    return f'UPDATE "{table}" SET {new} WHERE {so}'  # noqa: S608 - names of our own columns


@cache
def _reading(vendor: str) -> str:
    columns = ", ".join(f'{alias}."{field.column}"' for alias, field in _fields())
    delivery, account, approval = (each._meta.db_table for each in (Delivery, Connection, Approval))
    # On SQLite a transaction that writes is alone from its beginning (transaction_mode in the settings).
    lock = " FOR UPDATE OF mine" if vendor == "postgresql" else ""
    return (
        f'SELECT {columns} FROM "{delivery}" mine JOIN "{account}" account ON account."id" = mine."connection_id"'  # noqa: S608
        f' LEFT JOIN "{approval}" approval ON approval."id" = mine."approval_id"'
        f' LEFT JOIN "{delivery}" replaced ON replaced."id" = mine."replaces_id"'
        f' WHERE mine."id" = %s AND mine."state" = \'sending\' AND mine."fence" = %s{lock}'
    )


def _fields() -> list[tuple[str, Field[Any, Any]]]:
    # In the order of the model's fields, in which `from_db` takes them.
    return [
        (alias, field)
        for alias, (model, names) in _READ.items()
        for field in model._meta.concrete_fields
        if field.name in names
    ]


@cache
def _converters(vendor: str) -> Sequence[_Converter]:  # noqa: ARG001 - each engine gives other values
    found: list[_Converter] = []
    for place, (alias, field) in enumerate(_fields()):
        column = field.get_col(alias)
        both = (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
        found += [(place, convert, column) for convert in both]
    return found


def _models(values: Sequence[Any]) -> list[Any]:
    """Return an instance of each table, None where the statement found no row; what was not read is not there."""
    found, at = [], 0
    for model, names in _READ.values():
        part = values[at : at + len(names)]
        at += len(names)
        found.append(None if part[0] is None else model.from_db("default", _attributes(model, names), part))
    return found


@cache
def _attributes(model: type[Model], names: tuple[str, ...]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.name in names]
