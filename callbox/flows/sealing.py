"""Renewing the key that seals secrets at rest: everything sealed anywhere, in one transaction, so that the old key can be taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from callbox.core.secrets import Vault
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.intelligence.services import sightings, sources
from callbox.networks.connections import services as connections
from callbox.operations.models import Gateway
from callbox.trust.models import Conversation, Subscription

#: What rooms seal by a verb of their own.
_VERBS: Final[dict[str, Callable[[], int]]] = {
    "connections": connections.seal_anew,
    "sources": sources.seal_anew,
    "authors of posts": sightings.seal_anew,
}
#: The other columns that hold something sealed: what it is, its model, its column and the purpose of its vault.
_COLUMNS: Final[tuple[tuple[str, type[Model], str, str], ...]] = (
    ("gateways", Gateway, "secret", "gateway"),
    ("old secrets of gateways", Gateway, "old_secret", "gateway"),
    ("subscribers", Subscription, "sealed_address", "subscription"),
    ("questions", Conversation, "sealed_address", "enquiry"),
)


@transaction.atomic
def seal_anew() -> dict[str, int]:
    """Seal everything with the newest key; return how many there are of each kind.

    Raises:
        SealBrokenError: something was sealed with a key that is no longer given. Nothing was changed.
    """
    counts = {kind: verb() for kind, verb in _VERBS.items()}
    fresh = {kind: _column(model, column, purpose) for kind, model, column, purpose in _COLUMNS}
    if any(fresh.values()):
        record(agency=None, by="system: keys", action=Audited.ADDRESSES_SEALED, target="addresses", data=fresh)
    return counts | fresh


def _column(model: type[Model], column: str, purpose: str) -> int:
    box, count = Vault(settings.TOKEN_KEYS, purpose=purpose), 0
    rows: Any = model._default_manager
    for number, sealed in rows.exclude(**{column: ""}).values_list("pk", column):
        box.open(sealed)
        # what somebody wrote since it was read is sealed with the newest key already
        count += rows.filter(pk=number, **{column: sealed}).update(**{column: box.seal_anew(sealed)})
    return count
