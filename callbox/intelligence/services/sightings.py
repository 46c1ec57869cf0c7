"""Keeping what watches matched: each post once, only while its watch may listen, and no word of it once its author deleted it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from callbox.core.log.contract import Entry, Fetched, Log
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.retention.services import days_of, subjects_on_hold
from callbox.intelligence.models import Match, SetAside, Sighting, Source
from callbox.intelligence.pipeline.findings import Finding, Matched
from callbox.intelligence.pseudonyms import vault
from callbox.intelligence.services import titles
from callbox.intelligence.services.watches import permissions
from callbox.people.models import Agency

BY: Final = "system: listener"
#: Days until the review of a sighting where no retention class says otherwise.
REVIEW_DAYS: Final = 90
#: No public post is older than the networks; a clock that says so is wrong.
_EARLIEST: Final = datetime(2004, 1, 1, tzinfo=UTC)
_LONGEST_WHY: Final = 200
#: How often a batch is written anew because another worker wrote some of it at the same moment.
_TRIES: Final = 5


@dataclass(slots=True)
class Kept:
    """What came of a batch, in numbers. new: posts kept.  matches: kept, of new posts or known ones.  reworded: edits.  gone: deleted
    upstream.  held: deleted upstream, and kept because of a hold.  refused: matches whose watch may not listen any more.
    """

    new: int = 0
    matches: int = 0
    reworded: int = 0
    gone: int = 0
    held: int = 0
    refused: int = 0

    def add(self, other: Kept) -> None:
        """Count `other` in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def changed(self) -> bool:
        """Whether any row was written."""
        return bool(self.new or self.matches or self.reworded or self.gone or self.held)

    def plain(self) -> dict[str, int]:
        """Return the numbers for the trail."""
        return {name: getattr(self, name) for name in self.__slots__}


def keep(findings: Iterable[Finding]) -> Kept:
    """Keep what was found, of any agencies, in one transaction an agency. Doing it again changes nothing.

    The permission of each watch is asked at this moment: what its watch may not listen for any more is not kept.
    """
    of_agency: dict[int, list[Finding]] = {}
    for finding in findings:
        of_agency.setdefault(finding.agency, []).append(finding)
    total = Kept()
    for number, some in sorted(of_agency.items()):
        total.add(_keep(number, some))
    return total


@dataclass(slots=True)
class _Post:
    """All that a batch says of one post. newest: its newest words."""

    newest: Finding | None = None
    first: datetime | None = None
    gone: Finding | None = None
    matched: dict[int, tuple[Matched, datetime]] = field(default_factory=dict)


@transaction.atomic
def _keep(number: int, findings: Sequence[Finding]) -> Kept:
    agency = Agency.objects.filter(pk=number).first()
    if agency is None:  # it left this installation while the entry was on its way
        return Kept(refused=sum(len(finding.matched) for finding in findings))
    now, kept = timezone.now(), Kept()
    posts = _posts(findings, _allowed(agency, {finding.source for finding in findings}, now), kept)
    review_by = now.date() + timedelta(days=days_of(agency).get("sightings") or REVIEW_DAYS)
    made = {key: _new(agency, key, post, review_by, now) for key, post in posts.items()}  # as heard
    kept.new = sum(posts[key].newest is not None for key in _insert(agency, made))
    ours = Sighting.objects.of(agency).filter(key__in=made).select_for_update(of=("self",)).order_by("key")
    rows = {row.key: row for row in ours}
    holds = set(subjects_on_hold(agency)) if any(post.gone for post in posts.values()) else set()
    changed = [row for key, row in rows.items() if _renewed(row, posts[key], holds, now, kept)]
    Sighting.objects.bulk_update(
        changed, ["text", "language", "words_at", "sealed", "gone_at", "review_by"], batch_size=100
    )
    titles.refreshed({row.event_id for row in changed if row.event_id is not None})
    kept.matches = _match(rows, posts)
    if kept.changed:
        record(agency=agency, by=BY, action=Audited.SIGHTINGS_KEPT, target=f"agency:{agency.pk}", data=kept.plain())
    return kept


def _allowed(agency: Agency, numbers: set[int], now: datetime) -> dict[int, dict[int, str]]:
    """Return source -> watch -> digest of the version that may listen there at this moment."""
    sources = Source.objects.of(agency).filter(pk__in=numbers)
    return {source.pk: {one.watch: one.digest for one in permissions(source, now)} for source in sources}


def _posts(findings: Iterable[Finding], allowed: Mapping[int, Mapping[int, str]], kept: Kept) -> dict[str, _Post]:
    """Return what may be kept, a post each, whatever the order in which it came."""
    posts: dict[str, _Post] = {}
    for finding in sorted(findings, key=lambda each: each.heard):
        if finding.gone:
            if finding.source in allowed:
                posts.setdefault(finding.key, _Post()).gone = finding
            continue
        watches = allowed.get(finding.source, {})
        matched = [one for one in finding.matched if watches.get(one.watch) == one.digest]
        kept.refused += len(finding.matched) - len(matched)
        if matched:
            post = posts.setdefault(finding.key, _Post())
            post.newest, post.first = finding, post.first or finding.heard
            post.matched |= {one.watch: (one, finding.heard) for one in matched}
    return posts


