"""What blocks at the moment of handing over, what is put off, and what passes all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.collaboration import bundle as bundles
from callbox.collaboration.keys import key_of
from callbox.collaboration.models import Arrival, Offer, Partner
from callbox.collaboration.services import agreements, doors, handover, incoming, offers, overview, partners
from callbox.collaboration.services.doors import UnreachedError
from callbox.core.refusal import RefusedError
from callbox.flows import sharing
from callbox.governance.models import AuditEvent
from callbox.voice.models import Message
from tests.collaboration.pair import Pair, work


def offered(pair: Pair, message: Message | None = None) -> Offer:
    """Offer without handing over."""
    message = message or pair.harbour.published()
    sharing.offer_message(message=message, partners=[pair.there], label="clear", by=pair.harbour.writer)
    return Offer.objects.get()


def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: object, **_kwargs: object) -> None:
        raise UnreachedError("share_unreached")

    for name in ("hand_over", "tell", "file"):
        monkeypatch.setattr(doors._Here, name, nobody)


def test_without_a_signed_agreement_nothing_is_offered(pair: Pair) -> None:
    message = pair.harbour.published()
    for row in pair.there.agreements.all():
        agreements.end(agreement=row, why="Trial over", by=pair.harbour.second)
    with pytest.raises(RefusedError, match="agreement was ended"):
        offered(pair, message)
    draft = agreements.draft(
        partner=pair.there, purpose="Warn", scope=["message"], label="green", by=pair.harbour.chief,
        starts=timezone.localdate(), ends=timezone.localdate(),
    )  # fmt: skip
    with pytest.raises(RefusedError, match="Nobody signs what they wrote"):
        agreements.sign(agreement=draft, by=pair.harbour.chief)
    with pytest.raises(RefusedError):
        offered(pair, message)
    agreements.sign(agreement=draft, by=pair.harbour.second)
    offered(pair, message)


def test_of_several_partners_all_get_it_or_nobody(pair: Pair) -> None:
    school = partners.add(agency=pair.harbour.agency, name="School", sector="schools", by=pair.harbour.chief)
    with pytest.raises(RefusedError, match="School: no agreement"):
        sharing.offer_message(
            message=pair.harbour.published(), partners=[pair.there, school], label="clear", by=pair.harbour.writer
        )
    assert not Offer.objects.exists()


def test_an_agreement_that_expires_before_handing_over_blocks_it(pair: Pair) -> None:
    offered(pair)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        work()
        row = Offer.objects.get()
        assert (row.state, row.said) == ("blocked", "the agreement has expired")
        assert not Arrival.objects.exists()
        with pytest.raises(RefusedError, match="expired"):
            offers.again(offer=row, by=pair.harbour.chief)
        pair.harbour.agrees(pair.there)
        pair.valley.agrees(pair.here)
        offers.again(offer=row, by=pair.harbour.chief)
        work()
        assert [row.state for row in Offer.objects.order_by("version")] == ["superseded", "offered"]


def test_the_agreement_of_the_other_side_counts_too(pair: Pair) -> None:
    for row in pair.here.agreements.all():
        agreements.end(agreement=row, why="Trial over", by=pair.valley.second)
    offered(pair)
    work()
    offer = Offer.objects.get()
    assert (offer.state, offer.said) == ("refused", "the agreement was ended")
    assert not Arrival.objects.exists()


def test_a_recall_passes_after_everything_has_ended(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    for force, partner in ((pair.harbour, pair.there), (pair.valley, pair.here)):
        for row in partner.agreements.all():
            agreements.end(agreement=row, why="Trial over", by=force.second)
        partners.end(partner=partner, why="Trial over", by=force.chief)
    offers.recall(agency=pair.harbour.agency, share=arrival.share, why="Wrong road", by=pair.harbour.chief)
    work()
    assert pair.newest().state == "recalled"


def shared(pair: Pair) -> list[overview.Share]:
    return overview.some(pair.harbour.agency, overview.names(pair.harbour.agency))


def test_a_correction_under_an_expired_agreement_is_blocked_and_seen(pair: Pair) -> None:
    message = pair.harbour.published()
    pair.publish(pair.offer(message))
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        pair.harbour.correct(message, "Mill Road is closed at the station.")
        work()
        assert pair.newest().state == "blocked"
        [share] = shared(pair)
        assert (share.stopped, share.behind, share.late) == (1, 1, 0)
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        [share] = shared(pair)
        assert share.late == 1
        assert [bool(one.late or one.stopped) for one in overview.to_look_after(pair.harbour.agency)] == [True]


def test_what_cannot_be_handed_over_waits_longer_each_time_and_is_shown(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = offered(pair)
    with monkeypatch.context() as patched, time_machine.travel(timezone.now(), tick=False) as clock:
        unreachable(patched)
        waits = []
        for _attempt in range(8):
            handover.hand_over_waiting()
            row.refresh_from_db()
            waits.append(round((row.due - timezone.now()).total_seconds()))
            clock.move_to(row.due + timedelta(seconds=1))
        assert waits == [5, 15, 60, 300, 900, 3600, 3600, 3600]
        assert (row.state, row.said) == ("waiting", "the partner’s Callbox cannot be reached")
    Offer.objects.update(due=timezone.now())
    work()
    row.refresh_from_db()
    assert row.state == "offered"


def test_a_worker_that_died_leaves_nothing_open_and_the_partner_keeps_it_once(pair: Pair) -> None:
    row = offered(pair)
    claimed = handover._claim(pair.there)
    assert claimed is not None
    document = bundles.from_row(claimed.bundle).document()
    signature = bundles.sign(document, key_of(pair.harbour.agency))
    assert incoming.take(partner=pair.here, document=document, signature=signature).taken  # and then it dies
    assert handover.hand_over_waiting() == 0  # within its lease nobody takes it
    with time_machine.travel(timezone.now() + handover.LEASE + timedelta(seconds=1)):
        work()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("offered", 2)
    assert Arrival.objects.count() == 1


def test_a_version_that_never_left_makes_room_for_the_next(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    message = pair.harbour.published()
    offered(pair, message)
    pair.harbour.correct(message, "Mill Road is closed at the station.")
    sharing.follow_up()
    assert [row.state for row in Offer.objects.order_by("version")] == ["superseded", "waiting"]
    work()
    assert [(row.version, row.state) for row in Arrival.objects.all()] == [(2, "new")]


def test_a_recall_of_what_never_left_leaves_nothing_to_do(pair: Pair) -> None:
    row = offered(pair)
    assert offers.recall(agency=pair.harbour.agency, share=row.share, why="Wrong road", by=pair.harbour.chief) == 0
    work()
    assert [row.state for row in Offer.objects.all()] == ["superseded"]
    assert not Arrival.objects.exists()


def test_a_recall_waits_for_a_partner_who_is_away_and_stays_red(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = pair.offer(pair.harbour.published())
    offers.recall(agency=pair.harbour.agency, share=arrival.share, why="Wrong road", by=pair.harbour.chief)
    with monkeypatch.context() as patched:
        unreachable(patched)
        handover.hand_over_waiting()
        with time_machine.travel(timezone.now() + timedelta(days=30)):
            [share] = shared(pair)
            assert (share.late, share.newest.state) == (1, "waiting")
    Offer.objects.update(due=timezone.now())
    work()
    [share] = shared(pair)
    assert (share.late, share.behind, share.newest.state) == (0, 0, "recalled")


def test_a_partner_that_does_not_know_us_is_asked_again(pair: Pair) -> None:
    Partner.objects.filter(pk=pair.here.pk).update(key_checked_at=None)
    row = offered(pair)
    handover.hand_over_waiting()
    row.refresh_from_db()
    assert (row.state, row.said) == (
        "waiting",
        "the partner’s Callbox does not know us yet, or has not compared our key",
    )


def test_the_trail_says_who_got_what_when_and_why(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    event = AuditEvent.objects.get(action="share.handed-over")
    assert event.agency == pair.harbour.agency
    facts = event.data
    assert facts["partner"] == "Valley Sheriff"
    assert facts["purpose"] == "Warn both towns of the same danger"
    assert facts["offered_by"] == pair.harbour.writer.name
    assert facts["digest"] == arrival.digest
