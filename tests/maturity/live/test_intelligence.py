"""What counts as a search (I2), and what is shown while no record of intelligence is kept (I3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent
from callbox.intelligence import ledger
from callbox.intelligence.services import trying
from callbox.maturity.models import Assessment
from callbox.maturity.scoring.profile import Outcome, PracticeResult
from callbox.maturity.services import assessments, evidence, measuring
from callbox.people.roles import Action, Role, can
from tests.intelligence.events import rows
from tests.intelligence.watches.hands import make_room, said
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def test_a_trial_of_words_stands_in_the_trail_and_is_not_counted_among_the_searches(cast: Cast) -> None:
    room = make_room(cast)
    rows.sighting(rows.source(cast.agency, cast.bob), "the flood is at the bridge")
    before = ledger.ledger(cast.agency, as_of=timezone.now() + timedelta(days=1))
    assert trying.try_words(agency=cast.agency, said=said(room, "flood"), by=room.hanna).found == 1
    after = ledger.ledger(cast.agency, as_of=timezone.now() + timedelta(days=1))
    assert {name: table.rows() for name, table in after.items()} == {
        name: table.rows() for name, table in before.items()
    }
    assert AuditEvent.objects.filter(action=Audited.WATCH_TRIED, data__purpose__gt="").count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_try_words_may_read_the_posts_on_the_board_as_well(cast: Cast, role: Role) -> None:
    somebody = person("Ina", cast.agency, role)
    assert can(somebody, Action.READ_EVENTS, cast.agency) or not can(somebody, Action.WRITE_WATCH, cast.agency)


def test_without_a_record_the_schedule_alone_is_shown_and_nothing_is_said_of_late_ones(cast: Cast) -> None:
    claim = evidence.Claim(
        "I3.1.schedule", "I3", "Schedule", timezone.now().date() - timedelta(days=1), link="https://harbour.example/s"
    )
    evidence.review(
        attestation=evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol), by=cast.alice
    )
    found = _practice(cast, "I3")
    assert (found.shown, found.at_most) == (1, 5)
    late = next(each for each in found.conditions if each.id == "I3.2.late")
    assert late.outcome is Outcome.UNKNOWN
    assert late.reason is not None
    assert late.reason.code == "no_records"


def _practice(cast: Cast, name: str) -> PracticeResult:
    row = assessments.start_from_own_record(agency=cast.agency, title="Our record", by=cast.alice)
    measuring.measure_waiting()
    profile = Assessment.objects.get(pk=row.pk).profile
    assert profile is not None
    return next(each for each in profile.practices if each.id == name)
