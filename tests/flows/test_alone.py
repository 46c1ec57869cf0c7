"""One person alone in an emergency: only where the rule says so, only what is urgent, bound like any approval, reviewed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.flows.publication.permission import let_go
from callbox.flows.publication.recipients import addressed
from callbox.governance import approvals, emergency, freezing
from callbox.governance.alone import Reach
from callbox.governance.models import Approval, AuditEvent, LoneApproval
from callbox.governance.policy import EMERGENCY, TWO_APPROVERS
from callbox.governance.retention import purge
from callbox.governance.retention.own import APPROVALS
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.people.models import Membership, User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import ACCOUNTS, Newsdesk, connect, seen, send, soon, texts

pytestmark = pytest.mark.django_db
WORDS = "Leave Mill Lane now: the dam at the weir may break. Go uphill to the school."
WHY = "Half past three at night, nobody else answers the telephone."
EVERY_KIND = [each.value for each in Reach]


def allow(newsdesk: Newsdesk, *roles: Role, kinds: list[str] | None = None, hours: int = 24) -> None:
    emergency.set_rule(
        agency=newsdesk.agency,
        roles=[role.value for role in roles or (Role.PRESS_OFFICER,)],
        kinds=EVERY_KIND if kinds is None else kinds,
        hours=hours,
        why="Nights have one person on duty.",
        by=newsdesk.abe,
    )


def urgent(newsdesk: Newsdesk, text: str = WORDS, **more: Any) -> Message:
    return newsdesk.write(content=Content(text, urgent=True), **more)


def send_alone(message: Message, by: User, why: str = WHY) -> LoneApproval:
    return publication.send_alone(message=message, digest=seen(message), why=why, by=by)


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def refused(message: Message, by: User, match: str) -> None:
    """It is refused with this sentence, and nothing at all was written."""
    before = (state_of(message), AuditEvent.objects.count())
    with pytest.raises(RefusedError, match=match):
        send_alone(message, by)
    assert (state_of(message), AuditEvent.objects.count()) == before
    assert not Approval.objects.exists()
    assert not LoneApproval.objects.exists()
    assert not Delivery.objects.exists()


def test_without_a_rule_nobody_sends_alone(newsdesk: Newsdesk) -> None:
    for who in (newsdesk.wendy, newsdesk.olu, newsdesk.abe):
        refused(urgent(newsdesk, by=who), who, "the agency lets nobody send alone")


def test_one_person_sends_at_once_and_a_review_is_owed(newsdesk: Newsdesk) -> None:
    allow(newsdesk, hours=6)
    message = urgent(newsdesk)
    given = send_alone(message, newsdesk.wendy)
    send()
    assert state_of(message) == "out"
    assert [*texts("harbour"), *texts("harbour-east")] == [WORDS, WORDS]
    approval = Approval.objects.get()
    assert (approval.rule, approval.by, approval.digest) == (EMERGENCY, newsdesk.wendy, seen(message))
    assert set(Delivery.objects.values_list("approval", flat=True)) == {approval.pk}
    assert (given.state, given.why, given.due, given.authors) == (
        "owed",
        WHY,
        approval.at + timedelta(hours=6),
        [newsdesk.wendy.pk],
    )
    told = dict(AuditEvent.objects.filter(target=message.subject).values_list("action", "data"))
    assert list(told) == [
        "message.drafted",
        "message.submitted",
        "approval.given",
        "message.sent-alone",
        "message.out",
    ]
    assert told["message.sent-alone"]["why"] == WHY
    assert told["approval.given"]["rule"] == EMERGENCY


def test_what_waits_for_a_second_person_can_be_sent_alone_too(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    message = urgent(newsdesk)
    publication.submit(message=message, by=newsdesk.wendy)
    send_alone(message, newsdesk.wendy)
    send()
    assert texts() == [WORDS]


def test_a_draft_that_was_taken_off_before_goes_as_a_version_of_its_own(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    message = newsdesk.approved(content=Content(WORDS, urgent=True))
    messages.drop(message=message, by=newsdesk.wendy)
    messages.restore(message=message, by=newsdesk.wendy)
    given = send_alone(message, newsdesk.wendy)
    send()
    assert [*texts("harbour"), *texts("harbour-east")] == [WORDS, WORDS]
    assert given.approval.digest == seen(message)
    sent = Delivery.objects.filter(state="sent")
    assert set(sent.values_list("version", "approval")) == {(2, given.approval_id)}
    assert message.newest.number == 2


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda desk: desk.write(WORDS), "it is not marked as urgent"),
        (lambda desk: urgent(desk, due=soon()), "can wait for a second person"),
        (lambda desk: urgent(desk, by=desk.olu), "does not name your role"),
    ],
    ids=["not urgent", "at an hour", "another role"],
)
def test_only_what_is_urgent_and_at_once_by_whom_the_rule_names(
    newsdesk: Newsdesk, spoil: Callable[[Newsdesk], Message], match: str
) -> None:
    allow(newsdesk)
    message = spoil(newsdesk)
    refused(message, message.by, match)


def test_the_rule_names_the_kinds(newsdesk: Newsdesk) -> None:
    allow(newsdesk, kinds=["public"])
    connect(newsdesk.agency, "email:news@harbour.example", by=newsdesk.wendy)
    refused(urgent(newsdesk, accounts=("email:news@harbour.example",)), newsdesk.wendy, "this kind of message")
    out = newsdesk.approved()
    send()
    corrected = publication.correct(
        message=Message.objects.get(pk=out.pk), content=Content(WORDS, urgent=True), by=newsdesk.wendy
    )
    reasons = publication.obstacles_to_sending_alone(corrected, corrected.newest, newsdesk.wendy)
    assert [reason.code for reason in reasons] == ["alone_kind"]
    allow(newsdesk, kinds=["public", "correction"])
    assert not publication.obstacles_to_sending_alone(corrected, corrected.newest, newsdesk.wendy)


def test_who_may_approve_it_as_the_second_person_does_not_send_it_alone(newsdesk: Newsdesk) -> None:
    allow(newsdesk, Role.APPROVER)
    refused(urgent(newsdesk), newsdesk.abe, "may approve it as the second person")
    send_alone(urgent(newsdesk, by=newsdesk.abe), newsdesk.abe)


def test_the_role_and_the_rule_count_at_this_moment(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    message = urgent(newsdesk)
    Membership.objects.filter(user=newsdesk.wendy).update(role=Role.OFFICER)
    refused(message, newsdesk.wendy, "does not name your role")
    Membership.objects.filter(user=newsdesk.wendy).delete()
    refused(message, newsdesk.wendy, "does not name your role")
    Membership.objects.create(user=newsdesk.wendy, agency=newsdesk.agency, role=Role.PRESS_OFFICER)
    emergency.set_rule(
        agency=newsdesk.agency, roles=[], kinds=[], hours=24, why="Two are on duty now.", by=newsdesk.abe
    )
    refused(message, newsdesk.wendy, "lets nobody send alone")


def test_no_drill_and_nothing_of_an_alert_is_sent_alone(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    out = newsdesk.approved()
    send()
    Approval.objects.update(rule=TWO_APPROVERS)  # as an alert takes its words to the accounts
    correction = publication.correct(
        message=Message.objects.get(pk=out.pk), content=Content(WORDS, urgent=True), by=newsdesk.wendy
    )
    with pytest.raises(RefusedError, match="two people approve alerts"):
        send_alone(correction, newsdesk.wendy)
    fresh = urgent(newsdesk)
    type(newsdesk.agency).objects.filter(pk=newsdesk.agency.pk).update(exercise=True)
    with pytest.raises(RefusedError, match="this agency is for drills"):
        send_alone(Message.objects.get(pk=fresh.pk), newsdesk.wendy)
    newsdesk.agency.refresh_from_db()
    with pytest.raises(RefusedError, match="for drills"):
        allow(newsdesk)


def test_a_reason_is_asked_for_and_a_page_that_changed_is_shown_again(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    message = urgent(newsdesk)
    with pytest.raises(RefusedError, match="cannot wait"):
        send_alone(message, newsdesk.wendy, why="  ")
    digest = seen(message)
    content = Content(WORDS + " Now.", urgent=True)
    messages.save(
        message=message, content=content, accounts=ACCOUNTS, due=None, expires=None, seen=1, by=newsdesk.wendy
    )
    with pytest.raises(RefusedError, match="look again"):
        publication.send_alone(message=message, digest=digest, why=WHY, by=newsdesk.wendy)
    assert not Approval.objects.exists()


def test_one_person_alone_does_not_speak_through_a_freeze(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    message = urgent(newsdesk)
    freezing.press(agency=newsdesk.agency, why="An officer died.", by=newsdesk.olu)
    refused(message, newsdesk.wendy, "does not speak through a freeze")
    freezing.lift(agency=newsdesk.agency, by=newsdesk.abe)
    send_alone(message, newsdesk.wendy)
    freezing.press(agency=newsdesk.agency, why="An officer died.", by=newsdesk.olu)
    Approval.objects.update(at=timezone.now() + timedelta(minutes=1))  # even if it said that it was given knowing of it
    send()
    assert texts() == []
    assert set(Delivery.objects.values_list("said", "state")) == {("everything is stopped", "held")}


@pytest.mark.parametrize("spoil", ["words", "urgent", "row", "rule of another's approval"])
def test_the_sender_checks_it_like_every_approval_and_more(newsdesk: Newsdesk, spoil: str) -> None:
    allow(newsdesk)
    message = urgent(newsdesk)
    given = send_alone(message, newsdesk.wendy)
    if spoil == "words":
        for row in Delivery.objects.all():
            Delivery.objects.filter(pk=row.pk).update(rendition={**row.rendition, "text": "Forged."})
    elif spoil == "row":  # without the review it owes it lets nothing go
        LoneApproval.objects.all().delete()
    elif spoil == "urgent":  # an approval of calm words that claims to be one of an emergency
        calm = newsdesk.submitted("The fair begins on Friday.")
        bound = publication.bound_of(calm.newest)
        forged = approvals.approve(agency=newsdesk.agency, bound=bound, rule=EMERGENCY, authors=[], by=newsdesk.wendy)
        LoneApproval.objects.filter(pk=given.pk).update(approval=forged)
        Delivery.objects.all().delete()
        let_go(calm, calm.newest, publication.previews_of(calm.newest), forged, addressed, newsdesk.wendy)
    else:
        Approval.objects.update(voided_at=timezone.now())
    send()
    assert texts() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"held"}


def test_words_sent_alone_stay_ones_own_until_a_second_person_approves(newsdesk: Newsdesk) -> None:
    allow(newsdesk, Role.APPROVER)
    message = urgent(newsdesk, by=newsdesk.abe)
    send_alone(message, newsdesk.abe)
    # changed before it left: the approval is void, the words are still abe's
    messages.save(
        message=message,
        content=Content(WORDS + " Thank you.", urgent=True),
        accounts=ACCOUNTS,
        due=None,
        expires=None,
        seen=message.newest.number,
        by=newsdesk.wendy,
    )
    assert publication.authors_of(message) == {newsdesk.abe.pk, newsdesk.wendy.pk}
    publication.submit(message=message, by=newsdesk.wendy)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(message, by=newsdesk.abe)
    assert LoneApproval.objects.owed().count() == 1, "the power was used, so the review is still owed"


def test_every_other_path_still_asks_for_the_second_person(newsdesk: Newsdesk) -> None:
    allow(newsdesk, Role.PRESS_OFFICER, Role.APPROVER, Role.CHIEF, Role.OFFICER)
    message = newsdesk.submitted(content=Content(WORDS, urgent=True), by=newsdesk.abe)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(message, by=newsdesk.abe)
    with pytest.raises(RefusedError, match="may not approve"):
        newsdesk.approve(message, by=newsdesk.wendy)
    moved = publication.reschedule(message=message, due=soon(), seen=1, by=newsdesk.abe)
    assert moved.due
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(message, by=newsdesk.abe)
    corrected = newsdesk.approved(by=newsdesk.wendy)
    send()
    correction = publication.correct(
        message=Message.objects.get(pk=corrected.pk), content=Content(WORDS, urgent=True), by=newsdesk.bea
    )
    publication.submit(message=correction, by=newsdesk.bea)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(correction, by=newsdesk.bea)
    assert not LoneApproval.objects.exists()


def test_a_second_person_reviews_and_what_they_found_is_kept(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    message = urgent(newsdesk, by=newsdesk.bea)
    given = send_alone(message, newsdesk.wendy)
    for who in (newsdesk.wendy, newsdesk.bea, newsdesk.olu):  # the sender, the author, and one without the role
        assert not emergency.may_review(given, who)
        with pytest.raises(RefusedError, match="A second person reviews"):
            emergency.review(row=given, finding="right", said="Fine.", by=who)
    for finding, said in (("", "Fine."), ("right", "  "), ("perhaps", "Fine.")):
        with pytest.raises(RefusedError, match="Choose what you found"):
            emergency.review(row=given, finding=finding, said=said, by=newsdesk.abe)
    emergency.review(row=given, finding="waited", said="I was awake. Call me first.", by=newsdesk.abe)
    given.refresh_from_db()
    assert (given.state, given.finding, given.said, given.by, given.late) == (
        "reviewed",
        "waited",
        "I was awake. Call me first.",
        newsdesk.abe,
        False,
    )
    with pytest.raises(RefusedError, match="reviewed this already"):
        emergency.review(row=given, finding="right", said="Fine.", by=newsdesk.abe)
    event = AuditEvent.objects.get(action="message.alone-reviewed")
    assert (event.by, event.target, event.data["finding"]) == (newsdesk.abe, message.subject, "waited")
    send()
    assert texts() == [WORDS]


def test_what_the_second_person_finds_wrong_and_has_not_left_stays_here(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    given = send_alone(urgent(newsdesk), newsdesk.wendy)
    emergency.review(row=given, finding="wrong", said="There is no dam at the weir.", by=newsdesk.abe)
    send()
    assert texts() == []
    row = Delivery.objects.filter(state="held")[0]
    with pytest.raises(RefusedError, match="nobody has approved it"):
        services.release(delivery=row, by=newsdesk.wendy)


def test_an_overdue_review_is_written_into_the_trail_once(newsdesk: Newsdesk) -> None:
    allow(newsdesk, hours=1)
    given = send_alone(urgent(newsdesk), newsdesk.wendy)
    assert emergency.note_overdue() == 0
    with time_machine.travel(given.due + timedelta(minutes=1), tick=False):
        assert (emergency.note_overdue(), emergency.note_overdue()) == (1, 0)
        assert AuditEvent.objects.filter(action="message.alone-overdue", target=given.approval.subject).count() == 1
        emergency.review(row=given, finding="right", said="It was right.", by=newsdesk.abe)
        given.refresh_from_db()
        assert given.late
        assert emergency.note_overdue() == 0
    assert AuditEvent.objects.get(action="message.alone-reviewed").data["late"] is True


@pytest.mark.parametrize(
    ("roles", "kinds", "hours", "why", "match"),
    [
        (["viewer"], ["public"], 24, "So.", "may not send alone"),
        (["press-officer"], ["alerts"], 24, "So.", "a kind there is not"),
        (["press-officer"], [], 24, "So.", "which messages"),
        (["press-officer"], ["public"], 0, "So.", "1 to 72 hours"),
        (["press-officer"], ["public"], 73, "So.", "1 to 72 hours"),
        (["press-officer"], ["public"], 24, " ", "why the rule"),
    ],
)
def test_a_rule_that_makes_no_sense_changes_nothing(
    newsdesk: Newsdesk, roles: list[str], kinds: list[str], hours: int, why: str, match: str
) -> None:
    allow(newsdesk, hours=12)
    with pytest.raises(RefusedError, match=match):
        emergency.set_rule(agency=newsdesk.agency, roles=roles, kinds=kinds, hours=hours, why=why, by=newsdesk.abe)
    rule = emergency.rule_of(newsdesk.agency)
    assert rule is not None
    assert (rule.roles, rule.hours) == (["press-officer"], 12)


def test_another_agencys_rule_allows_nothing_here(newsdesk: Newsdesk) -> None:
    emergency.set_rule(
        agency=newsdesk.other, roles=["press-officer"], kinds=EVERY_KIND, hours=24, why="Theirs.", by=newsdesk.abe
    )
    refused(urgent(newsdesk), newsdesk.wendy, "lets nobody send alone")


def test_the_approval_is_kept_while_its_review_is_owed_and_goes_with_it_afterwards(newsdesk: Newsdesk) -> None:
    allow(newsdesk)
    given = send_alone(urgent(newsdesk), newsdesk.wendy)
    Delivery.objects.all().delete()
    later = timezone.now() + timedelta(days=4000)
    purge.purge((APPROVALS,), now=later)
    assert Approval.objects.exists()
    emergency.review(row=given, finding="right", said="It was right.", by=newsdesk.abe)
    purge.purge((APPROVALS,), now=later)
    assert not Approval.objects.exists()
    assert not LoneApproval.objects.exists()
