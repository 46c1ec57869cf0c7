"""Starting assessments: from files, from the quick check, from a proof pack; withdrawing them and undoing that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.store import keep
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.maturity.model import loader
from callbox.maturity.models import Assessment, Upload
from callbox.maturity.scoring import score as scoring
from callbox.maturity.services.scores import fill, standing_of
from callbox.maturity.services.statements import declare
from callbox.people.models import Agency, User


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in. columns: ledger column -> column, for plain tables whose names are not understood by themselves."""

    name: str
    chunks: Iterable[bytes]
    columns: Mapping[str, str] = field(default_factory=dict)


def start_from_files(
    *, agency: Agency, title: str, files: Sequence[Incoming], by: User, live: bool = False
) -> Assessment:
    """Store `files` durably, and put the assessment they make into the worker's queue.

    live: what Callbox itself recorded is one record with them.

    Raises:
        RefusedError: no file, or one without a byte in it.
        OSError: the disk is full; nothing is kept.
    """
    if not files:
        raise RefusedError(_("Choose at least one file. Nothing was saved."))
    kept = [(file, keep(settings.MEDIA_ROOT, f"records/{agency.pk}", file.name, file.chunks)) for file in files]
    if empty := [file.name for file, stored in kept if not stored.size]:
        for _file, stored in kept:
            (settings.MEDIA_ROOT / stored.place).unlink(missing_ok=True)
        raise RefusedError(
            _("The file %(name)s is empty. Nothing was saved; download it again from your network.")
            % {"name": empty[0]}
        )
    now = timezone.now()
    with transaction.atomic():
        assessment = Assessment.objects.create(
            agency=agency, title=title, source=Assessment.Source.UPLOAD, live=live, created_by=by, created_at=now
        )
        Upload.objects.bulk_create(
            Upload(
                agency=agency,
                assessment=assessment,
                name=file.name[-255:],
                path=stored.place,
                sha256=stored.sha256,
                size=stored.size,
                columns=dict(file.columns),
                by=by,
                at=now,
            )
            for file, stored in kept
        )
        move(assessment, "waiting")
        tell(
            assessment,
            Audited.ASSESSMENT_STARTED,
            by=by,
            files={stored.sha256: file.name[-255:] for file, stored in kept},
        )
    return assessment


def start_from_own_record(*, agency: Agency, title: str, by: User) -> Assessment:
    """Put an assessment of what Callbox itself recorded into the worker's queue; no file is needed."""
    with transaction.atomic():
        assessment = Assessment.objects.create(
            agency=agency,
            title=title,
            source=Assessment.Source.OWN_RECORD,
            live=True,
            created_by=by,
            created_at=timezone.now(),
        )
        move(assessment, "waiting")
        tell(assessment, Audited.ASSESSMENT_STARTED, by=by, files={})
    return assessment


def start_from_quick_check(*, agency: Agency, title: str, levels: Mapping[str, int], by: User) -> Assessment:
    """Make the first profile from declared levels alone: every practice unknown, the agency's own word beside it.

    Raises:
        RefusedError: no question was answered.
    """
    if not levels:
        raise RefusedError(_("Answer at least one question. Nothing was saved."))
    now = timezone.now()
    with transaction.atomic():
        declare(agency=agency, levels=levels, by=by)
        assessment = Assessment(
            agency=agency,
            title=title,
            source=Assessment.Source.QUICK_CHECK,
            state="measured",
            created_by=by,
            created_at=now,
        )
        standing = standing_of(agency)
        fill(assessment, scoring.score(loader.load(), {}, standing, agency=agency.name, as_of=now, record={}), standing)
        assessment.save()
        tell(assessment, Audited.QUICK_CHECK_ANSWERED, by=by, answered=len(levels))
    return assessment


def choose_agency(*, assessment: Assessment, name: str, by: User) -> None:
    """Say which agency of the files this assessment is about, and measure again.

    Raises:
        RefusedError: the files hold no such agency.
    """
    if name not in assessment.choices:
        raise RefusedError(_("The files hold no agency of that name. Choose one of the list."))
    with transaction.atomic():
        move(assessment, "waiting", record_agency=name, why="", bytes_done=0)
        tell(assessment, Audited.ASSESSMENT_QUEUED, by=by, about=name)


def measure_again(*, assessment: Assessment, by: User | str, columns: Mapping[str, str] | None = None) -> None:
    """Put a failed assessment, or one of live rows, back into the worker's queue; its files are still there.

    columns: ledger column -> column of the table, when a person has named them now.

    Raises:
        RefusedError: it was measured, and nothing in it has changed since.
    """
    if assessment.state == "measured" and not assessment.live:
        raise RefusedError(_("Files do not change, so there is nothing to measure anew. Start another assessment."))
    with transaction.atomic():
        move(assessment, "waiting", why="", bytes_done=0)
        if columns:
            assessment.uploads.update(columns=dict(columns))
        tell(assessment, Audited.ASSESSMENT_QUEUED, by=by)


def withdraw(*, assessment: Assessment, by: User, why: str = "") -> None:
    """Take an assessment out of the lists; nothing is deleted, and `restore` undoes it. A frozen one stays."""
    with transaction.atomic():
        move(assessment, "withdrawn", why=why.strip())
        tell(assessment, Audited.ASSESSMENT_WITHDRAWN, by=by, why=why.strip())


def restore(*, assessment: Assessment, by: User) -> None:
    """Undo a withdrawal."""
    with transaction.atomic():
        move(assessment, "measured" if assessment.profile_json is not None else "draft", why="")
        if assessment.state == "draft":
            move(assessment, "waiting")
        tell(assessment, Audited.ASSESSMENT_RESTORED, by=by)


def tell(assessment: Assessment, action: Audited, *, by: User | str, **data: Value) -> None:
    """Write what happened to `assessment` into the audit trail."""
    record(agency=assessment.agency, by=by, action=action, target=f"assessment:{assessment.pk}", data=data)
