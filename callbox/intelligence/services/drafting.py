"""Writing a watch: what every version must say, what its words touch, and keeping it for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.intelligence.bases import bases
from callbox.intelligence.engine.query import QueryError
from callbox.intelligence.models import Source, Watch, WatchVersion
from callbox.intelligence.names import words
from callbox.intelligence.safeguards import Finding, check
from callbox.intelligence.services.permission import digest_of
from callbox.people.models import Agency, Beat, Street, User
from callbox.people.roles import Action, can

#: The shortest purpose, characters: a sentence, not a word.
SHORTEST: Final = 15
#: A watch ends no later than so long from now, whatever its basis allows.
FAR: Final = timedelta(days=5 * 366)
_LONGEST: Final = {"title": 120, "purpose": 2000, "area": 200, "reference": 60, "query": 2000}


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says. basis: an id of bases.yaml.  reference: case or plan number.  languages: BCP 47 primary tags, empty for any."""

    title: str
    purpose: str
    basis: str
    area: str
    query: str
    sources: Sequence[Source]
    starts: datetime
    ends: datetime
    reference: str = ""
    languages: Sequence[str] = ()


def draft(*, agency: Agency, said: Said, by: User) -> Watch:
    """Write a watch. It listens to nothing.

    Raises:
        RefusedError: `by` may not, or something every watch must say is missing. Nothing was kept.
    """
    may(by, Action.WRITE_WATCH, agency)
    findings, now = checked(agency, said), timezone.now()
    with transaction.atomic():
        watch = Watch.objects.create(agency=agency, by=by, at=now, changed_at=now)
        version = _version(watch, 1, said, findings, by)
        tell(watch, Audited.WATCH_DRAFTED, by=by, version=1, digest=version.digest)
    return watch


def save(*, watch: Watch, said: Said, by: User) -> WatchVersion:
    """Write a new version; the watch is a draft again, and whatever was signed or allowed counts for the old words alone.

    Raises:
        RefusedError: `by` may not, it was allowed already, or something every watch must say is missing. Nothing was kept.
    """
    may(by, Action.WRITE_WATCH, watch.agency)
    findings = checked(watch.agency, said)
    with transaction.atomic():
        row = Watch.objects.select_for_update().select_related("agency").get(pk=watch.pk)
        if row.state in {"allowed", "ended"}:
            raise RefusedError(
                _(
                    "This watch was allowed as it stands, so its words stay. End it and write a new one. Nothing was kept."
                )
            )
        version = _version(row, row.newest.number + 1, said, findings, by)
        if row.state == "draft":
            Watch.objects.filter(pk=row.pk).update(changed_at=version.at)
        else:
            move(row, "draft", why="", changed_at=version.at)
        approvals.void(agency=row.agency, subject=row.subject, why="a new version", by=by)
        tell(row, Audited.WATCH_SAVED, by=by, version=version.number, digest=version.digest)
    watch.refresh_from_db()
    return version


def findings_of(version: WatchVersion) -> tuple[Finding, ...]:
    """Return what the words of a version touch by the lists of today.

    Raises:
        RefusedError: its query can no longer be read.
    """
    return _findings(
        version.watch.agency,
        version.query,
        title=version.title,
        purpose=version.purpose,
        area=version.area,
        languages=tuple(version.languages),
    )


def _findings(
    agency: Agency, query: str, *, title: str, purpose: str, area: str, languages: tuple[str, ...]
) -> tuple[Finding, ...]:
    places = own_places(agency, f"{query} {title} {purpose} {area}")
    try:
        return check(query, title=title, purpose=purpose, area=area, languages=languages, places=places)
    except QueryError as error:
        raise RefusedError(
            _("The words to listen for cannot be read: %(why)s. Nothing was kept.") % {"why": _(error.reason.sentence)}
        ) from None


