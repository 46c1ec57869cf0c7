"""The profile moves because the work moved: I2 and I3 from live rows, and an area that is practised cannot be left out (rule 7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from callbox.governance.models import Approval
from callbox.intelligence.models import Match, Sighting
from callbox.intelligence.services import watches
from callbox.maturity.model import loader
from callbox.maturity.scoring import probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Attestation, Standing
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.services import own_record
from tests.intelligence.watches.hands import Room, allowed

pytestmark = pytest.mark.django_db


def _profile(room: Room, *, practised: bool = True) -> Profile:
    """Return the profile of the live rows, with the schedule and the switch of I2 and I3 attested."""
    now = timezone.now() + timedelta(seconds=1)
    day = now.date()
    papers = tuple(
        Attestation(
            condition,
            "Signed",
            "Grace",
            day - timedelta(days=9),
            sha256="ab" * 32,
            reviewer="Paul",
            reviewed_on=_before(day),
        )
        for condition in ("I2.1.off", "I3.1.schedule")
    )
    record = own_record.read(room.agency, as_of=now).ledger
    standing = Standing(practises_intelligence=practised, attestations=papers)
    return scoring.score(
        loader.load(), probes.measure_all(record), standing, agency="Harbour", as_of=now, record={"files": 1}
    )


def _before(day: date) -> date:
    return day - timedelta(days=8)


def _kept(room: Room, days: int) -> Sighting:
    watch, now = allowed(room), timezone.now()
    row = Sighting.objects.create(
        agency=room.agency,
        source=room.source,
        key="a",
        pseudonym="p",
        text="flood at the river",
        at=now,
        seen_at=now,
        review_by=(now + timedelta(days=days)).date(),
    )
    Match.objects.create(watch=watch, sighting=row, digest=watch.newest.digest, words=["flood"], at=now)
    return row


def test_a_record_past_its_review_lowers_i3_and_letting_go_of_it_lifts_it_again(room: Room) -> None:
    row = _kept(room, 30)
    assert _profile(room).practice("I3").shown == 3
    Sighting.objects.filter(pk=row.pk).update(review_by=(timezone.now() - timedelta(days=1)).date())
    late = _profile(room)
    assert late.practice("I3").shown == 1
    assert late.measures["late_records"].value == 1
    Sighting.objects.filter(pk=row.pk).update(text="", sealed="", pseudonym="")
    assert _profile(room).measures["late_records"].value == 0


def test_papers_carry_i2_and_a_missing_approver_takes_it_away(room: Room) -> None:
    _kept(room, 30)
    assert _profile(room).practice("I2").shown == 3
    Approval.objects.update(by=room.hanna)
    found = _profile(room)
    assert found.practice("I2").shown == 1
    assert found.measures["unresolved_exceptions"].value == 1


def test_not_practised_holds_until_a_watch_listened_in_the_window(room: Room) -> None:
    before = next(area for area in _profile(room, practised=False).areas if area.id == "intelligence")
    assert (before.shown, before.at_most) == (None, None)
    watch = allowed(room)
    watches.end(watch=watch, why="The water has gone down.", by=room.hanna)
    after = _profile(room, practised=False)
    assert "not_practised_refused" in {remark.code for remark in after.remarks}
    assert next(area for area in after.areas if area.id == "intelligence").shown == 0
