"""Stating what an account is, and the statements as rows of the ledger's table of accounts."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks.accounts.models import Account
from callbox.networks.ledger import conform, empty
from callbox.people.models import Agency, User

#: What the ledger's rows of statements name as their source.
SOURCE: Final = "stated by the agency"

_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9.-]*:\S(?:[^\x00-\x1f]*\S)?")


@dataclass(frozen=True, slots=True)
class Details:
    """What is stated of an account; None where nobody has said it. owner: a person's name, empty when there is none."""

    official: bool | None = None
    owner: str = ""
    admins: int | None = None
    second_factor: bool | None = None
    linked: bool | None = None


@transaction.atomic
def state(*, agency: Agency, account: str, details: Details, by: User) -> bool:
    """Write down what `account` ("<network>:<handle>") is; return whether that differs from what was stated before.

    Raises:
        RefusedError: the name is no account's.
    """
    if len(account) > Account._meta.get_field("account").max_length or not _ACCOUNT.fullmatch(account):  # type: ignore[operator]
        raise RefusedError(_("Say the network and the name of the account, such as facebook and rivertonpolice."))
    row = Account.objects.of(agency).select_for_update().filter(account=account).first()
    before = details_of(row)
    if row is not None and before == details:
        return False
    stated = asdict(details)
    Account.objects.update_or_create(
        agency=agency, account=account, defaults={**stated, "by": by, "at": timezone.now()}
    )
    changed = {name: [value, stated[name]] for name, value in asdict(before).items() if value != stated[name]}
    record(agency=agency, by=by, action=Audited.ACCOUNT_STATED, target=f"account:{account}", data=changed)
    return True


def details_of(row: Account | None) -> Details:
    """Return what a row states."""
    if row is None:
        return Details()
    return Details(row.official, row.owner, row.admins, row.second_factor, row.linked)


def table(agency: Agency) -> pl.DataFrame:
    """Return the agency's statements as rows of the ledger's `accounts`, which holds that there is an owner and not who."""
    rows = [
        {
            "account": row.account,
            "network": row.account.partition(":")[0],
            "handle": row.account.partition(":")[2],
            "source": SOURCE,
            "carries": [],
            **asdict(details_of(row)),
            "owner": bool(row.owner),
        }
        for row in Account.objects.of(agency)
    ]
    return conform("accounts", pl.DataFrame(rows)) if rows else empty("accounts")
