"""Who may not, cannot: every act with partners asks the role of whoever does it, whatever page it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from callbox.collaboration.bundle import Shown
from callbox.collaboration.services import agreements, arrivals, offers, partners
from callbox.core.refusal import RefusedError
from callbox.flows import sharing
from callbox.governance.models import AuditEvent
from callbox.people.models import User
from callbox.people.roles import Role
from tests.collaboration.pair import Pair, make_pair
from tests.people import Cast, person

pytestmark = pytest.mark.django_db

SHOWN = Shown("", {"en": "Words"}, "", urgent=False)


@pytest.fixture
def pair(cast: Cast, settings: LazySettings, tmp_path: Path) -> Pair:
    return make_pair(cast, settings, tmp_path)


def _acts(pair: Pair) -> dict[str, Callable[[User], object]]:
    there = pair.there
    arrival = pair.offer(pair.harbour.published())
    today = timezone.localdate()
    agreement = there.agreements.get()
    share = offers.newest(pair.harbour.agency, arrival.share)[0].share
    ends = today + timedelta(days=9)
    return {
        "add": lambda by: partners.add(agency=there.agency, name="Museum", sector="city", by=by),
        "change": lambda by: partners.change(partner=there, phone="1", by=by),
        "compare": lambda by: partners.check_key(partner=there, heard="", by=by),
        "end": lambda by: partners.end(partner=there, why="Over", by=by),
        "take up": lambda by: partners.take_up(partner=there, by=by),
        "speak": lambda by: partners.note_contact(partner=there, on=today, how="met", by=by),
        "agree": lambda by: agreements.draft(
            partner=there, purpose="Warn both towns", scope=["message"], label="clear", starts=today, ends=ends, by=by
        ),
        "sign": lambda by: agreements.sign(agreement=agreement, by=by),
        "end an agreement": lambda by: agreements.end(agreement=agreement, why="Over", by=by),
        "offer": lambda by: offers.offer(
            agency=there.agency,
            subject="message:1",
            kind="message",
            shown=SHOWN,
            partners=[there],
            label="clear",
            by=by,
        ),
        "offer again": lambda by: offers.again(offer=pair.newest(), by=by),
        "recall": lambda by: offers.recall(agency=there.agency, share=share, why="Wrong", by=by),
        "open": lambda by: arrivals.opened(arrival=arrival, by=by),
        "decline": lambda by: arrivals.decline(arrival=arrival, why="No", by=by),
        "take over": lambda by: sharing.take_over(arrival=arrival, accounts=[], by=by),
        "take back": lambda by: sharing.take_back(arrival=arrival, by=by),
    }


def test_auditors_of_both_agencies_can_do_none_of_it(pair: Pair, cast: Cast) -> None:
    acts = _acts(pair)
    people = [person("Olga", cast.agency, Role.AUDITOR), person("Otto", cast.other, Role.AUDITOR)]
    events = AuditEvent.objects.count()
    for act in acts.values():
        for by in people:
            with pytest.raises(RefusedError, match="Your role does not include this"):
                act(by)
    assert AuditEvent.objects.count() == events


def test_nobody_offers_to_a_partner_of_another_agency(pair: Pair, cast: Cast) -> None:
    harbour = pair.harbour
    with pytest.raises(RefusedError, match="no partner of yours"):
        offers.offer(
            agency=harbour.agency,
            subject="message:1",
            kind="message",
            shown=SHOWN,
            partners=[pair.here],
            label="clear",
            by=harbour.writer,
        )
