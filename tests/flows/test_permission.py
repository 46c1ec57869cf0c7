from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.flows.publication import permission
from callbox.governance import members
from callbox.governance.models import Approval, AuditEvent
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.people.models import Membership
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import ACCOUNTS, WORDS, Newsdesk, connect, seen, send, soon, texts


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def resave(message: Message, text: str, newsdesk: Newsdesk, *, by: str) -> None:
    newest = message.newest
    messages.save(
        message=message,
        content=Content(text),
        accounts=newest.accounts,
        due=newest.due,
        expires=newest.expires,
        seen=newest.number,
        by=getattr(newsdesk, by),
    )


def test_a_message_goes_out_on_every_account_as_it_was_shown(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted()
    shown = [preview.rendition.text for preview in publication.previews_of(message.newest)]
    newsdesk.approve(message)
    assert state_of(message) == "approved"
    send()
    assert state_of(message) == "out"
    assert [*texts("harbour"), *texts("harbour-east")] == shown == [WORDS, WORDS]
    assert [(each.account, each.state) for each in publication.standing(message)] == [
        ("paper:harbour", "sent"),
        ("paper:harbour-east", "sent"),
    ]
    assert all(each.url for each in publication.standing(message))


def test_the_trail_tells_the_whole_way(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    told = AuditEvent.objects.filter(target=message.subject).order_by("pk").values_list("action", "by_name")
    assert [action for action, _name in told] == [
        "message.drafted",
        "message.submitted",
        "approval.given",
        "message.out",
    ]
    assert dict(told)["approval.given"].startswith("Abe ")


def test_what_stands_in_the_way_is_named_and_nothing_is_submitted(newsdesk: Newsdesk) -> None:
    message = newsdesk.write("x" * 501, accounts=("paper:harbour", "paper:nowhere"), due=timezone.now())
    with pytest.raises(RefusedError) as refused:
        publication.submit(message=message, by=newsdesk.wendy)
    assert str(refused.value) == (
        "The message was saved but not submitted: 501 characters, and 500 fit; nowhere (Paper) is not connected; "
        "its hour has passed."
    )
    assert state_of(message) == "draft"


def test_nothing_goes_to_an_account_that_was_taken_off(newsdesk: Newsdesk) -> None:
    gone = connect(newsdesk.agency, "paper:gone", by=newsdesk.wendy)
    type(gone).objects.filter(pk=gone.pk).update(state="ended")
    message = newsdesk.write(accounts=("paper:gone",))
    with pytest.raises(RefusedError, match=r"gone \(Paper\) was taken off"):
        publication.submit(message=message, by=newsdesk.wendy)


def test_another_agencys_account_is_none(newsdesk: Newsdesk) -> None:
    connect(newsdesk.other, "paper:valley", by=newsdesk.wendy)
    message = newsdesk.write(accounts=("paper:valley",))
    with pytest.raises(RefusedError, match=r"valley \(Paper\) is not connected"):
        publication.submit(message=message, by=newsdesk.wendy)


def test_nobody_approves_their_own_words(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted(by=newsdesk.abe)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(message, by=newsdesk.abe)
    assert (state_of(message), Delivery.objects.count()) == ("submitted", 0)
    newsdesk.approve(message, by=newsdesk.bea)
    assert state_of(message) == "approved"


def test_words_stay_ones_own_when_someone_else_saves_over_them(newsdesk: Newsdesk) -> None:
    message = newsdesk.write(by=newsdesk.abe)
    resave(message, WORDS + " Thank you.", newsdesk, by="wendy")
    publication.submit(message=message, by=newsdesk.wendy)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(message, by=newsdesk.abe)


def test_words_stay_ones_own_after_a_change_of_role(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted(by=newsdesk.olu)
    members.change_role(membership=Membership.objects.get(user=newsdesk.olu), role=Role.APPROVER, by=newsdesk.wendy)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(message, by=newsdesk.olu)


def test_who_may_no_longer_approve_does_not(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted()
    digest = seen(message)
    Membership.objects.filter(user=newsdesk.abe).update(role=Role.OFFICER)
    with pytest.raises(RefusedError, match="may not approve"):
        publication.approve(message=message, digest=digest, by=newsdesk.abe)
    with pytest.raises(RefusedError, match="may not approve"):
        publication.send_back(message=message, why="no", by=newsdesk.abe)
    Membership.objects.filter(user=newsdesk.abe).delete()
    with pytest.raises(RefusedError, match="may not approve"):
        publication.approve(message=message, digest=digest, by=newsdesk.abe)


def test_words_a_second_person_approved_once_are_no_longer_ones_own(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(by=newsdesk.bea, due=soon())
    resave(message, WORDS + " Drive safely.", newsdesk, by="wendy")
    publication.submit(message=message, by=newsdesk.wendy)
    assert publication.authors_of(message) == {newsdesk.wendy.pk}
    newsdesk.approve(message, by=newsdesk.bea)


def test_a_new_version_voids_the_approval_and_takes_everything_off(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon())
    resave(message, "Other words.", newsdesk, by="wendy")
    assert state_of(message) == "draft"
    assert not Approval.objects.standing().exists()
    assert {each.state for each in Delivery.objects.all()} == {"given-up"}
    with time_machine.travel(soon(1.1)):
        send()
    assert texts() == []


def test_the_approver_lets_go_what_he_saw_and_nothing_else(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted()
    digest = seen(message)
    resave(message, "Other words.", newsdesk, by="wendy")
    publication.submit(message=message, by=newsdesk.wendy)
    with pytest.raises(RefusedError, match="It changed meanwhile: look again"):
        publication.approve(message=message, digest=digest, by=newsdesk.abe)
    assert (state_of(message), Approval.objects.count()) == ("submitted", 0)


def test_a_message_is_approved_once(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    with pytest.raises(RefusedError, match="does not wait for an approval any more"):
        newsdesk.approve(message, by=newsdesk.bea)
    assert Delivery.objects.count() == 2


def test_a_message_is_sent_back_with_a_reason(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted()
    with pytest.raises(RefusedError, match="what should change"):
        publication.send_back(message=message, why=" ", by=newsdesk.abe)
    publication.send_back(message=message, why="Which bridge?", by=newsdesk.abe)
    fresh = Message.objects.get(pk=message.pk)
    assert (fresh.state, fresh.why) == ("draft", "Which bridge?")
    with pytest.raises(RefusedError, match="does not wait for an approval"):
        newsdesk.approve(message)


def test_unapproved_at_its_hour_it_expires_and_its_author_reads_why(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted(due=soon(1))
    assert publication.settle_messages() == 0
    digest = seen(message)
    with time_machine.travel(soon(1.01)):
        with pytest.raises(RefusedError, match="its hour has passed"):
            publication.approve(message=message, digest=digest, by=newsdesk.abe)
        assert publication.settle_messages() == 1
        fresh = Message.objects.get(pk=message.pk)
        assert fresh.state == "expired"
        assert fresh.why.startswith("Nobody approved it before its hour.")
        version = publication.reschedule(message=message, due=soon(3), seen=1, by=newsdesk.wendy)
    assert (state_of(message), version.number) == ("submitted", 2)
    assert texts() == []


def test_another_hour_needs_another_approval(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon(1))
    publication.reschedule(message=message, due=soon(2), seen=1, by=newsdesk.wendy)
    assert state_of(message) == "submitted"
    newsdesk.approve(message)
    with time_machine.travel(soon(1.5)):
        send()
        assert texts() == []
    with time_machine.travel(soon(2.1)):
        send()
        assert texts() == [WORDS]


def test_a_draft_given_another_hour_stays_a_draft(newsdesk: Newsdesk) -> None:
    message = newsdesk.write()
    publication.reschedule(message=message, due=soon(2), seen=1, by=newsdesk.wendy)
    assert state_of(message) == "draft"


def test_an_hour_that_has_passed_cannot_be_chosen_and_nothing_changes(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon(1))
    with pytest.raises(RefusedError, match="its hour has passed"):
        publication.reschedule(message=message, due=soon(-1), seen=1, by=newsdesk.wendy)
    assert (state_of(message), message.newest.number) == ("approved", 1)
    assert Approval.objects.standing().count() == 1


def test_taken_up_again_after_it_was_put_away_it_needs_a_new_approval(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon(1))
    messages.drop(message=message, by=newsdesk.wendy)
    messages.restore(message=message, by=newsdesk.wendy)
    version = publication.submit(message=message, by=newsdesk.wendy)
    assert version.number == 2
    with time_machine.travel(soon(0.5)):
        newsdesk.approve(message)
    with time_machine.travel(soon(1.1)):
        send()
    assert texts() == [WORDS]


def test_what_has_left_is_neither_changed_nor_put_away(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    with pytest.raises(RefusedError, match="can no longer be changed"):
        resave(message, "Other words.", newsdesk, by="wendy")
    with pytest.raises(RefusedError, match="no longer be put away"):
        messages.drop(message=message, by=newsdesk.wendy)


@pytest.mark.parametrize("state", ["sending", "unclear", "sent"])
def test_what_left_in_part_is_not_changed_and_keeps_its_approval(newsdesk: Newsdesk, state: str) -> None:
    message = newsdesk.approved()
    Delivery.objects.filter(connection__account="paper:harbour").update(state=state)
    with pytest.raises(RefusedError, match="has left already"):
        resave(message, "Other words.", newsdesk, by="wendy")
    assert state_of(message) == "approved"
    assert Approval.objects.standing().count() == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == sorted([state, "waiting"])


def test_an_approval_is_whole_or_not_at_all(newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = newsdesk.submitted()
    digest, events = seen(message), AuditEvent.objects.count()
    real, calls = services.queue, []

    def fails_at_the_second(**fields: object) -> object:
        calls.append(fields)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        return real(**fields)  # type: ignore[arg-type]

    monkeypatch.setattr(permission, "queue", fails_at_the_second)
    with pytest.raises(RuntimeError):
        publication.approve(message=message, digest=digest, by=newsdesk.abe)
    assert (state_of(message), Approval.objects.count(), Delivery.objects.count()) == ("submitted", 0, 0)
    assert AuditEvent.objects.count() == events


def test_every_account_has_one_delivery_of_one_version(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon(2), expires=soon(3))
    rows = Delivery.objects.order_by("connection__account").values_list(
        "connection__account", "version", "due", "expires"
    )
    newest = message.newest
    assert list(rows) == [(account, 1, newest.due, newest.expires) for account in ACCOUNTS]
    assert newest.expires is not None
    assert newest.due is not None
    assert newest.expires - newest.due == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=1))
