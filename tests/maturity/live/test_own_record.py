"""An assessment of what Callbox itself recorded: alone, with files, measured anew, signed and verified."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.maturity import origin
from callbox.maturity.models import Assessment
from callbox.maturity.proof import pack, verify
from callbox.maturity.scoring import probes
from callbox.maturity.services import accounts, assessments, measuring, packs
from callbox.maturity.tables import OF_AREAS
from callbox.networks.models import Item
from callbox.trust.services import answers, hearing
from callbox.trust.tips.models import Tip
from tests.people import Cast
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db


def measured(assessment: Assessment) -> Assessment:
    assert measuring.measure_waiting() == 1
    assessment.refresh_from_db()
    assert assessment.state == "measured", assessment.why
    return assessment


def alone(cast: Cast) -> Assessment:
    return measured(assessments.start_from_own_record(agency=cast.agency, title="Our record", by=cast.alice))


def posted(cast: Cast, count: int = 3) -> None:
    where = connection(cast.agency, cast.bob)
    for number in range(count):
        post = item(where, "Road closed", remote_id=f"p{number}", own=True)
        Item.objects.filter(pk=post.pk).update(at=timezone.now() - timedelta(days=number + 1), images=1)


def test_no_file_is_needed(cast: Cast) -> None:
    posted(cast)
    conversation, _secret = hearing.enquire(agency=cast.agency, text="May I park here?")
    answers.answer(conversation=conversation, text="Yes.", by=cast.bob)
    assessment = alone(cast)
    profile = assessment.profile
    assert profile is not None
    assert profile.agency == cast.agency.name
    assert abs(profile.as_of - timezone.now()) < timedelta(minutes=1)
    assert profile.record == {
        origin.KEY: {
            "posts": 3,
            "releases": 0,
            "contacts": 1,
            "moderation": 0,
            "tips": 0,
            "notifications": 0,
            "alerts": 0,
            "incidents": 0,
            "updates": 0,
            "exercises": 0,
            "staffing": 0,
            "partners": 0,
            "shares": 0,
            "beats": 0,
            "products": 0,
            "watches": 0,
            "claims": 3,
            "records": 0,
        }
    }
    assert profile.measures["channels"].n == 3
    assert profile.measures["exclusion_breaches"].value == 0
    assert {origin.origin(profile.record, figure.tables) for figure in profile.measures.values()} == {"own"}
    assert [row.account for row in accounts.listed(cast.agency)] == ["paper:harbour"]  # the public page is no account


def test_files_and_live_rows_are_one_record(cast: Cast) -> None:
    posted(cast)
    day = timezone.now() - timedelta(days=1)
    lines = [
        "id,time,text,account,network",
        *(f"{name},{day:%Y-%m-%dT%H:%M:%SZ},Words,harbour,paper" for name in ("p0", "f1")),
    ]
    assessment = assessments.start_from_files(
        agency=cast.agency,
        title="Both",
        files=[assessments.Incoming("posts.csv", ["\n".join(lines).encode()])],
        by=cast.alice,
        live=True,
    )
    profile = measured(assessment).profile
    assert profile is not None
    assert profile.measures["channels"].n == 4  # p0 is in both
    assert profile.measures["channels"].value == 1
    sources = {key: origin.origin(profile.record, figure.tables) for key, figure in profile.measures.items()}
    assert (sources["channels"], sources["tips_settled_in_week"]) == ("both", "own")
    assert "files" in profile.record


def test_it_is_measured_anew_each_night_and_when_asked_to(cast: Cast) -> None:
    posted(cast)
    assessment = alone(cast)
    assert measuring.queue_live() == 0
    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=False):
        item(connection(cast.agency, cast.bob, handle="second"), "Words", own=True)
        assert measuring.queue_live() == 1
        assert measuring.queue_live() == 0
        profile = measured(assessment).profile
    assert profile is not None
    assert profile.as_of == tomorrow
    assert profile.record[origin.KEY]["posts"] == 4
    assessments.measure_again(assessment=assessment, by=cast.alice)
    measured(assessment)


def test_what_was_handed_on_or_rests_on_files_alone_is_not_measured_anew(cast: Cast) -> None:
    posted(cast)
    assessment = alone(cast)
    Assessment.objects.filter(pk=assessment.pk).update(state="in review")
    later = timezone.now() + timedelta(days=2)
    assert measuring.queue_live(now=later) == 0
    Assessment.objects.filter(pk=assessment.pk).update(state="measured", live=False)
    assert measuring.queue_live(now=later) == 0
    assessment.refresh_from_db()
    with pytest.raises(RefusedError, match="Files do not change"):
        assessments.measure_again(assessment=assessment, by=cast.alice)


def test_its_proof_pack_is_verified_and_tells_no_day_of_a_tip(cast: Cast) -> None:
    posted(cast)
    today = timezone.now().date()
    for back in range(40):
        Tip.objects.create(
            agency_id=cast.agency.pk, day=today - timedelta(days=back), lookup=str(back), public_key="age1",
            state="settled", outcome=Tip.Outcome.USEFUL, minutes_to_settle=60, minutes_to_open=5, outcome_returned=True,
        )  # fmt: skip
    assessment = alone(cast)
    path = Path(settings.MEDIA_ROOT) / packs.write(assessment).place
    assert verify.verify(path).holds
    found = pack.read(path)
    assert found.ledger.tables.keys() >= set(OF_AREAS)  # also those without a row
    tips = found.ledger.tables["tips"].collect()
    assert tips["day"].n_unique() <= 4
    assert tips["outcome"].null_count() == tips.height == 40
    assert probes.measure_all(found.ledger)["tips_settled_in_week"].value == 1
