"""The list of the agency's real accounts, so that an impostor can be told."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from callbox.networks.accounts.models import Account
from callbox.networks.connections.models import Connection
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page, show


@dataclass(frozen=True, slots=True)
class Listed:
    """One account. network: as its owner writes it.  handle: its name there.  url: empty where nobody has said it."""

    network: str
    handle: str
    url: str


@portal_page()
def accounts(request: PublicRequest, agency: Agency) -> HttpResponse:
    """List the accounts the agency calls official and wants named."""
    return show(request, "portal/accounts.html", {"accounts": real_accounts(agency)})


def real_accounts(agency: Agency) -> list[Listed]:
    """Return them by network; the address is the one stated, else the connection's own."""
    connected = dict(Connection.objects.of(agency).values_list("account", "url"))
    found = []
    for row in Account.objects.of(agency).real().only("account", "address"):
        network, _colon, handle = row.account.partition(":")
        found.append(Listed(network.capitalize(), handle, row.address or connected.get(row.account, "")))
    return found
