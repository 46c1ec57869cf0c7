"""From a conversation to dispatch on the desk: shown first, then sent exactly so; a lapse stands on every page."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from callbox.operations.gateways import webhook
from callbox.operations.models import Escalation, Gateway, Incident
from callbox.operations.services import escalations, gateways
from callbox.operations.services.gateways import Details
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Line
from tests.operations.escalations.desk import PHONE, time_is_up
from tests.people import Cast, person, signed_in
from tests.servers.dispatch import Dispatch, dispatch

pytestmark = pytest.mark.django_db

WORDS = "Help, my father is in the cellar at Mill Lane 4"


@pytest.fixture
def centre(cast: Cast, settings: Settings) -> Iterator[Dispatch]:
    with dispatch(webhook.new_secret()) as found:
        settings.PRIVATE_HOSTS = [found.place]
        details = Details("County dispatch", found.address, 5, PHONE)
        gateways.add(agency=cast.agency, details=details, exercise=False, secret=found.secret, by=cast.erin)
        yield found


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    now = timezone.now()
    row = Conversation.objects.create(
        agency=cast.agency, thread=uuid.uuid4().hex, door="comment", topic=WORDS[:60], person="neighbour", urgent=True,
        opened_at=now, last_at=now, waits_since=now,
    )  # fmt: skip
    Line.objects.create(conversation=row, kind=Line.Kind.RESIDENT, text=WORDS, at=now)
    return row


def place(conversation: Conversation) -> str:
    return f"/a/harbour/escalate/conversation:{conversation.pk}/"


def typed(**changes: object) -> dict[str, object]:
    gateway = Gateway.objects.get()
    usual = {"gateway": gateway.pk, "what": "Person in a flooded cellar", "where": "Mill Lane 4", "urgency": "life"}
    return {**usual, "key": str(uuid.uuid4()), **changes}


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def text_of(client: Client, url: str) -> str:
    return unescape(client.get(url).content.decode())


def test_nothing_leaves_before_it_was_shown_and_exactly_that_leaves(
    cast: Cast, centre: Dispatch, conversation: Conversation
) -> None:
    client, form = signed_in(cast.bob), typed()
    shown = client.post(place(conversation), form)
    assert shown.status_code == 200
    page = unescape(shown.content.decode())
    assert "This is sent to County dispatch" in page
    assert not Escalation.objects.exists()
    changed = client.post(place(conversation), {**form, "seen": seen(page), "about": ["words"]})
    assert changed.status_code == 200
    assert not Escalation.objects.exists()
    sent = client.post(place(conversation), {**form, "seen": seen(page)})
    assert sent.status_code == 302
    client.post(place(conversation), {**form, "seen": seen(page)})
    row = Escalation.objects.get()
    escalations.send_due()
    [(_key, told)] = centre.calls
    assert WORDS not in str(told)
    assert "neighbour" not in str(told)
    assert told["data"]["link"].endswith(f"/a/harbour/inbox/{conversation.pk}/")
    assert "arrived, not acknowledged" in text_of(client, f"/a/harbour/escalations/{row.pk}/")


def test_words_go_along_only_when_an_officer_chose_them(
    cast: Cast, centre: Dispatch, conversation: Conversation
) -> None:
    client, form = signed_in(cast.bob), typed(about=["words"])
    page = client.post(place(conversation), form).content.decode()
    client.post(place(conversation), {**form, "seen": seen(page)})
    escalations.send_due()
    assert centre.calls[0][1]["data"]["about"] == {"words": WORDS}


def test_a_lapse_stands_on_every_page_of_those_who_may_escalate(
    cast: Cast, centre: Dispatch, conversation: Conversation
) -> None:
    client, form = signed_in(cast.bob), typed()
    page = client.post(place(conversation), form).content.decode()
    client.post(place(conversation), {**form, "seen": seen(page)})
    time_is_up()
    escalations.lapse_due()
    row = Escalation.objects.get()
    assert PHONE in text_of(client, "/a/harbour/people/")
    assert PHONE not in text_of(signed_in(person("Vera", cast.agency, Role.VIEWER)), "/a/harbour/people/")
    empty = client.post(f"/a/harbour/escalations/{row.pk}/settle/", {"outcome": " "})
    assert empty.status_code == 422
    client.post(f"/a/harbour/escalations/{row.pk}/settle/", {"outcome": "Called; engine 4 is there."})
    after = text_of(client, "/a/harbour/people/")
    assert PHONE not in after
    assert "engine 4 is there" in text_of(client, f"/a/harbour/escalations/{row.pk}/")


def test_an_incident_is_opened_in_one_action_and_takes_the_escalation_along(
    cast: Cast, centre: Dispatch, conversation: Conversation
) -> None:
    client, form = signed_in(cast.bob), typed()
    inbox = f"/a/harbour/inbox/{conversation.pk}/"
    page = text_of(client, inbox)
    assert page.index("Hand over to dispatch") < page.index(WORDS, page.index('class="lines'))
    page = client.post(place(conversation), form).content.decode()
    client.post(place(conversation), {**form, "seen": seen(page)})
    answer = client.post(f"/a/harbour/incidents/from/conversation:{conversation.pk}/")
    row = Incident.objects.get()
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/incidents/{row.pk}/")
    assert (row.critical, row.subjects) == (True, [f"conversation:{conversation.pk}"])
    assert WORDS[:20] not in row.title
    assert Escalation.objects.get().incident == row
    again = client.post(f"/a/harbour/incidents/from/conversation:{conversation.pk}/", follow=True)
    assert "already" in unescape(again.content.decode())
    assert Incident.objects.count() == 1
    shown = text_of(client, f"/a/harbour/incidents/{row.pk}/")
    assert "Everything scheduled still leaves" in shown
    assert "County dispatch" in shown


@pytest.mark.parametrize(
    "subject", ["tip:1", "conversation:0", "conversation:x", "event:99", "x", "incident:7", "a:b:c"]
)
def test_what_is_not_there_or_never_handed_over_is_404(cast: Cast, subject: str) -> None:
    client = signed_in(cast.bob)
    assert client.get(f"/a/harbour/escalate/{subject}/").status_code == 404
    assert client.post(f"/a/harbour/incidents/from/{subject}/").status_code == 404


def test_who_may_not_read_the_inbox_hands_no_conversation_over(cast: Cast, conversation: Conversation) -> None:
    analyst = signed_in(person("Ana", cast.agency, Role.ANALYST))
    assert analyst.get(place(conversation)).status_code == 404
    assert signed_in(cast.dan).get(f"/a/valley/escalate/conversation:{conversation.pk}/").status_code == 404


def test_without_a_gateway_the_page_says_what_to_do(cast: Cast, conversation: Conversation) -> None:
    assert "hand it over by phone" in text_of(signed_in(cast.bob), place(conversation))


def test_the_secret_of_a_gateway_is_shown_once(cast: Cast, settings: Settings) -> None:
    client = signed_in(cast.erin)
    form = {"title": "County", "address": "https://dispatch.example/x", "minutes": "5", "phone": "1"}
    made = client.post("/a/harbour/gateways/new/", form)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())
    assert found is not None
    assert made["Cache-Control"] == "no-store"
    row = Gateway.objects.get()
    assert "whsec_" not in text_of(client, f"/a/harbour/gateways/{row.pk}/")
    assert gateways.secret_of(row) == found[0]
    for wrong in ("http://dispatch.example/", "https://", "ftp://x", "https://u:p@x.example/", "https://x.example/#y"):
        assert client.post("/a/harbour/gateways/new/", {**form, "title": wrong, "address": wrong}).status_code == 422
    assert Gateway.objects.count() == 1


def test_who_makes_a_new_secret_chooses_what_becomes_of_the_old_one_and_may_end_it_earlier(
    cast: Cast, centre: Dispatch
) -> None:
    client, row = signed_in(cast.erin), Gateway.objects.get()
    page, old = f"/a/harbour/gateways/{row.pk}/", gateways.secret_of(row)
    assert "End the old secret now" not in text_of(client, page)
    assert "Choose for how many days" in unescape(client.post(f"{page}secret/", follow=True).content.decode())
    assert gateways.secret_of(Gateway.objects.get()) == old  # no choice, no change
    made = client.post(f"{page}secret/", {"days": "7"})
    assert "whsec_" in made.content.decode()
    assert "End the old secret now" in text_of(client, page)
    assert len(gateways.secrets_of(Gateway.objects.get())) == 2
    client.post(f"{page}secret/end/")
    assert "End the old secret now" not in text_of(client, page)
    assert len(gateways.secrets_of(Gateway.objects.get())) == 1


def test_a_test_call_says_what_came_of_it(cast: Cast, centre: Dispatch) -> None:
    client, row = signed_in(cast.erin), Gateway.objects.get()
    url = f"/a/harbour/gateways/{row.pk}/test/"
    assert "arrived" in unescape(client.post(url, follow=True).content.decode())
    assert centre.incidents == {}
    centre.mood = "denies"
    assert "refused there" in unescape(client.post(url, follow=True).content.decode())
    centre.close()
    assert "Nobody was reached" in unescape(client.post(url, follow=True).content.decode())
