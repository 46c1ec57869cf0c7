"""A second person looks at every level, then the assessment is frozen and signed. After that nothing changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.maturity.models import Assessment, LevelReview
from callbox.maturity.scoring.profile import PracticeResult
from callbox.maturity.services import packs
from callbox.maturity.services.assessments import tell
from callbox.maturity.services.scores import rescore
from callbox.people.models import Agency, User


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far the review is: practices whose shown level a second person confirmed, questioned, or has not looked at."""

    confirmed: tuple[str, ...]
    questioned: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether every level was confirmed."""
        return not self.questioned and not self.left


def review_state(assessment: Assessment) -> ReviewState:
    """Return how far the review is. A level above 0 needs a second person.

    Void is a review of another level than the one shown, and one by whoever handed the assessment over since.
    """
    looked = {review.practice: review for review in assessment.level_reviews.all()}
    confirmed, questioned, left = [], [], []
    for practice in to_confirm(assessment):
        review = looked.get(practice.id)
        if review is None or review.shown != practice.shown or review.by_id == assessment.submitted_by_id:
            left.append(practice.id)
        elif review.verdict == LevelReview.Verdict.CONFIRMED:
            confirmed.append(practice.id)
        else:
            questioned.append(practice.id)
    return ReviewState(tuple(confirmed), tuple(questioned), tuple(left))


def to_confirm(assessment: Assessment) -> list[PracticeResult]:
    """Return the practices whose level must be confirmed: those that show one above 0."""
    profile = assessment.profile
    return [practice for practice in profile.practices if practice.shown] if profile else []


def submit(*, assessment: Assessment, by: User) -> None:
    """Hand an assessment to a second person; its figures are computed once more and then stand still.

    Raises:
        RefusedError: it is a quick check, which has nothing measured to review.
    """
    if not assessment.measured:
        raise RefusedError(
            _("A quick check is your own word and cannot be signed. Start an assessment from your record instead.")
        )
    with transaction.atomic():
        rescore(assessment)
        move(assessment, "in review", submitted_by=by, submitted_at=timezone.now())
        tell(assessment, Audited.ASSESSMENT_SUBMITTED, by=by)


def send_back(*, assessment: Assessment, by: User, why: str) -> None:
    """Return an assessment from its review, with the reason; evidence can then be added again.

    Raises:
        RefusedError: no reason.
    """
    if not why.strip():
        raise RefusedError(_("Say what is to be changed, so that the assessor knows."))
    with transaction.atomic():
        move(assessment, "measured", why=why.strip())
        tell(assessment, Audited.ASSESSMENT_SENT_BACK, by=by, why=why.strip())


def review_levels(
    *, assessment: Assessment, confirmed: Collection[str], questioned: Mapping[str, str], by: User
) -> ReviewState:
    """Write down which levels a second person confirmed and which they question, with a note each.

    Raises:
        RefusedError: `by` submitted the assessment, it is not under review, or a question has no note.
    """
    if any(not note.strip() for note in questioned.values()):
        raise RefusedError(_("Say what is doubtful about each level you question. Nothing was saved."))
    verdicts = dict.fromkeys(confirmed, "") | dict(questioned)
    now = timezone.now()
    with transaction.atomic():
        # Held while it is looked at: sent back, handed over anew or frozen meanwhile, it is another assessment than the one on the page.
        assessment = Assessment.objects.select_for_update(of=("self",)).select_related("agency").get(pk=assessment.pk)
        if assessment.state != "in review":
            raise RefusedError(_("This assessment is not under review. Nothing was saved."))
        if by.pk == assessment.submitted_by_id:
            raise RefusedError(
                _("You submitted this assessment, so somebody else must confirm its levels. It still waits.")
            )
        shown = {practice.id: practice.shown for practice in to_confirm(assessment)}
        for practice, note in verdicts.items():
            if practice not in shown:
                continue
            verdict = LevelReview.Verdict.QUESTIONED if practice in questioned else LevelReview.Verdict.CONFIRMED
            LevelReview.objects.update_or_create(
                assessment=assessment,
                practice=practice,
                defaults={
                    "agency": assessment.agency,
                    "shown": shown[practice],
                    "verdict": verdict,
                    "note": note.strip(),
                    "by": by,
                    "at": now,
                },
            )
        state = review_state(assessment)
        tell(
            assessment,
            Audited.LEVELS_REVIEWED,
            by=by,
            confirmed=[*sorted(shown.keys() & set(confirmed) - set(questioned))],
            questioned=[*sorted(shown.keys() & set(questioned))],
        )
    return state


def _refuse_unreviewed(assessment: Assessment) -> None:
    state = review_state(assessment)
    if not state.done:
        raise RefusedError(
            _("%(count)d levels still wait for a second person. Confirm them, or send the assessment back.")
            % {"count": len(state.left) + len(state.questioned)}
        )


def freeze(*, assessment: Assessment, by: User) -> None:
    """Write and sign the proof pack; after that nothing changes this assessment any more. A new look is a new assessment.

    The signature is the agency's key; `by` stands in the audit trail as who ordered it.

    Raises:
        RefusedError: a level waits for its second person, or the measured tables do not give the levels shown.
    """
    _refuse_unreviewed(assessment)
    packed = packs.write(assessment)
    try:
        with transaction.atomic():
            move(
                assessment,
                "frozen",
                frozen_by=by,
                frozen_at=timezone.now(),
                pack=packed.place,
                pack_sha256=packed.sha256,
                fingerprint=packed.fingerprint,
            )
            _refuse_unreviewed(assessment)  # while the pack was written somebody may have questioned a level
            Agency.objects.filter(pk=assessment.agency_id).update(key_fingerprint=packed.fingerprint)
            tell(assessment, Audited.ASSESSMENT_FROZEN, by=by, model=assessment.model_version)
            tell(assessment, Audited.ASSESSMENT_SIGNED, by=by, sha256=packed.sha256, key=packed.fingerprint)
    except BaseException:
        packs.remove(packed.place)
        raise
