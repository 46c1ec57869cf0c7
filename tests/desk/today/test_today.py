"""The first page: five things at most, of this person's own role, gone once they are done."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbox.desk.today import words
from callbox.flows.review import Kind, facts
from callbox.flows.review.standards import Standards
from callbox.governance.models import Disposal, Hold
from callbox.maturity.models import Attestation
from callbox.maturity.services import assessments, evidence, measuring
from callbox.networks.models import Connection, Delivery, Item
from callbox.people.models import Agency, User
from callbox.people.roles import ALLOWED, Action, Role
from callbox.trust.models import Conversation, Hiding
from callbox.trust.services import answers, hearing, moderation
from callbox.trust.tips.models import Tip
from callbox.voice.models import Goal, Message
from tests.people import Cast, person, signed_in
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db

NOTHING = "Nothing waits."


def page(user: User | Client) -> str:
    answer = (user if isinstance(user, Client) else signed_in(user)).get("/a/harbour/today/")
    assert answer.status_code == 200
    return answer.text


def things(text: str) -> list[str]:
    """Return what the page asks for, in its order."""
    return [found.strip() for found in re.findall(r"<h2><a href=\"[^\"]+\">(.*?)</a></h2>", text)]


def asked(agency: Agency, *, hours: float, text: str = "When does the bridge open?") -> Conversation:
    conversation, _secret = hearing.enquire(agency=agency, text=text)
    Conversation.objects.filter(pk=conversation.pk).update(waits_since=timezone.now() - timedelta(hours=hours))
    return conversation


def everything(cast: Cast) -> Connection:
    """Let one of everything wait."""
    now = timezone.now()
    where = connection(cast.agency, cast.bob)
    asked(cast.agency, hours=1, text="Someone has a gun, help")
    asked(cast.agency, hours=13)
    Tip.objects.create(agency_id=cast.agency.pk, day=now.date(), lookup="a", public_key="age1")
    Connection.objects.filter(pk=where.pk).update(state="refused", checked_at=now)
    Delivery.objects.create(
        agency=cast.agency, connection=where, subject="message:1", key="k", due=now, made=now, state="unclear",
        rendition={"account": where.account, "text": "Words"},
    )  # fmt: skip
    message = Message.objects.create(agency=cast.agency, by=cast.carol, state="submitted", at=now, changed_at=now)
    message.versions.create(number=1, by=cast.carol, at=now, content={"text": "Words"}, accounts=[], digest="x")
    Item.objects.filter(pk=item(where, "Long ago", own=True).pk).update(at=now - timedelta(days=13.5))
    hidden = item(where, "...")
    Hiding.objects.create(
        agency=cast.agency, item=hidden, ground="true-threat", why="x", snapshot=moderation.snapshot(hidden),
        by=cast.carol, at=now, secret_digest="s", state="appealed",
        appealed_at=now,
    )  # fmt: skip
    Goal.objects.create(
        agency=cast.agency, says="x", baseline=1, target=2, by_when=now.date(), review_every=30, review_on=now.date(),
        by=cast.carol, at=now,
    )  # fmt: skip
    Hold.objects.create(
        agency=cast.agency,
        subject="everything",
        reason="x",
        reference="1",
        by=cast.bob,
        since=now - timedelta(days=181),
    )
    Disposal.objects.create(
        agency=cast.agency,
        class_id="drafts",
        then="delete",
        days=1,
        count=2,
        first=now,
        last=now,
        digest="x",
        held=0,
        at=now,
    )
    return where


def test_the_desk_opens_on_today_and_says_when_nothing_waits(cast: Cast) -> None:
    client = signed_in(cast.frank)
    assert client.get("/a/harbour/")["Location"] == "/a/harbour/today/"
    text = page(client)
    assert NOTHING in text
    assert "Nothing was assessed yet" in text
    assert 'aria-current="true"' in text


def test_with_time_to_spare_the_page_says_what_the_next_level_asks(cast: Cast) -> None:
    assessments.start_from_own_record(agency=cast.agency, title="Ours", by=cast.alice)
    measuring.measure_waiting()
    text = page(cast.frank)
    assert NOTHING in text
    assert "With time to spare, level 1 of" in text


def test_a_resident_who_waits_half_the_limit_is_on_the_list_until_they_are_answered(cast: Cast) -> None:
    client = signed_in(cast.bob)
    fresh = asked(cast.agency, hours=11)
    assert things(page(client)) == []
    Conversation.objects.filter(pk=fresh.pk).update(waits_since=timezone.now() - timedelta(hours=13))
    text = page(client)
    assert things(text) == ["Answer 1 resident"]
    assert f'href="/a/harbour/inbox/{fresh.pk}/"' in text
    assert "supports T3" in text
    answers.answer(conversation=fresh, text="At six.", by=cast.bob)
    assert things(page(client)) == []


def test_danger_stands_first_and_five_things_are_enough(cast: Cast) -> None:
    everything(cast)
    text = page(cast.bob)
    found = things(text)
    assert len(found) == 5
    assert found[0] == "Look at 1 message that speaks of danger"
    assert "more things wait behind these" in text


#: Everything that `everything` makes wait, with the action that lets one settle it.
SETTLED_BY = {
    Kind.DANGER: Action.ANSWER,
    Kind.ANSWER: Action.ANSWER,
    Kind.TIPS: Action.READ_TIPS,
    Kind.STUCK: Action.SEND_AGAIN,
    Kind.REFUSED: Action.CONNECT_ACCOUNT,
    Kind.APPROVE: Action.APPROVE_MESSAGE,
    Kind.APPEALS: Action.DECIDE_APPEAL,
    Kind.SILENCE: Action.WRITE_MESSAGE,
    Kind.GOALS: Action.SET_GOALS,
    Kind.ACCOUNTS: Action.STATE_ACCOUNT,
    Kind.PURGED: Action.CHANGE_RETENTION,
    Kind.HOLDS: Action.CHANGE_RETENTION,
}


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_settle_never_reaches_its_list(cast: Cast, role: Role) -> None:
    everything(cast)
    zoe = person("Zoe", cast.agency, role, second_factor=False)
    found = {fact.kind for fact in facts(cast.agency, user=zoe, role=role, now=timezone.now()) if fact.count}
    assert found == {kind for kind, action in SETTLED_BY.items() if role in ALLOWED[action]}


def test_every_thing_leads_to_a_page_that_opens_for_its_role(cast: Cast) -> None:
    everything(cast)
    for role in Role:
        zoe = person(f"Zoe{role.value}", cast.agency, role)
        client = signed_in(zoe)
        for fact in facts(cast.agency, user=zoe, role=role, now=timezone.now()):
            if fact.count and fact.kind is not Kind.STUCK:  # its message is none here
                assert client.get(words.place(fact, cast.agency)).status_code == 200, (role, fact)


def test_another_agency_sees_nothing_of_it(cast: Cast) -> None:
    everything(cast)
    assert things(signed_in(cast.dan).get("/a/valley/today/").text) == []


def test_nobody_is_asked_to_approve_or_decide_about_their_own_work(cast: Cast) -> None:
    everything(cast)
    Message.objects.update(by=cast.bob)
    Hiding.objects.update(by=cast.bob)
    found = " | ".join(things(page(cast.bob)))
    assert "Approve" not in found
    assert "objection" not in found


def test_evidence_waits_for_its_reviewer_and_later_for_its_renewal(cast: Cast) -> None:
    claim = evidence.Claim(
        condition="V1.1.owner", practice="V1", title="Order", begins=date(2020, 1, 1),
        ends=timezone.now().date() + timedelta(days=20), link="https://harbour.example/o",
    )  # fmt: skip
    row = evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol)
    assert things(page(cast.alice)) == ["Review 1 piece of evidence"]
    assert things(page(cast.carol)) == []
    evidence.review(attestation=row, by=cast.alice)
    assert things(page(cast.carol)) == ["Renew 1 piece of evidence"]
    Attestation.objects.update(expires_on=timezone.now().date() - timedelta(days=2))
    evidence.expire_overdue(today=timezone.now().date())
    assert things(page(cast.carol)) == ["Renew 1 piece of evidence"]  # its practice has fallen: all the more
    newer = evidence.propose(agency=cast.agency, claim=replace(claim, ends=None), owner=cast.carol, by=cast.carol)
    assert things(page(cast.carol)) == []
    evidence.review(attestation=newer, by=cast.alice)
    assert things(page(cast.carol)) == []


def test_a_planned_message_breaks_the_silence(cast: Cast) -> None:
    where = everything(cast)
    Conversation.objects.update(state="closed")
    officer = person("Olu", cast.agency, Role.OFFICER)
    assert things(page(officer)) == ["Say something"]
    now = timezone.now()
    Delivery.objects.create(
        agency=cast.agency, connection=where, subject="message:2", key="l", due=now + timedelta(days=1), made=now
    )
    assert things(page(officer)) == []


def test_the_page_asks_few_questions_however_much_waits(cast: Cast) -> None:
    everything(cast)
    client = signed_in(cast.bob)
    page(client)
    with CaptureQueriesContext(database) as few:
        page(client)
    for _number in range(20):
        asked(cast.agency, hours=20)
    with CaptureQueriesContext(database) as many:
        page(client)
    assert len(many) == len(few)
    assert len(few) <= 32


def test_limits_are_those_of_the_model_and_the_size() -> None:
    small, large = Standards({}, "under-25"), Standards({"T3": 2, "V3": 2}, "")
    assert (small.reply_limit, large.reply_limit) == (timedelta(hours=24), timedelta(hours=8))
    assert (small.silence_limit, large.silence_limit) == (timedelta(days=28), timedelta(days=7))
    assert Standards({"T3": 5}, "").reply_limit == timedelta(hours=1)
    assert [small.practice(name) for name in ("first_reply", "late_appeals", "accounts_secured")] == ["T3", "T1", "V2"]