def _new(agency: Agency, key: str, post: _Post, review_by: date, now: datetime) -> Sighting:
    """Return the row of a post that is not known yet.

    One that was deleted before it was kept leaves its place, so that its words are not kept after all when they come late.
    """
    told = post.newest or post.gone
    assert told is not None  # _posts made it  # noqa: S101
    seen = min(post.first or told.heard, now)
    row = Sighting(
        agency=agency,
        source_id=told.source,
        key=key,
        pseudonym=told.pseudonym,
        seen_at=seen,
        at=max(_EARLIEST, min(told.at or seen, seen)),
        review_by=review_by,
    )
    if post.newest is None:
        row.gone_at = row.grouped_at = now
    else:
        row.sealed, row.text, row.language = told.sealed, told.text, told.language
        row.words_at = told.heard if told.heard > seen else None
    return row


def _insert(agency: Agency, made: Mapping[str, Sighting], *, tries: int = _TRIES) -> set[str]:
    """Write the rows that are not there yet; return their keys. What another worker writes at this moment is theirs.

    Raises:
        IntegrityError: again and again somebody was first.
    """
    known = set(Sighting.objects.of(agency).filter(key__in=made).values_list("key", flat=True))
    new = made.keys() - known
    try:
        with transaction.atomic():
            Sighting.objects.bulk_create((row for key, row in made.items() if key in new), batch_size=200)
    except IntegrityError:
        if tries == 1:
            raise
        return _insert(agency, made, tries=tries - 1)
    return new


def _renewed(row: Sighting, post: _Post, holds: set[str], now: datetime, kept: Kept) -> bool:
    """Bring a row up to what was heard; return whether anything changed."""
    if row.gone_at is not None:
        # Either it was gone before, or this batch made its place.
        kept.gone += row.gone_at == now
        return False
    if post.gone is not None:
        row.gone_at = now
        if holds & {"everything", "class:sightings", row.subject, f"event:{row.event_id}"}:
            row.review_by = now.date()  # goes as soon as the hold ends
            kept.held += 1
        else:
            row.text = row.sealed = ""
            kept.gone += 1
        return True
    told = post.newest
    if told is None or told.text == row.text or told.heard <= (row.words_at or row.seen_at):
        return False
    row.text, row.language, row.words_at = told.text, told.language, told.heard
    kept.reworded += 1
    return True


def _match(rows: Mapping[str, Sighting], posts: Mapping[str, _Post]) -> int:
    known = set(Match.objects.filter(sighting__in=rows.values()).values_list("watch", "sighting"))
    new = [
        Match(watch_id=watch, sighting=rows[key], digest=one.digest, words=list(one.words), at=heard)
        for key, post in sorted(posts.items())
        for watch, (one, heard) in sorted(post.matched.items())
        if (watch, rows[key].pk) not in known
    ]
    Match.objects.bulk_create(new, batch_size=200)  # their sightings are locked, so nobody else adds any
    return len(new)


@transaction.atomic
def set_aside(fetched: Fetched, *, agency: int | None, why: str) -> None:
    """Put an entry of the log where people see it, with why it could not be kept; doing it again changes nothing."""
    owner = Agency.objects.filter(pk=agency).first() if agency is not None else None
    _row, new = SetAside.objects.get_or_create(
        entry=fetched.id[:64],
        defaults={"agency": owner, "data": fetched.data, "why": why[:_LONGEST_WHY], "at": timezone.now()},
    )
    if new:
        record(
            agency=owner,
            by=BY,
            action=Audited.SIGHTING_SET_ASIDE,
            target=f"entry:{fetched.id[:64]}",
            data={"tries": fetched.tries, "why": why[:_LONGEST_WHY]},
        )


def append_again(log: Log) -> int:
    """Put everything that was set aside into the log once more, after its reason was mended; return how many entries.

    A crash in between leaves them set aside too: appended again they have the same ids, and kept again they change nothing.

    Raises:
        LogError: the log takes nothing; all stays set aside.
    """
    rows = list(SetAside.objects.select_related("agency").order_by("pk"))
    log.append([Entry(f"{row.entry}:{row.at.timestamp()}", bytes(row.data)) for row in rows])
    count = 0
    for row in rows:
        with transaction.atomic():
            gone, _each = SetAside.objects.filter(pk=row.pk).delete()
            if gone:  # nobody else did so at this moment
                record(agency=row.agency, by=BY, action=Audited.SIGHTING_TRIED_AGAIN, target=f"entry:{row.entry}")
                count += 1
    return count


@transaction.atomic
def seal_anew() -> int:
    """Seal every author with the newest key, so that an older one can be taken out of the settings; return how many there are.

    Raises:
        SealBrokenError: a key is missing; nothing was changed.
    """
    box, count = vault(), 0
    for number, sealed in Sighting.objects.exclude(sealed="").values_list("pk", "sealed"):
        box.open(sealed)
        Sighting.objects.filter(pk=number, sealed=sealed).update(sealed=box.seal_anew(sealed))
        count += 1
    if count:
        record(agency=None, by="system: keys", action=Audited.SIGHTINGS_SEALED, target="sightings", data={"n": count})
    return count
