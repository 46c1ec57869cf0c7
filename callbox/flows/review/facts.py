"""What waits for one person, asked of every area. Only what their role may do is asked at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from callbox.flows.purpose import PRACTICE as PURPOSE
from callbox.flows.review import noticed
from callbox.flows.review.ranking import Fact, Kind
from callbox.flows.review.standards import Standards
from callbox.governance import emergency
from callbox.governance.models import Approval, Disposal, Hold, LoneApproval
from callbox.governance.policy import TWO_PERSONS
from callbox.maturity.models import Attestation
from callbox.maturity.queries import shown_levels
from callbox.networks.accounts.models import Account
from callbox.networks.accounts.posture import BELIEVED
from callbox.networks.deliveries.models import Operation
from callbox.networks.models import Connection, Delivery, Item
from callbox.people.models import Agency, User
from callbox.people.roles import ALLOWED, Action, Role
from callbox.trust.models import Conversation, Hiding
from callbox.trust.services import appeals
from callbox.trust.tips.models import Key, Tip
from callbox.voice.models import Message, Version
from callbox.voice.services import goals

#: Evidence is renewed from so long before its last day, and asked for so long after it.
RENEW: Final = timedelta(days=30)
#: A silence is told of so long before it is too long.
WARN: Final = timedelta(days=2)
#: A hold that has stood so long is looked at again.
LONG_HELD: Final = timedelta(days=180)
#: A certificate is shown for so long.
FRESH: Final = timedelta(days=1)
#: More of one kind are not counted one by one.
_ENOUGH: Final = 100


@dataclass(frozen=True)
class _Asking:
    """Who asks, of which agency, and when."""

    agency: Agency
    user: User
    role: Role
    now: datetime

    @cached_property
    def standards(self) -> Standards:
        return Standards(shown_levels(self.agency), self.agency.size)


type _Ask = Callable[[_Asking], Iterable[Fact]]


def facts(agency: Agency, *, user: User, role: Role, now: datetime) -> list[Fact]:
    """Return what waits for `user`, who has `role` at `agency`; what the role may not do is neither asked nor told."""
    asking = _Asking(agency, user, role, now)
    return [fact for action, ask in _ASKED if role in ALLOWED[action] for fact in ask(asking)]


def _fact(kind: Kind, rows: list[tuple[int, datetime | None]], practice: str, **times: datetime | None) -> list[Fact]:
    """Return one fact over rows of (number, since), the oldest first; none where there are none."""
    if not rows:
        return []
    about = rows[0][0] if len(rows) == 1 else None
    return [Fact(kind, len(rows), practice, since=rows[0][1], about=about, **times)]


def _few(rows: QuerySet[Any], *columns: str) -> list[Any]:
    return list(rows.values_list(*columns)[:_ENOUGH])


def _conversations(asking: _Asking) -> Iterable[Fact]:
    free = Q(owner=None) | Q(owner=asking.user)
    rows = Conversation.objects.of(asking.agency).waiting().filter(free)
    found = _few(rows, "urgent", "pk", "waits_since")
    practice, limit = asking.standards.practice("first_reply"), asking.standards.reply_limit
    yield from _fact(Kind.DANGER, [(pk, since) for urgent, pk, since in found if urgent], practice)
    near = [(pk, since) for urgent, pk, since in found if not urgent and since and asking.now - since >= limit / 2]
    yield from _fact(Kind.ANSWER, near, practice, due=near[0][1] + limit if near else None)


def _tips(asking: _Asking) -> Iterable[Fact]:
    count = Tip.objects.of(asking.agency).filter(state="new").count()
    yield Fact(Kind.TIPS, count, asking.standards.practice("tips_settled_in_72h"))


def _keys(asking: _Asking) -> Iterable[Fact]:
    count = Key.objects.of(asking.agency).waiting().exclude(owner_id=asking.user.pk).count()
    yield Fact(Kind.KEYS, count, asking.standards.practice("tips_settled_in_72h"))


def _stuck(asking: _Asking) -> Iterable[Fact]:
    """Count what hangs, a message once however many accounts it hangs at; an answer to a resident hangs as well."""
    rows = Delivery.objects.of(asking.agency).unsettled().order_by("due").values_list("subject", "due")
    found = dict(reversed(rows[:_ENOUGH]))
    kind, _colon, number = next(iter(found), "").partition(":")
    about = int(number) if len(found) == 1 and kind == "message" else None
    since = min(found.values(), default=None)
    yield Fact(Kind.STUCK, len(found), asking.standards.practice("posts_per_week"), since=since, about=about)


def _refused(asking: _Asking) -> Iterable[Fact]:
    rows = _few(Connection.objects.of(asking.agency).filter(state="refused"), "pk", "checked_at")
    yield from _fact(Kind.REFUSED, rows, asking.standards.practice("accounts_secured"))


def _approvals(asking: _Asking) -> Iterable[Fact]:
    newest = Version.objects.filter(message=OuterRef("pk")).order_by("-number").values("due")[:1]
    subject = Concat(Value("message:"), Cast(OuterRef("pk"), CharField()))
    given = Approval.objects.standing().filter(agency=asking.agency, subject=subject, rule=TWO_PERSONS, by=asking.user)
    rows = Message.objects.of(asking.agency).to_approve().exclude(by=asking.user).exclude(versions__by=asking.user)
    rows = rows.exclude(Exists(given))  # where the agency's rule asks for several people: the others are asked
    found = _few(rows.annotate(leaves=Subquery(newest)).order_by("changed_at"), "pk", "changed_at", "leaves")
    hours = [leaves or asking.now for _pk, _since, leaves in found]
    yield from _fact(
        Kind.APPROVE,
        [(pk, since) for pk, since, _leaves in found],
        asking.standards.practice("posts_per_week"),
        due=min(hours, default=None),
    )


def _alone(asking: _Asking) -> Iterable[Fact]:
    """Tell of what one person sent alone and this one may review: somebody else's, and none of their words."""
    owed = LoneApproval.objects.of(asking.agency).owed().select_related("approval", "agency")[:_ENOUGH]
    mine = [row for row in owed if emergency.may_review(row, asking.user)]
    rows: list[tuple[int, datetime | None]]
    rows = [(int(row.approval.subject.partition(":")[2]), row.approval.at) for row in mine]
    practice = asking.standards.practice("first_official_word")
    yield from _fact(Kind.ALONE, rows, practice, due=mine[0].due if mine else None)


