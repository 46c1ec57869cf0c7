"""The public side of tips: take one in, open the dialogue with the receipt, write again. Nothing here knows who asks, or tells when.

Intake writes no audit event of its own; `count_days` puts one number a day into the chain. What is acknowledged is stored.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.people.models import Agency
from callbox.trust.tips import envelope, receipts
from callbox.trust.tips.adding import add
from callbox.trust.tips.audited import audited
from callbox.trust.tips.envelope import Written
from callbox.trust.tips.models import Intake, Key, Letter, Tip

#: Who acts in the trail.
CLOCK = "system: tips"
#: One tipster cannot fill the disk: letters of one tip.
MOST_LETTERS = 200


class _CountedError(Exception):
    """Another worker wrote this day down."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One letter as the tipster reads it: theirs without its words (only the agency can open those), the agency's in plain text.

    text: empty too where a letter of the agency was damaged, which keeps nobody from the others.
    """

    number: int
    day: date
    from_agency: bool
    text: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A tip as its receipt opens it."""

    state: str
    letters: tuple[Opened, ...]


def takes_tips(agency: Agency) -> bool:
    """Whether the agency has a key to which a tip can be sealed."""
    return bool(recipients(agency))


def recipients(agency: Agency) -> list[str]:
    """Return the agency's public keys in use."""
    return list(Key.objects.of(agency).in_use().values_list("recipient", flat=True))


def receive(*, agency: Agency, text: str, about: str = "", place: str = "", language: str = "") -> str:
    """Seal and store a tip; return its receipt, which exists nowhere else.

    Raises:
        RefusedError: nothing was written, it is too long, or the agency has no key yet.
    """
    sealed = _seal(agency, _written(text, about=about, place=place, language=language))
    receipt = receipts.new()
    with transaction.atomic(using=settings.TIPS_DATABASE):
        tip = add(
            Tip(
                agency_id=agency.pk,
                day=_today(),
                lookup=receipts.lookup(receipt, pepper=settings.RECEIPT_KEY),
                public_key=envelope.public_half(receipts.identity(receipt)),
            )
        )
        add(Letter(tip=tip, number=1, from_agency=False, day=tip.day, sealed=sealed))
        _count(agency)
    return receipt


def open_dialogue(*, agency: Agency, receipt: str) -> Dialogue | None:
    """Return the dialogue that this receipt opens; None for every receipt that opens none, whatever the reason."""
    tip = _find(agency, receipt)
    if tip is None:
        return None
    key = receipts.identity(receipt)
    letters = list(tip.letters.all())
    shown = tuple(
        Opened(each.number, each.day, each.from_agency, _text(each, key) if each.from_agency else "")
        for each in letters
    )
    Letter.objects.filter(tip=tip, from_agency=True, read=False).update(read=True)
    return Dialogue(tip.state, shown)


def write_again(*, agency: Agency, receipt: str, text: str) -> bool:
    """Seal and store a further letter of the tipster; return whether the receipt opened anything.

    Raises:
        RefusedError: nothing was written, it is too long, or there are too many letters.
    """
    sealed = _seal(agency, _written(text))
    with transaction.atomic(using=settings.TIPS_DATABASE):
        tip = _find(agency, receipt, lock=True)
        if tip is None:
            return False
        number = tip.letters.count() + 1
        if number > MOST_LETTERS:
            raise RefusedError(
                _("This conversation is full. Send a new tip and say that it goes on from an earlier one.")
            )
        add(Letter(tip=tip, number=number, from_agency=False, day=_today(), sealed=sealed))
        Tip.objects.filter(pk=tip.pk, state="settled").update(state="opened")
    return True


def count_days() -> int:
    """Write the number of tips of every day that is over into the audit chain, once; return how many days that were."""
    done = 0
    for row in Intake.objects.filter(reported=False, day__lt=_today()):
        agency = Agency.objects.get(pk=row.agency_id)
        target, data = f"tips:{row.day.isoformat()}", {"count": row.count}
        with (
            suppress(_CountedError),
            audited(agency=agency, by=CLOCK, action=Audited.TIPS_COUNTED, target=target, data=data),
        ):
            if not Intake.objects.filter(pk=row.pk, reported=False).update(reported=True):
                raise _CountedError
            done += 1
    return done


def _written(text: str, *, about: str = "", place: str = "", language: str = "") -> Written:
    text = text.strip()
    if not text:
        raise RefusedError(_("Nothing was written, so nothing was sent. Write what you know."))
    if max(len(text), len(about), len(place)) > envelope.LONGEST:
        raise RefusedError(
            _("This is longer than %(most)d characters and was not sent. Send it in two parts.")
            % {"most": envelope.LONGEST}
        )
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    return Written(text=text, at=at.isoformat(), about=about.strip(), place=place.strip(), language=language)


def _seal(agency: Agency, written: Written) -> bytes:
    keys = recipients(agency)
    if not keys:
        raise RefusedError(_("This agency cannot take tips here yet. Nothing was sent. Call it instead."))
    return envelope.seal(written, recipients=keys)


def _find(agency: Agency, receipt: str, *, lock: bool = False) -> Tip | None:
    rows = Tip.objects.of(agency).only("state")  # the portal's role may not read what became of a tip
    rows = rows.select_for_update() if lock else rows
    return rows.filter(lookup=receipts.lookup(receipt, pepper=settings.RECEIPT_KEY)).first()


def _text(letter: Letter, key: str) -> str:
    try:
        return envelope.unseal(bytes(letter.sealed), identity=key).text
    except envelope.NotOpenedError:
        return ""


def _count(agency: Agency) -> None:
    if not Intake.objects.filter(agency_id=agency.pk, day=_today()).update(count=F("count") + 1):
        row, made = Intake.objects.get_or_create(agency_id=agency.pk, day=_today(), defaults={"count": 1})
        if not made:  # another process made it first
            Intake.objects.filter(pk=row.pk).update(count=F("count") + 1)


def _today() -> date:
    return datetime.now(UTC).date()
