"""After a message left: where it stands, how it is corrected, how it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, move
from callbox.flows.publication.renditions import corrected_on
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Approval
from callbox.governance.policy import WITHDRAWAL, Bound
from callbox.networks import registry
from callbox.networks.contract import Ability
from callbox.networks.deliveries.binding import part_of
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.services import queue
from callbox.networks.vocabulary import Content
from callbox.people.models import User
from callbox.voice.models import Message, Version
from callbox.voice.services import messages

#: Who acts in the trail when a job runs by itself.
SCHEDULE = "system: schedule"
#: A delivery in one of these states goes no further by itself and needs no person either.
SETTLED = ("sent", "refused", "given-up")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands on one account. recipients: letters behind this line; 0 on a public network.

    taken_back: state of the delivery that takes it back, empty when none does.  can_take_back: whether the network lets us.
    """

    account: str
    state: str
    operation: str
    url: str
    said: str
    due: datetime
    settled_at: datetime | None
    delivery: Delivery
    recipients: int = 0
    taken_back: str = ""
    can_take_back: bool = False


def standing(message: Message) -> list[Standing]:
    """Return where the newest version that was approved stands, a line an account and state."""
    rows = Delivery.objects.of(message.agency).about(message.subject).select_related("connection")
    back = {each.replaces_id: each.state for each in rows.filter(operation=Operation.WITHDRAW)}
    newest = rows.order_by("-version").values_list("version", flat=True).first() or 0
    shown = rows.filter(version=newest).exclude(operation=Operation.WITHDRAW).order_by()
    # Counted by the database: a mailing is thousands of letters, and a line shows the last of them.
    lines = shown.values("connection", "state").annotate(last=Max("pk"), letters=Count("pk", filter=~Q(recipient="")))
    letters = {line["last"]: line["letters"] for line in lines}
    found = rows.filter(pk__in=letters).order_by("connection__account", "pk")
    return [_line(each, back.get(each.pk, ""), letters[each.pk]) for each in found]


def _line(delivery: Delivery, back: str, letters: int) -> Standing:
    network = registry.NETWORKS.get(delivery.connection.kind)
    return Standing(
        account=delivery.connection.account,
        state=delivery.state,
        operation=delivery.operation,
        url=delivery.url,
        said=delivery.said,
        due=delivery.due,
        settled_at=delivery.settled_at,
        delivery=delivery,
        recipients=letters,
        taken_back=back,
        can_take_back=network is not None and Ability.WITHDRAW in network.abilities,
    )


def withdraw(*, message: Message, why: str, by: User) -> list[str]:
    """Take a message back everywhere the network lets us; return the accounts where it will stay, for which a correction is the way.

    What has not left is taken off. Taking back needs one person, because waiting for a second one would do the harm.

    Raises:
        RefusedError: no reason is given, it has not left, it is being taken back already, or no network lets us.
    """
    if not why.strip():
        raise RefusedError(_("Say in a few words why it is taken back. It stands in the record."))
    with transaction.atomic():
        messages.lock(message)
        nothing = RefusedError(_("This message has not left, so there is nothing to take back. Put it away instead."))
        if message.state not in {"approved", "out"}:
            raise nothing
        if _taking_back(message) is not None:
            raise RefusedError(_("This message is being taken back already. Its page says where that stands."))
        approvals.void(agency=message.agency, subject=message.subject, why=why.strip()[:200], by=by)
        taken_off, out, staying = _sort_out(message, why=why.strip()[:500])
        if not out and not staying:  # putting it away recalls it from partners too, and it can be taken up again
            raise nothing
        if not taken_off and not out:
            raise RefusedError(
                _("Nothing was changed: %(accounts)s cannot take a message back. Publish a correction instead.")
                % {"accounts": ", ".join(staying)}
            )
        if out:
            parts = {each.connection.account: part_of(each.shown, Operation.WITHDRAW, each) for each in out}
            bound = Bound(message.subject, parts, None)
            approvals.approve(agency=message.agency, bound=bound, rule=WITHDRAWAL, authors=(), by=by)
            _take_back(message)
        data = {"why": why.strip(), "accounts": sorted({each.connection.account for each in out}), "staying": staying}
        record(agency=message.agency, by=by, action=Audited.MESSAGE_TAKEN_BACK, target=message.subject, data=data)
    return staying


def _sort_out(message: Message, *, why: str) -> tuple[int, list[Delivery], list[str]]:
    """Take off what has not left; return how many that were, what can be taken back (unclear ones too), and accounts where it stays."""
    taken_off, out, staying = 0, [], set[str]()
    rows = Delivery.objects.of(message.agency).about(message.subject).select_related("connection")
    for each in rows.exclude(state__in=("given-up", "refused")).order_by("pk"):
        if each.state in messages.UNSENT:
            move(each, "given-up", said=why, settled_at=timezone.now())
            taken_off += 1
        elif _can_take_back(each):
            out.append(each)
        else:
            staying.add(each.connection.account)
    return taken_off, out, sorted(staying)


def _can_take_back(copy: Delivery) -> bool:
    """Whether the network lets us, and we know what to name. An unclear copy may yet be found."""
    able = Ability.WITHDRAW in registry.network(copy.connection.kind).abilities
    return able and (copy.state != "sent" or bool(copy.remote_id))


def _taking_back(message: Message) -> Approval | None:
    """Return the decision to take a message back, None when nobody took one."""
    found = Approval.objects.of(message.agency).filter(subject=message.subject, rule=WITHDRAWAL).standing()
    return found.order_by("-pk").first()