def _appeals(asking: _Asking) -> Iterable[Fact]:
    waiting = list(
        Hiding.objects.of(asking.agency).appealed().exclude(by=asking.user).select_related("agency")[:_ENOUGH]
    )
    rows = [(each.pk, each.appealed_at) for each in waiting]
    due = appeals.due_at(waiting[0]) if waiting else None
    yield from _fact(Kind.APPEALS, rows, asking.standards.practice("late_appeals"), due=due)


def _silence(asking: _Asking) -> Iterable[Fact]:
    """Tell of the silence that becomes too long within two days when nothing leaves; an agency that never posted has its guide."""
    sent = Delivery.objects.of(asking.agency).filter(operation=Operation.PUBLISH, subject__startswith="message:")
    seen = Item.objects.of(asking.agency).own_posts().filter(repost=False, parent="").order_by("-at")
    ends = [
        *_few(seen, "at")[:1],
        *_few(sent.filter(state="sent").order_by(F("settled_at").desc(nulls_last=True)), "settled_at")[:1],
    ]
    last = max((at for (at,) in ends if at is not None), default=None)
    limit = asking.standards.silence_limit
    if last is None or limit is None or last + limit - WARN > asking.now:
        return
    if sent.filter(state="waiting", due__lte=max(last + limit, asking.now + WARN)).exists():
        return
    yield Fact(Kind.SILENCE, 1, asking.standards.practice("longest_gap"), due=last + limit, since=last)


def _to_review(asking: _Asking) -> Iterable[Fact]:
    rows = _few(
        Attestation.objects.of(asking.agency).to_review(by=asking.user).order_by("proposed_at"),
        "practice",
        "pk",
        "proposed_at",
    )
    yield from _fact(Kind.REVIEW, [(pk, at) for _practice, pk, at in rows], rows[0][0] if rows else "")


