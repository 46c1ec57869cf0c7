"""One person alone, on the desk: the chief sets the rule, the press officer sends, the chief is asked first of all to look at it."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from django.utils import timezone

from callbox.governance import emergency
from callbox.governance.models import LoneApproval
from callbox.networks.vocabulary import Content
from callbox.voice.models import Message
from tests.flows.newsdesk import Newsdesk, seen, send, soon, texts
from tests.people import Cast, signed_in

LIST = "/a/harbour/messages/"
ALONE = f"{LIST}alone/"
WORDS = "Leave Mill Lane now: the dam at the weir may break."
RULE = {"roles": ["press-officer"], "kinds": ["public"], "hours": "6", "why": "One person at night."}


def urgent(desk: Newsdesk) -> Message:
    return desk.write(content=Content(WORDS, urgent=True))


def sent(desk: Newsdesk) -> LoneApproval:
    emergency.set_rule(
        agency=desk.agency, roles=["press-officer"], kinds=["public"], hours=6, why="Nights.", by=desk.abe
    )
    message = urgent(desk)
    page = signed_in(desk.wendy).get(f"{LIST}{message.pk}/").text
    digest = re.search(r'action="[^"]*/alone/".*?name="digest" value="([0-9a-f]{64})"', page, re.DOTALL)
    assert digest is not None
    wendy = signed_in(desk.wendy)
    answer = wendy.post(f"{LIST}{message.pk}/alone/", {"digest": digest[1], "why": "Nobody answers."}, follow=True)
    assert "It leaves at once." in answer.text
    return LoneApproval.objects.get()


def test_the_chief_sets_the_rule_and_everybody_reads_it(desk: Newsdesk, cast: Cast) -> None:
    assert "Nobody may send alone" in signed_in(desk.olu).get(ALONE).text
    assert "Set a rule" not in signed_in(desk.olu).get(ALONE).text
    bob = signed_in(cast.bob)
    assert "Set a rule" in bob.get(ALONE).text
    assert bob.get(f"{ALONE}rule/").status_code == 200
    page = bob.post(f"{ALONE}rule/", RULE, follow=True).text
    assert "The rule is set." in page
    assert "Press officer" in page
    assert "6 hours" in page
    assert "One person at night." in signed_in(desk.olu).get(ALONE).text


def test_a_rule_that_makes_no_sense_keeps_what_was_chosen(desk: Newsdesk, cast: Cast) -> None:
    bob = signed_in(cast.bob)
    for wrong in ({**RULE, "why": ""}, {**RULE, "hours": "100"}, {**RULE, "kinds": []}, {**RULE, "roles": ["viewer"]}):
        answer = bob.post(f"{ALONE}rule/", wrong)
        assert answer.status_code == 422
        assert "was not changed" in answer.text
    assert emergency.rule_of(desk.agency) is None


def test_who_the_rule_names_sends_what_stood_on_the_page(desk: Newsdesk) -> None:
    row = sent(desk)
    send()
    assert texts() == [WORDS]
    page = signed_in(desk.wendy).get(f"{LIST}{row.approval.subject.partition(':')[2]}/").text
    assert "Sent alone, not reviewed yet" in page
    assert "Nobody answers." in page
    assert "What do you find?" not in page, "nobody reviews what they sent"


def test_the_button_is_there_for_nobody_else_and_says_what_is_missing(desk: Newsdesk) -> None:
    message = urgent(desk)
    page = f"{LIST}{message.pk}/"
    assert "send it alone" not in signed_in(desk.wendy).get(page).text
    emergency.set_rule(
        agency=desk.agency, roles=["press-officer"], kinds=["public"], hours=6, why="Nights.", by=desk.abe
    )
    assert "send it alone" in signed_in(desk.wendy).get(page).text
    assert "send it alone" not in signed_in(desk.abe).get(page).text
    calm = signed_in(desk.wendy).get(f"{LIST}{desk.write(due=soon()).pk}/").text
    assert "It is not marked as urgent" in calm
    assert "It has an hour" in calm
    answer = signed_in(desk.olu).post(f"{page}alone/", {"digest": seen(message), "why": "So."}, follow=True)
    assert "does not name your role" in answer.text
    assert not LoneApproval.objects.exists()


def test_the_review_stands_first_on_today_until_it_is_given(desk: Newsdesk, cast: Cast) -> None:
    row = sent(desk)
    send()
    message = f"{LIST}{row.approval.subject.partition(':')[2]}/"
    desk.submitted("Calm words.")
    today = signed_in(cast.bob).get("/a/harbour/today/").text
    assert today.index("Review 1 message that one person sent alone") < today.index("Approve or send back 1 message")
    assert "sent alone" not in signed_in(desk.wendy).get("/a/harbour/today/").text.partition("<main")[2]
    bob = signed_in(cast.bob)
    assert "What do you find?" in bob.get(message).text
    answer = bob.post(f"{ALONE}{row.pk}/review/", {"finding": "right", "said": ""}, follow=True)
    assert "Choose what you found" in answer.text
    answer = bob.post(f"{ALONE}{row.pk}/review/", {"finding": "right", "said": "The water came."}, follow=True)
    assert "It was right to send it alone" in answer.text
    assert "The water came." in signed_in(desk.olu).get(ALONE).text
    assert "one person sent alone" not in bob.get("/a/harbour/today/").text


def test_an_overdue_review_stands_on_every_page_of_those_who_may_give_it(desk: Newsdesk, cast: Cast) -> None:
    row = sent(desk)
    assert "review is overdue" not in signed_in(cast.bob).get(LIST).text
    with time_machine.travel(row.due + timedelta(minutes=1), tick=False):
        for user in (cast.bob, desk.abe):
            assert "review is overdue" in signed_in(user).get("/a/harbour/calendar/").text
        assert "review is overdue" not in signed_in(desk.olu).get(LIST).text
        assert "Review overdue" in signed_in(desk.olu).get(ALONE).text
        assert "was due on" in signed_in(cast.bob).get("/a/harbour/today/").text
    assert row.due > timezone.now()


def test_another_agency_sees_nothing_of_it(desk: Newsdesk, cast: Cast) -> None:
    row = sent(desk)
    dan = signed_in(cast.dan)
    assert dan.get(ALONE).status_code == 404
    assert dan.post(f"/a/valley/messages/alone/{row.pk}/review/", {"finding": "right", "said": "x"}).status_code == 404
    assert "Nothing was ever sent alone" in dan.get("/a/valley/messages/alone/").text
