"""The pages of partners and shares, as the people of two forces use them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from callbox.collaboration.models import Agreement, Arrival, Offer, Partner
from callbox.people.models import User
from callbox.voice.models import Message
from tests.collaboration.pair import WORDS, Pair, make_pair, work
from tests.flows.newsdesk import send, texts
from tests.people import Cast

type Browser = Callable[[User], Client]


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    return make_pair(cast, settings, tmp_path)


def test_an_empty_list_says_with_whom_to_begin(
    cast: Cast, browser_of: Browser, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    page = browser_of(cast.bob).get("/a/harbour/partners/").content.decode()
    assert "Begin with those you would call tonight" in page
    assert "ed25519:" in page
    for address in ("shares/", "shared-with-us/"):
        assert "empty" in browser_of(cast.bob).get(f"/a/harbour/{address}").content.decode()


def test_a_partner_is_added_spoken_with_and_agreed_with(pair: Pair, browser_of: Browser) -> None:
    desk = browser_of(pair.harbour.chief)
    fields = {
        "name": "Harbour School",
        "sector": "schools",
        "person": "Ada Lin",
        "phone": "555 0100",
        "languages": "en, es",
        "clearance": "green",
    }
    answer = desk.post("/a/harbour/partners/new/", fields)
    school = Partner.objects.get(name="Harbour School")
    assert answer["Location"] == f"/a/harbour/partners/{school.pk}/"
    assert school.languages == ["en", "es"]
    desk.post(
        f"/a/harbour/partners/{school.pk}/contact/", {"on": "2026-01-02", "how": "met", "about": "Road safety week"}
    )
    desk.post(
        f"/a/harbour/partners/{school.pk}/agreement/",
        {
            "purpose": "Tell parents",
            "scope": ["message"],
            "label": "green",
            "starts": "2020-01-01",
            "ends": "2099-01-01",
        },
    )
    agreement = Agreement.objects.get(partner=school)
    desk.post(f"/a/harbour/agreements/{agreement.pk}/sign/")
    agreement.refresh_from_db()
    assert agreement.state == "draft"  # its author does not sign it
    browser_of(pair.harbour.second).post(f"/a/harbour/agreements/{agreement.pk}/sign/")
    page = desk.get(f"/a/harbour/partners/{school.pk}/").content.decode()
    assert "Road safety week" in page
    assert "stands" in page
    listed = desk.get("/a/harbour/partners/").content.decode()
    assert "Ada Lin" in listed
    assert listed.count("Victims’ services") == 1  # once, in the advice
    assert "Find a partner in: Faith groups" in listed


def test_odd_input_gets_a_sentence_and_keeps_what_was_typed(pair: Pair, browser_of: Browser) -> None:
    desk = browser_of(pair.harbour.chief)
    page = desk.post("/a/harbour/partners/new/", {"name": "Valley Sheriff", "sector": "police", "clearance": "green"})
    assert page.status_code == 422
    assert "partner of this name already" in page.content.decode()
    page = desk.post(
        "/a/harbour/partners/new/", {"name": "X", "sector": "police", "clearance": "green", "public_key": "ed25519:x"}
    )
    assert "The public key cannot be read" in page.content.decode()
    page = desk.post(
        "/a/harbour/partners/new/", {"name": "Y", "sector": "police", "clearance": "green", "local_name": "nowhere"}
    )
    assert "No other agency" in page.content.decode()


def test_an_offer_is_looked_at_before_it_leaves(pair: Pair, browser_of: Browser) -> None:
    message, desk = pair.harbour.published(), browser_of(pair.harbour.writer)
    address = f"/a/harbour/messages/{message.pk}/offer/"
    assert address in desk.get(f"/a/harbour/messages/{message.pk}/").content.decode()
    chosen = {"partners": [pair.there.pk], "label": "clear"}
    page = desk.post(address, chosen).content.decode()
    assert "1 partner gets it" in page
    assert "Never had anything of yours" in page
    assert WORDS in page
    assert not Offer.objects.exists()
    answer = desk.post(address, {**chosen, "offer": "1"})
    offer = Offer.objects.get()
    assert answer["Location"] == f"/a/harbour/shares/{offer.share}/"


def test_what_may_not_be_offered_names_who_is_in_the_way(pair: Pair, browser_of: Browser) -> None:
    message, desk = pair.harbour.published(), browser_of(pair.harbour.writer)
    chosen = {"partners": [pair.there.pk], "label": "red", "offer": "1"}
    page = desk.post(f"/a/harbour/messages/{message.pk}/offer/", chosen)
    assert page.status_code == 422
    assert "Valley Sheriff: the label is stricter than the agreement allows" in page.content.decode()
    assert not Offer.objects.exists()


def test_the_other_force_takes_it_over_and_both_see_what_became_of_it(pair: Pair, browser_of: Browser) -> None:
    arrival = pair.offer(pair.harbour.published())
    desk = browser_of(pair.valley.writer)
    assert "To decide" in desk.get("/a/valley/shared-with-us/").content.decode()
    assert WORDS in desk.get(f"/a/valley/shared-with-us/{arrival.pk}/").content.decode()
    answer = desk.post(
        f"/a/valley/shared-with-us/{arrival.pk}/take/", {"accounts": [pair.valley.account], "how": "accepted"}
    )
    message = Message.objects.of(pair.valley.agency).get()
    assert answer["Location"] == f"/a/valley/messages/{message.pk}/"
    pair.valley.approve(message)
    send()
    work()
    assert texts("valley") == texts("harbour")
    page = browser_of(pair.harbour.writer).get(f"/a/harbour/shares/{arrival.share}/").content.decode()
    for words in ("published there", "Opened", "Taken over", "Published"):
        assert words in page


def test_declining_and_recalling_leave_their_words_on_both_sides(pair: Pair, browser_of: Browser) -> None:
    arrival = pair.offer(pair.harbour.published())
    browser_of(pair.valley.writer).post(f"/a/valley/shared-with-us/{arrival.pk}/decline/", {"why": "Not our road"})
    work()
    desk = browser_of(pair.harbour.writer)
    assert "Not our road" in desk.get(f"/a/harbour/shares/{arrival.share}/").content.decode()
    desk.post(f"/a/harbour/shares/{arrival.share}/recall/", {"why": "It was another road"})
    work()
    recall = Arrival.objects.get(recalls=True)
    page = browser_of(pair.valley.writer).get(f"/a/valley/shared-with-us/{recall.pk}/").content.decode()
    assert "It was another road" in page
    assert "taken back there" in desk.get(f"/a/harbour/shares/{arrival.share}/").content.decode()
    assert "Recalled: Mill Road" in desk.get("/a/harbour/shares/").content.decode()


def test_only_somebody_who_may_decide_opens_it_in_the_eyes_of_the_partner(
    pair: Pair, browser_of: Browser, cast: Cast
) -> None:
    arrival = pair.offer(pair.harbour.published())
    for who, opened in ((pair.valley.second, False), (pair.valley.writer, True)):
        browser_of(who).get(f"/a/valley/shared-with-us/{arrival.pk}/")
        arrival.refresh_from_db()
        assert (arrival.opened_at is not None) is opened
