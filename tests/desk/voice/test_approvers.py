"""How many people approve, on the desk: the chief sets it, everybody reads it, and a message says who is still missing."""

import re

from callbox.governance import approvals
from callbox.voice.models import Message
from tests.flows.newsdesk import Newsdesk
from tests.people import Cast, signed_in

LIST = "/a/harbour/messages/"
RULE = f"{LIST}approvers/"


def test_the_chief_sets_the_rule_and_everybody_reads_it(desk: Newsdesk, cast: Cast) -> None:
    assert "1 person besides those who wrote it" in signed_in(desk.olu).get(RULE).text
    assert "The chief can change this rule." in signed_in(desk.olu).get(RULE).text
    page = (
        signed_in(cast.bob).post(f"{RULE}set/", {"needed": "2", "why": "After the mistake in May."}, follow=True).text
    )
    assert "The rule is set." in page
    text = signed_in(desk.olu).get(RULE).text
    assert "2 people besides those who wrote it" in text
    assert "After the mistake in May." in text


def test_a_rule_that_makes_no_sense_keeps_what_was_chosen(desk: Newsdesk, cast: Cast) -> None:
    for wrong in ({"needed": "2", "why": ""}, {"needed": "9", "why": "w"}, {"why": "w"}):
        answer = signed_in(cast.bob).post(f"{RULE}set/", wrong)
        assert answer.status_code == 422
        assert "was not changed" in answer.text
    assert approvals.needed(desk.agency) == 1


def test_a_message_says_who_approved_and_who_is_missing_and_asks_nobody_twice(desk: Newsdesk) -> None:
    approvals.set_needed(agency=desk.agency, needed=2, why="Two.", by=desk.abe)
    message = desk.submitted()
    url = f"{LIST}{message.pk}/"
    assert "2 people must still approve it" in signed_in(desk.olu).get(url).text
    for each, waits in ((desk.abe, True), (desk.bea, False)):
        client = signed_in(each)
        assert "To approve" in client.get(LIST).text
        digest = re.search(r'name="digest" value="([0-9a-f]{64})"', client.get(url).text)
        assert digest is not None
        page = client.post(f"{url}approve/", {"digest": digest[1]}, follow=True).text
        assert "Approved by you, exactly as you saw it." in page
        assert ("Approved so far by Abe. 1 person must still approve it" in page) is waits
        assert "Your decision" not in page
        assert "To approve" not in client.get(LIST).text
    assert Message.objects.get(pk=message.pk).state == "approved"
