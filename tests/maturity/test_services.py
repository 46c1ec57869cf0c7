"""From files to a signed assessment, by the services alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.core.state import UndeclaredMoveError
from callbox.governance.models import AuditEvent
from callbox.maturity.models import Assessment, Attestation, Exemption
from callbox.maturity.proof import pack, verify
from callbox.maturity.services import assessments, evidence, measuring, packs, review, statements
from callbox.people.models import User
from callbox.people.roles import Role
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def table(days: int = 120) -> bytes:
    """A table of two posts a day, one of them a reply to somebody else."""
    begin = timezone.now() - timedelta(days=days)
    lines = ["id,time,text,reply_to_user,account"]
    for day in range(days):
        moment = begin + timedelta(days=day)
        lines.append(f"{2 * day},{moment:%Y-%m-%dT%H:%M:%SZ},Road closed in the harbour,,harbour")
        lines.append(f"{2 * day + 1},{moment + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ},@ola it opens at six,ola,harbour")
    return "\n".join(lines).encode()


def started(cast: Cast, content: bytes | None = None) -> Assessment:
    return assessments.start_from_files(
        agency=cast.agency,
        title="Spring",
        files=[assessments.Incoming("harbour.csv", [content or table()])],
        by=cast.alice,
    )


def measured(cast: Cast) -> Assessment:
    assessment = started(cast)
    assert measuring.measure_waiting() == 1
    assessment.refresh_from_db()
    assert assessment.state == "measured", assessment.why
    return assessment


def attested(cast: Cast, condition: str = "V1.1.owner", *, reviewed_by: User | None = None) -> Attestation:
    claim = evidence.Claim(
        condition=condition,
        practice=condition.split(".", maxsplit=1)[0],
        title="Policy",
        begins=date(2020, 1, 1),
        link="https://example.org/p",
    )
    row = evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol)
    if reviewed_by:
        evidence.review(attestation=row, by=reviewed_by)
    return row


def test_an_upload_becomes_a_measured_profile(cast: Cast) -> None:
    assessment = measured(cast)
    assert assessment.profile is not None
    assert assessment.profile.measures["posts_per_week"].value == pytest.approx(
        7, abs=0.5
    )  # replies are no steady presence
    assert assessment.areas.keys() == {"voice", "trust", "collaboration", "intelligence", "operations"}
    assert assessment.record["files"][0]["name"] == "harbour.csv"


def test_an_acknowledged_upload_lies_on_disk_with_its_hash(cast: Cast) -> None:
    upload = started(cast).uploads.get()
    assert (Path(settings.MEDIA_ROOT) / upload.path).stat().st_size == upload.size
    assert len(upload.sha256) == 64


def test_an_empty_file_is_refused_and_nothing_is_kept(cast: Cast) -> None:
    with pytest.raises(RefusedError, match=r"harbour\.csv is empty"):
        assessments.start_from_files(
            agency=cast.agency, title="Spring", files=[assessments.Incoming("harbour.csv", [])], by=cast.alice
        )
    assert not Assessment.objects.exists()


def test_a_file_that_is_no_archive_says_so_and_can_be_tried_again(cast: Cast) -> None:
    assessment = started(cast, b"\x00\x01\x02 no archive")
    measuring.measure_waiting()
    assessment.refresh_from_db()
    assert assessment.state == "failed"
    assert "harbour.csv" in assessment.why
    assert "kept" in assessment.why
    assessments.measure_again(assessment=assessment, by=cast.alice)
    assert assessment.state == "waiting"


def test_a_waiting_assessment_is_claimed_once(cast: Cast) -> None:
    started(cast)
    assert measuring.claim() is not None
    assert measuring.claim() is None


def test_a_silent_worker_loses_its_claim(cast: Cast) -> None:
    started(cast)
    measuring.claim()
    assert measuring.release_dead(now=timezone.now()) == 0
    assert measuring.release_dead(now=timezone.now() + timedelta(minutes=10)) == 1
    assert measuring.claim() is not None


def test_the_quick_check_measures_nothing_and_shows_nothing(cast: Cast) -> None:
    assessment = assessments.start_from_quick_check(
        agency=cast.agency, title="Quick", levels={"V1": 3, "T2": 4}, by=cast.alice
    )
    assert assessment.profile is not None
    assert {practice.id: practice.declared for practice in assessment.profile.practices if practice.declared} == {
        "V1": 3,
        "T2": 4,
    }
    assert all(area.shown in {0, None} for area in assessment.profile.areas)
    with pytest.raises(RefusedError, match="own word"):
        review.submit(assessment=assessment, by=cast.alice)


def test_evidence_counts_once_a_second_person_reviewed_it(cast: Cast) -> None:
    assessment = measured(cast)
    attested(cast, "V1.1.purpose", reviewed_by=cast.alice)
    row = attested(cast)
    with pytest.raises(RefusedError, match="other than the owner"):
        evidence.review(attestation=row, by=cast.carol)
    assert shown(assessment, "V1") == 0
    evidence.review(attestation=row, by=cast.alice)
    assert row.expires_on is not None
    assert row.expires_on - timezone.now().date() in {timedelta(days=365), timedelta(days=366)}
    assert shown(assessment, "V1") == 1
    evidence.withdraw(attestation=row, by=cast.carol, why="wrong file")
    assert shown(assessment, "V1") == 0
    evidence.restore(attestation=row, by=cast.carol)
    assert (row.state, shown(assessment, "V1")) == ("reviewed", 1)


def shown(assessment: Assessment, practice: str) -> int | None:
    fresh = Assessment.objects.get(pk=assessment.pk)
    assert fresh.profile is not None
    return fresh.profile.practice(practice).shown


def test_a_replacement_takes_over_only_when_it_is_reviewed(cast: Cast) -> None:
    old = attested(cast)
    evidence.review(attestation=old, by=cast.alice)
    claim = evidence.Claim(
        condition=old.condition,
        practice=old.practice,
        title="Policy 2",
        begins=date(2026, 1, 1),
        link="https://example.org/2",
    )
    new = evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol, replaces=old)
    old.refresh_from_db()
    assert old.state == "reviewed"
    evidence.review(attestation=new, by=cast.alice)
    old.refresh_from_db()
    assert old.state == "replaced"


def test_a_reviewer_of_the_same_name_is_somebody_else(cast: Cast) -> None:
    assessment = measured(cast)
    namesake = person("Other-Carol", cast.agency, Role.REVIEWER)
    User.objects.filter(pk=namesake.pk).update(name=cast.carol.name)
    for condition in ("V1.1.owner", "V1.1.purpose"):
        attested(cast, condition, reviewed_by=User.objects.get(pk=namesake.pk))
    assert shown(assessment, "V1") == 1


def test_evidence_expires_with_its_year_and_history_stays(cast: Cast) -> None:
    row = attested(cast)
    evidence.review(attestation=row, by=cast.alice)
    assert row.expires_on is not None
    assert evidence.expire_overdue(today=row.expires_on) == 0
    assert evidence.expire_overdue(today=row.expires_on + timedelta(days=1)) == 1
    row.refresh_from_db()
    assert row.state == "expired"


def test_an_owner_is_reminded_once_a_step(cast: Cast) -> None:
    row = attested(cast)
    evidence.review(attestation=row, by=cast.alice)
    soon = timezone.now() + timedelta(days=358)
    assert evidence.send_reminders(now=soon) == 1
    assert evidence.send_reminders(now=soon) == 0
    assert [letter.to for letter in mail.outbox] == [[cast.carol.email]]


def test_a_declared_level_never_changes_a_score(cast: Cast) -> None:
    assessment = measured(cast)
    before = assessment.areas
    statements.declare(agency=cast.agency, levels={"T2": 5}, by=cast.alice)
    fresh = Assessment.objects.get(pk=assessment.pk)
    assert fresh.areas == before
    assert fresh.profile is not None
    assert fresh.profile.practice("T2").declared == 5


def test_an_exemption_needs_somebody_else_and_ends(cast: Cast) -> None:
    assessment = measured(cast)
    until = timezone.localdate() + timedelta(days=30)
    exemption = statements.ask_exemption(
        agency=cast.agency, practice="O5", why="No caller messages", ends=until, by=cast.bob
    )
    with pytest.raises(RefusedError, match="other than who asked"):
        statements.approve_exemption(exemption=exemption, by=cast.bob)
    statements.approve_exemption(exemption=exemption, by=cast.alice)
    assert shown(assessment, "O5") is None
    statements.end_exemption(exemption=Exemption.objects.get(pk=exemption.pk), by=cast.bob)
    assert shown(assessment, "O5") == 0


def frozen(cast: Cast) -> Assessment:
    assessment = measured(cast)
    attested(cast, reviewed_by=cast.alice)
    attested(cast, "V1.1.purpose", reviewed_by=cast.alice)
    assessment = Assessment.objects.get(pk=assessment.pk)
    review.submit(assessment=assessment, by=cast.alice)
    ids = [practice.id for practice in review.to_confirm(assessment)]
    assert "V1" in ids
    with pytest.raises(RefusedError, match="somebody else"):
        review.review_levels(assessment=assessment, confirmed=ids, questioned={}, by=cast.alice)
    with pytest.raises(RefusedError, match="wait for a second person"):
        review.freeze(assessment=assessment, by=cast.bob)
    assert review.review_levels(assessment=assessment, confirmed=ids, questioned={}, by=cast.bob).done
    review.freeze(assessment=assessment, by=cast.bob)
    return assessment


def test_a_frozen_assessment_is_signed_and_its_pack_holds(cast: Cast) -> None:
    assessment = frozen(cast)
    path = Path(settings.MEDIA_ROOT) / assessment.pack
    verdict = verify.verify(path, public_key=assessment.fingerprint)
    assert verdict.holds, verdict.findings
    assert assessment.profile is not None
    assert not pack.differences(assessment.profile, verdict.profile)  # type: ignore[arg-type]


def test_nothing_changes_a_frozen_assessment(cast: Cast) -> None:
    assessment = frozen(cast)
    before = Assessment.objects.get(pk=assessment.pk).profile_json
    for row in Attestation.objects.reviewed():
        evidence.withdraw(attestation=row, by=cast.carol, why="gone")
    assert Assessment.objects.get(pk=assessment.pk).profile_json == before
    with pytest.raises(UndeclaredMoveError):
        assessments.withdraw(assessment=assessment, by=cast.bob)


def test_whoever_hands_it_over_anew_needs_somebody_else_to_confirm_it(cast: Cast) -> None:
    assessment = measured(cast)
    review.submit(assessment=assessment, by=cast.alice)
    ids = [practice.id for practice in review.to_confirm(assessment)]
    assert review.review_levels(assessment=assessment, confirmed=ids, questioned={}, by=cast.bob).done
    page = Assessment.objects.get(pk=assessment.pk)
    review.send_back(assessment=assessment, by=cast.erin, why="one more document")
    with pytest.raises(RefusedError, match="not under review"):
        review.review_levels(assessment=page, confirmed=[], questioned={ids[0]: "doubtful"}, by=cast.bob)
    review.submit(assessment=assessment, by=cast.bob)
    assert review.review_state(assessment).left == tuple(ids)
    with pytest.raises(RefusedError, match="wait for a second person"):
        review.freeze(assessment=assessment, by=cast.bob)
    assert review.review_levels(assessment=assessment, confirmed=ids, questioned={}, by=cast.alice).done


def test_a_level_questioned_while_the_pack_is_written_is_not_signed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = measured(cast)
    review.submit(assessment=assessment, by=cast.alice)
    ids = [practice.id for practice in review.to_confirm(assessment)]
    review.review_levels(assessment=assessment, confirmed=ids, questioned={}, by=cast.bob)
    write, page = packs.write, Assessment.objects.get(pk=assessment.pk)

    def slowly(row: Assessment) -> packs.Packed:
        review.review_levels(assessment=page, confirmed=[], questioned={ids[0]: "doubtful"}, by=cast.bob)
        return write(row)

    monkeypatch.setattr(packs, "write", slowly)
    before = set((Path(settings.MEDIA_ROOT) / "packs").rglob("*.zip"))
    with pytest.raises(RefusedError, match="wait for a second person"):
        review.freeze(assessment=assessment, by=cast.bob)
    assert Assessment.objects.get(pk=assessment.pk).state == "in review"
    assert set((Path(settings.MEDIA_ROOT) / "packs").rglob("*.zip")) == before


def test_a_questioned_level_stops_the_signature(cast: Cast) -> None:
    assessment = measured(cast)
    review.submit(assessment=assessment, by=cast.alice)
    ids = [practice.id for practice in review.to_confirm(assessment)]
    state = review.review_levels(
        assessment=assessment, confirmed=ids[1:], questioned={ids[0]: "one account only"}, by=cast.bob
    )
    assert state.questioned == (ids[0],)
    with pytest.raises(RefusedError):
        review.freeze(assessment=assessment, by=cast.bob)
    review.send_back(assessment=assessment, by=cast.bob, why="check the account")
    assert assessment.state == "measured"


def test_a_pack_goes_to_another_agency_with_equal_scores(cast: Cast) -> None:
    assessment = frozen(cast)
    content = (Path(settings.MEDIA_ROOT) / assessment.pack).read_bytes()
    copy = packs.import_pack(agency=cast.other, title="", name="pack.zip", chunks=[content], by=cast.dan)
    assert copy.state == "frozen"
    assert copy.areas == assessment.areas
    assert copy.fingerprint == assessment.fingerprint


def test_an_altered_pack_is_refused_and_not_kept(cast: Cast) -> None:
    content = (Path(settings.MEDIA_ROOT) / frozen(cast).pack).read_bytes()
    with pytest.raises(RefusedError, match="nothing was imported"):
        packs.import_pack(agency=cast.other, title="", name="pack.zip", chunks=[content[:-200]], by=cast.dan)
    assert not Assessment.objects.of(cast.other).exists()


def test_every_step_stands_in_the_audit_trail(cast: Cast) -> None:
    frozen(cast)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        "assessment.started",
        "assessment.measured",
        "attestation.added",
        "attestation.reviewed",
        "attestation.added",
        "attestation.reviewed",
        "assessment.submitted",
        "levels.reviewed",
        "assessment.frozen",
        "assessment.signed",
    ]
