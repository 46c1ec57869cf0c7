"""Subscribing by e-mail: asked for, confirmed by the owner of the address, ended with one click.

Whoever asks gets the same answer whether the address is known or not, and nothing happens to an address before its owner confirms.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

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
from callbox.trust.models.subscriptions import packed, unpacked

PORTAL: Final = "portal"
#: An address gets at most one letter asking for confirmation in this time, from all agencies of the installation together.
ONE_LETTER_IN: Final = timedelta(hours=1)
#: How long a link in such a letter confirms; the retention class `unconfirmed` deletes what nobody confirmed after as long.
TO_CONFIRM: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants. beats: none for the whole area.  language: of the letters around the news, not of the news."""

    beats: tuple[Beat, ...] = ()
    urgent_only: bool = False
    language: str = "en"


def vault() -> Vault:
    """Return what seals the addresses of subscribers."""
    return Vault(settings.TOKEN_KEYS, purpose="subscription")


def digest_of(address: str) -> str:
    """Return the name an address is found by, however its letters are written: an HMAC with a key that is not in the database."""
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
        "beats": [beat.pk for beat in choice.beats],
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
    rows = Subscription.objects.of(agency).exclude(state="ended")
    return rows.filter(secret_digest=_secret_digest(secret)).first()


def wish_of(row: Subscription) -> Choice | None:
    """Return what was asked for and can still be confirmed; None when nothing waits, or it was asked for too long ago."""
    if not row.wanted or timezone.now() > row.asked_at + TO_CONFIRM:
        return None
    return _wish(row)


def stands(row: Subscription) -> Choice:
    """Return what its owner confirmed; a beat that was ended since is still named."""
    return Choice(_beats(row, unpacked(row.beats)), row.urgent_only, row.language)


def confirm(*, agency: Agency, secret: str, words: str, seen: Choice | None = None) -> Subscription | None:
    """Write down that the owner of the address said yes; None where the secret opens nothing. Twice is once.

    words: the sentence they agreed to, as it stood beside the button.  seen: what that sentence says, where a page showed it: anybody can
    ask for something else in the name of an address, and nobody agrees to what they did not read.

    Raises:
        RefusedError: it was asked for more than two days ago, or something else was asked for meanwhile.
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
        if seen is not None and seen != wish:
            raise RefusedError(
                _("Something else was asked for meanwhile, so nothing was changed. Please read it again.")
            )
        consent = {"words": words, "at": now.isoformat(), "asked_at": row.asked_at.isoformat()}
        fresh = {**_fresh(wish), "consent": consent}
        if row.state == "pending":
            move(row, "confirmed", confirmed_at=now, **fresh)
        else:
            for name, value in fresh.items():
                setattr(row, name, value)
            row.save(update_fields=[*fresh])
        record(agency=agency, by=PORTAL, action=Audited.SUBSCRIPTION_CONFIRMED, target=f"subscription:{row.pk}")
    return row


def change(*, agency: Agency, secret: str, choice: Choice, words: str) -> Subscription | None:
    """Change what a subscriber gets, at once: whoever has the link of the letters owns the address. None where it opens none.

    words: the sentence that says the new choice. What somebody else asked for meanwhile is dropped.
    """
    with transaction.atomic():
        row = _locked(agency, secret)
        if row is None or row.state != "confirmed":
            return None
        fresh = {**_fresh(choice), "consent": {"words": words, "at": timezone.now().isoformat()}}
        for name, value in fresh.items():
            setattr(row, name, value)
        row.save(update_fields=[*fresh])
        record(agency=agency, by=PORTAL, action=Audited.SUBSCRIPTION_CHANGED, target=f"subscription:{row.pk}")
    return row


def end(*, agency: Agency, secret: str) -> bool:
    """End a subscription and blank its address at once; letters on their way to it stay here. False where the secret opens nothing."""
    with transaction.atomic():
        row = _locked(agency, secret)
        if row is None:
            return False
        move(row, "ended", sealed_address="", beats="", wanted={}, letter_due=None, ended_at=timezone.now())
        target = f"subscription:{row.pk}"
        cancel_letters(agency=agency, recipient=target, why=_("This person ended their letters."), by=PORTAL)
        record(agency=agency, by=PORTAL, action=Audited.SUBSCRIPTION_ENDED, target=target)
    return True


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """How many confirmed subscribers chose an area. area: its name, empty for the whole; who chose several stands in each."""

    area: str
    urgent_only: bool
    language: str
    n: int = 0


def states(agency: Agency) -> dict[str, int]:
    """Return how many subscriptions there are in each state; never whose."""
    return dict(Subscription.objects.of(agency).order_by().values_list("state").annotate(n=Count("pk")))


def groups(agency: Agency) -> list[Group]:
    """Return the confirmed ones by area, urgent_only and language, sorted."""
    names = dict(Beat.objects.of(agency).values_list("pk", "name"))
    rows = Subscription.objects.of(agency).confirmed().order_by().values_list("beats", "urgent_only", "language")
    found = Counter[tuple[str, bool, str]]()
    for beats, urgent_only, language, n in rows.annotate(n=Count("pk")):
        for area in [names[number] for number in unpacked(beats) if number in names] or [""]:
            found[area, urgent_only, language] += n
    return sorted(Group(*key, n) for key, n in found.items())


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
    beats = tuple(beat for beat in _beats(row, row.wanted.get("beats", ())) if beat.ended_at is None)
    return Choice(beats, bool(row.wanted["urgent_only"]), str(row.wanted["language"]))


def _beats(row: Subscription, numbers: Collection[int]) -> tuple[Beat, ...]:
    return tuple(Beat.objects.filter(agency=row.agency_id, pk__in=numbers)) if numbers else ()


def _fresh(choice: Choice) -> dict[str, object]:
    """Return the fields of a choice that stands from now on, with nothing asked for beside it."""
    beats = packed(beat.pk for beat in choice.beats)
    return {
        "beats": beats,
        "urgent_only": choice.urgent_only,
        "language": choice.language,
        "wanted": {},
        "letter_due": None,
    }


def _secret_digest(secret: str) -> str:
    return _hashed(f"subscription {secret}")


def _hashed(text: str) -> str:
    return hmac.new(settings.RECEIPT_KEY.encode(), f"callbox {text}".encode(), hashlib.sha256).hexdigest()
