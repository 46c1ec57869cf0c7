"""What the agency states about itself: declared levels, targets, areas it does not practise, exemptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.maturity.models import AreaStatement, Assessment, Exemption, SelfDeclaration, Target
from callbox.maturity.services.scores import rescore_current
from callbox.people.models import Agency, User

#: The one area an agency may declare not practised (model rule 7).
MAY_BE_LEFT = "intelligence"


def declare(*, agency: Agency, levels: Mapping[str, int], by: User, note: str = "") -> None:
    """Write down the levels somebody believes practices have. They stand beside the measured ones and never change a score.

    Raises:
        RefusedError: a level is not 0 to 5.
    """
    if any(not 0 <= level <= 5 for level in levels.values()):
        raise RefusedError(_("A level is a whole number from 0 to 5. Nothing was saved."))
    now = timezone.now()
    with transaction.atomic():
        SelfDeclaration.objects.bulk_create(
            SelfDeclaration(agency=agency, practice=practice, level=level, note=note.strip(), by=by, at=now)
            for practice, level in levels.items()
        )
        rescore_current(agency)
        record(
            agency=agency,
            by=by,
            action=Audited.LEVEL_DECLARED,
            target=f"agency:{agency.slug}",
            data=dict(levels),
        )


def set_target(*, agency: Agency, practice: str, level: int, due: date, by: User) -> Target:
    """Set the level `practice` is to reach, and by when; it replaces the target before.

    Raises:
        RefusedError: the level is not 1 to 5.
    """
    if not 1 <= level <= 5:
        raise RefusedError(_("A target is a level from 1 to 5. Nothing was saved."))
    with transaction.atomic():
        target, _made = Target.objects.update_or_create(
            agency=agency, practice=practice, defaults={"level": level, "due": due, "by": by, "at": timezone.now()}
        )
        record(
            agency=agency,
            by=by,
            action=Audited.TARGET_SET,
            target=f"practice:{practice}",
            data={"level": level, "due": due.isoformat()},
        )
    return target


def clear_target(*, agency: Agency, practice: str, by: User) -> None:
    """Take the target of `practice` away; none there is fine."""
    with transaction.atomic():
        rows = Target.objects.of(agency).filter(practice=practice)
        if rows.exists():
            rows.delete()
            record(agency=agency, by=by, action=Audited.TARGET_CLEARED, target=f"practice:{practice}")


def practise(*, agency: Agency, practised: bool, by: User, why: str = "") -> None:
    """State whether the agency practises Intelligence at all; a record with a watch or search in it overrules that in the scoring.

    Raises:
        RefusedError: leaving the area without a reason.
    """
    if not practised and not why.strip():
        raise RefusedError(_("Say in a sentence why the agency does not do this. Nothing was saved."))
    with transaction.atomic():
        AreaStatement.objects.create(
            agency=agency, area=MAY_BE_LEFT, practised=practised, why=why.strip(), by=by, at=timezone.now()
        )
        rescore_current(agency)
        record(
            agency=agency,
            by=by,
            action=Audited.AREA_DECLARED,
            target=f"area:{MAY_BE_LEFT}",
            data={"practised": practised, "why": why.strip()},
        )


def ask_exemption(*, agency: Agency, practice: str, why: str, ends: date, by: User) -> Exemption:
    """Ask for `practice` to be left out of its area until `ends`; it counts once somebody else approves it.

    Raises:
        RefusedError: no reason, an end in the past, or the practice is exempt or asked for already.
    """
    if not why.strip():
        raise RefusedError(_("An exemption needs a reason. Nothing was saved."))
    if ends < timezone.localdate():
        raise RefusedError(_("An exemption must end in the future. Nothing was saved."))
    with transaction.atomic():
        if Exemption.objects.of(agency).open().filter(practice=practice, ends__gte=timezone.localdate()).exists():
            raise RefusedError(_("This practice is exempt already, or an exemption waits for its approver."))
        exemption = Exemption.objects.create(
            agency=agency,
            practice=practice,
            why=why.strip(),
            ends=ends,
            last_measured=_last_measured(agency, practice),
            requested_by=by,
            requested_at=timezone.now(),
        )
        _tell(exemption, Audited.EXEMPTION_ASKED, by=by)
    return exemption


def approve_exemption(*, exemption: Exemption, by: User) -> None:
    """Approve an exemption as somebody else than who asked for it.

    Raises:
        RefusedError: `by` asked for it.
    """
    _somebody_else(exemption, by)
    with transaction.atomic():
        move(
            exemption,
            "approved",
            approver=by,
            decided_at=timezone.now(),
            last_measured=_last_measured(exemption.agency, exemption.practice),
        )
        rescore_current(exemption.agency)
        _tell(exemption, Audited.EXEMPTION_APPROVED, by=by)


def refuse_exemption(*, exemption: Exemption, by: User) -> None:
    """Refuse an exemption as somebody else than who asked for it.

    Raises:
        RefusedError: `by` asked for it.
    """
    _somebody_else(exemption, by)
    with transaction.atomic():
        move(exemption, "refused", approver=by, decided_at=timezone.now())
        _tell(exemption, Audited.EXEMPTION_REFUSED, by=by)


def end_exemption(*, exemption: Exemption, by: User) -> None:
    """End an exemption before its day; the practice is rated again at once."""
    with transaction.atomic():
        move(exemption, "withdrawn")
        rescore_current(exemption.agency)
        _tell(exemption, Audited.EXEMPTION_ENDED, by=by)


def _last_measured(agency: Agency, practice: str) -> int:
    """Return the newest level shown for `practice`, 0 when none was: an exemption never raises an area above it."""
    for assessment in Assessment.objects.of(agency).scored()[:5]:
        profile = assessment.profile
        found = (
            [each.shown for each in profile.practices if each.id == practice and each.shown is not None]
            if profile
            else []
        )
        if found:
            return found[0]
    return 0


def _somebody_else(exemption: Exemption, by: User) -> None:
    if by.pk == exemption.requested_by_id:
        raise RefusedError(_("Somebody other than who asked must decide this. It still waits."))


def _tell(exemption: Exemption, action: Audited, *, by: User) -> None:
    record(
        agency=exemption.agency,
        by=by,
        action=action,
        target=f"exemption:{exemption.pk}",
        data={"practice": exemption.practice, "why": exemption.why, "ends": exemption.ends.isoformat()},
    )
