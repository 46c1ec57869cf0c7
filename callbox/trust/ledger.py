"""From this area's live rows to the ledger: who wrote and when a person answered, what was hidden, how tips were dealt with."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from callbox.networks.ledger import SCHEMAS, conform
from callbox.people.models import Agency
from callbox.trust import tables
from callbox.trust.models import Conversation, Hiding, Line
from callbox.trust.services import appeals
from callbox.trust.services.moderation import digest as digest_of
from callbox.trust.tips.models import Tip

#: `accounts.network` and `accounts.source` of the agency's public page.
PORTAL: Final = "portal"

#: An answer counts from when it could be read: settled by its network, seen there, or shown on the public page. The same line that
#: waits, was refused or hangs in between is no answer yet.
_ARRIVED: Final = (
    Q(lines__delivery__state="sent")
    | Q(lines__item__isnull=False)
    | Q(lines__delivery=None, lines__item=None, connection=None)
)
_READABLE: Final = Coalesce(
    F("lines__item__at"), F("lines__delivery__called_at"), F("lines__delivery__settled_at"), F("lines__at")
)


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the tables of the ledger that this area's rows fill until `as_of`, with the public page as one more account."""
    return {
        "contacts": contacts(agency).filter(pl.col("at") <= as_of),
        "moderation": moderation(agency).filter(pl.col("at") <= as_of),
        "tips": tips(agency).filter(pl.col("day") <= as_of.date()),
        "accounts": portal(agency, as_of=as_of),
    }


def contacts(agency: Agency) -> pl.DataFrame:
    """Return the table `contacts`: one row for each conversation, answered when the first answer by a person could be read."""
    values = answered(
        agency,
        "connection__account",
        "pk",
        "thread",
        "opened_at",
        "door",
        "answerable",
        "answered",
        "acknowledged_at",
        "urgent",
    )
    public = portal_account(agency)
    found = [
        (account or public, f"conversation:{number}", thread, at, door, answerable, replied, acknowledged, urgent)
        for account, number, thread, at, door, answerable, replied, acknowledged, urgent in values.iterator()
    ]
    return pl.DataFrame(found, schema=SCHEMAS["contacts"], orient="row")


def answered(agency: Agency, *columns: str) -> QuerySet[Conversation, tuple[Any, ...]]:
    """Return `columns` of the conversations, oldest first; `answered` is when the first answer by a person could be read."""
    first = Min(_READABLE, filter=Q(lines__kind=Line.Kind.ANSWER) & _ARRIVED)
    rows = Conversation.objects.of(agency).annotate(answered=first).order_by("opened_at", "pk")
    return rows.values_list(*columns)


def portal_account(agency: Agency) -> str:
    """Return the name of the agency's public page among the accounts."""
    return f"{PORTAL}:{agency.slug}"


def portal(agency: Agency, *, as_of: datetime) -> pl.DataFrame:
    """Return the row of `accounts` for the public page: questions reach the agency there. It is no account on a network."""
    row = {
        "account": portal_account(agency),
        "network": PORTAL,
        "handle": agency.slug,
        "source": PORTAL,
        "carries": ["incoming"],
        "as_of": as_of,
        "official": False,
    }
    return conform("accounts", pl.DataFrame([row], schema={name: SCHEMAS["accounts"][name] for name in row}))


def moderation(agency: Agency) -> pl.DataFrame:
    """Return the table `moderation`: one row for each comment that an officer hid."""
    rows = Hiding.objects.of(agency).select_related("item__connection", "agency").order_by("at", "pk")
    found = [
        (
            row.item.connection.account,
            row.at,
            row.ground or None,
            bool(row.snapshot) and row.snapshot_digest == digest_of(row.snapshot),
            row.told_at,
            row.appealed_at,
            row.decided_at,
            _decision(row),
            appeals.due_at(row),
        )
        for row in rows.iterator()
    ]
    return pl.DataFrame(found, schema=tables.SCHEMAS["moderation"], orient="row")


def _decision(row: Hiding) -> str | None:
    """Return how an objection was decided; without one, showing a comment again only undoes a mistake.

    What was upheld and shown again later was upheld.
    """
    if row.appealed_at is None or row.state not in tables.DECISIONS:
        return None
    return "upheld" if row.undone_at is not None else row.state


def tips(agency: Agency) -> pl.DataFrame:
    """Return the table `tips`: one row for each tip, ordered by what it says, so that its place tells nothing either."""
    columns = (
        "day",
        "threat_to_life",
        "state",
        "outcome",
        "minutes_to_open",
        "minutes_to_settle",
        "outcome_returned",
        "promoted",
    )
    found = [
        (day, threat, state == "settled", outcome or None, opened, settled, told, promoted)
        for day, threat, state, outcome, opened, settled, told, promoted in Tip.objects.of(agency).values_list(*columns)
    ]
    schema = tables.SCHEMAS["tips"]
    return pl.DataFrame(found, schema=schema, orient="row").sort(list(schema), nulls_last=True)
