"""The accounts of an agency: those its newest record holds and those it has stated; a new statement is measured at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from callbox.maturity.models import Assessment
from callbox.maturity.services import ledgers
from callbox.maturity.services.measuring import ledger_folder, measure_current_anew
from callbox.networks.accounts import services as registry
from callbox.networks.accounts.models import Account
from callbox.people.models import Agency, User
from callbox.trust.ledger import PORTAL

#: Rows of the ledger's accounts that no network holds: what was stated, and the agency's own public page.
_NO_ACCOUNT = (registry.SOURCE, PORTAL)


@dataclass(frozen=True, slots=True)
class Listed:
    """One account of the list. stated: what the agency says of it, None while nobody has.  found: whether the newest record holds it."""

    account: str
    name: str
    stated: Account | None
    found: bool

    @property
    def network(self) -> str:
        """The name of the network, as a page shows it."""
        return self.account.partition(":")[0].capitalize()

    @property
    def handle(self) -> str:
        """The account's name there."""
        return self.account.partition(":")[2]


def listed(agency: Agency) -> list[Listed]:
    """Return all accounts of `agency`, in order of name."""
    stated = {row.account: row for row in Account.objects.of(agency).select_related("by")}
    found = _found(agency)
    return [
        Listed(account, found.get(account, ""), stated.get(account), account in found)
        for account in sorted(found.keys() | stated.keys())
    ]


def state(*, agency: Agency, account: str, details: registry.Details, by: User) -> None:
    """Write down what an account is; the open assessment is measured anew with it.

    Raises:
        RefusedError: the name is no account's.
    """
    with transaction.atomic():
        if registry.state(agency=agency, account=account, details=details, by=by):
            measure_current_anew(agency)


def _found(agency: Agency) -> dict[str, str]:
    """Return the accounts of the newest kept record, with the names they go by."""
    for newest in Assessment.objects.of(agency).scored().light()[:10]:
        if newest.as_of is None or not ledger_folder(newest).is_dir():
            continue
        ledger = ledgers.load(ledger_folder(newest), agency=agency.name, as_of=newest.as_of)
        rows = ledger.table("accounts").select("account", "name", "source").collect()
        rows = rows.filter(~rows["source"].is_in(_NO_ACCOUNT).fill_null(value=False)).sort(
            "account", "name", nulls_last=True
        )
        return {
            account: name or ""
            for account, name in rows.unique("account", keep="first").select("account", "name").iter_rows()
        }
    return {}
