"""Connecting accounts, keeping their tokens sealed, and opening sessions with them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.secrets import SealBrokenError, Vault
from callbox.core.state import MovedMeanwhileError, move
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks import registry
from callbox.networks.connections import lanes
from callbox.networks.connections.discreet import DiscreetSession, scrub
from callbox.networks.connections.models import Connection
from callbox.networks.contract import NetworkError, Place, Resolver, Session, SignInError, as_written
from callbox.networks.storable import storable, web_address
from callbox.networks.vocabulary import Identity
from callbox.people.models import Agency, User

PROBE = "system: probe"
#: Characters of "<network>:<handle>".
LONGEST = 200


def vault() -> Vault:
    """Return what seals the tokens of connections."""
    return Vault(settings.TOKEN_KEYS, purpose="connection")


def connect(
    *, agency: Agency, kind: str, details: Mapping[str, str], secrets: Mapping[str, str], by: User
) -> Connection:
    """Connect an account: ask the network who we are, then keep it. The same account again is renewed.

    Raises:
        RefusedError: there is no such network, something is missing, or the network does not accept it. Nothing was kept.
    """
    if kind not in registry.NETWORKS:
        raise RefusedError(_("Callbox does not know this network. Choose one from the list."))
    if agency.exercise and kind != "paper":
        raise RefusedError(_("In a drill there are accounts on paper and no others. Nothing was kept."))
    network = registry.network(kind)
    kept = {name: details[name].strip() for name in network.settings if details.get(name, "").strip()}
    sealed = {name: secrets[name].strip() for name in network.secrets if secrets.get(name, "").strip()}
    identity = _who(agency, kind, kept, sealed)
    account = f"{kind}:{identity.handle}"
    if len(account) > LONGEST or not account.isprintable():
        raise RefusedError(
            _("The name of this account is too long, or holds signs that no name has. Nothing was kept.")
        )
    return _keep(agency, account, identity, kept, vault().seal(sealed), by)


def _who(agency: Agency, kind: str, details: Mapping[str, str], secrets: Mapping[str, str]) -> Identity:
    network = registry.network(kind)
    try:
        inner = network.open(details, secrets, place_of(agency, "", 0))
        with contextlib.closing(DiscreetSession(inner, account=kind, secrets=secrets.values())) as session:
            return session.identity()
    except (KeyError, ValueError):
        raise RefusedError(_("Something needed to connect is missing or mistyped. Nothing was kept.")) from None
    except NetworkError as error:
        said = {"network": network.label, "said": scrub(error.said, secrets.values()).rstrip(".")}
        raise RefusedError(
            _("%(network)s did not accept this: %(said)s. Nothing was kept; check what you typed.") % said
        ) from None


@transaction.atomic
def _keep(
    agency: Agency, account: str, identity: Identity, details: Mapping[str, str], sealed: str, by: User
) -> Connection:
    now = timezone.now()
    fresh = {
        "name": storable(identity.name)[:160],
        "url": web_address(identity.url, files=True)[:500],
        "details": dict(details),
        "sealed": sealed,
        "said": "",
        "checked_at": now,
        "not_before": None,
        "by": by,
        "at": now,
        "state": "working",
    }
    row, new = Connection.objects.select_for_update().get_or_create(agency=agency, account=account, defaults=fresh)
    if not new:
        if row.state != "working":
            move(row, "working")
        Connection.objects.filter(pk=row.pk).update(**fresh)
        row.refresh_from_db()
    action = Audited.CONNECTION_MADE if new else Audited.CONNECTION_RENEWED
    record(agency=agency, by=by, action=action, target=f"connection:{row.pk}", data={"account": account})
    return row


@transaction.atomic
def disconnect(*, connection: Connection, by: User) -> None:
    """Take an account off: its token is forgotten, what still waited for it stays until a person decides."""
    if connection.state == "ended":
        return
    move(connection, "ended", sealed="", said="")
    record(
        agency=connection.agency,
        by=by,
        action=Audited.CONNECTION_ENDED,
        target=f"connection:{connection.pk}",
        data={"account": connection.account},
    )


def place_of(agency: Agency, account: str, connection: int, *, resolve: Resolver = as_written) -> Place:
    """Return where a session of this account works."""
    return Place(settings.DATA, frozenset(settings.PRIVATE_HOSTS), account, connection, agency.slug, resolve)


@contextlib.contextmanager
def open_session(connection: Connection, *, resolve: Resolver = as_written) -> Iterator[Session]:
    """Open a session of an account and close it after use. resolve: whose address stands behind a recipient.

    Raises:
        SignInError: the token cannot be opened with the keys of this installation.
    """
    try:
        secrets = vault().open(connection.sealed)
    except SealBrokenError:
        raise SignInError(SENTENCES["token_unopened"]) from None
    network = registry.network(connection.kind)
    place = place_of(connection.agency, connection.account, connection.pk, resolve=resolve)
    inner = network.open(connection.details, secrets, place)
    with contextlib.closing(DiscreetSession(inner, account=connection.account, secrets=secrets.values())) as session:
        yield session


def refused(connection: Connection, said: str) -> bool:
    """Write down that the network no longer accepts the token; deliveries wait. Return False when that was known already."""
    try:
        with transaction.atomic():
            fresh = Connection.objects.select_for_update().get(pk=connection.pk)
            if fresh.state != "working":
                return False
            move(fresh, "refused", said=scrub(said, ()), checked_at=timezone.now())
            record(
                agency=fresh.agency,
                by=PROBE,
                action=Audited.CONNECTION_REFUSED,
                target=f"connection:{fresh.pk}",
                data={"account": fresh.account, "said": fresh.said},
            )
    except MovedMeanwhileError:
        return False
    return True


def accepted(connection: Connection) -> None:
    """Write down that the network accepted the token."""
    with transaction.atomic():
        fresh = Connection.objects.select_for_update().get(pk=connection.pk)
        if fresh.state == "refused":
            move(fresh, "working", said="")
            data = {"account": fresh.account}
            target = f"connection:{fresh.pk}"
            record(agency=fresh.agency, by=PROBE, action=Audited.CONNECTION_ACCEPTED, target=target, data=data)
        Connection.objects.filter(pk=fresh.pk).update(checked_at=timezone.now())


def probe_all() -> int:
    """Ask every network whether it still accepts our token; return how many do not. One that hangs delays no other."""
    asked: set[int] = set()

    def left() -> list[int]:
        rows = Connection.objects.exclude(state="ended").values_list("pk", flat=True)
        return [pk for pk in rows if pk not in asked]

    def probe(pk: int) -> int:
        if pk in asked:
            return 0
        asked.add(pk)
        return 0 if _probe(Connection.objects.select_related("agency").get(pk=pk)) else 1

    return lanes.run(left, probe)


def _probe(connection: Connection) -> bool:
    """Return False when the token is not accepted. A network that cannot be reached says nothing about its token."""
    try:
        with open_session(connection) as session:
            identity = session.identity()
    except SignInError as error:
        refused(connection, error.said)
        return False
    except NetworkError:
        return True
    if f"{connection.kind}:{identity.handle}" != connection.account:
        refused(connection, SENTENCES["account_renamed"])
        return False
    accepted(connection)
    return True


@transaction.atomic
def seal_anew() -> int:
    """Seal every token with the newest key, so that an older one can be taken out of the settings; return how many there are.

    Raises:
        SealBrokenError: a token was sealed with a key that is no longer given. Nothing was changed.
    """
    box, count = vault(), 0
    for row in Connection.objects.exclude(sealed="").select_for_update():
        box.open(row.sealed)
        Connection.objects.filter(pk=row.pk).update(sealed=box.seal_anew(row.sealed))
        count += 1
    if count:
        record(
            agency=None, by="system: keys", action=Audited.CONNECTIONS_SEALED, target="connections", data={"n": count}
        )
    return count
