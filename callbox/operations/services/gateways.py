"""Gateways: where escalations go. Their secret is sealed, and shown once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.secrets import Vault
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.operations.gateways import payload, webhook
from callbox.operations.gateways.webhook import Answer
from callbox.operations.models import Gateway
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

#: Minutes within which somebody must have acknowledged, at least and at most.
LEAST, MOST = 1, 240
#: The days for which an old secret may go on counting beside a new one.
GRACE: Final = (0, 1, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class Details:
    """What is typed about a gateway. minutes: until somebody must have acknowledged.  exercise: for exercises and nothing else."""

    title: str
    address: str
    minutes: int
    phone: str


def add(*, agency: Agency, details: Details, exercise: bool, secret: str, by: User) -> tuple[Gateway, str]:
    """Add a gateway; return it with its secret, which is shown only now. secret: one that dispatch gave us, empty for a new one.

    Raises:
        RefusedError: something is missing or wrong, the name is taken, or `by` may not. Nothing was kept.
    """
    _may(by, agency)
    known = _checked(details)
    exercise = exercise or agency.exercise
    given = secret.strip() or webhook.new_secret()
    if not webhook.is_secret(given):
        raise RefusedError(_("A secret begins with whsec_ and carries 24 to 64 bytes as base64. Nothing was kept."))
    try:
        with transaction.atomic():
            row = Gateway.objects.create(
                agency=agency,
                title=known.title,
                address=known.address,
                minutes=known.minutes,
                phone=known.phone,
                exercise=exercise,
                secret=_vault().seal({"secret": given}),
                by=by,
                at=timezone.now(),
            )
            _tell(row, Audited.GATEWAY_ADDED, by=by, host=_host(known.address), exercise=exercise)
    except IntegrityError:
        raise RefusedError(_("There is a gateway of this name. Choose another one.")) from None
    return row, given


def change(*, gateway: Gateway, details: Details, by: User) -> None:
    """Change what is stated about a gateway. Whether it is for exercises never changes: what was sent to it stays what it was.

    Raises:
        RefusedError: something is missing or wrong, the name is taken, or `by` may not. Nothing was changed.
    """
    _may(by, gateway.agency)
    known = _checked(details)
    try:
        with transaction.atomic():
            stated = {"title": known.title, "address": known.address, "minutes": known.minutes, "phone": known.phone}
            Gateway.objects.filter(pk=gateway.pk).update(**stated)
            _tell(gateway, Audited.GATEWAY_CHANGED, by=by, host=_host(known.address), minutes=known.minutes)
    except IntegrityError:
        raise RefusedError(_("There is a gateway of this name. Choose another one.")) from None
    gateway.refresh_from_db()


@transaction.atomic
def renew_secret(*, gateway: Gateway, days: int = 0, by: User) -> str:
    """Return a new secret. For `days` the old one counts beside it: their calls may be signed with either, ours are with both.

    An older one that still counted ends now, and so does the old one without days.

    Raises:
        RefusedError: not one of the spans there are, or `by` may not. The secret stays as it was.
    """
    _may(by, gateway.agency)
    if days not in GRACE:
        raise RefusedError(_("Choose for how many days the old secret counts. Nothing was changed."))
    given, locked = webhook.new_secret(), Gateway.objects.select_for_update().get(pk=gateway.pk)
    until = timezone.now() + timedelta(days=days) if days else None
    kept = {"old_secret": locked.secret if until else "", "old_until": until}
    Gateway.objects.filter(pk=gateway.pk).update(secret=_vault().seal({"secret": given}), **kept)
    gateway.refresh_from_db()
    _tell(gateway, Audited.GATEWAY_SECRET_MADE, by=by, old_until=until.isoformat() if until else "")
    return given


@transaction.atomic
def end_old_secret(*, gateway: Gateway, by: User) -> None:
    """Let the old secret count no more, before its days are over.

    Raises:
        RefusedError: there is none that counts, or `by` may not.
    """
    _may(by, gateway.agency)
    locked = Gateway.objects.select_for_update().get(pk=gateway.pk)
    if not has_old_secret(locked):
        raise RefusedError(_("The old secret does not count any more. Nothing was changed."))
    Gateway.objects.filter(pk=gateway.pk).update(old_secret="", old_until=None)
    _tell(gateway, Audited.GATEWAY_SECRET_ENDED, by=by)


@transaction.atomic
def close(*, gateway: Gateway, by: User) -> None:
    """Send nothing there any more.

    Raises:
        RefusedError: something that was sent there still waits for somebody.
    """
    _may(by, gateway.agency)
    locked = Gateway.objects.select_for_update().get(pk=gateway.pk)
    if locked.escalations.waiting().exists():
        raise RefusedError(_("Something sent there still waits for an acknowledgement. Close it after that."))
    move(locked, "closed")
    _tell(gateway, Audited.GATEWAY_CLOSED, by=by)


@transaction.atomic
def reopen(*, gateway: Gateway, by: User) -> None:
    """Let escalations go there again."""
    _may(by, gateway.agency)
    move(gateway, "open")
    _tell(gateway, Audited.GATEWAY_OPENED, by=by)


def test(*, gateway: Gateway, by: User) -> Answer:
    """Make a signed call that opens nothing, and return what came of it."""
    _may(by, gateway.agency)
    now = timezone.now()
    answer = webhook.call(
        address=gateway.address,
        secrets=secrets_of(gateway),
        key=f"test-{uuid.uuid4().hex}",
        content=payload.tested(agency=gateway.agency.name, at=now),
        at=now,
        private=settings.PRIVATE_HOSTS,
    )
    with transaction.atomic():
        _tell(gateway, Audited.GATEWAY_TESTED, by=by, fate=answer.fate, said=answer.said)
    return answer


def secret_of(gateway: Gateway) -> str:
    """Return the secret of this gateway, the newest one.

    Raises:
        SealBrokenError: the key that sealed it is not there any more.
    """
    return _vault().open(gateway.secret)["secret"]


def has_old_secret(gateway: Gateway) -> bool:
    """Whether the secret before still counts."""
    return bool(gateway.old_secret) and gateway.old_until is not None and timezone.now() < gateway.old_until


def secrets_of(gateway: Gateway) -> list[str]:
    """Return what calls of this gateway are signed with, both ways: its secret, and the one before while that still counts.

    Raises:
        SealBrokenError: the key that sealed them is not there any more.
    """
    old = [_vault().open(gateway.old_secret)["secret"]] if has_old_secret(gateway) else []
    return [secret_of(gateway), *old]


#: What an unknown gateway's call is checked against, so that it takes the time a known one's takes.
NOBODYS: Final = webhook.new_secret()


def _vault() -> Vault:
    return Vault(settings.TOKEN_KEYS, purpose="gateway")


def _checked(details: Details) -> Details:
    """Return what was typed without blanks around it.

    Raises:
        RefusedError: something is missing or wrong.
    """
    title, address, phone = details.title.strip(), details.address.strip(), details.phone.strip()
    if not title or not phone:
        raise RefusedError(_("Give it a name, and a number to call when nobody acknowledges. Nothing was kept."))
    if not LEAST <= details.minutes <= MOST:
        raise RefusedError(
            _("Between %(least)d and %(most)d minutes. Nothing was kept.") % {"least": LEAST, "most": MOST}
        )
    try:
        found = urlsplit(address)
        whole = bool(found.hostname) and found.port != 0
    except ValueError:
        whole = False
    if not whole or found.username or found.password or found.fragment or not address.isprintable() or " " in address:
        raise RefusedError(_("This is no web address. Nothing was kept."))
    if found.scheme != "https" and not (found.scheme == "http" and found.netloc in settings.PRIVATE_HOSTS):
        raise RefusedError(_("The address must begin with https://, so that nobody reads along. Nothing was kept."))
    return Details(title, address, details.minutes, phone)


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _may(by: User, agency: Agency) -> None:
    if not can(by, Action.CHANGE_GATEWAY, agency):
        raise RefusedError(_("Your role may not change gateways. Nothing was done."))


def _tell(row: Gateway, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=f"gateway:{row.pk}", data=data)