def _expiring(asking: _Asking) -> Iterable[Fact]:
    """Tell of evidence that ends soon, or has ended lately, where nothing newer is proposed or lasts longer."""
    today, every = asking.now.date(), Attestation.objects.of(asking.agency)
    lasting = Q(state="proposed") | Q(state="reviewed", expires_on__gt=today + RENEW)
    rows = every.filter(state__in=("reviewed", "expired"), expires_on__range=(today - RENEW, today + RENEW))
    rows = rows.exclude(condition__in=every.filter(lasting).values("condition"))
    if asking.role == Role.EVIDENCE_OWNER:
        rows = rows.filter(owner=asking.user)
    found = _few(rows.order_by("expires_on", "pk"), "practice", "pk", "expires_on")
    ends = [datetime.combine(day, time.max, UTC) for _practice, _pk, day in found[:1]]
    yield from _fact(
        Kind.EXPIRING,
        [(pk, None) for _practice, pk, _day in found],
        found[0][0] if found else "",
        due=next(iter(ends), None),
    )


def _goals(asking: _Asking) -> Iterable[Fact]:
    rows = _few(goals.due_for_review(asking.agency, asking.now.date()), "pk", "review_on")
    yield from _fact(Kind.GOALS, [(pk, datetime.combine(day, time.min, UTC)) for pk, day in rows], PURPOSE)


def _accounts(asking: _Asking) -> Iterable[Fact]:
    """Count the accounts of which nobody has said within 90 days who holds them; those that are not official are nobody's business."""
    stated = Account.objects.of(asking.agency).values_list("account", "official", "secured_at")
    lately = asking.now - BELIEVED
    known = {account for account, official, at in stated if official is False or (at is not None and at >= lately)}
    connected = Connection.objects.of(asking.agency).exclude(state="ended").exclude(account__startswith="newsroom:")
    names = {account for account, _official, _at in stated} | set(connected.values_list("account", flat=True))
    yield Fact(Kind.ACCOUNTS, len(names - known), asking.standards.practice("accounts_secured"))


def _records(asking: _Asking) -> Iterable[Fact]:
    practice = asking.standards.practice("late_records")
    rows = _few(Disposal.objects.filter(agency=asking.agency, at__gte=asking.now - FRESH).order_by("at"), "pk", "at")
    yield from _fact(Kind.PURGED, rows, practice)
    held = Hold.objects.of(asking.agency).standing().filter(since__lte=asking.now - LONG_HELD).order_by("since")
    yield from _fact(Kind.HOLDS, _few(held, "pk", "since"), practice)


#: What is asked, with the action of which a person must be capable: who may only look is asked to do nothing.
_ASKED: Final[tuple[tuple[Action, _Ask], ...]] = (
    (Action.ANSWER, _conversations),
    (Action.READ_TIPS, _tips),
    (Action.ALLOW_TIP_KEY, _keys),
    (Action.ESCALATE, lambda asking: noticed.lapsed(asking.agency, asking.standards)),
    (Action.APPROVE_ALERT, lambda asking: noticed.alerts(asking.agency, asking.user, asking.standards)),
    (Action.TRIAGE, lambda asking: noticed.events(asking.agency, asking.standards)),
    (Action.TAKE_OFFER, lambda asking: noticed.arrivals(asking.agency, asking.standards)),
    (Action.SIGN_OFF_WATCH, lambda asking: noticed.to_sign(asking.agency, asking.standards)),
    (Action.ALLOW_WATCH, lambda asking: noticed.to_allow(asking.agency, asking.user, asking.standards)),
    (Action.SEND_AGAIN, _stuck),
    (Action.CONNECT_ACCOUNT, _refused),
    (Action.REVIEW_ALONE, _alone),
    (Action.APPROVE_MESSAGE, _approvals),
    (Action.DECIDE_APPEAL, _appeals),
    (Action.WRITE_MESSAGE, _silence),
    (Action.REVIEW_ATTESTATION, _to_review),
    (Action.ADD_ATTESTATION, _expiring),
    (Action.SET_GOALS, _goals),
    (Action.STATE_ACCOUNT, _accounts),
    (Action.CHANGE_RETENTION, _records),
)
