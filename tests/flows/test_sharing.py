"""A message offered, taken over, corrected and recalled, between two agencies of one installation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Arrival, Offer, Receipt
from callbox.collaboration.services import arrivals, offers
from callbox.core.refusal import RefusedError
from callbox.flows import publication, sharing
from callbox.networks.connections import services as connections
from callbox.networks.translations import behind, source_of
from callbox.networks.vocabulary import Content, Translation
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.collaboration.pair import WORDS, Pair, make_pair, work
from tests.flows.newsdesk import send, texts
from tests.people import Cast

FIXED = "Mill Road is closed at the station until six. Please use the ferry."


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    return make_pair(cast, settings, tmp_path)


def said(offer: Offer) -> list[str]:
    return [each.said for each in offer.receipts.all()]


def states(pair: Pair) -> list[tuple[int, str]]:
    rows = Arrival.objects.of(pair.valley.agency).order_by("version")
    return [(each.version, each.state) for each in rows]


def test_what_one_force_offers_the_other_publishes_on_its_own_account(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    assert texts("valley") == []
    arrivals.opened(arrival=arrival, by=pair.valley.writer)
    message = pair.publish(arrival)
    assert message.agency == pair.valley.agency
    assert texts("valley") == texts("harbour")
    offer = pair.newest()
    assert offer.state == "published"
    assert said(offer) == ["delivered", "opened", "accepted", "published"]
    assert offer.receipts.get(said="published").text == ""  # an account on paper has no address to tell


def test_the_addresses_of_public_copies_are_told(pair: Pair) -> None:
    force = pair.valley
    newsroom = connections.connect(agency=force.agency, kind="newsroom", details={}, secrets={}, by=force.writer)
    arrival = pair.offer(pair.harbour.published())
    sharing.take_over(arrival=arrival, accounts=[newsroom.account], by=force.writer)
    force.approve(Message.objects.of(force.agency).get())
    send()
    work()
    assert "/p/valley/news/" in pair.newest().receipts.get(said="published").text


def test_other_words_are_told_as_adapted(pair: Pair) -> None:
    message = pair.publish(
        pair.offer(pair.harbour.published()), "Mill Road is closed. Valley buses turn at the market."
    )
    assert texts("valley") == [message.newest.written.text]
    assert said(pair.newest()) == ["delivered", "adapted", "published"]


def test_words_changed_after_taking_them_as_they_are_are_told_as_adapted_too(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    sharing.take_over(arrival=arrival, accounts=[pair.valley.account], by=pair.valley.writer)
    message = Message.objects.of(pair.valley.agency).get()
    messages.save(
        message=message, content=Content("In our own words."), accounts=[pair.valley.account], due=None, expires=None,
        seen=1, by=pair.valley.writer,
    )  # fmt: skip
    pair.valley.approve(message)
    send()
    work()
    assert said(pair.newest()) == ["delivered", "accepted", "adapted", "published"]


def test_a_draft_cannot_be_offered(pair: Pair) -> None:
    with pytest.raises(RefusedError, match="second person"):
        sharing.offer_message(
            message=pair.harbour.write(), partners=[pair.there], label="clear", by=pair.harbour.writer
        )
    assert not Offer.objects.exists()


def test_declining_is_told_with_its_reason(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    arrivals.decline(arrival=arrival, why="Not in our town", by=pair.valley.writer)
    work()
    offer = pair.newest()
    assert (offer.state, offer.said) == ("declined", "Not in our town")


def test_a_correction_reaches_the_copy_and_flags_it_until_it_is_corrected_too(pair: Pair) -> None:
    wrong = pair.harbour.published()
    pair.publish(pair.offer(wrong))
    pair.harbour.correct(wrong, FIXED)
    work()
    assert states(pair) == [(1, "behind"), (2, "new")]
    assert texts("valley") == [WORDS]  # nothing is published because it arrived
    assert [(each.version, each.state) for each in Offer.objects.order_by("version")] == [
        (1, "published"),
        (2, "offered"),
    ]
    message = pair.publish(pair.arrival())
    assert message.corrects is not None
    assert any(FIXED in text for text in texts("valley"))
    assert states(pair) == [(1, "superseded"), (2, "published")]
    assert pair.newest().state == "published"
    work()
    assert Arrival.objects.count() == 2


def test_taking_back_at_the_source_recalls_every_copy(pair: Pair) -> None:
    message = pair.harbour.published()
    copy = pair.publish(pair.offer(message))
    publication.withdraw(message=message, why="Wrong road", by=pair.harbour.writer)
    send()
    work()
    recall = pair.arrival()
    assert recall.recalls
    assert states(pair) == [(1, "behind"), (2, "new")]
    assert pair.newest().state == "offered"
    sharing.take_back(arrival=recall, by=pair.valley.writer)
    send()
    work()
    copy.refresh_from_db()
    assert copy.state == "withdrawn"
    assert texts("valley") == []
    assert states(pair) == [(1, "recalled"), (2, "recalled")]
    assert pair.newest().state == "recalled"
    assert said(pair.newest()) == ["delivered", "accepted", "recalled"]


def test_a_recall_of_what_nobody_took_over_is_done_at_once(pair: Pair) -> None:
    pair.offer(pair.harbour.published())
    offers.recall(agency=pair.harbour.agency, share=pair.newest().share, why="Wrong road", by=pair.harbour.chief)
    work()
    assert pair.newest().state == "recalled"
    assert states(pair) == [(1, "superseded"), (2, "recalled")]


def test_a_recall_stops_what_the_other_force_has_approved_and_not_sent(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    message = sharing.take_over(arrival=arrival, accounts=[pair.valley.account], by=pair.valley.writer)
    pair.valley.approve(message)
    offers.recall(agency=pair.harbour.agency, share=arrival.share, why="Wrong road", by=pair.harbour.chief)
    work()
    send()
    assert texts("valley") == []
    sharing.take_back(arrival=pair.arrival(), by=pair.valley.writer)
    work()
    message.refresh_from_db()
    assert message.state == "dropped"
    assert pair.newest().state == "recalled"


def test_a_correction_of_a_draft_is_written_into_the_draft(pair: Pair) -> None:
    wrong = pair.harbour.published()
    message = sharing.take_over(arrival=pair.offer(wrong), accounts=[pair.valley.account], by=pair.valley.writer)
    pair.harbour.correct(wrong, FIXED)
    work()
    again = sharing.take_over(arrival=pair.arrival(), accounts=[], by=pair.valley.writer)
    assert again.pk == message.pk
    assert again.newest.written.text == FIXED
    assert again.newest.accounts == [pair.valley.account]


def test_what_is_not_labelled_clear_is_read_and_not_published(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published(), label="green")
    with pytest.raises(RefusedError, match="TLP:GREEN"):
        sharing.take_over(arrival=arrival, accounts=[pair.valley.account], by=pair.valley.writer)
    assert not Message.objects.of(pair.valley.agency).exists()


def test_every_receipt_is_told_once(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    arrivals.opened(arrival=arrival, by=pair.valley.writer)
    arrivals.opened(arrival=arrival, by=pair.valley.writer)
    work()
    work()
    assert Receipt.objects.filter(said="opened", offer__isnull=False).count() == 1
    assert Receipt.objects.filter(said="opened", arrival__isnull=False, told_at=None).count() == 0


SPANISH = Translation("es", "La calle Mill está cerrada. Use el transbordador.", "Calle Mill")
ARABIC = Translation("ar", "شارع ميل مغلق.", "")


def test_translations_cross_and_are_taken_over_in_the_languages_of_the_partner(pair: Pair) -> None:
    valley = pair.valley.agency
    valley.languages = ["es", "en"]
    valley.save(update_fields=["languages"])
    content = Content(WORDS, title="Mill Road", translations=(SPANISH, ARABIC))
    arrival = pair.offer(pair.harbour.published(content=content))
    shown = from_row(arrival.bundle).shown
    assert shown is not None
    assert shown.texts == {"ar": ARABIC.text, "en": WORDS, "es": SPANISH.text}
    assert shown.titles == {"en": "Mill Road", "es": "Calle Mill"}
    arrival = Arrival.objects.select_related("agency", "partner").get()
    taken = sharing.take_over(arrival=arrival, accounts=[pair.valley.account], by=pair.valley.writer)
    written = taken.newest.written
    assert (written.language, written.title, written.text) == ("es", "Calle Mill", SPANISH.text)
    (english,) = written.translations
    assert (english.language, english.title, english.text) == ("en", "Mill Road", WORDS)
    assert not behind(written, english)


def test_a_translation_that_stayed_behind_does_not_cross(pair: Pair) -> None:
    late = replace(SPANISH, source=source_of(Content("Other words")))
    arrival = pair.offer(pair.harbour.published(content=Content(WORDS, title="Mill Road", translations=(late,))))
    shown = from_row(arrival.bundle).shown
    assert shown is not None
    assert (shown.texts, shown.titles) == ({"en": WORDS}, {})
    assert "titles" not in arrival.bundle["shown"]  # what needs none looks as it always did
