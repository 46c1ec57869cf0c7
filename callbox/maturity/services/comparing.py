"""Exchanging contributions: what leaves is shown first and signed with a key of its own, what comes in is checked one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.signing import SigningError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.maturity.benchmark import files
from callbox.maturity.benchmark.contribution import Contribution, ContributionError, contribute, signing_key, write
from callbox.maturity.benchmark.files import Refused
from callbox.maturity.benchmark.pool import merge
from callbox.maturity.models import Assessment, Peer
from callbox.maturity.services import packs
from callbox.people.models import Agency, User


@dataclass(frozen=True, slots=True)
class Received:
    """What became of files that came in. known: contributions that were here already, or whose later one is."""

    new: int
    renewed: int
    known: int
    refused: tuple[Refused, ...]


def known_key(agency: Agency) -> str:
    """Return the agency's public key for benchmarks, in hex; empty while it has no key, so that it cannot have shared anything.

    Raises:
        RefusedError: the agency's key cannot be used.
    """
    if not packs.has_key(agency):
        return ""
    try:
        return signing_key(packs.key_of(agency)).public_key().public_bytes_raw().hex()
    except (SigningError, OSError) as error:
        raise RefusedError(_("The key of the agency cannot be used: %(why)s") % {"why": error}) from error


def contribution_of(assessment: Assessment, *, country: str) -> Contribution:
    """Return what the agency would share of `assessment`, signed.

    Raises:
        RefusedError: nothing was measured, the size of the agency is not stated, the country is not two letters, or the key cannot be used.
    """
    profile = assessment.profile
    if profile is None or not assessment.measured:
        raise RefusedError(_("Only measured levels are shared. Start an assessment from your record first."))
    try:
        return contribute(profile, country=country, key=signing_key(packs.key_of(assessment.agency)))
    except (ContributionError, SigningError, OSError) as error:
        raise RefusedError(str(error)) from error


def share(*, assessment: Assessment, country: str, by: User) -> str:
    """Return the file that leaves, as its preview showed it, and write down that it left.

    Raises:
        RefusedError: as `contribution_of`.
    """
    found = contribution_of(assessment, country=country)
    with transaction.atomic():
        record(
            agency=assessment.agency,
            by=by,
            action=Audited.BENCHMARK_EXPORTED,
            target=f"assessment:{assessment.pk}",
            data={"sha256": found.digest, "country": found.country, "month": found.month.isoformat()},
        )
    return write(found)


def receive(*, agency: Agency, incoming: Iterable[tuple[str, bytes]], by: User) -> Received:
    """Merge files into the agency's pool, all of what is sound or nothing; each refused part is named with its reason.

    incoming: name and content of each file.
    """
    today = timezone.localdate()
    opened = [files.open_file(name, content, today=today) for name, content in incoming]
    refused = tuple(each for one in opened for each in one.refused)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        rows = {row.key: row for row in Peer.objects.of(agency)}
        before = [row.plain() for row in rows.values()]
        merged = merge(before, *(one.contributions for one in opened))
        fresh = [one for one in merged if one.key not in rows]
        later = [one for one in merged if one.key in rows and rows[one.key].plain().digest != one.digest]
        Peer.objects.of(agency).filter(key__in=[one.key for one in later]).delete()
        Peer.objects.bulk_create(_row(agency, one, by) for one in (*fresh, *later))
        offered = {one.key for each in opened for one in each.contributions}
        found = Received(len(fresh), len(later), len(offered) - len(fresh) - len(later), refused)
        record(
            agency=agency,
            by=by,
            action=Audited.BENCHMARK_IMPORTED,
            target=f"agency:{agency.slug}",
            data={"new": found.new, "renewed": found.renewed, "known": found.known, "refused": len(refused)},
        )
    return found


def hand_on(*, agency: Agency, by: User) -> str:
    """Return everything that was received as one file to pass on; the agency's own contribution is not added to it.

    Raises:
        RefusedError: nothing was received yet.
    """
    pool: Sequence[Contribution] = [row.plain() for row in Peer.objects.of(agency)]
    if not pool:
        raise RefusedError(_("Nothing was received yet, so there is nothing to pass on."))
    with transaction.atomic():
        record(
            agency=agency,
            by=by,
            action=Audited.BENCHMARK_POOL_EXPORTED,
            target=f"agency:{agency.slug}",
            data={"contributions": len(pool)},
        )
    return files.write_pool(pool)


def _row(agency: Agency, one: Contribution, by: User) -> Peer:
    return Peer(
        agency=agency,
        key=one.key,
        model=one.model,
        band=one.band.value,
        country=one.country,
        month=one.month,
        areas=dict(one.areas),
        practices=dict(one.practices),
        signature=one.signature,
        by=by,
        at=timezone.now(),
    )
