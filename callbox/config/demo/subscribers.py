"""Who gets Riverton's letters: invented people who subscribed and confirmed, some who did not, one who ended it."""

from __future__ import annotations

from callbox.people.models import Agency, Beat
from callbox.trust.models import Subscription
from callbox.trust.services import subscriptions
from callbox.trust.services.subscriptions import Choice

#: How many of each: language, beats, only urgent ones, and how many confirmed.
SUBSCRIBERS = (
    ("en", (), False, 9),
    ("en", ("riverside",), False, 5),
    ("en", ("riverside", "old-town"), False, 1),
    ("en", ("old-town",), True, 4),
    ("es", (), False, 5),
    ("ar", ("hillside",), False, 3),
    ("en", (), False, 0),
)
WORDS = "Send me news of Riverton Police by e-mail."


def build(agency: Agency) -> None:
    """Subscribe them. The letters to those who did not confirm are written into the data folder, like every letter of the demonstration."""
    beats = {beat.code: beat for beat in Beat.objects.of(agency).standing()}
    for group, (language, codes, urgent_only, confirmed) in enumerate(SUBSCRIBERS):
        choice = Choice(tuple(beats[code] for code in codes if code in beats), urgent_only, language)
        for number in range(confirmed + 1):
            _subscribe(agency, f"resident{group}.{number}@home.example", choice, confirms=number < confirmed)
    first = Subscription.objects.of(agency).confirmed().first()
    if first is not None:
        subscriptions.end(agency=agency, secret=subscriptions.opened(first)["secret"])


def _subscribe(agency: Agency, address: str, choice: Choice, *, confirms: bool) -> None:
    subscriptions.ask(agency=agency, address=address, choice=choice)
    row = Subscription.objects.of(agency).get(address_digest=subscriptions.digest_of(address))
    if confirms:
        subscriptions.confirm(agency=agency, secret=subscriptions.opened(row)["secret"], words=WORDS)
