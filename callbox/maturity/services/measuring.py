"""The worker's part: claim a waiting assessment, read its files, write its profile. A crash leaves a row that is claimed anew."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.plain import to_plain
from callbox.core.state import MovedMeanwhileError, move
from callbox.governance.actions import Audited
from callbox.maturity import origin
from callbox.maturity.assess import Assessed, adopted, assess, profile_of
from callbox.maturity.model import loader
from callbox.maturity.models import Assessment
from callbox.maturity.scoring import forecast, probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.forecast import Fall
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.services import ledgers, own_record
from callbox.maturity.services.assessments import measure_again, tell
from callbox.maturity.services.scores import FILLED, fill, standing_of
from callbox.maturity.services.stated import with_stated
from callbox.networks.archives.contract import ArchiveError
from callbox.networks.archives.record import Record
from callbox.networks.ledger import Ledger
from callbox.people.models import Agency

logger = logging.getLogger(__name__)

#: A worker gives a sign of life this often, and is taken for dead after the longer span.
SIGN_OF_LIFE = timedelta(seconds=1)
DEAD_AFTER = timedelta(minutes=3)
#: The tables of a kept ledger that people's statements are written into.
STATED = ("codings", "languages", "accounts", "rules")
#: Live rows are measured anew when their figures are so old: once a night.
STALE_AFTER = timedelta(hours=20)
#: Who acts in the trail.
WORKER = "system: worker"


def measure_waiting() -> int:
    """Measure every assessment that waits, one after the other; return how many. Any number of workers may run this."""
    count = 0
    release_dead(now=timezone.now())
    while (assessment := claim()) is not None:
        measure(assessment)
        count += 1
    return count


def queue_live(*, now: datetime | None = None) -> int:
    """Queue each agency's newest assessment where live rows are part of it and it is still open; return how many. Once a night."""
    old, queued = (now or timezone.now()) - STALE_AFTER, 0
    for agency in Agency.objects.filter(pk__in=Assessment.objects.filter(live=True, as_of__lt=old).values("agency")):
        newest = Assessment.objects.of(agency).scored().light().select_related("agency").first()
        if newest is None or not newest.live or newest.state not in {"measured", "failed"}:
            continue
        try:
            measure_again(assessment=newest, by=WORKER)
        except MovedMeanwhileError:
            continue  # a person was faster
        queued += 1
    return queued


def claim() -> Assessment | None:
    """Take the oldest waiting assessment, or None when there is none."""
    for assessment in Assessment.objects.waiting().select_related("agency")[:10]:
        try:
            move(assessment, "measuring", worked_at=timezone.now(), bytes_done=0, why="")
        except MovedMeanwhileError:
            continue  # another worker was faster
        return assessment
    return None


def release_dead(*, now: datetime) -> int:
    """Put assessments whose worker fell silent back into the queue; measuring can be repeated without harm."""
    released = 0
    for assessment in Assessment.objects.filter(state="measuring", worked_at__lt=now - DEAD_AFTER):
        try:
            move(assessment, "waiting")
        except MovedMeanwhileError:
            continue
        released += 1
    return released


def measure(assessment: Assessment) -> None:
    """Read the files of a claimed assessment and write its profile, or why that is not possible."""
    workdir = Path(tempfile.mkdtemp(prefix="measuring-", dir=work_root()))
    try:
        standing = standing_of(assessment.agency)
        record, assessed = _read(assessment, workdir, standing)
        found = _the_one(assessment, assessed)
        if found is None:
            _fail(assessment, _choose(assessed), choices=[each.profile.agency for each in assessed])
            return
        ledgers.save(found.ledger, ledger_folder(assessment))
        _keep_rejects(record, assessment)
        _finish(assessment, found, standing, what_falls(found.profile, found.ledger, standing))
    except ArchiveError as error:
        _fail(assessment, _("%(problem)s The files are kept.") % {"problem": str(error)})
    except Exception:
        logger.exception("assessment %s could not be measured", assessment.pk)
        _fail(
            assessment,
            _(
                "Something went wrong while these files were read. They are kept. Try again; if it happens again, "
                "send the technical log of this minute to whoever runs Callbox for you."
            ),
        )
    finally:
        shutil.rmtree(workdir, ignore_errors=True)


def measure_current_anew(agency: Agency) -> None:
    """Measure the newest assessment's kept record with what people state today, while it is open. Others keep their figures.

    Nothing happens where no record is kept: a quick check, an imported proof pack. Call it in the transaction of the statement.
    """
    newest = Assessment.objects.of(agency).scored().select_for_update().first()
    profile = newest.profile if newest is not None else None
    if newest is None or profile is None or not newest.open or not ledger_folder(newest).is_dir():
        return
    standing = standing_of(agency)
    kept = ledgers.load(ledger_folder(newest), agency=profile.agency, as_of=profile.as_of)
    ledger = with_stated(adopted(kept, standing), agency)
    anew = scoring.score(
        loader.load(profile.model),
        probes.measure_all(ledger),
        standing,
        agency=profile.agency,
        as_of=profile.as_of,
        record=profile.record,
    )
    fill(newest, anew, standing)
    newest.falls = [to_plain(fall) for fall in what_falls(anew, ledger, standing)]
    newest.save(update_fields=[*FILLED, "falls"])
    ledgers.replace_tables(ledger, ledger_folder(newest), *STATED)


def ledger_folder(assessment: Assessment) -> Path:
    """Return where the measured tables of an assessment lie."""
    return Path(settings.MEDIA_ROOT) / "ledgers" / str(assessment.pk)


