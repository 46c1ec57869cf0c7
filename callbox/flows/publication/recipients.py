"""Whom a mailing goes to: the list kept with the account, and the subscribers whose choice fits. No row ever holds a subscriber's address.

A delivery's recipient is `subscription:12`; whose address that is, is asked at the last moment before the letter leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callbox.core.secrets import SealBrokenError
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Addressee
from callbox.networks.translations import spoken
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, Beat
from callbox.trust.models import Subscription
from callbox.trust.models.subscriptions import SubscriptionQuerySet, unpacked
from callbox.trust.services import subscriptions
from callbox.voice.models import Version

#: Whom a mailing of this content goes to from this account, asked once, when it is approved.
type Recipients = Callable[[Connection, Content], Iterable[str]]
#: Writes the address that ends a subscription: agency, the secret of its letters, language.
type Ending = Callable[[Agency, str, str], str]

PREFIX: Final = "subscription:"


def addressed(connection: Connection, content: Content) -> list[str]:
    """Return the addresses kept with the account itself, and a reference for each subscriber whose choice fits, each address once.

    Who is on the list and subscribed too gets the letter of the subscription, which has its way out.
    """
    fitting = list(_fitting(connection.agency, content).order_by("pk").values_list("pk", "address_digest"))
    kept = {str(each).strip() for each in connection.details.get("recipients", ())} - {""}
    listed = {subscriptions.digest_of(each): each for each in sorted(kept)}
    for _pk, digest in fitting:
        listed.pop(digest, None)
    return [*sorted(listed.values()), *(f"{PREFIX}{pk}" for pk, _digest in fitting)]


def _fitting(agency: Agency, content: Content) -> SubscriptionQuerySet:
    rows = Subscription.objects.of(agency).confirmed()
    beats = list(_named(agency, content)) if content.beats else None
    return rows.fitting(languages=spoken(content), urgent=content.urgent, beats=beats)


def _named(agency: Agency, content: Content) -> dict[int, str]:
    """Return the beats whose subscribers it goes to, id -> name; every beat of the agency where it goes to everybody."""
    beats = Beat.objects.of(agency)
    some = content.beats and not content.urgent
    return dict((beats.filter(code__in=content.beats) if some else beats).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Letters:
    """How many letters would leave. by_beat: of those to subscribers, name of a beat they chose (empty: the whole area) -> how many.

    several: how many of them stand in more than one line of `by_beat`; each gets one letter.
    """

    count: int
    by_beat: Mapping[str, int]
    several: int = 0


def letters(*, agency: Agency, content: Content, accounts: Sequence[str]) -> Letters | None:
    """Return how many letters would leave if this were approved now; None where no account writes letters."""
    mailing = [name for name in accounts if name.startswith("email:")]
    if not mailing:
        return None
    rows = Connection.objects.of(agency).filter(account__in=mailing).select_related("agency")
    count = sum(len(addressed(row, content)) for row in rows)
    chosen, several, names = Counter[str](), 0, _named(agency, content)
    for beats in _fitting(agency, content).values_list("beats", flat=True):
        areas = {names[number] for number in unpacked(beats) if number in names}
        chosen.update(areas or {""})
        several += len(areas) > 1
    return Letters(count, dict(sorted(chosen.items())), several)


def letters_of(version: Version) -> int:
    """Return how many letters would leave if this version were approved now."""
    found = letters(agency=version.message.agency, content=version.written, accounts=version.accounts)
    return found.count if found else 0


def resolver(ending: Ending) -> Callable[[str], Addressee | None]:
    """Return what says whose address stands behind a recipient; None for whoever ended their letters meanwhile."""

    def resolve(recipient: str) -> Addressee | None:
        number = recipient.removeprefix(PREFIX)
        if number == recipient:
            return Addressee(recipient)
        rows = Subscription.objects.confirmed().select_related("agency")
        row = rows.filter(pk=int(number)).first() if number.isdecimal() else None
        if row is None:
            return None
        try:
            known = subscriptions.opened(row)
        except SealBrokenError:
            return None
        return Addressee(known["address"], ending(row.agency, known["secret"], row.language))

    return resolve