def _take_back(message: Message) -> int:
    """Queue the taking back of every copy that is known to be out; an unclear one follows when it is settled. Returns how many."""
    decision = _taking_back(message)
    if decision is None:
        return 0
    rows = Delivery.objects.of(message.agency).about(message.subject)
    back = rows.filter(operation=Operation.WITHDRAW, replaces__isnull=False).values("replaces")
    copies = rows.filter(state="sent", connection__account__in=list(decision.parts)).exclude(
        operation=Operation.WITHDRAW
    )
    queued = 0
    for copy in copies.exclude(pk__in=back).select_related("connection").order_by("pk"):
        queue(
            agency=message.agency,
            connection=copy.connection,
            subject=message.subject,
            version=copy.version,
            rendition=copy.shown,
            approval=decision,
            due=timezone.now(),
            operation=Operation.WITHDRAW,
            replaces=copy,
            by=decision.by,
        )
        queued += 1
    return queued


def correct(*, message: Message, content: Content, by: User) -> Message:
    """Begin a correction of what is public of `message`, on every account that shows it; it is approved like any other message.

    Raises:
        RefusedError: nothing of it is public.
    """
    shown = corrected_on(message)
    if message.state not in {"approved", "out"} or not shown:
        raise RefusedError(_("Nothing of this message is public, so there is nothing to correct. Change it instead."))
    return messages.draft(
        agency=message.agency,
        content=content,
        accounts=shown,
        campaign=message.campaign,
        corrects=message,
        by=by,
    )


def settle_messages() -> int:
    """Move every message on whose deliveries or hour say so; return how many moved. Safe to repeat and to run twice at once."""
    return sum(_settled(message) for message in _moving())


def _moving() -> QuerySet[Message]:
    """Return the messages that may have to move: past their hour, settled on every account, or being taken back."""
    subject = Concat(Value("message:"), Cast(OuterRef("pk"), CharField()))
    deliveries = Delivery.objects.filter(agency=OuterRef("agency"), subject=subject)
    open_ones = deliveries.exclude(operation=Operation.WITHDRAW).exclude(state__in=SETTLED)
    decided = Approval.objects.filter(agency=OuterRef("agency"), subject=subject, rule=WITHDRAWAL, voided_at=None)
    newest = Version.objects.filter(message=OuterRef("pk")).order_by("-number")
    now = timezone.now()
    again = deliveries.filter(approval__voided_at=None).exclude(operation=Operation.WITHDRAW)
    hours = {name: Subquery(newest.values(name)[:1]) for name in ("due", "expires")}
    return (
        Message.objects.annotate(**hours)
        .filter(
            Q(Q(due__lte=now) | Q(expires__lte=now), state="submitted")
            | Q(~Exists(open_ones), state="approved")
            | Q(Exists(again.exclude(state__in=("refused", "given-up"))), state="expired")
            | Q(Exists(decided), state__in=("approved", "out"))
        )
        .select_related("agency")
        .order_by("pk")
    )


def _settled(message: Message) -> bool:
    try:
        with transaction.atomic():
            messages.lock(message)
            step = {
                "submitted": _settle_submitted,
                "approved": _settle_approved,
                "expired": _settle_expired,
                "out": _settle_out,
            }
            return message.state in step and step[message.state](message)
    except MovedMeanwhileError:
        return False


def _settle_submitted(message: Message) -> bool:
    """Nobody approved it before its hour: it does not leave, and its author reads why (features: B7)."""
    newest, now = message.newest, timezone.now()
    if newest.due is not None and newest.due <= now:
        why = _("Nobody approved it before its hour. It was not sent. Give it another hour and submit it again.")
    elif newest.expires is not None and newest.expires <= now:
        why = _("Nobody approved it before its last hour. It was not sent. Submit it again if it is still true.")
    else:
        return False
    return _moved(message, "expired", Audited.MESSAGE_EXPIRED, why=why)


def _settle_approved(message: Message) -> bool:
    """Out when every delivery is settled and one at least was sent; expired when none was."""
    _take_back(message)
    rows = Delivery.objects.of(message.agency).about(message.subject).exclude(operation=Operation.WITHDRAW)
    newest = rows.order_by("-version").values_list("version", flat=True).first() or 0
    found = list(rows.filter(version=newest).values_list("state", "said"))
    if not found or any(state not in SETTLED for state, _said in found):
        return False
    if any(state == "sent" for state, _said in found):
        return _moved(message, "out", Audited.MESSAGE_OUT)
    said = "; ".join(sorted({said for _state, said in found if said}))
    why = _("It reached no account: %(said)s") % {"said": said or _("every delivery was taken off.")}
    return _moved(message, "expired", Audited.MESSAGE_EXPIRED, why=why[:500])


def _settle_expired(message: Message) -> bool:
    """It had reached no account, and a person had a part of it sent again under the approval that still stands."""
    rows = Delivery.objects.of(message.agency).about(message.subject).filter(approval__voided_at=None)
    if not rows.exclude(operation=Operation.WITHDRAW).exclude(state__in=("refused", "given-up")).exists():
        return False
    return _moved(message, "approved", Audited.MESSAGE_RESUMED)


def _settle_out(message: Message) -> bool:
    """Withdrawn when every copy that could be taken back is gone."""
    if _take_back(message):
        return False
    rows = Delivery.objects.of(message.agency).about(message.subject)
    if rows.filter(state__in=("sending", "unclear")).exists():
        return False
    back = list(rows.filter(operation=Operation.WITHDRAW).values_list("state", flat=True))
    if "sent" not in back or any(state not in SETTLED for state in back):
        return False
    return _moved(message, "withdrawn", Audited.MESSAGE_WITHDRAWN)


def _moved(message: Message, to: str, action: Audited, *, why: str = "") -> bool:
    move(message, to, why=why, changed_at=timezone.now())
    record(agency=message.agency, by=SCHEDULE, action=action, target=message.subject, data={"why": why} if why else {})
    return True
