"""Proof packs of the desk: written and signed when an assessment is frozen, read and recomputed when one is imported."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.plain import from_plain
from callbox.core.refusal import RefusedError
from callbox.core.signing import SigningError, SigningKey, load_or_create
from callbox.core.state import move
from callbox.core.store import keep, locate, plain_name
from callbox.governance.actions import Audited
from callbox.maturity.model import loader
from callbox.maturity.models import Assessment
from callbox.maturity.proof import pack, verify
from callbox.maturity.proof.pack import PackError
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.services import ledgers
from callbox.maturity.services.assessments import tell
from callbox.maturity.services.measuring import ledger_folder
from callbox.maturity.services.scores import fill
from callbox.people.models import Agency, User


@dataclass(frozen=True, slots=True)
class Packed:
    """A written pack: its place in the store, its SHA-256, and the fingerprint of the key that signed it."""

    place: str
    sha256: str
    fingerprint: str


def key_of(agency: Agency) -> SigningKey:
    """Return the agency's signing key, made on first use and readable by this installation alone."""
    return load_or_create(_key_folder(agency))


def has_key(agency: Agency) -> bool:
    """Whether the agency's signing key was made already."""
    return _key_folder(agency).is_dir()


def _key_folder(agency: Agency) -> Path:
    return Path(settings.DATA) / "keys" / str(agency.pk)


def write(assessment: Assessment) -> Packed:
    """Write the signed proof pack of an assessment into the store.

    Raises:
        RefusedError: the measured tables do not give the profile shown, or the key cannot be used.
    """
    profile = assessment.profile
    if profile is None:
        raise RefusedError(_("Nothing was measured yet, so there is nothing to sign."))
    root = Path(settings.MEDIA_ROOT)
    place = (
        f"packs/{assessment.agency_id}/{uuid.uuid4().hex}-{plain_name(profile.as_of.strftime('callbox-%Y-%m-%d.zip'))}"
    )
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        key = key_of(assessment.agency)
        pack.write(
            path,
            ledger=ledgers.load(ledger_folder(assessment), agency=profile.agency, as_of=profile.as_of),
            profile=profile,
            standing=from_plain(Standing, assessment.standing_json),
            key=key,
            model=profile.model,
        )
    except (PackError, SigningError) as error:
        raise RefusedError(
            _("The proof pack could not be written, so nothing was frozen: %(why)s") % {"why": error}
        ) from error
    return Packed(place, hashlib.sha256(path.read_bytes()).hexdigest(), key.public.fingerprint)


def remove(place: str) -> None:
    """Remove a pack that was written for nothing."""
    locate(Path(settings.MEDIA_ROOT), place).unlink(missing_ok=True)


def import_pack(*, agency: Agency, title: str, name: str, chunks: Iterable[bytes], by: User) -> Assessment:
    """Take in a proof pack made elsewhere: every figure is recomputed first, and a pack that does not hold is refused.

    It arrives frozen, because its maker signed it; its fingerprint stands beside it.

    Raises:
        RefusedError: it is no pack, was altered, or does not give the levels it states. Nothing is kept then.
    """
    kept = keep(Path(settings.MEDIA_ROOT), f"packs/{agency.pk}", name, chunks)
    try:
        profile, found = _believed(locate(Path(settings.MEDIA_ROOT), kept.place))
        now = timezone.now()
        with transaction.atomic():
            assessment = Assessment(
                agency=agency, title=title or name, source=Assessment.Source.PACK, created_by=by, created_at=now
            )
            fill(assessment, profile, found.standing)
            assessment.save()
            move(
                assessment,
                "frozen",
                frozen_by=by,
                frozen_at=now,
                pack=kept.place,
                pack_sha256=kept.sha256,
                fingerprint=found.key.fingerprint,
            )
            tell(assessment, Audited.ASSESSMENT_IMPORTED, by=by, sha256=kept.sha256, key=found.key.fingerprint)
    except BaseException:
        remove(kept.place)
        raise
    return assessment


def _believed(path: Path) -> tuple[Profile, pack.Pack]:
    """Return what a pack states, after every figure in it was computed anew."""
    verdict = verify.verify(path)
    if not verdict.holds or verdict.profile is None:
        problem = verdict.findings[0].reason.sentence if verdict.findings else ""
        raise RefusedError(_("This pack does not hold, so nothing was imported: %(problem)s.") % {"problem": problem})
    if verdict.profile.model not in loader.versions():
        raise RefusedError(
            _(
                "This pack was made with model version %(version)s, which this Callbox does not have. Update Callbox, then import it again."
            )
            % {"version": verdict.profile.model}
        )
    return verdict.profile, pack.read(path)
