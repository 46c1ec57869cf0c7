"""What the pipeline asks before it keeps anything: may this watch listen, at this source, at this moment?

Nothing is remembered between two questions. Each one goes back to the rows: the state, the hours, the standing approval bound to the
digest of the newest version, the legal sign-off where the words ask for one, and sources whose terms were read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from callbox.core.plain import canonical
from callbox.core.text import Reason
from callbox.governance.models import Approval
from callbox.governance.policy import TWO_PERSONS, Bound, is_approved
from callbox.intelligence.engine.query import QueryError
from callbox.intelligence.models import SignOff, Source, Watch, WatchVersion
from callbox.intelligence.safeguards import check


@dataclass(frozen=True, slots=True)
class Permission:
    """That one watch may listen, as it stands now. The only thing the pipeline goes by.

    watch: its primary key.  digest: of the version that was allowed.  query: its words, for `engine.query.parse`.  languages: BCP 47
    primary tags, empty for any.  sources: primary keys of those it may listen to at this moment.
    """

    watch: int
    digest: str
    query: str
    languages: tuple[str, ...]
    starts: datetime
    ends: datetime
    sources: frozenset[int]


def permits(watch: Watch, at: datetime) -> Permission | None:
    """Return the permission `watch` has at the moment `at`; None when it may not listen, whatever the reason."""
    return _permission(next(_judged([watch], at)))


def permissions(source: Source, at: datetime) -> list[Permission]:
    """Return what may be listened for at `source` at the moment `at`, oldest watch first; nothing where its terms are not in order."""
    watches = list(Watch.objects.of(source.agency).running(at).filter(sources=source).order_by("pk"))
    found = (_permission(judged) for judged in _judged(watches, at))
    return [permission for permission in found if permission is not None and source.pk in permission.sources]


def obstacles(watch: Watch, at: datetime) -> tuple[Reason, ...]:
    """Return why `watch` may not listen at the moment `at`; nothing where it may."""
    return next(_judged([watch], at)).obstacles


def digest_of(version: WatchVersion) -> str:
    """Return the SHA-256 over everything a version says; one letter, source or minute more or less changes it."""
    said = {
        "watch": version.watch_id,
        "number": version.number,
        "title": version.title,
        "purpose": version.purpose,
        "basis": version.basis,
        "reference": version.reference,
        "area": version.area,
        "query": version.query,
        "languages": version.languages,
        "sources": version.sources,
        "starts": version.starts.astimezone(UTC).isoformat(),
        "ends": version.ends.astimezone(UTC).isoformat(),
        "findings": version.findings,
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def bound_of(version: WatchVersion) -> Bound:
    """Return what an approval of this version is bound to."""
    return Bound(version.watch.subject, {"watch": version.digest}, None)


def needs_sign_off(version: WatchVersion) -> bool:
    """Whether a legal adviser must have signed this version: by what its words touched when saved, or by the lists of today."""
    saved = any(finding["demand"] == "sign" for finding in version.findings)
    return saved or _asks_today(version.query, version.title, version.purpose, version.area)


@lru_cache(maxsize=65_536)  # asked for every watch and every batch, and the lists stand as long as the process
def _asks_today(query: str, title: str, purpose: str, area: str) -> bool:
    """Whether words ask for a signature; a query nobody can read any more asks for a person's look too."""
    try:
        found = check(query, title=title, purpose=purpose, area=area)
    except QueryError:
        return True
    return any(finding.demand == "sign" for finding in found)


@dataclass(frozen=True, slots=True)
class _Judged:
    version: WatchVersion
    sources: frozenset[int]
    obstacles: tuple[Reason, ...]


def _permission(judged: _Judged) -> Permission | None:
    version = judged.version
    if judged.obstacles:
        return None
    return Permission(
        version.watch_id,
        version.digest,
        version.query,
        tuple(version.languages),
        version.starts,
        version.ends,
        judged.sources,
    )


def _judged(watches: Sequence[Watch], at: datetime) -> Iterator[_Judged]:
    """Judge watches of one agency together, so that a thousand of them take as many questions to the database as one."""
    if not watches:
        return
    agency, numbers = watches[0].agency_id, [watch.pk for watch in watches]
    versions: dict[int, list[WatchVersion]] = {number: [] for number in numbers}
    for version in WatchVersion.objects.filter(watch__in=numbers).order_by("number"):
        versions[version.watch_id].append(version)
    approvals: dict[str, list[Approval]] = {}
    for approval in Approval.objects.filter(agency=agency, subject__in=[w.subject for w in watches]).standing():
        approvals.setdefault(approval.subject, []).append(approval)
    signed: dict[str, bool] = {}  # the last word about a digest counts
    for sign_off in SignOff.objects.filter(watch__in=numbers).order_by("at", "pk"):
        signed[sign_off.digest] = sign_off.lawful
    listening = frozenset(
        Source.objects.filter(agency=agency, rights_until__gt=at.date()).open().values_list("pk", flat=True)
    )
    for watch in watches:
        all_of_it = versions[watch.pk]
        newest = all_of_it[-1]
        newest.watch = watch
        sources = listening & frozenset(newest.sources)
        authors = {version.by_id for version in all_of_it}
        reasons = _against(newest, at, approvals.get(watch.subject, ()), authors, signed, sources)
        yield _Judged(newest, sources, tuple(reasons))


def _against(
    version: WatchVersion,
    at: datetime,
    approvals: Collection[Approval],
    authors: Collection[int],
    signed: Mapping[str, bool],
    sources: frozenset[int],
) -> Iterator[Reason]:
    if version.watch.state != "allowed":
        yield Reason("watch_not_allowed")
    if at < version.starts:
        yield Reason("watch_not_begun")
    if at >= version.ends:
        yield Reason("watch_past_end")
    if version.digest != digest_of(version):
        yield Reason("watch_altered")
    bound = bound_of(version).digest
    approvers = {each.by_id for each in approvals if each.digest == bound and each.rule == TWO_PERSONS}
    if not is_approved(rule=TWO_PERSONS, approvers=approvers, authors=authors):
        yield Reason("watch_unapproved")
    if needs_sign_off(version) and not signed.get(version.digest, False):
        yield Reason("watch_unsigned")
    if not sources:
        yield Reason("watch_no_source")
