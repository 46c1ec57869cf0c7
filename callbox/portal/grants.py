"""What the public plane may do in PostgreSQL, table by table with the reason: everything else the server itself refuses.

The portal is the process that strangers speak to, so it gets a role of its own (CALLBOX_PORTAL_DATABASE_URL). Whoever breaks into it
finds no password, no token, no trail, no note of an officer and no tip that is not sealed. On PostgreSQL the suite runs the portal's
tests under exactly this list, so a page or a migration that needs more fails there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Field, Model

from callbox.governance.models import AuditEvent
from callbox.networks.accounts.models import Account
from callbox.networks.models import Connection, Delivery
from callbox.networks.newsroom.models import Entry
from callbox.operations.models import Alert, Case, Update
from callbox.people.models import Agency, Beat, Street
from callbox.trust.models import Conversation, Hiding, Line, Subscription
from callbox.trust.tips.models import Intake, Key, Letter, Tip

#: Every column.
WHOLE: Final = ("*",)
_POLICY: Final = "callbox_portal"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the portal may do with one table. why: what for.

    reads, changes: names of fields, or WHOLE.  adds: whether it may insert rows.  rows: an SQL condition on the rows it meets at all,
    kept by a row-level policy; empty for every row.
    """

    model: type[Model]
    why: str
    reads: tuple[str, ...] = ()
    adds: bool = False
    changes: tuple[str, ...] = ()
    rows: str = ""


GRANTS: Final = (
    Grant(Agency, "every page says whose it is", reads=WHOLE),
    Grant(Beat, "who polices my street", reads=WHOLE),
    Grant(Street, "a street and a number lead to their beat", reads=WHOLE),
    Grant(Entry, "the newsroom; every edition in it was published", reads=WHOLE),
    Grant(
        Alert,
        "what holds and what is over; the words of drafts lie in another table",
        reads=WHOLE,
        rows="state = 'published'",
    ),
    Grant(
        Account,
        "the list of real accounts; not who administers them, nor how",
        reads=("id", "agency", "account", "address", "official", "shown"),
        rows="official AND shown",
    ),
    Grant(Connection, "where a real account is seen; never its token", reads=("id", "agency", "account", "url")),
    Grant(Case, "how a report stands, for who has its number and words", reads=WHOLE, rows="state = 'open'"),
    Grant(Update, "what the caller may read", reads=WHOLE),
    Grant(
        Conversation,
        "a question is asked, read again by its address, and gone on with; not what came from networks",
        reads=WHOLE,
        adds=True,
        changes=("urgent", "urgent_words", "last_at", "waits_since", "state", "owner", "claimed_at"),
        rows="connection_id IS NULL",
    ),
    Grant(
        Line,
        "the words of a question and its answers; not what officers note for each other",
        reads=WHOLE,
        adds=True,
        rows="item_id IS NULL AND kind IN ('resident', 'answer', 'receipt')",
    ),
    Grant(
        Subscription,
        "news by e-mail is asked for, confirmed, changed and ended; addresses are sealed",
        reads=WHOLE,
        adds=True,
        changes=(
            *("sealed_address", "beats", "urgent_only", "language", "state", "secret_digest", "consent", "wanted"),
            *("asked_at", "letter_due", "confirmed_at", "ended_at"),
        ),
    ),
    Grant(
        Delivery,
        "letters to somebody who ended them stay here",
        reads=("agency", "recipient", "state"),
        changes=("state", "said", "settled_at"),
        rows="recipient LIKE 'subscription:%'",
    ),
    Grant(
        Hiding,
        "the author of a hidden comment reads why, and objects",
        reads=WHOLE,
        changes=("state", "appeal", "appealed_at"),
    ),
    Grant(
        Tip,
        "a tip is added, found again by its receipt, and opened again by a further letter",
        reads=("id", "agency_id", "day", "lookup", "state"),
        adds=True,
        changes=("state",),
    ),
    Grant(Letter, "sealed letters are added, and the agency's handed to who has the receipt", reads=WHOLE, adds=True, changes=("read",)),
    Grant(Key, "the public keys a tip is sealed to; not whose they are", reads=("id", "agency_id", "recipient", "allowed", "ended")),
    Grant(Intake, "how many tips came in on a day", reads=WHOLE, adds=True, changes=("count",)),
    Grant(
        AuditEvent,
        "every write has its event; the portal adds in nobody's name and reads none",
        reads=("id", "by", "transaction"),
        adds=True,
        rows="by_id IS NULL",
    ),
)  # fmt: skip


