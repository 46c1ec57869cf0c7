"""What we take: an arrival becomes a message or an alert of ours; what became of it is told, and a recall is followed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration import bundle as bundles
from callbox.collaboration.bundle import Bundle
from callbox.collaboration.models import Arrival
from callbox.collaboration.services import arrivals, authority
from callbox.collaboration.services.doors import UnreachedError, door_of
from callbox.collaboration.services.incoming import WHY
from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError
from callbox.core.text import SENTENCES
from callbox.flows import publication
from callbox.governance import approvals
from callbox.governance.models import Approval
from callbox.governance.policy import WITHDRAWAL
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.vocabulary import Content, Media, Translation
from callbox.operations.models import Alert
from callbox.operations.services import alert_messages, alerts
from callbox.people.models import Agency, User
from callbox.people.roles import Action
from callbox.voice.models import MediaFile, Message
from callbox.voice.services import media, messages

BY: Final = "system: sharing"
#: Where a message that was made of a recalled share has to be before we say that it is gone.
GONE: Final = ("withdrawn", "dropped")


def take_over(
    *, arrival: Arrival, accounts: Sequence[str], adapted: bool = False, words_alone: bool = False, by: User
) -> Message:
    """Make a draft of what arrived, or a correction when an older version is public here; return it.

    accounts: on which it will leave, ours; a correction goes wherever the words went.  words_alone: leave its pictures.

    Raises:
        RefusedError: it may not be taken over any more, its pictures cannot be fetched, or `by` may not.
    """
    authority.ask(by, Action.TAKE_OFFER, arrival.agency)
    bundle = bundles.from_row(arrival.bundle)
    files = () if words_alone else _fetched(arrival, bundle, by)
    with transaction.atomic():
        row = arrivals.to_take(arrival)
        content = _content(row.agency, bundle, files)
        older = [each for each in _messages(arrivals.older_than(row)) if each.state not in GONE]
        message = _written(row, bundle, content, older[0] if older else None, accounts, by)
        arrivals.taken(arrival=row, state="adapted" if adapted else "accepted", message=message.subject, by=by)
    return message


def _content(agency: Agency, bundle: Bundle, files: Sequence[Media]) -> Content:
    shown = bundle.shown
    if shown is None:
        raise RefusedError(_("This is a recall: there is nothing to take over. Take your own message back."))
    spoken = [each for each in agency.languages if each in shown.texts] or [next(iter(shown.texts))]
    language = spoken[0]
    return Content(
        text=shown.texts[language],
        title=shown.title_in(language),
        language=language,
        translations=tuple(Translation(each, shown.texts[each], shown.title_in(each)) for each in spoken[1:]),
        link=shown.link,
        media=tuple(files),
        urgent=shown.urgent,
    )


def _written(
    row: Arrival, bundle: Bundle, content: Content, before: Message | None, accounts: Sequence[str], by: User
) -> Message:
    if before is not None and before.state in {"approved", "out"} and _sent(before):
        return publication.correct(message=before, content=content, by=by)
    if before is not None and before.state in messages.OPEN:
        newest = messages.lock(before)
        kept = {"accounts": newest.accounts, "due": newest.due, "expires": bundle.ends, "seen": newest.number}
        messages.save(message=before, content=content, by=by, **kept)
        return before
    held = bundle.shown.not_before if bundle.shown else ""
    due = datetime.fromisoformat(held) if held and datetime.fromisoformat(held) > timezone.now() else None
    return messages.draft(agency=row.agency, content=content, accounts=accounts, due=due, expires=bundle.ends, by=by)


def _fetched(arrival: Arrival, bundle: Bundle, by: User) -> tuple[Media, ...]:
    """Ask the partner for the files, and keep them cleaned, as if our own person had added them. No transaction is open."""
    found = []
    for file in bundle.shown.files if bundle.shown else ():
        kept = _keep(arrival, file.sha256, file.alt or file.kind, by)
        captions = _keep(arrival, file.captions, _("Captions"), by).sha256 if file.captions else ""
        found.append(Media(kept.sha256, file.kind, kept.type, kept.size, alt=file.alt, captions=captions))
    return tuple(found)


def _keep(arrival: Arrival, sha256: str, name: str, by: User) -> MediaFile:
    try:
        data = door_of(arrival.partner).file(str(arrival.share), sha256)
    except UnreachedError as error:
        raise RefusedError(
            _(
                "Its pictures could not be fetched: %(why)s. Nothing was changed. Try again later, or take the words alone."
            )
            % {"why": _(SENTENCES[error.code])}
        ) from error
    if bundles.digest_of_bytes(data) != sha256:
        raise RefusedError(_("A picture is not what the partner signed, so nothing was taken over. Tell the partner."))
    return media.add(agency=arrival.agency, name=name, chunks=[data], by=by)


def take_back(*, arrival: Arrival, by: User) -> list[str]:
    """Take back here what was made of a recalled share; return the accounts where it will stay.

    Raises:
        RefusedError: it is no recall, it is done, no network lets us, or `by` may not.
    """
    authority.ask(by, Action.TAKE_OFFER, arrival.agency)
    with transaction.atomic():
        row = arrivals.lock(arrival)
        if not row.recalls or row.state not in {"new", "declined", "accepted"}:
            raise RefusedError(_("There is nothing to take back. The page below shows how it stands now."))
        staying: list[str] = []
        made = _messages(arrivals.older_than(row))
        _drop_drafts(alerts_of(arrival), by)
        for message in made:
            messages.lock(message)
            if message.state in messages.OPEN and not _sent(message):
                messages.drop(message=message, by=by)
            elif message.state in {"approved", "out"} and not _is_going(message):
                why = _("The partner it came from recalled it.")
                staying += publication.withdraw(message=message, why=why, by=by)
        if row.state != "accepted":
            arrivals.taken(arrival=row, state="accepted", message=made[0].subject if made else "", by=by)
    return sorted(set(staying))


def alerts_of(arrival: Arrival) -> list[Alert]:
    """Return the alerts of ours that were begun from any version of what a partner shared, the newest first."""
    chain = Arrival.objects.filter(partner=arrival.partner_id, share=arrival.share).values_list("pk", flat=True)
    rows = Alert.objects.of(arrival.agency).filter(about__in=[f"arrival:{number}" for number in chain])
    return list(rows.select_related("agency").order_by("-pk"))


def holding(arrival: Arrival) -> list[Alert]:
    """Return those that warn residents at this moment. One person cannot take them back: two approve a cancel."""
    newest = Alert.objects.of(arrival.agency).holding(timezone.now()).exclude(kind="Cancel")
    return list(newest.filter(pk__in=[each.pk for each in alerts_of(arrival)]).select_related("agency"))


def _drop_drafts(found: Iterable[Alert], by: User) -> None:
    for alert in found:
        if alert.state in alerts.OPEN and alert.follows_id is None:
            alerts.drop(alert=alert, by=by)


def stop_alerts() -> int:
    """Void what was approved, and not published, of alerts begun from what a partner has corrected or recalled since."""
    stopped = 0
    rows = Arrival.objects.filter(state="behind", message__startswith="alert:").select_related("agency", "partner")
    for row in rows:
        for alert in alerts_of(row):
            given = Approval.objects.of(row.agency).filter(subject=alert.subject).standing()
            if alert.state in {"submitted", "approved"} and alert.follows_id is None and given.exists():
                by = f"partner: {row.partner.name}"
                with transaction.atomic():
                    stopped += approvals.void(agency=row.agency, subject=alert.subject, why=WHY, by=by)
    return stopped


def settle_arrivals() -> int:
    """Tell partners what has become public here of what they offered, and what is gone; return how many moved. Safe to repeat."""
    moved = stop_alerts()
    open_ones = Arrival.objects.filter(state__in=("accepted", "adapted"))
    for arrival in open_ones.exclude(message="", recalls=False):
        try:
            with transaction.atomic():
                row = arrivals.lock(arrival)
                moved += row.state in {"accepted", "adapted"} and (
                    _settled_recall(row) if row.recalls else _settled(row)
                )
        except MovedMeanwhileError:
            continue
    return moved


def _settled(row: Arrival) -> bool:
    if row.message.startswith("alert:"):
        return _settled_alert(row)
    message = _message(row)
    if message is None or not (sent := _sent(message)):
        return False
    shown, written = bundles.from_row(row.bundle).shown, message.newest.written
    if row.state == "accepted" and shown is not None and written.text not in shown.texts.values():
        arrivals.taken(arrival=row, state="adapted", message=row.message, by=message.newest.by)
    arrivals.published(arrival=row, addresses=sorted({each.url for each in sent if each.url.startswith("http")}), by=BY)
    return True


def _settled_alert(row: Arrival) -> bool:
    out = [each for each in alerts_of(row) if each.subject == row.message and each.state == "published"]
    if out:
        arrivals.published(arrival=row, addresses=[alert_messages.address(out[0])], by=BY)
    return bool(out)


def _settled_recall(row: Arrival) -> bool:
    made = _messages(arrivals.older_than(row))
    if holding(row) or any(each.state not in GONE or publication.public_copies(each) for each in made):
        return False
    arrivals.recalled(arrival=row, by=BY)
    return True


def _sent(message: Message) -> list[Delivery]:
    """Return what of this very message is out, corrections of it and letters left aside."""
    rows = Delivery.objects.of(message.agency).about(message.subject).filter(state="sent", recipient="")
    return list(rows.exclude(operation=Operation.WITHDRAW))


def _is_going(message: Message) -> bool:
    return Approval.objects.of(message.agency).filter(subject=message.subject, rule=WITHDRAWAL).standing().exists()


def _messages(rows: Iterable[Arrival]) -> list[Message]:
    """Return what was made of these arrivals, in their order, each once."""
    found: dict[int, Message] = {}
    for row in rows:
        message = _message(row)
        if message is not None:
            found.setdefault(message.pk, message)
    return list(found.values())


def _message(row: Arrival) -> Message | None:
    number = row.message.removeprefix("message:")
    if not number.isdecimal():
        return None
    return Message.objects.of(row.agency).select_related("agency", "corrects", "by").filter(pk=int(number)).first()
