"""Letters to single residents: asking for confirmation, telling of an answer. Each is claimed before it leaves: none leaves twice."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formataddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from callbox.core.secrets import SealBrokenError, Vault
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency
from callbox.trust.models import Line, Subscription
from callbox.trust.services import subscriptions

log = logging.getLogger("callbox.worker")

POSTMAN: Final = "system: letters"
#: Letters of one run.
AT_ONCE: Final = 200
#: Tried again after this when nothing of a letter had left.
LATER: Final = timedelta(minutes=5)
#: The server could not be reached or did not know us: no letter began.
NOT_BEGUN: Final = (
    ConnectionRefusedError,
    smtplib.SMTPConnectError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPHeloError,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says. headers: beside those every letter carries."""

    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


#: Writes the letter that asks for confirmation: agency, language, what was asked for, the secret of its links.
type Confirmation = Callable[[Agency, subscriptions.Choice, str], Words]

#: Writes the letter that tells of an answer: agency, language, the secret of the page of the question.
type Answered = Callable[[Agency, str, str], Words]


def send_confirmations(write: Confirmation) -> int:
    """Send the letters that ask for confirmation; return how many left."""
    due = Subscription.objects.due_letters(timezone.now()).values_list("pk", flat=True)
    return sum(_confirmation(pk, write) for pk in list(due[:AT_ONCE]))


def _confirmation(pk: int, write: Confirmation) -> bool:
    row = _claim(pk)
    wish = subscriptions.wish_of(row) if row else None
    if row is None or wish is None:
        return False
    try:
        known = subscriptions.opened(row)
    except SealBrokenError:
        log.error("The address of subscription %d cannot be opened with the keys of this installation.", pk)
        return False
    if post(row.agency, known["address"], write(row.agency, wish, known["secret"])):
        return True
    _again(row)
    return False


@transaction.atomic
def _claim(pk: int) -> Subscription | None:
    """Take a letter for this worker: from here on it counts as written, whatever becomes of this process."""
    rows = Subscription.objects.select_related("agency").select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=pk, letter_due__lte=timezone.now()).first()
    if row is None:
        return None
    row.letter_due, row.written_at = None, timezone.now()
    row.save(update_fields=["letter_due", "written_at"])
    record(agency=row.agency, by=POSTMAN, action=Audited.SUBSCRIPTION_LETTER, target=f"subscription:{pk}")
    return row


@transaction.atomic
def _again(row: Subscription) -> None:
    mine = Subscription.objects.filter(pk=row.pk, letter_due=None, written_at=row.written_at).exclude(wanted={})
    if mine.update(letter_due=timezone.now() + LATER):
        data = {"again": True}
        record(
            agency=row.agency,
            by=POSTMAN,
            action=Audited.SUBSCRIPTION_LETTER,
            target=f"subscription:{row.pk}",
            data=data,
        )


def tell_of_answers(write: Answered) -> int:
    """Tell residents who left an address with their question that there is an answer, once an answer; return how many letters left."""
    answers = Line.objects.filter(kind=Line.Kind.ANSWER, told_at=None, conversation__connection=None)
    due = answers.exclude(conversation__sealed_address="").order_by("pk").values_list("pk", flat=True)
    return sum(_tell(pk, write) for pk in list(due[:AT_ONCE]))


def _tell(pk: int, write: Answered) -> bool:
    line = _claim_answer(pk)
    if line is None:
        return False
    row = line.conversation
    try:
        known = Vault(settings.TOKEN_KEYS, purpose="enquiry").open(row.sealed_address)
    except SealBrokenError:
        log.error("The address of conversation %d cannot be opened with the keys of this installation.", row.pk)
        return False
    if post(row.agency, known["address"], write(row.agency, row.language, known["secret"])):
        return True
    with transaction.atomic():
        Line.objects.filter(pk=pk, told_at=line.told_at).update(told_at=None)
        _told(line, again=True)
    return False


@transaction.atomic
def _claim_answer(pk: int) -> Line | None:
    rows = Line.objects.select_related("conversation__agency").select_for_update(of=("self",), skip_locked=True)
    line = rows.filter(pk=pk, told_at=None).first()
    if line is None:
        return None
    line.told_at = timezone.now()
    line.save(update_fields=["told_at"])
    _told(line)
    return line


def _told(line: Line, *, again: bool = False) -> None:
    target, data = f"conversation:{line.conversation_id}", {"line": line.pk, "again": again}
    record(agency=line.conversation.agency, by=POSTMAN, action=Audited.RESIDENT_TOLD, target=target, data=data)


def post(agency: Agency, address: str, words: Words) -> bool:
    """Hand a letter to the mail server; False when surely nothing of it left. One that may have left counts as sent."""
    name = " ".join("".join(sign for sign in agency.name if sign.isprintable()).split())
    letter = EmailMessage(
        subject=" ".join(words.subject.split()),
        body=words.body,
        from_email=formataddr((name, _bare(settings.DEFAULT_FROM_EMAIL))),
        to=[address],
        headers={"Auto-Submitted": "auto-generated", **words.headers},
    )
    try:
        letter.send()
    except NOT_BEGUN as error:
        log.warning("A letter could not leave (%s); it is tried again.", type(error).__name__)
        return False
    except Exception as error:  # it may have left; the message of the error may hold the address
        log.error("Nobody knows whether a letter left (%s); it is not sent again.", type(error).__name__)
    return True


def _bare(sender: str) -> str:
    return sender.partition("<")[2].rstrip("> ") or sender
