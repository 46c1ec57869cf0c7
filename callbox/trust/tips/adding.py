"""New rows of tips, laid where chance puts them."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import connections

from callbox.trust.tips.models import Letter, Tip


def add[Row: (Tip, Letter)](row: Row) -> Row:
    """Store a new row. Call it inside a transaction.

    SQLite numbers rows in the order in which they come, so the file would tell which tip came after which (T-07): there the number is drawn
    by lot. PostgreSQL keeps the number of the transaction beside each row, which only the server's owner can read; docs/tips.md says so.
    """
    row.save(force_insert=True)
    connection = connections[settings.TIPS_DATABASE]
    if connection.vendor == "sqlite":
        table = connection.ops.quote_name(row._meta.db_table)
        with connection.cursor() as cursor:
            lot = secrets.randbelow(2**63)
            cursor.execute(f"UPDATE {table} SET rowid = %s WHERE id = %s", [lot, row.pk.hex])  # noqa: S608 - our own table
    return row