def own_places(agency: Agency, text: str) -> tuple[str, ...]:
    """Return the agency's own beats, and those of its streets that stand in `text`: their names are no person's."""
    said = [word.plain for word in words(text)]
    grams = {" ".join(said[i : i + length]) for length in (2, 3, 4) for i in range(len(said) - length + 1)}
    streets = Street.objects.filter(beat__agency=agency, beat__ended_at=None, folded__in=sorted(grams)[:5000])
    beats = Beat.objects.filter(agency=agency, ended_at=None).values_list("name", flat=True)
    return (*sorted(beats), *sorted(set(streets.values_list("name", flat=True))))


def checked(agency: Agency, said: Said) -> tuple[Finding, ...]:
    """Return what the words touch, once everything is there that a watch must say.

    Raises:
        RefusedError: something is missing, or the query cannot be read.
    """
    if any(not getattr(said, name).strip() for name in ("title", "purpose", "area", "query")):
        raise RefusedError(_("A watch says its name, purpose, area and words. Nothing was kept."))
    if len(said.purpose.strip()) < SHORTEST:
        raise RefusedError(_("Say the purpose in a sentence, so that a stranger understands it. Nothing was kept."))
    for name, most in _LONGEST.items():
        if len(getattr(said, name)) > most:
            raise RefusedError(_("At most %(most)d characters. Nothing was kept.") % {"most": most})
    basis = bases().get(said.basis)
    if basis is None:
        raise RefusedError(_("Choose one of the lawful bases. If none fits, there is no watch. Nothing was kept."))
    if basis.reference and not said.reference.strip():
        raise RefusedError(_("This basis needs a case or plan number. Nothing was kept."))
    if said.ends <= said.starts:
        raise RefusedError(_("The watch must end after it begins. Nothing was kept."))
    if said.ends - said.starts > basis.span:
        raise RefusedError(
            _("On this basis a watch lasts %(days)d days at most; a new one can follow. Nothing was kept.")
            % {"days": basis.days}
        )
    in_time(said.ends, timezone.now())
    if not said.sources or any(source.agency_id != agency.pk for source in said.sources):
        raise RefusedError(_("Choose at least one source to listen to. Nothing was kept."))
    return _findings(
        agency,
        said.query,
        title=said.title,
        purpose=said.purpose,
        area=said.area,
        languages=tuple(said.languages),
    )


def in_time(ends: datetime, now: datetime) -> None:
    """Refuse what has ended, and what ends so far ahead that it is a slip of the pen.

    Raises:
        RefusedError: its last hour has passed, or is further away than `FAR`.
    """
    if ends <= now:
        raise RefusedError(_("Its last hour has passed. Give it a new one. Nothing was kept."))
    if ends - now > FAR:
        raise RefusedError(_("It ends years from now. Look at the year; nothing was kept."))


def _version(watch: Watch, number: int, said: Said, findings: Sequence[Finding], by: User) -> WatchVersion:
    version = WatchVersion(
        watch=watch,
        number=number,
        title=said.title.strip(),
        purpose=said.purpose.strip(),
        basis=said.basis,
        reference=said.reference.strip(),
        area=said.area.strip(),
        query=said.query.strip(),
        languages=list(said.languages),
        sources=sorted(source.pk for source in said.sources),
        starts=said.starts,
        ends=said.ends,
        findings=[asdict(finding) for finding in findings],
        by=by,
        at=timezone.now(),
    )
    version.digest = digest_of(version)
    version.save(force_insert=True)
    return version


def may(by: User, action: Action, agency: Agency) -> None:
    """Refuse what the role of `by` does not hold.

    Raises:
        RefusedError: it does not.
    """
    if not can(by, action, agency):
        raise no_role()


def no_role() -> RefusedError:
    """Return the refusal of somebody whose role does not hold what was asked."""
    return RefusedError(_("Your role does not include this. Ask someone who may."))


def tell(watch: Watch, action: Audited, *, by: User | str, **data: Value) -> None:
    """Write into the trail what was done with a watch."""
    record(agency=watch.agency, by=by, action=action, target=watch.subject, data=data)
