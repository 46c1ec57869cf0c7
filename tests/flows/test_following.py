"""What follows a share by itself: once, to whom it is owed, and at the same price however much was ever shared."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Arrival, Offer
from callbox.collaboration.services import arrivals, offers
from callbox.core.refusal import RefusedError
from callbox.flows import publication, sharing
from callbox.governance.models import AuditEvent
from callbox.networks.vocabulary import Content
from callbox.voice.services import messages
from tests.collaboration.pair import WORDS, Pair, make_pair, work
from tests.people import Cast

pytestmark = pytest.mark.django_db

FIXED = "Mill Road is closed at the station until six. Please use the ferry."


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    return make_pair(cast, settings, tmp_path)


def told(pair: Pair) -> int:
    return AuditEvent.objects.filter(agency=pair.harbour.agency, action="share.offered").count()


def test_following_costs_the_same_however_much_was_shared(pair: Pair) -> None:
    message = pair.harbour.published()
    costs = []
    for more in (1, 20):
        for _share in range(more):
            sharing.offer_message(message=message, partners=[pair.there], label="clear", by=pair.harbour.writer)
        with CaptureQueriesContext(connection) as asked:
            assert sharing.follow_up() == 0
        costs.append(len(asked))
        assert not any("bundle" in each["sql"] for each in asked)  # no share is read
    assert costs[0] == costs[1] <= 6


def test_a_message_taken_back_before_its_share_ever_left_is_recalled_once(pair: Pair) -> None:
    message = pair.harbour.published()
    sharing.offer_message(message=message, partners=[pair.there], label="clear", by=pair.harbour.writer)
    publication.withdraw(message=message, why="Wrong road", by=pair.harbour.writer)
    before = told(pair)
    assert [sharing.follow_up(), sharing.follow_up(), sharing.follow_up()] == [1, 0, 0]
    assert told(pair) == before + 1
    work()
    assert [row.state for row in Offer.objects.all()] == ["superseded"]
    assert not Arrival.objects.exists()


def test_a_share_recalled_before_it_left_gets_no_correction(pair: Pair) -> None:
    message = pair.harbour.published()
    share = sharing.offer_message(message=message, partners=[pair.there], label="clear", by=pair.harbour.writer)
    offers.recall(agency=pair.harbour.agency, share=share, why="Not for them", by=pair.harbour.writer)
    with pytest.raises(RefusedError, match="recalled already"):
        offers.recall(agency=pair.harbour.agency, share=share, why="Not for them", by=pair.harbour.writer)
    pair.harbour.correct(message, FIXED)
    work()
    assert not Arrival.objects.exists()


def test_who_declined_and_takes_it_up_after_all_gets_the_correction_that_came_meanwhile(pair: Pair) -> None:
    message = pair.harbour.published()
    arrival = pair.offer(message)
    arrivals.decline(arrival=arrival, why="Not in our town", by=pair.valley.writer)
    work()
    pair.harbour.correct(message, FIXED)
    work()
    assert Arrival.objects.count() == 1
    sharing.take_over(arrival=arrival, accounts=[pair.valley.account], by=pair.valley.writer)
    work()
    assert [row.version for row in Arrival.objects.order_by("version")] == [1, 2]


def test_a_second_correction_of_the_same_message_goes_too(pair: Pair) -> None:
    message = pair.harbour.published()
    pair.offer(message)
    for text in (FIXED, WORDS + " Buses run."):
        pair.harbour.correct(message, text)
        work()
    assert Arrival.objects.count() == 3


def test_a_message_put_away_before_its_hour_is_recalled(pair: Pair) -> None:
    message = pair.harbour.approve(pair.harbour.write(due=timezone.now() + timedelta(hours=3)))
    pair.offer(message)
    messages.drop(message=message, by=pair.harbour.writer)
    work()
    assert pair.arrival().recalls
    assert Offer.objects.count() == 2


def test_a_message_rewritten_before_its_hour_goes_out_anew_once_it_is_approved(pair: Pair) -> None:
    force, hour = pair.harbour, timezone.now() + timedelta(hours=3)
    message = force.approve(force.write(due=hour))
    pair.offer(message)
    messages.save(
        message=message, content=Content(FIXED, title="Mill Road"), accounts=[force.account], due=hour, expires=None,
        seen=message.newest.number, by=force.writer,
    )  # fmt: skip
    work()
    assert Offer.objects.count() == 1  # nobody has approved these words yet
    force.approve(message)
    work()
    shown = from_row(pair.arrival().bundle).shown
    assert shown is not None
    assert shown.texts == {"en": FIXED}
    assert Offer.objects.count() == 2


def test_saving_what_partners_do_not_see_sends_them_nothing(pair: Pair) -> None:
    force, hour = pair.harbour, timezone.now() + timedelta(hours=3)
    message = force.approve(force.write(due=hour))
    pair.offer(message)
    newest = message.newest
    messages.save(
        message=message, content=newest.written, accounts=[force.account], due=hour, expires=hour + timedelta(days=9),
        seen=newest.number, by=force.writer,
    )  # fmt: skip
    force.approve(message)
    work()
    assert Offer.objects.count() == 1