def taken(role: str) -> Iterator[str]:
    """Yield the SQL that takes from `role` whatever it could do in the database's own schema."""
    name = _quoted(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"


def given(role: str, grant: Grant) -> Iterator[str]:
    """Yield the SQL that lets `role` do what one line says."""
    table = _quoted(grant.model._meta.db_table)
    rights = [
        _right("SELECT", grant, grant.reads),
        "INSERT" if grant.adds else "",
        _right("UPDATE", grant, grant.changes),
    ]
    yield f"GRANT {', '.join(right for right in rights if right)} ON {table} TO {_quoted(role)}"
    if grant.rows:
        yield from _policy(table, role, grant.rows)


def _policy(table: str, role: str, rows: str) -> Iterator[str]:
    """Yield what keeps `role` to some rows. The owner of the tables, as whom the desk works, passes every policy by.

    The policy stands for everybody and names the role as a text: a copy of the database can be restored where there is no such role.
    """
    literal = role.replace("'", "''")
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS {_POLICY} ON {table}"
    yield f"CREATE POLICY {_POLICY} ON {table} USING (current_user <> '{literal}' OR ({rows}))"


def _right(verb: str, grant: Grant, fields: tuple[str, ...]) -> str:
    if fields in (WHOLE, ()):
        return verb if fields else ""
    columns = (_quoted(_column(grant.model, field)) for field in fields)
    return f"{verb} ({', '.join(columns)})"


def _column(model: type[Model], field: str) -> str:
    found = model._meta.get_field(field)
    assert isinstance(found, Field)  # noqa: S101 - a relation seen from its other end has no column
    return str(found.column)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def apply(role: str) -> None:
    """Leave `role` with exactly the rights of this list, in one transaction. Call it as the owner of the tables.

    Raises:
        DatabaseError: there is no such role, or the tables belong to somebody else.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*taken(role), *(each for grant in GRANTS for each in given(role, grant))):
            cursor.execute(statement)


def lift() -> None:
    """Take every policy off before tables change: PostgreSQL changes no column that one names. Until `apply`, the role sees no row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = %s", [_POLICY])
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP POLICY {_POLICY} ON {_quoted(table)}")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a role may do other than this list says. Both are names of tables, sorted."""

    missing: tuple[str, ...]
    beyond: tuple[str, ...]


def difference(role: str) -> Difference:
    """Hold what the server lets `role` do, column by column, against the list."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [role, role])
        held = {tuple(row) for row in cursor.fetchall()}
    wanted = {right for grant in GRANTS for right in _wanted(grant)}
    return Difference(_tables(wanted - held), _tables(held - wanted))


#: Every table and column of the schema with the verbs a role may use on it.
_HELD: Final = """
    SELECT t.relname::text, a.attname::text, v.verb FROM pg_class t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS v (verb)
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND has_column_privilege(%s, t.oid, a.attnum, v.verb)
    UNION ALL SELECT t.relname::text, '', v.verb FROM pg_class t
    CROSS JOIN (VALUES ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS v (verb)
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND has_table_privilege(%s, t.oid, v.verb)
"""


def _wanted(grant: Grant) -> Iterator[tuple[str, str, str]]:
    fields = grant.model._meta
    everything = tuple(field.name for field in fields.concrete_fields)
    for verb, names in (
        ("SELECT", grant.reads),
        ("INSERT", everything if grant.adds else ()),
        ("UPDATE", grant.changes),
    ):
        for name in everything if names == WHOLE else names:
            yield fields.db_table, _column(grant.model, name), verb


def _tables(rights: set[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(sorted({table for table, _column, _verb in rights}))
