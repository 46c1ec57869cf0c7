"""A campaign is asked before its first message leaves, fixed from then on, and judged by its counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.models import Delivery
from callbox.people.models import Agency
from callbox.voice.models import Campaign, Message
from callbox.voice.services import campaigns
from callbox.voice.services.campaigns import Plan
from tests.people import Cast


def plan(*, over: bool = False) -> Plan:
    today = timezone.localdate()
    ends = today - timedelta(days=1) if over else today + timedelta(days=20)
    return Plan(
        name="Lock it at nine",
        question="Are fewer cars broken into at the river?",
        measure="Break-ins into cars",
        source="Records system",
        baseline=120,
        comparison="The hill, which gets no messages",
        comparison_baseline=110,
        begins=ends - timedelta(days=27),
        ends=ends,
    )


def message(agency: Agency, cast: Cast, state: str = "draft") -> Message:
    now = timezone.now()
    return Message.objects.create(agency=agency, state=state, by=cast.bob, at=now, changed_at=now)


def delivery(of: Message, state: str) -> Delivery:
    connection, _made = Connection.objects.get_or_create(
        agency=of.agency, account="paper:desk", defaults={"by": of.by, "at": of.at}
    )
    return Delivery.objects.create(
        agency=of.agency, connection=connection, subject=of.subject, state=state, key="k" * 32, due=of.at, made=of.at
    )


def test_a_plan_may_change_until_the_first_message_leaves(cast: Cast) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    one = message(cast.agency, cast)
    campaigns.add_message(campaign=campaign, message=one, by=cast.bob)
    campaigns.change(campaign=campaign, plan=replace(plan(), baseline=121), by=cast.bob)
    campaign.refresh_from_db()
    assert campaign.baseline == 121
    assert AuditEvent.objects.get(action="campaign.changed").data == {"baseline": ["120", "121"]}


@pytest.mark.parametrize("state", ["sending", "sent", "unclear"])
def test_a_plan_is_fixed_once_a_message_may_have_been_seen(cast: Cast, state: str) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    one = message(cast.agency, cast, "approved")
    campaigns.add_message(campaign=campaign, message=one, by=cast.bob)
    delivery(one, state)
    with pytest.raises(RefusedError, match="first message has left"):
        campaigns.change(campaign=campaign, plan=replace(plan(), baseline=300), by=cast.bob)
    with pytest.raises(RefusedError, match="stays part"):
        campaigns.remove_message(campaign=campaign, message=one, by=cast.bob)
    campaign.refresh_from_db()
    assert campaign.baseline == 120


@pytest.mark.parametrize("state", ["waiting", "held", "refused", "late", "given-up"])
def test_a_delivery_that_nobody_saw_fixes_nothing(cast: Cast, state: str) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    one = message(cast.agency, cast, "approved")
    campaigns.add_message(campaign=campaign, message=one, by=cast.bob)
    delivery(one, state)
    assert not campaigns.is_fixed(campaign)
    campaigns.remove_message(campaign=campaign, message=one, by=cast.bob)
    one.refresh_from_db()
    assert one.campaign is None


@pytest.mark.parametrize("state", ["out", "withdrawn"])
def test_a_message_that_is_out_fixes_the_plan(cast: Cast, state: str) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    one = message(cast.agency, cast)
    campaigns.add_message(campaign=campaign, message=one, by=cast.bob)
    Message.objects.filter(pk=one.pk).update(state=state)
    assert campaigns.is_fixed(campaign)


@pytest.mark.parametrize("state", ["out", "withdrawn", "approved"])
def test_what_has_left_cannot_become_part_of_a_question_asked_afterwards(cast: Cast, state: str) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    one = message(cast.agency, cast, state)
    if state == "approved":
        delivery(one, "sent")
    with pytest.raises(RefusedError, match="has left already"):
        campaigns.add_message(campaign=campaign, message=one, by=cast.bob)
    assert not campaigns.is_fixed(campaign)


def test_a_campaign_is_counted_after_its_span_only(cast: Cast) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    with pytest.raises(RefusedError, match="Count after it"):
        campaigns.count(campaign=campaign, count=80, comparison_count=100, learned="x", by=cast.bob)
    campaign.refresh_from_db()
    assert (campaign.count, campaign.result) == (None, "")


@pytest.mark.parametrize(
    ("count", "there", "result"), [(84, 108, "none"), (40, 108, "effect"), (1, 1, "untold"), (0, 0, "untold")]
)
def test_the_result_follows_from_the_counts_and_may_be_null(cast: Cast, count: int, there: int, result: str) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(over=True), by=cast.bob)
    campaigns.count(campaign=campaign, count=count, comparison_count=there, learned=" Two lamps went in. ", by=cast.bob)
    campaign.refresh_from_db()
    assert campaign.result == result
    assert campaign.learned == "Two lamps went in."
    event = AuditEvent.objects.get(action="campaign.counted")
    assert (event.data["count"], event.data["result"]) == (count, result)


def test_a_counted_campaign_is_fixed_and_counting_again_keeps_both_in_the_trail(cast: Cast) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(over=True), by=cast.bob)
    campaigns.count(campaign=campaign, count=84, comparison_count=108, learned="Nothing", by=cast.bob)
    with pytest.raises(RefusedError, match="stay as they are"):
        campaigns.change(campaign=campaign, plan=replace(plan(over=True), baseline=10), by=cast.bob)
    campaigns.count(campaign=campaign, count=88, comparison_count=108, learned="Late reports", by=cast.bob)
    events = AuditEvent.objects.filter(action="campaign.counted").order_by("pk")
    assert [event.data["before"] for event in events] == [[None, None], [84, 108]]
    with pytest.raises(RefusedError, match="counted already"):
        campaigns.add_message(campaign=campaign, message=message(cast.agency, cast), by=cast.bob)


def test_without_a_lesson_nothing_is_counted(cast: Cast) -> None:
    campaign = campaigns.plan(agency=cast.agency, plan=plan(over=True), by=cast.bob)
    with pytest.raises(RefusedError, match="learned"):
        campaigns.count(campaign=campaign, count=84, comparison_count=108, learned=" \n", by=cast.bob)
    assert Campaign.objects.get().result == ""


@pytest.mark.parametrize("missing", ["name", "question", "measure", "source", "comparison"])
def test_a_plan_with_a_blank_is_refused(cast: Cast, missing: str) -> None:
    with pytest.raises(RefusedError, match="Still missing"):
        campaigns.plan(agency=cast.agency, plan=replace(plan(), **{missing: ""}), by=cast.bob)  # type: ignore[arg-type]
    assert not Campaign.objects.exists()


def test_a_span_runs_forward(cast: Cast) -> None:
    with pytest.raises(RefusedError, match="before the first"):
        campaigns.plan(agency=cast.agency, plan=replace(plan(), ends=plan().begins - timedelta(days=1)), by=cast.bob)


def test_a_message_belongs_to_one_campaign_of_its_own_agency(cast: Cast) -> None:
    first = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    second = campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    one, foreign = message(cast.agency, cast), message(cast.other, cast)
    campaigns.add_message(campaign=first, message=one, by=cast.bob)
    for wrong in (one, foreign):
        with pytest.raises(RefusedError, match="belongs to a campaign already"):
            campaigns.add_message(campaign=second, message=wrong, by=cast.bob)
    foreign.refresh_from_db()
    assert foreign.campaign is None


def test_what_waits_to_be_counted_is_what_is_over(cast: Cast) -> None:
    campaigns.plan(agency=cast.agency, plan=plan(), by=cast.bob)
    over = campaigns.plan(agency=cast.agency, plan=plan(over=True), by=cast.bob)
    today = timezone.localdate()
    assert campaigns.to_count(cast.agency, today) == [over]
    assert campaigns.to_count(cast.agency, over.ends) == []
    assert campaigns.to_count(cast.other, today) == []
