"""From the line in a conversation to the decision about the objection, page by page."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from callbox.governance.models import AuditEvent
from callbox.networks.items.models import Item
from callbox.networks.models import Delivery
from callbox.people.roles import Role
from callbox.trust.models import Hiding, Line
from callbox.trust.services import appeals
from tests.people import Cast, person, signed_in
from tests.trust.moderation.things import WORDS, on_paper

pytestmark = pytest.mark.django_db
ROOM = "/a/harbour/moderation/"


@pytest.fixture
def bob(cast: Cast) -> Client:
    return signed_in(cast.bob)


def _hide(client: Client, tell: str = "thread") -> str:
    """Hide through the page; return the page that follows."""
    given = {"ground": "private-data", "why": "The street and number of her home", "tell": tell}
    return client.post(f"{ROOM}line/{Line.objects.get().pk}/hide/", given, follow=True).content.decode()


def test_the_first_page_says_how_it_begins(bob: Client, cast: Cast) -> None:
    page = bob.get(ROOM).content.decode()
    assert "Nothing was ever hidden" in page
    assert "Nothing is hidden automatically" in page


def test_the_decision_is_guided_on_one_page(bob: Client, item: Item) -> None:
    line = Line.objects.get()
    conversation = bob.get(f"/a/harbour/inbox/{line.conversation_id}/").content.decode()
    assert f"{ROOM}line/{line.pk}/hide/" in conversation
    page = bob.get(f"{ROOM}line/{line.pk}/hide/").content.decode()
    for words in (
        WORDS,
        "If you only dislike it",
        "The name and number of an officer on duty are public",
        "gets a page of their own to object on",
    ):
        assert words in page
    empty = bob.post(f"{ROOM}line/{line.pk}/hide/", {"why": ""})
    assert empty.status_code == 422
    assert not Hiding.objects.exists()


def test_it_is_hidden_told_and_undone(bob: Client, item: Item) -> None:
    page = _hide(bob)
    assert on_paper(item).hidden
    assert WORDS in page
    assert "The notice is on its way" in page
    assert "A mistake counts from its first minute" in page
    assert Delivery.objects.get().shown.reply_to == item.remote_id
    row = Hiding.objects.get()
    done = bob.post(f"{ROOM}{row.pk}/restore/", {"why": "Her own address"}, follow=True).content.decode()
    assert "It was hidden for" in done
    assert not on_paper(item).hidden
    assert "shown again" in bob.get(ROOM).content.decode()
    assert "is hidden already" not in bob.get(f"{ROOM}line/{Line.objects.first().pk}/hide/").content.decode()  # type: ignore[union-attr]


def test_an_officer_who_tells_the_author_gets_the_address_once(bob: Client, item: Item, cast: Cast) -> None:
    _hide(bob, tell="hand")
    row = Hiding.objects.get()
    assert not Delivery.objects.exists()
    answer = bob.post(f"{ROOM}{row.pk}/tell/", {"how": "address"})
    assert answer["Cache-Control"] == "no-store"
    found = re.search(r"/p/harbour/appeal/([\w-]{20,})/", answer.content.decode())
    assert found is not None
    assert appeals.of_address(cast.agency, found[1]) == row
    assert found[1] not in bob.get(f"{ROOM}{row.pk}/").content.decode()
    assert "Written down" in bob.post(f"{ROOM}{row.pk}/tell/", {"how": "done"}, follow=True).content.decode()


def test_a_colleague_decides(bob: Client, item: Item, cast: Cast) -> None:
    _hide(bob, tell="hand")
    row = Hiding.objects.get()
    secret = appeals.address_by_hand(hiding=row, by=cast.bob).rstrip("/").rsplit("/", 1)[1]
    appeals.object_to(agency=cast.agency, secret=secret, text="It is my own address")
    assert "Objections that wait" in bob.get(ROOM).content.decode()
    assert "a colleague decides" in bob.get(f"{ROOM}{row.pk}/").content.decode()
    own = bob.post(f"{ROOM}{row.pk}/decide/", {"decision": "uphold", "why": "x"}, follow=True).content.decode()
    assert "Ask a colleague" in own
    paula = signed_in(person("Paula", cast.agency, Role.APPROVER))
    assert paula.post(f"{ROOM}{row.pk}/decide/", {"decision": "restore"}).status_code == 422
    paula.post(f"{ROOM}{row.pk}/decide/", {"decision": "restore", "why": "It is her own."})
    row.refresh_from_db()
    assert (row.state, row.took_effect) == ("restored", False)


def test_the_counts_leave_as_files_and_stand_in_the_trail(bob: Client, item: Item) -> None:
    _hide(bob)
    text = bob.get(f"{ROOM}counts.csv").content.decode()
    assert "private-data,1,1,0,0,0,0,0" in text
    body = json.loads(bob.get(f"{ROOM}counts.json").content)
    assert body["months"][0]["hidden"] == 1
    assert "Mill Lane" not in text + json.dumps(body)
    exports = AuditEvent.objects.filter(action="data.exported").values_list("target", flat=True)
    assert set(exports) == {"export:moderation_counts_csv", "export:moderation_counts_json"}


def test_a_policy_is_looked_at_and_not_kept(bob: Client, cast: Cast) -> None:
    page = bob.post(f"{ROOM}grounds/", {"text": "We delete offensive or\noff-subject comments."}).content.decode()
    assert "Line 1, “offensive”" in page
    assert "Line 2, “off-subject”" in page
    assert "PETA v. Tabak" in page
    assert "No word in it judges" in bob.post(f"{ROOM}grounds/", {"text": "We hide true threats."}).content.decode()


def test_another_agency_s_comments_do_not_exist(item: Item, bob: Client, cast: Cast) -> None:
    _hide(bob)
    dan, row = signed_in(cast.dan), Hiding.objects.get()
    line = Line.objects.filter(item=item).get()
    assert dan.get(f"/a/valley/moderation/{row.pk}/").status_code == 404
    assert dan.post(f"/a/valley/moderation/{row.pk}/restore/", {"why": "x"}).status_code == 404
    assert dan.get(f"/a/valley/moderation/line/{line.pk}/hide/").status_code == 404


def test_a_decision_made_before_the_author_wrote_more_is_asked_again_with_what_was_typed(
    bob: Client, item: Item, cast: Cast
) -> None:
    _hide(bob, tell="hand")
    row = Hiding.objects.get()
    secret = appeals.address_by_hand(hiding=row, by=cast.bob).rstrip("/").rsplit("/", 1)[1]
    appeals.object_to(agency=cast.agency, secret=secret, text="It is mine")
    paula = signed_in(person("Paula", cast.agency, Role.APPROVER))
    assert 'name="read" value="10"' in paula.get(f"{ROOM}{row.pk}/").content.decode()
    appeals.object_to(agency=cast.agency, secret=secret, text="Here is the proof")
    stale = paula.post(f"{ROOM}{row.pk}/decide/", {"decision": "uphold", "why": "No proof", "read": "10"})
    page = stale.content.decode()
    assert stale.status_code == 422
    assert "wrote more" in page
    assert "No proof</textarea>" in page
    assert "Here is the proof" in page
    assert Hiding.objects.get().state == "appealed"
    again = {"decision": "restore", "why": "Proven", "read": "29"}
    assert paula.post(f"{ROOM}{row.pk}/decide/", again).status_code == 302
    late = paula.post(f"{ROOM}{row.pk}/decide/", again, follow=True).content.decode()
    assert "A colleague has decided this meanwhile" in late


def test_who_told_nobody_anything_is_told_to_get_the_address(bob: Client, item: Item) -> None:
    _hide(bob, tell="hand")
    row = Hiding.objects.get()
    assert "Get the address first" in bob.post(f"{ROOM}{row.pk}/tell/", {"how": "done"}, follow=True).content.decode()
    Hiding.objects.update(told_at=row.at)
    said = bob.post(f"{ROOM}{row.pk}/tell/", {"how": "address"}, follow=True).content.decode()
    assert "The author was told already" in said