def rejects_file(assessment: Assessment) -> Path:
    """Return where the records that were set aside lie; there is no such file when there were none."""
    return Path(settings.MEDIA_ROOT) / "rejects" / f"{assessment.pk}.jsonl"


def _read(assessment: Assessment, workdir: Path, standing: Standing) -> tuple[Record, list[Assessed]]:
    now = timezone.now()
    if not assessment.live:
        return _read_files(assessment, workdir, standing, lambda ledger: ledger, now)
    own = own_record.read(assessment.agency, as_of=now)
    if assessment.uploaded:
        record, assessed = _read_files(assessment, workdir, standing, own.beside, now)
    else:
        ledger = with_stated(adopted(own.ledger, standing), assessment.agency)
        record, assessed = (
            Record((ledger,), ()),
            [Assessed(ledger, profile_of(ledger, model=loader.load(), standing=standing))],
        )
    return record, [_told(each, own) for each in assessed]


def _told(assessed: Assessed, own: own_record.Own) -> Assessed:
    """Return what was assessed with the count of the live rows in its record."""
    record = {**assessed.profile.record, origin.KEY: dict(own.rows)}
    return replace(assessed, profile=replace(assessed.profile, record=record))


def _read_files(
    assessment: Assessment,
    workdir: Path,
    standing: Standing,
    beside: Callable[[Ledger], Ledger],
    now: datetime,
) -> tuple[Record, list[Assessed]]:
    """Assess the files; `beside` adds to the record of an agency what does not come from them."""
    files = named_files(assessment, workdir)
    columns = {name: column for _path, given in files for name, column in given.items()}
    return assess(
        [path for path, _given in files],
        now=now,
        workdir=workdir,
        standing=standing,
        columns=columns,
        advance=_progress(assessment),
        stated=lambda ledger: with_stated(beside(ledger), assessment.agency),
    )


def named_files(assessment: Assessment, workdir: Path) -> list[tuple[Path, dict[str, str]]]:
    """Return the files of an assessment under the names their owner knows, in `workdir`, with the columns given for each."""
    return [
        (_named(workdir, number, upload.name, upload.path), upload.columns)
        for number, upload in enumerate(assessment.uploads.all())
    ]


def _named(workdir: Path, number: int, name: str, place: str) -> Path:
    """Give a stored file the name its owner knows, by a link, because readers name files in summaries and rejects."""
    folder = workdir / f"file-{number}"
    folder.mkdir()
    link = folder / (Path(name.replace("\\", "/")).name or "file")
    link.symlink_to((Path(settings.MEDIA_ROOT) / place).resolve())
    return link


def _progress(assessment: Assessment) -> Callable[[int], None]:
    """Return a function that adds up the bytes read and writes them down once a second."""
    done, told = 0, timezone.now()

    def advance(count: int) -> None:
        nonlocal done, told
        done += count
        now = timezone.now()
        if now - told >= SIGN_OF_LIFE:
            told = now
            Assessment.objects.filter(pk=assessment.pk, state="measuring").update(bytes_done=done, worked_at=now)

    return advance


def _the_one(assessment: Assessment, assessed: list[Assessed]) -> Assessed | None:
    """Return the agency of the files that this assessment is about; None when a person must choose."""
    if len(assessed) == 1:
        return assessed[0]
    wanted = {assessment.record_agency.casefold(), assessment.agency.name.casefold()}
    named = [each for each in assessed if each.profile.agency.casefold() in wanted]
    return named[0] if len(named) == 1 else None


def _choose(assessed: list[Assessed]) -> str:
    if not assessed:
        return _("The files hold no post and no message. They are kept. Check that you chose the right ones.")
    return _("The files hold %(count)d agencies. They are kept. Choose which one this assessment is about.") % {
        "count": len(assessed)
    }


def what_falls(profile: Profile, ledger: Ledger, standing: Standing) -> tuple[Fall, ...]:
    """Return which practices will fall when the record stays as it is, soonest first."""
    return forecast.falls(
        profile,
        loader.load(profile.model),
        standing,
        lambda moment: probes.measure_all(replace(ledger, as_of=moment)),
    )


def _keep_rejects(record: Record, assessment: Assessment) -> None:
    kept = rejects_file(assessment)
    kept.unlink(missing_ok=True)
    if record.rejects is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(record.rejects, kept)


def _finish(assessment: Assessment, found: Assessed, standing: Standing, falls: tuple[Fall, ...]) -> None:
    with transaction.atomic():
        row = Assessment.objects.select_for_update().get(pk=assessment.pk)
        fill(row, found.profile, standing)
        row.falls = [to_plain(fall) for fall in falls]
        row.choices = []
        row.bytes_done = sum(upload.size for upload in assessment.uploads.all())
        move(row, "measured")
        row.save(update_fields=[*FILLED, "falls", "choices", "bytes_done"])
        tell(row, Audited.ASSESSMENT_MEASURED, by=WORKER, model=found.profile.model)


def _fail(assessment: Assessment, why: str, *, choices: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            move(assessment, "failed", why=why, choices=choices or [])
            tell(assessment, Audited.ASSESSMENT_FAILED, by=WORKER, why=why)
    except MovedMeanwhileError:
        logger.warning("assessment %s was released to another worker meanwhile", assessment.pk)


def work_root() -> Path:
    """Return the folder for what is needed only while files are read."""
    root = Path(settings.MEDIA_ROOT) / "work"
    root.mkdir(parents=True, exist_ok=True)
    return root
