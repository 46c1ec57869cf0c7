"""Scoring an assessment anew when the agency's evidence or statements change. The measures themselves stay as they were measured."""

from __future__ import annotations

from callbox.core.plain import to_plain
from callbox.maturity.model import loader
from callbox.maturity.models import AreaStatement, Assessment, Attestation, Exemption, SelfDeclaration
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Band, Standing
from callbox.maturity.scoring.profile import Profile
from callbox.people.models import Agency


def standing_of(agency: Agency) -> Standing:
    """Return everything the agency states about itself, as the value that scoring reads."""
    attestations = Attestation.objects.of(agency).counting().select_related("owner", "reviewer").order_by("pk")
    exemptions = Exemption.objects.of(agency).filter(state="approved").select_related("approver").order_by("pk")
    return Standing(
        band=Band(agency.size) if agency.size else None,
        practises_intelligence=AreaStatement.objects.of(agency).practised("intelligence"),
        attestations=tuple(attestation.plain() for attestation in attestations),
        exemptions=tuple(exemption.plain() for exemption in exemptions),
        declared=SelfDeclaration.objects.of(agency).levels(),
        languages=tuple(agency.languages),
    )


def fill(assessment: Assessment, profile: Profile, standing: Standing) -> None:
    """Write `profile` and the standing it was scored with into the row, with the summary that lists read; does not save."""
    assessment.__dict__.pop("profile", None)
    assessment.profile_json = to_plain(profile)
    assessment.standing_json = to_plain(standing)
    assessment.areas = {area.id: [area.shown, area.at_most] for area in profile.areas}
    assessment.as_of = profile.as_of
    assessment.model_version = profile.model
    assessment.record = dict(profile.record)


#: The columns that `fill` writes.
FILLED = ("profile_json", "standing_json", "areas", "as_of", "model_version", "record")


def rescore(assessment: Assessment) -> None:
    """Score the same measures with the standing of today, and save; the model stays the one the assessment is pinned to.

    Raises:
        ValueError: the assessment has no profile yet.
    """
    profile = assessment.profile
    if profile is None:
        raise ValueError("nothing was measured yet")
    standing = standing_of(assessment.agency)
    anew = scoring.score(
        loader.load(profile.model),
        profile.measures,
        standing,
        agency=profile.agency,
        as_of=profile.as_of,
        record=profile.record,
    )
    fill(assessment, anew, standing)
    assessment.save(update_fields=FILLED)


def rescore_current(agency: Agency) -> None:
    """Score the agency's newest assessment anew, when it is still open. Frozen ones and those under review keep their figures."""
    newest = Assessment.objects.of(agency).scored().select_for_update().first()
    if newest is not None and newest.open:
        rescore(newest)
