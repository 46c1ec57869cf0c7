"""Stating what an account is, and the statements as rows of the ledger's table of accounts."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks.accounts.models import Account
from callbox.networks.accounts.posture import Gap, gaps
from callbox.networks.ledger import conform, empty
from callbox.people.models import Agency, User

#: What the ledger's rows of statements name as their source.
SOURCE: Final = "stated by the agency"

_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9.-]*:\S(?:[^\x00-\x1f]*\S)?")


@dataclass(frozen=True, slots=True)
class Details:
    """What is stated of an account; None or empty where nobody has said it.

    owner: a person's name.  kind: one of `Account.Kind`.  shown: whether the public list of real accounts may name it.
    """

    official: bool | None = None
    owner: str = ""
    admins: int | None = None
    second_factor: bool | None = None
    linked: bool | None = None
    kind: str = ""
    shown: bool = False
    address: str = ""


#: What the ledger takes of them; the rest is the agency's own business.
_MEASURED: Final = ("official", "admins", "second_factor", "linked")


@transaction.atomic
def state(*, agency: Agency, account: str, details: Details, by: User) -> bool:
    """Write down what `account` ("<network>:<handle>") is; return whether that differs from what was stated before.

    Raises:
        RefusedError: the name is no account's, or the public list should name one that is not stated to be official.
    """
    if len(account) > Account._meta.get_field("account").max_length or not _ACCOUNT.fullmatch(account):  # type: ignore[operator]
        raise RefusedError(_("Say the network and the name of the account, such as facebook and rivertonpolice."))
    if details.shown and details.official is not True:
        raise RefusedError(
            _("Only an account that is stated to be official can stand on the public list. Nothing was saved.")
        )
    row = Account.objects.of(agency).select_for_update().filter(account=account).first()
    before, now = details_of(row), timezone.now()
    if row is not None and before == details:
        _said_again(row, by=by, now=now)
        return False
    stated = asdict(details)
    secured_at = None if details.second_factor is None else now
    Account.objects.update_or_create(
        agency=agency, account=account, defaults={**stated, "by": by, "at": now, "secured_at": secured_at}
    )
    changed = {name: [value, stated[name]] for name, value in asdict(before).items() if value != stated[name]}
    record(agency=agency, by=by, action=Audited.ACCOUNT_STATED, target=f"account:{account}", data=changed)
    return True


def _said_again(row: Account, *, by: User, now: datetime) -> None:
    """Write down that somebody looked again and found the account as it was stated; once a day is enough."""
    if row.second_factor is None or (row.secured_at and row.secured_at.date() == now.date()):
        return
    Account.objects.filter(pk=row.pk).update(by=by, at=now, secured_at=now)
    record(
        agency=row.agency,
        by=by,
        action=Audited.ACCOUNT_STATED,
        target=f"account:{row.account}",
        data={"said_again": True},
    )


def posture(row: Account, *, today: date) -> tuple[Gap, ...]:
    """Return what stands open at one account (networks.accounts.posture)."""
    return gaps(
        official=row.official,
        owner=row.owner,
        admins=row.admins,
        second_factor=row.second_factor,
        secured_on=row.secured_at.date() if row.secured_at else None,
        kind=row.kind,
        today=today,
    )


def details_of(row: Account | None) -> Details:
    """Return what a row states."""
    if row is None:
        return Details()
    return Details(**{name: getattr(row, name) for name in Details.__dataclass_fields__})


def table(agency: Agency) -> pl.DataFrame:
    """Return the agency's statements as rows of the ledger's `accounts`, which holds that there is an owner and not who."""
    rows = [
        {
            "account": row.account,
            "network": row.account.partition(":")[0],
            "handle": row.account.partition(":")[2],
            "source": SOURCE,
            "carries": [],
            **{name: getattr(row, name) for name in _MEASURED},
            "owner": bool(row.owner),
        }
        for row in Account.objects.of(agency)
    ]
    return conform("accounts", pl.DataFrame(rows)) if rows else empty("accounts")
