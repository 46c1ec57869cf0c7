"""Campaigns: asked before the first message leaves, counted when the span is over, judged by the four counts alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.networks.deliveries.models import Delivery
from callbox.people import days
from callbox.people.models import Agency, User
from callbox.voice.effect import Counts, Effect, judge
from callbox.voice.models import Campaign, Message

#: A delivery in one of these states may have been seen by somebody.
_LEFT = ("sending", "sent", "unclear")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written down before the first message leaves.

    baseline, comparison_baseline: counts of the same thing in a span of the same length before.  begins, ends: first and last day.
    """

    name: str
    question: str
    measure: str
    source: str
    baseline: int
    comparison: str
    comparison_baseline: int
    begins: date
    ends: date


@transaction.atomic
def plan(*, agency: Agency, plan: Plan, by: User) -> Campaign:
    """Write a campaign down.

    Raises:
        RefusedError: something is missing, or it ends before it begins.
    """
    plan = _checked(plan)
    campaign = Campaign.objects.create(agency=agency, by=by, at=timezone.now(), **asdict(plan))
    record(agency=agency, by=by, action=Audited.CAMPAIGN_PLANNED, target=f"campaign:{campaign.pk}", data=_plain(plan))
    return campaign


@transaction.atomic
def change(*, campaign: Campaign, plan: Plan, by: User) -> None:
    """Change a campaign whose first message has not left.

    Raises:
        RefusedError: as `plan`; a message has left or a result is written down: what was asked then stays what was asked.
    """
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if is_fixed(fresh):
        raise RefusedError(
            _(
                "The first message has left, so question, baseline and comparison stay as they are. "
                "Plan a new campaign for another question."
            )
        )
    plan, before = _checked(plan), plan_of(fresh)
    changed: dict[str, Value] = {
        name: [str(value), str(getattr(plan, name))]
        for name, value in asdict(before).items()
        if value != getattr(plan, name)
    }
    if changed:
        Campaign.objects.filter(pk=fresh.pk).update(**asdict(plan))
        record(agency=fresh.agency, by=by, action=Audited.CAMPAIGN_CHANGED, target=f"campaign:{fresh.pk}", data=changed)


def is_fixed(campaign: Campaign) -> bool:
    """Return whether the plan may no longer change: one of its messages has left, or may have, or its result is written down."""
    if campaign.result:
        return True
    messages = campaign.messages.all()
    if messages.filter(state__in=("out", "withdrawn")).exists():
        return True
    subjects = [message.subject for message in messages]
    return Delivery.objects.of(campaign.agency).filter(subject__in=subjects, state__in=_LEFT).exists()


@transaction.atomic
def add_message(*, campaign: Campaign, message: Message, by: User) -> None:
    """Make a message part of a campaign.

    Raises:
        RefusedError: it belongs to another one, it has left already, or the span is over and counted.
    """
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if fresh.result:
        raise RefusedError(_("This campaign is counted already. Its messages stay as they are."))
    if _has_left(message):
        raise RefusedError(
            _(
                "This message has left already, and a campaign is asked before its first message leaves. Nothing was changed."
            )
        )
    if not Message.objects.of(fresh.agency).filter(pk=message.pk, campaign=None).update(campaign=fresh):
        raise RefusedError(_("This message belongs to a campaign already. Nothing was changed."))
    _tell_message(fresh, message, Audited.CAMPAIGN_MESSAGE_ADDED, by=by)


@transaction.atomic
def remove_message(*, campaign: Campaign, message: Message, by: User) -> None:
    """Take a message that has not left out of a campaign.

    Raises:
        RefusedError: it has left, or may have: the campaign did say it.
    """
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if _has_left(message):
        raise RefusedError(_("This message has left, so it stays part of the campaign."))
    if Message.objects.of(fresh.agency).filter(pk=message.pk, campaign=fresh).update(campaign=None):
        _tell_message(fresh, message, Audited.CAMPAIGN_MESSAGE_REMOVED, by=by)


def _has_left(message: Message) -> bool:
    """Whether somebody may have seen it."""
    left = Delivery.objects.of(message.agency).about(message.subject).filter(state__in=_LEFT)
    return message.state in {"out", "withdrawn"} or left.exists()


def _tell_message(campaign: Campaign, message: Message, action: Audited, *, by: User) -> None:
    record(
        agency=campaign.agency,
        by=by,
        action=action,
        target=f"campaign:{campaign.pk}",
        data={"message": message.pk},
    )


@transaction.atomic
def count(*, campaign: Campaign, count: int, comparison_count: int, learned: str, by: User) -> Effect:
    """Write down what was counted and learned; the judgement follows from the counts. Counted again, both countings stand in the trail.

    Raises:
        RefusedError: the span is not over, or nothing was written about what was learned.
    """
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if fresh.ends >= days.today(fresh.agency):
        raise RefusedError(
            _("The span ends on %(day)s. Count after it: who looks in between sees what they hope for.")
            % {"day": fresh.ends}
        )
    if not learned.strip():
        raise RefusedError(_("Write down what was learned, also if nothing changed. Nothing was saved."))
    counts = Counts(fresh.baseline, count, fresh.comparison_baseline, comparison_count)
    effect = judge(counts)
    Campaign.objects.filter(pk=fresh.pk).update(
        count=count, comparison_count=comparison_count, result=effect.told.value, learned=learned.strip()
    )
    record(
        agency=fresh.agency,
        by=by,
        action=Audited.CAMPAIGN_COUNTED,
        target=f"campaign:{fresh.pk}",
        data={
            "before": [fresh.count, fresh.comparison_count],
            "count": count,
            "comparison_count": comparison_count,
            "result": effect.told.value,
        },
    )
    return effect


def counts_of(campaign: Campaign) -> Counts | None:
    """Return the four counts of a campaign, None while it is not counted."""
    if campaign.count is None or campaign.comparison_count is None:
        return None
    return Counts(campaign.baseline, campaign.count, campaign.comparison_baseline, campaign.comparison_count)


def plan_of(campaign: Campaign) -> Plan:
    """Return what was written down."""
    return Plan(**{name: getattr(campaign, name) for name in Plan.__dataclass_fields__})


def to_count(agency: Agency, today: date) -> list[Campaign]:
    """Return the campaigns whose span is over and that nobody has counted, the longest waiting first."""
    return list(Campaign.objects.of(agency).filter(ends__lt=today, result="").order_by("ends", "pk"))


def _checked(plan: Plan) -> Plan:
    words = {name: value.strip() for name, value in asdict(plan).items() if isinstance(value, str)}
    missing = [str(Campaign._meta.get_field(name).verbose_name) for name, value in words.items() if not value]  # type: ignore[union-attr]
    if missing:
        raise RefusedError(_("Still missing: %(what)s. Nothing was saved.") % {"what": "; ".join(missing)})
    if plan.ends < plan.begins:
        raise RefusedError(_("The last day lies before the first. Nothing was saved."))
    if min(plan.baseline, plan.comparison_baseline) < 0:
        raise RefusedError(_("A count is never below zero. Nothing was saved."))
    return Plan(**(asdict(plan) | words))


def _plain(plan: Plan) -> dict[str, Value]:
    return {name: value if isinstance(value, (str, int)) else str(value) for name, value in asdict(plan).items()}
