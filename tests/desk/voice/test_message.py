"""One message on the desk: approved as it was seen, sent back, moved, corrected, taken back; what is unclear is decided by a person."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from callbox.governance.models import Approval
from callbox.networks.contract import UnclearError
from callbox.networks.deliveries import outcome, sending
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import ACCOUNTS, Newsdesk, seen, send, soon, texts
from tests.people import Cast, signed_in

LIST = "/a/harbour/messages/"


def place(message: Message, verb: str = "") -> str:
    return f"{LIST}{message.pk}/{verb}"


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def unclear(desk: Newsdesk) -> tuple[Message, Delivery]:
    """A message whose second copy may have left."""
    message = desk.approved()
    row = Delivery.objects.get(connection__account=ACCOUNTS[1])
    claimed = sending.claim(row.pk)
    assert claimed is not None
    sending.settle(claimed, outcome.of_error(UnclearError("the line broke"), attempts=1))
    send()
    return message, Delivery.objects.get(pk=row.pk)


def test_an_approver_approves_what_stands_on_the_page_and_it_leaves(desk: Newsdesk) -> None:
    message = desk.submitted()
    abe = signed_in(desk.abe)
    digest = digest_on(abe.get(place(message)).content.decode())
    page = abe.post(place(message, "approve/"), {"digest": digest, "version": "1"}, follow=True).content.decode()
    assert "exactly as you saw it" in page
    send()
    assert texts() == ["Route 7 is closed at the bridge until six. Please use the ferry."]
    page = abe.get(place(message)).content.decode()
    assert "Out" in page
    assert digest[:12] in page


def test_what_changed_under_the_approvers_eyes_is_refused_and_shown(desk: Newsdesk) -> None:
    message = desk.submitted()
    abe = signed_in(desk.abe)
    digest = digest_on(abe.get(place(message)).content.decode())
    messages.save(
        message=message,
        content=Content("Route 9 is closed."),
        accounts=ACCOUNTS,
        due=None,
        expires=None,
        seen=1,
        by=desk.olu,
    )
    signed_in(desk.olu).post(place(message, "submit/"))
    page = abe.post(place(message, "approve/"), {"digest": digest, "version": "1"}, follow=True).content.decode()
    assert "It changed meanwhile" in page
    assert "Changed since you saw version 1" in page
    assert "<ins>9<" in page
    assert not Approval.objects.exists()


def test_the_approver_reads_what_is_new_since_sending_it_back(desk: Newsdesk) -> None:
    message = desk.submitted("Hang up.")
    abe = signed_in(desk.abe)
    abe.post(place(message, "send-back/"), {"why": "Say what to do then."})
    assert "Say what to do then." in signed_in(desk.wendy).get(place(message)).content.decode()
    new = Content("Hang up. Call us.")
    messages.save(message=message, content=new, accounts=ACCOUNTS, due=None, expires=None, seen=1, by=desk.wendy)
    signed_in(desk.wendy).post(place(message, "submit/"))
    for _look in range(2):  # looking twice changes nothing
        page = abe.get(place(message)).content.decode()
        assert "Changed since you saw version 1" in page
        assert "<ins> Call us.</ins>" in page


def test_sending_back_without_a_reason_is_refused(desk: Newsdesk) -> None:
    message = desk.submitted()
    page = signed_in(desk.abe).post(place(message, "send-back/"), {"why": " "}, follow=True).content.decode()
    assert "what should change" in page
    assert fresh(message).state == "submitted"


def test_nobody_finds_a_button_to_approve_their_own_words(desk: Newsdesk) -> None:
    message = desk.submitted(by=desk.abe)
    page = signed_in(desk.abe).get(place(message)).content.decode()
    assert "somebody else must approve it" in page
    assert 'name="digest"' not in page
    assert 'name="digest"' in signed_in(desk.bea).get(place(message)).content.decode()


def test_what_waits_for_an_approver_stands_first_in_their_list_alone(desk: Newsdesk) -> None:
    desk.submitted("Please look at this one")
    assert "To approve" in signed_in(desk.abe).get(LIST).content.decode()
    assert "To approve" not in signed_in(desk.wendy).get(LIST).content.decode()


def test_the_list_is_narrowed_by_its_address(desk: Newsdesk) -> None:
    desk.write("Only a draft")
    desk.submitted("Handed in", by=desk.olu, accounts=[ACCOUNTS[1]])
    client = signed_in(desk.wendy)
    assert "Handed in" not in client.get(f"{LIST}?state=draft").content.decode()
    assert "Only a draft" not in client.get(f"{LIST}?account={ACCOUNTS[1]}&state=submitted").content.decode()
    assert "Handed in" not in client.get(f"{LIST}?mine=on").content.decode()
    assert "Only a draft" in client.get(f"{LIST}?state=nonsense&page=77").content.decode()
    assert "No message fits" in client.get(f"{LIST}?state=withdrawn").content.decode()


def test_another_hour_waits_for_a_second_person_again(desk: Newsdesk) -> None:
    message = desk.approved(due=soon(5))
    client = signed_in(desk.wendy)
    client.post(place(message, "hour/"), {"seen": "1", "due": "2031-05-01T10:00", "expires": ""})
    assert fresh(message).state == "submitted"
    assert not Approval.objects.standing().exists()
    page = client.post(place(message, "hour/"), {"seen": "1", "due": "2032-05-01T10:00"}, follow=True).content.decode()
    assert "saved this message while you were writing" in page
    assert message.newest.due is not None
    assert message.newest.due.year == 2031


def test_a_correction_is_one_form_and_reaches_every_account(desk: Newsdesk) -> None:
    message = desk.approved()
    send()
    client = signed_in(desk.wendy)
    assert "Correct it" in client.get(place(message)).content.decode()
    assert "Route 7" in client.get(place(message, "correct/")).content.decode()
    typed = {"text": "Route 7 is open again.", "language": "en", "seen": "0", "do": "submit"}
    page = client.post(place(message, "correct/"), typed, follow=True).content.decode()
    assert "waiting for a second person" in page
    correction = Message.objects.get(corrects=message)
    assert correction.newest.accounts == list(ACCOUNTS)
    signed_in(desk.abe).post(place(correction, "approve/"), {"digest": seen(correction), "version": "1"})
    send()
    assert all("Route 7 is open again." in text for account in ("harbour", "harbour-east") for text in texts(account))
    assert "Corrected by:" in client.get(place(message)).content.decode()


def test_a_correction_keeps_the_hour_that_was_typed(desk: Newsdesk) -> None:
    message = desk.approved()
    send()
    typed = {"text": "Open again.", "language": "en", "seen": "0", "do": "save", "due": "2031-05-01T10:00"}
    signed_in(desk.wendy).post(place(message, "correct/"), typed)
    newest = Message.objects.get(corrects=message).newest
    assert newest.due is not None
    assert newest.due.year == 2031
    assert newest.accounts == list(ACCOUNTS)


def test_taking_back_asks_for_a_reason_and_says_where_it_stands(desk: Newsdesk) -> None:
    message = desk.approved()
    send()
    client = signed_in(desk.wendy)
    assert "why it is taken back" in client.post(place(message, "withdraw/"), {"why": ""}, follow=True).content.decode()
    client.post(place(message, "withdraw/"), {"why": "Wrong road"})
    send()
    send()
    assert texts() == []
    assert "Taken back" in client.get(place(message)).content.decode()


def test_dropped_and_taken_up_again(desk: Newsdesk) -> None:
    message = desk.write()
    client = signed_in(desk.wendy)
    client.post(place(message, "drop/"))
    assert fresh(message).state == "dropped"
    client.post(place(message, "restore/"))
    assert fresh(message).state == "draft"


def test_an_unclear_one_is_at_the_top_and_a_person_says_it_is_there(desk: Newsdesk) -> None:
    message, row = unclear(desk)
    client = signed_in(desk.wendy)
    top = client.get(LIST).content.decode()
    assert "Needs a person" in top
    assert "the network may have it or not" in top
    page = client.get(place(message)).content.decode()
    for choice in ("It is there", "It is not there: send again", "Give it up"):
        assert choice in page
    settle = f"/a/harbour/deliveries/{row.pk}/settle/"
    client.post(settle, {"decision": "nonsense"})
    row.refresh_from_db()
    assert row.state == "unclear"
    client.post(settle, {"decision": "sent", "url": "https://social.example/@harbour/1"})
    row.refresh_from_db()
    assert (row.state, row.url) == ("sent", "https://social.example/@harbour/1")
    assert "Needs a person" not in client.get(LIST).content.decode()


def test_an_unclear_one_is_sent_again_only_by_a_person(desk: Newsdesk) -> None:
    _message, row = unclear(desk)
    assert texts("harbour-east") == []
    signed_in(desk.abe).post(f"/a/harbour/deliveries/{row.pk}/settle/", {"decision": "again"})
    send()
    assert len(texts("harbour-east")) == 1


def test_a_delivery_of_another_agency_does_not_exist(desk: Newsdesk, cast: Cast) -> None:
    _message, row = unclear(desk)
    dan = signed_in(cast.dan)
    assert dan.post(f"/a/valley/deliveries/{row.pk}/settle/", {"decision": "again"}).status_code == 404
    assert dan.post(f"/a/valley/deliveries/{row.pk}/release/").status_code == 404


def test_the_calendar_shows_what_leaves_and_what_went_out_on_the_agencys_clock(desk: Newsdesk) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    desk.approved("Leaves tomorrow", due=tomorrow)
    desk.approved("Went out today")
    desk.write("No hour yet")
    send()
    client = signed_in(desk.wendy)
    for view in ("month", "week"):
        page = client.get(f"/a/harbour/calendar/?view={view}&at={tomorrow:%Y-%m-%d}").content.decode()
        assert f"{tomorrow:%H:%M}" in page, view
        assert "Leaves tomorrow" in page, view
    assert "No hour yet" in page
    today = client.get(f"/a/harbour/calendar/?view=week&at={timezone.now():%Y-%m-%d}").content.decode()
    assert "Went out today" in today
    for nonsense in ("soon", "9999-12-31", "2026-02-30"):
        assert client.get(f"/a/harbour/calendar/?at={nonsense}").status_code == 200
    assert "Nothing leaves" in client.get("/a/harbour/calendar/?at=2019-05-05").content.decode()
