"""An agency may ask for two or three people besides the authors before a message leaves (B4)."""

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.flows.review import Kind, facts
from callbox.governance import approvals, emergency, members
from callbox.governance.alone import Reach
from callbox.governance.models import Approval, AuditEvent
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.people.models import Membership, User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import Newsdesk, seen, send, texts
from tests.people import person


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def ask_for(newsdesk: Newsdesk, needed: int) -> None:
    approvals.set_needed(agency=newsdesk.agency, needed=needed, why="After the mistake in May.", by=newsdesk.abe)


def test_nothing_leaves_before_as_many_different_people_approved_as_the_rule_asks_for(newsdesk: Newsdesk) -> None:
    cleo = person("Cleo", newsdesk.agency, Role.CHIEF, second_factor=False)
    ask_for(newsdesk, 3)
    message = newsdesk.submitted()
    for count, each in enumerate((newsdesk.abe, newsdesk.bea), start=1):
        newsdesk.approve(message, by=each)
        assert (state_of(message), Delivery.objects.count()) == ("submitted", 0)
        assert len(publication.given(message, publication.bound_of(message.newest))) == count
        with pytest.raises(RefusedError, match="approved this already"):
            newsdesk.approve(message, by=each)
    newsdesk.approve(message, by=cleo)
    assert state_of(message) == "approved"
    send()
    assert texts()
    given = Approval.objects.filter(subject=message.subject)
    assert {row.by for row in given} == {newsdesk.abe, newsdesk.bea, cleo}
    assert {row.digest for row in given} == {given[0].digest}


def test_today_asks_those_who_have_not_approved_yet(newsdesk: Newsdesk) -> None:
    def asked(user: User) -> list[int | None]:
        found = facts(newsdesk.agency, user=user, role=Role.APPROVER, now=timezone.now())
        return [fact.about for fact in found if fact.kind is Kind.APPROVE]

    ask_for(newsdesk, 2)
    message = newsdesk.submitted()
    newsdesk.approve(message, by=newsdesk.abe)
    assert (asked(newsdesk.abe), asked(newsdesk.bea)) == ([], [message.pk])


def test_an_author_counts_for_nobody(newsdesk: Newsdesk) -> None:
    ask_for(newsdesk, 2)
    message = newsdesk.submitted(by=newsdesk.abe)
    with pytest.raises(RefusedError, match="own words"):
        newsdesk.approve(message, by=newsdesk.abe)
    newsdesk.approve(message, by=newsdesk.bea)
    assert state_of(message) == "submitted"


def test_a_change_and_a_sending_back_void_what_was_given_so_far(newsdesk: Newsdesk) -> None:
    ask_for(newsdesk, 2)
    message = newsdesk.submitted()
    newsdesk.approve(message, by=newsdesk.abe)
    publication.send_back(message=message, why="The name is wrong.", by=newsdesk.bea)
    assert not Approval.objects.standing().exists()
    publication.submit(message=message, by=newsdesk.wendy)
    newsdesk.approve(message, by=newsdesk.abe)
    messages.save(
        message=message,
        content=Content("Other words."),
        accounts=message.newest.accounts,
        due=None,
        expires=None,
        seen=message.newest.number,
        by=newsdesk.wendy,
    )
    publication.submit(message=message, by=newsdesk.wendy)
    newsdesk.approve(message, by=newsdesk.bea)
    assert state_of(message) == "submitted"
    newsdesk.approve(message, by=newsdesk.abe)
    assert state_of(message) == "approved"


def test_who_lost_the_role_meanwhile_counts_no_more(newsdesk: Newsdesk) -> None:
    cleo = person("Cleo", newsdesk.agency, Role.CHIEF, second_factor=False)
    ask_for(newsdesk, 2)
    message = newsdesk.submitted()
    newsdesk.approve(message, by=newsdesk.abe)
    members.change_role(membership=Membership.objects.get(user=newsdesk.abe), role=Role.OFFICER, by=cleo)
    newsdesk.approve(message, by=newsdesk.bea)
    assert state_of(message) == "submitted"
    newsdesk.approve(message, by=cleo)
    assert state_of(message) == "approved"


def test_a_rule_that_asks_for_fewer_lets_whoever_approved_let_it_go(newsdesk: Newsdesk) -> None:
    ask_for(newsdesk, 2)
    message = newsdesk.submitted()
    newsdesk.approve(message, by=newsdesk.abe)
    ask_for(newsdesk, 1)
    newsdesk.approve(message, by=newsdesk.abe)
    assert state_of(message) == "approved"
    assert Approval.objects.filter(subject=message.subject).count() == 1


def test_one_approver_at_night_who_cannot_let_it_go_may_send_it_alone_where_the_rule_says_so(
    newsdesk: Newsdesk,
) -> None:
    ask_for(newsdesk, 2)
    emergency.set_rule(
        agency=newsdesk.agency, roles=[Role.APPROVER], kinds=[Reach.PUBLIC], hours=24, why="Nights.", by=newsdesk.abe
    )
    message = newsdesk.write(content=Content("Boil your water.", urgent=True))
    publication.submit(message=message, by=newsdesk.wendy)
    assert not publication.obstacles_to_sending_alone(message, message.newest, newsdesk.abe)
    newsdesk.approve(message, by=newsdesk.bea)
    codes = [each.code for each in publication.obstacles_to_sending_alone(message, message.newest, newsdesk.abe)]
    assert codes == ["alone_second"]  # now abe's approval is all that is missing
    publication.send_alone(message=message, digest=seen(message), why="Nobody answers.", by=newsdesk.bea)
    assert state_of(message) == "approved"


@pytest.mark.parametrize(("needed", "why", "said"), [(0, "w", "1 to 3"), (4, "w", "1 to 3"), (2, " ", "Say in a few")])
def test_a_rule_out_of_bounds_or_without_a_reason_changes_nothing(
    newsdesk: Newsdesk, needed: int, why: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        approvals.set_needed(agency=newsdesk.agency, needed=needed, why=why, by=newsdesk.abe)
    assert approvals.needed(newsdesk.agency) == 1
    assert not AuditEvent.objects.filter(action="approval-rule.set").exists()


def test_a_rule_that_nobody_could_fulfil_is_refused(newsdesk: Newsdesk) -> None:
    Membership.objects.filter(agency=newsdesk.agency).exclude(user=newsdesk.abe).exclude(user=newsdesk.bea).update(
        role=Role.OFFICER
    )
    with pytest.raises(RefusedError, match="2 people here may approve"):
        ask_for(newsdesk, 3)
    ask_for(newsdesk, 2)
    event = AuditEvent.objects.get(action="approval-rule.set")
    assert event.data == {"needed": 2, "why": "After the mistake in May."}
    assert approvals.needed(newsdesk.other) == 1
