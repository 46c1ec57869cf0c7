from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.governance import freezing
from callbox.governance.models import Approval
from callbox.networks import registry
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Ability
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.paper.network import Paper
from callbox.networks.vocabulary import Content, Preview
from callbox.voice.models import Message
from tests.flows.newsdesk import ACCOUNTS, WORDS, Newsdesk, posts, send, soon, texts

FIXED = "Route 7 is closed at the harbour, not at the bridge."


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


class Stubborn(Paper):
    """Paper that neither changes nor takes back what was written."""

    kind = "stubborn"
    abilities = frozenset({Ability.FIND, Ability.KEY, Ability.REPLY})

    def render(self, content: Content, *, account: str) -> Preview:
        shown = super().render(content, account=account)
        return replace(shown, rendition=replace(shown.rendition, account=account))


@pytest.fixture
def stubborn(newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> str:
    """An account on a network that forgets nothing."""
    monkeypatch.setitem(registry.NETWORKS, "stubborn", Stubborn())
    account = "stubborn:wall"
    Connection.objects.create(
        agency=newsdesk.agency, account=account, details={"handle": "wall"}, by=newsdesk.wendy, at=timezone.now()
    )
    return account


# taking back


def test_one_action_takes_a_message_back_everywhere(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    assert publication.withdraw(message=message, why="Wrong bridge", by=newsdesk.wendy) == []
    assert [each.taken_back for each in publication.standing(message)] == ["waiting", "waiting"]
    assert state_of(message) == "out"  # nothing is called withdrawn that is still there
    send()
    assert state_of(message) == "withdrawn"
    assert texts("harbour") == texts("harbour-east") == []
    assert [each.taken_back for each in publication.standing(message)] == ["sent", "sent"]


def test_what_has_not_left_is_taken_off_when_a_message_is_taken_back(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    Delivery.objects.filter(connection__account="paper:harbour-east").update(due=soon(1), state="held")
    send()
    publication.withdraw(message=message, why="Wrong bridge", by=newsdesk.wendy)
    send()
    assert texts("harbour") == texts("harbour-east") == []
    with time_machine.travel(soon(2)):
        send()
    assert texts("harbour-east") == []
    assert state_of(message) == "withdrawn"


def test_where_a_network_forgets_nothing_it_says_so(newsdesk: Newsdesk, stubborn: str) -> None:
    message = newsdesk.approved(accounts=(stubborn, ACCOUNTS[0]))
    send()
    assert publication.withdraw(message=message, why="Wrong bridge", by=newsdesk.wendy) == [stubborn]
    send()
    found = {each.account: (each.taken_back, each.can_take_back) for each in publication.standing(message)}
    assert found == {stubborn: ("", False), ACCOUNTS[0]: ("sent", True)}
    assert state_of(message) == "withdrawn"


def test_where_nothing_can_be_taken_back_a_correction_is_offered(newsdesk: Newsdesk, stubborn: str) -> None:
    message = newsdesk.approved(accounts=(stubborn,))
    send()
    with pytest.raises(RefusedError, match=r"stubborn:wall cannot take a message back\. Publish a correction instead"):
        publication.withdraw(message=message, why="Wrong bridge", by=newsdesk.wendy)
    assert state_of(message) == "out"
    assert Approval.objects.standing().count() == 1


def test_an_unclear_copy_is_taken_back_when_it_is_found(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    unclear = Delivery.objects.get(connection__account="paper:harbour-east")
    Delivery.objects.filter(pk=unclear.pk).update(state="unclear")
    Message.objects.filter(pk=message.pk).update(state="approved")
    publication.withdraw(message=message, why="Wrong bridge", by=newsdesk.wendy)
    send()
    assert (texts("harbour"), texts("harbour-east"), state_of(message)) == ([], [WORDS], "approved")
    services.settle(delivery=unclear, decision="sent", by=newsdesk.wendy)
    publication.settle_messages()
    send()
    assert (texts("harbour-east"), state_of(message)) == ([], "withdrawn")


def test_taking_back_needs_a_reason_something_public_and_happens_once(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted()
    with pytest.raises(RefusedError, match="why it is taken back"):
        publication.withdraw(message=message, why="  ", by=newsdesk.wendy)
    with pytest.raises(RefusedError, match="has not left"):
        publication.withdraw(message=message, why="Wrong", by=newsdesk.wendy)
    newsdesk.approve(message)
    with pytest.raises(RefusedError, match="Put it away instead"):
        publication.withdraw(message=message, why="Wrong", by=newsdesk.wendy)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    send()
    publication.withdraw(message=message, why="Wrong", by=newsdesk.wendy)
    with pytest.raises(RefusedError, match="being taken back already"):
        publication.withdraw(message=message, why="Wrong", by=newsdesk.bea)


# correcting


def test_a_correction_changes_the_copies_in_place_and_says_so(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    before = [post.id for post in posts()]
    correction = publication.correct(message=message, content=Content(FIXED), by=newsdesk.wendy)
    assert texts() == [WORDS]
    publication.submit(message=correction, by=newsdesk.wendy)
    assert texts() == [WORDS]
    newsdesk.approve(correction)
    send()
    assert texts("harbour") == texts("harbour-east") == [f"Correction: {FIXED}"]
    assert [post.id for post in posts()] == before
    assert (state_of(message), state_of(correction)) == ("out", "out")
    assert [each.operation for each in publication.standing(correction)] == ["edit", "edit"]


def test_where_nothing_can_be_changed_a_reply_names_the_old_post(newsdesk: Newsdesk, stubborn: str) -> None:
    message = newsdesk.approved(accounts=(stubborn, ACCOUNTS[0]))
    send()
    correction = publication.correct(message=message, content=Content(FIXED), by=newsdesk.wendy)
    publication.submit(message=correction, by=newsdesk.wendy)
    newsdesk.approve(correction)
    send()
    old, new = posts("wall")
    assert old.shown["text"] == WORDS
    assert new.parent == old.id
    assert str(new.shown["text"]).startswith(f"Correction: {FIXED}\n\nfile://")
    assert str(new.shown["text"]).endswith(f"{old.id}.json")
    assert texts("harbour") == [f"Correction: {FIXED}"]


def test_a_correction_is_approved_by_a_second_person_like_anything_else(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    correction = publication.correct(message=message, content=Content(FIXED), by=newsdesk.abe)
    publication.submit(message=correction, by=newsdesk.abe)
    with pytest.raises(RefusedError, match="their own words"):
        newsdesk.approve(correction)


def test_a_correction_of_a_correction_changes_the_same_post(newsdesk: Newsdesk) -> None:
    last = newsdesk.approved()
    send()
    for words in ("Second.", "Third."):
        last = publication.correct(message=last, content=Content(words), by=newsdesk.wendy)
        publication.submit(message=last, by=newsdesk.wendy)
        newsdesk.approve(last)
        send()
    assert texts("harbour") == ["Correction: Third."]


def test_the_notice_is_in_the_language_of_the_message(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    shown = publication.previews(
        agency=newsdesk.agency,
        content=Content("Die Brücke ist offen.", language="de-CH", own={ACCOUNTS[1]: "Berichtigung: Offen."}),
        accounts=ACCOUNTS,
        corrects=message,
    )
    assert [each.rendition.text for each in shown] == [
        "Berichtigung: Die Brücke ist offen.",
        "Berichtigung: Offen.",
    ]


def test_what_is_not_public_cannot_be_corrected(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon(1))
    with pytest.raises(RefusedError, match="Nothing of this message is public"):
        publication.correct(message=message, content=Content(FIXED), by=newsdesk.wendy)


# settling


def test_a_message_is_out_only_when_every_account_is_settled(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    Delivery.objects.filter(connection__account="paper:harbour-east").update(state="unclear")
    send()
    assert state_of(message) == "approved"
    services.settle(delivery=Delivery.objects.get(state="unclear"), decision="give-up", by=newsdesk.abe)
    assert publication.settle_messages() == 1
    assert state_of(message) == "out"
    assert publication.settle_messages() == 0


def test_a_message_that_reached_nobody_says_what_the_networks_said(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    Delivery.objects.update(state="refused", said="The words were not accepted")
    publication.settle_messages()
    fresh = Message.objects.get(pk=message.pk)
    assert (fresh.state, fresh.why) == ("expired", "It reached no account: The words were not accepted")


def test_a_message_ahead_of_its_hour_stays_as_it_is(newsdesk: Newsdesk) -> None:
    waiting, approved = newsdesk.submitted(due=soon(1)), newsdesk.approved(due=soon(1))
    assert publication.settle_messages() == 0
    assert (state_of(waiting), state_of(approved)) == ("submitted", "approved")


# the freeze


def test_one_freeze_stops_everything_and_lifting_it_lets_nothing_go_by_itself(newsdesk: Newsdesk) -> None:
    messages = [newsdesk.approved(f"Message {number}.", due=soon(1)) for number in range(3)]
    freezing.press(agency=newsdesk.agency, why="Someone has our password", by=newsdesk.olu)
    with time_machine.travel(soon(1.1)):
        send()
        assert texts() == []
        assert {each.state for message in messages for each in publication.standing(message)} == {"held"}
        freezing.lift(agency=newsdesk.agency, by=newsdesk.abe)
        send()
        assert texts() == []
        stale = publication.standing(messages[1])[0]
        services.release(delivery=stale.delivery, by=newsdesk.abe)
        send()
        assert texts() == ["Message 1."]


def test_an_urgent_message_approved_after_the_freeze_was_pressed_leaves(newsdesk: Newsdesk) -> None:
    before = newsdesk.approved(content=Content("Before.", urgent=True))
    freezing.press(agency=newsdesk.agency, why="Someone has our password", by=newsdesk.olu)
    after = newsdesk.approved(content=Content("Leave the harbour now.", urgent=True))
    ordinary = newsdesk.approved("Ordinary.")
    send()
    assert texts() == ["Leave the harbour now."]
    assert [state_of(each) for each in (before, after, ordinary)] == ["approved", "out", "approved"]


def test_what_is_late_by_more_than_an_hour_asks_a_person(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(due=soon(1))
    with time_machine.travel(soon(1) + timedelta(hours=12)):
        send()
        assert texts() == []
        assert {each.state for each in publication.standing(message)} == {"late"}


# mailings


def test_a_mailing_is_one_line_with_its_letters_counted(newsdesk: Newsdesk) -> None:
    Connection.objects.create(
        agency=newsdesk.agency,
        account="email:desk@harbour.example",
        details={"server": "127.0.0.1", "sender": "desk@harbour.example"},
        by=newsdesk.wendy,
        at=timezone.now(),
    )
    message = newsdesk.write(content=Content(WORDS, title="Route 7"), accounts=("email:desk@harbour.example",))
    publication.submit(message=message, by=newsdesk.wendy)
    digest = publication.bound_of(message.newest).digest
    with pytest.raises(RefusedError, match="Nobody gets letters"):
        publication.approve(message=message, digest=digest, by=newsdesk.abe)
    publication.approve(
        message=message,
        digest=digest,
        by=newsdesk.abe,
        recipients=lambda _account, _content: ["a@x.example", "b@x.example", ""],
    )
    line = publication.standing(message)
    assert [(each.account, each.recipients) for each in line] == [("email:desk@harbour.example", 2)]
    assert sorted(Delivery.objects.values_list("recipient", flat=True)) == ["a@x.example", "b@x.example"]
