"""From this area's live rows to the ledger: watches and looks with their papers, and what is kept of what they found."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

import polars as pl
from django.db.models import Exists, OuterRef

from callbox.governance.models import Approval
from callbox.intelligence.bases import bases
from callbox.intelligence.models import Match, Reveal, Sighting, Watch, WatchVersion
from callbox.intelligence.services import permission
from callbox.intelligence.tables import SCHEMAS
from callbox.people.models import Agency

#: What is wrong with a watch's papers; that its hour has not come, or its source is closed, is no exception.
_EXCEPTIONS: Final = frozenset({"watch_altered", "watch_unapproved", "watch_unsigned"})
_TIER: Final = "overt"


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the tables of the ledger that this area's rows fill until `as_of`."""
    return {
        "watches": watches(agency, as_of=as_of).filter(pl.col("at") <= as_of),
        "records": records(agency).filter(pl.col("day") <= as_of.date()),
    }


def watches(agency: Agency, *, as_of: datetime) -> pl.DataFrame:
    """Return the table `watches`: one row for each watch that could listen, and for each look at an author that was allowed."""
    rows = list(Watch.objects.of(agency).exclude(starts=None).order_by("starts", "pk"))
    newest = {version.watch_id: version for version in WatchVersion.objects.filter(watch__in=rows).order_by("number")}
    authors: dict[int, set[int]] = defaultdict(set)
    for watch, author in WatchVersion.objects.filter(watch__in=rows).values_list("watch", "by"):
        authors[watch].add(author)
    allowed: dict[str, set[int]] = defaultdict(
        set
    )  # whoever allowed it, also where the permission ended with the watch
    for subject, approver in (
        Approval.objects.of(agency).filter(subject__startswith="watch:").values_list("subject", "by")
    ):
        allowed[subject].add(approver)
    found: list[tuple[datetime | None, datetime | None, str, bool, str, bool, bool]] = []
    for row in rows:
        version, begins, ends = newest[row.pk], row.starts, row.ends
        assert begins is not None  # noqa: S101 - the query says so
        assert ends is not None  # noqa: S101 - set together with the start
        until = min(ends, row.changed_at) if row.state == "ended" else ends
        codes = {reason.code for reason in permission.obstacles(row, as_of)} if row.state == "allowed" else set()
        approver = bool(allowed[row.subject] - authors[row.pk])
        found.append(
            (begins, max(begins, until), "watch", _papers(version), _TIER, approver, bool(codes & _EXCEPTIONS))
        )
    looks = Reveal.objects.filter(agency=agency).exclude(until=None).order_by("decided_at", "pk")
    found += [
        (
            look.decided_at,
            look.until,
            "reveal",
            bool(look.reason.strip() and look.basis and look.reference.strip()),
            _TIER,
            look.decided_by_id not in {None, look.by_id},
            False,
        )
        for look in looks
    ]
    return pl.DataFrame(found, schema=SCHEMAS["watches"], orient="row")


def _papers(version: WatchVersion) -> bool:
    basis = bases().get(version.basis)
    numbered = basis is not None and (bool(version.reference.strip()) or not basis.reference)
    return numbered and bool(version.purpose.strip())


def records(agency: Agency) -> pl.DataFrame:
    """Return the table `records`: one row for each sighting whose words are kept, ordered by what it says."""
    rows = Sighting.objects.of(agency).exclude(text="", sealed="", pseudonym="").annotate(led=_led(agency))
    found = [
        (at.astimezone(UTC).date(), review, led) for at, review, led in rows.values_list("seen_at", "review_by", "led")
    ]
    return pl.DataFrame(found, schema=SCHEMAS["records"], orient="row").sort(list(SCHEMAS["records"]), nulls_last=True)


def _led(agency: Agency) -> Exists:
    """Return whether a watch that was allowed led to a sighting, in a version that exists."""
    version = WatchVersion.objects.filter(watch=OuterRef("watch"), digest=OuterRef("digest"))
    return Exists(
        Match.objects.filter(sighting=OuterRef("pk"), watch__agency=agency, watch__starts__isnull=False).filter(
            Exists(version)
        )
    )
