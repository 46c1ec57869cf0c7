"""Subscribing by e-mail: asked for, confirmed by the owner of the address, ended with one click.

Whoever asks gets the same answer whether the address is known or not, and nothing happens to an address before its owner confirms.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.secrets import Vault
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks.deliveries.services import cancel_letters
from callbox.people.models import Agency, Beat
from callbox.trust.models import Subscription

PORTAL: Final = "portal"
#: An address gets at most one letter asking for confirmation in this time, from all agencies of the installation together.
ONE_LETTER_IN: Final = timedelta(hours=1)
#: How long a link in such a letter confirms; the retention class `unconfirmed` deletes what nobody confirmed after as long.
TO_CONFIRM: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants. beat: None for the whole area.  language: of the letters around the news, not of the news."""

    beat: Beat | None = None
    urgent_only: bool = False
    language: str = "en"


def vault() -> Vault:
    """Return what seals the addresses of subscribers."""
    return Vault(settings.TOKEN_KEYS, purpose="subscription")


def digest_of(address: str) -> str:
    """Return the name an address is found by: an HMAC with a key that is not in the database."""
    return _hashed(f"address {address.strip().casefold()}")


def ask(*, agency: Agency, address: str, choice: Choice) -> None:
    """Take the wish of somebody who says this is their address. A letter asks its owner, and nothing else follows from asking.

    Returns nothing, so that known and unknown addresses cannot be told apart.
    """
    try:
        _ask(agency, address.strip(), choice)
    except IntegrityError:  # the same address at the same moment: the other one asked
        _ask(agency, address.strip(), choice)


@transaction.atomic
def _ask(agency: Agency, address: str, choice: Choice) -> None:
    now, digest = timezone.now(), digest_of(address)
    same = Subscription.objects.select_for_update(of=("self",)).filter(address_digest=digest)
    letters = [row.letter_due or row.written_at for row in same]
    quiet = all(each is None or each <= now - ONE_LETTER_IN for each in letters)
    row = same.filter(agency=agency).first()
    secret = secrets.token_urlsafe(24)
    sealed = vault().seal({"address": address, "secret": secret})
    wanted = {
        "beat": choice.beat.code if choice.beat else "",
        "urgent_only": choice.urgent_only,
        "language": choice.language,
    }
    if row is None:
        row = Subscription.objects.create(
            agency=agency,
            address_digest=digest,
            sealed_address=sealed,
            secret_digest=_secret_digest(secret),
            wanted=wanted,
            asked_at=now,
            letter_due=now if quiet else None,
        )
    else:
        if row.state == "ended":
            move(row, "pending", sealed_address=sealed, secret_digest=_secret_digest(secret), consent={}, ended_at=None)
        row.wanted, row.asked_at = wanted, now
        row.letter_due = row.letter_due or (now if quiet else None)
        row.save(update_fields=["wanted", "asked_at", "letter_due"])
    record(agency=agency, by=PORTAL, action=Audited.SUBSCRIPTION_ASKED, target=f"subscription:{row.pk}")


def by_secret(agency: Agency, secret: str) -> Subscription | None:
    """Return a subscription by the secret in the links of its letters; None for every secret that opens none."""
    rows = Subscription.objects.of(agency).exclude(state="ended").select_related("beat")
    return rows.filter(secret_digest=_secret_digest(secret)).first()


def wish_of(row: Subscription) -> Choice | None:
    """Return what was asked for and can still be confirmed; None when nothing waits, or it was asked for too long ago."""
    if not row.wanted or timezone.now() > row.asked_at + TO_CONFIRM:
        return None
    return _wish(row)


def confirm(*, agency: Agency, secret: str, words: str) -> Subscription | None:
    """Write down that the owner of the address said yes; None where the secret opens nothing. Twice is once.

    words: the sentence they agreed to, as it stood beside the button.

    Raises:
        RefusedError: it was asked for more than two days ago.
    """
    with transaction.atomic():
        row = _locked(agency, secret)
        if row is None:
            return None
        if not row.wanted:
            return row
        wish, now = wish_of(row), timezone.now()
        if wish is None:
            raise RefusedError(
                _("This link is older than two days, so nothing was changed. Please subscribe once more.")
            )
        fresh = {
            "beat": wish.beat,
            "urgent_only": wish.urgent_only,
            "language": wish.language,
            "wanted": {},
            "letter_due": None,
            "consent": {"words": words, "at": now.isoformat(), "asked_at": row.asked_at.isoformat()},
        }
        if row.state == "pending":
            move(row, "confirmed", confirmed_at=now, **fresh)
        else:
            for name, value in fresh.items():
                setattr(row, name, value)
            row.save(update_fields=[*fresh])
        record(agency=agency, by=PORTAL, action=Audited.SUBSCRIPTION_CONFIRMED, target=f"subscription:{row.pk}")
    return row


def end(*, agency: Agency, secret: str) -> bool:
    """End a subscription and blank its address at once; letters on their way to it stay here. False where the secret opens nothing."""
    with transaction.atomic():
        row = _locked(agency, secret)
        if row is None:
            return False
        move(row, "ended", sealed_address="", wanted={}, letter_due=None, ended_at=timezone.now())
        target = f"subscription:{row.pk}"
        cancel_letters(agency=agency, recipient=target, why=_("This person ended their letters."), by=PORTAL)
        record(agency=agency, by=PORTAL, action=Audited.SUBSCRIPTION_ENDED, target=target)
    return True


def counts(agency: Agency) -> list[dict[str, Any]]:
    """Return how many subscriptions there are by state, beat, urgent_only and language; never whose."""
    rows = Subscription.objects.of(agency).order_by("state", "beat__name", "urgent_only", "language")
    return [dict(row) for row in rows.values("state", "beat__name", "urgent_only", "language").annotate(n=Count("pk"))]


def opened(row: Subscription) -> Mapping[str, str]:
    """Return {address, secret} of a subscription that was not ended.

    Raises:
        SealBrokenError: the keys of this installation do not open it.
    """
    return vault().open(row.sealed_address)


def _locked(agency: Agency, secret: str) -> Subscription | None:
    rows = Subscription.objects.of(agency).exclude(state="ended").select_for_update(of=("self",))
    return rows.filter(secret_digest=_secret_digest(secret)).first()


def _wish(row: Subscription) -> Choice:
    beat = Beat.objects.filter(agency=row.agency_id, code=row.wanted["beat"]).standing().first()
    return Choice(beat, bool(row.wanted["urgent_only"]), str(row.wanted["language"]))


def _secret_digest(secret: str) -> str:
    return _hashed(f"subscription {secret}")


def _hashed(text: str) -> str:
    return hmac.new(settings.RECEIPT_KEY.encode(), f"callbox {text}".encode(), hashlib.sha256).hexdigest()
