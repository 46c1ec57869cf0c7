"""What pages and reports ask about other agencies of the same size."""

from __future__ import annotations

from dataclasses import dataclass

from callbox.core.refusal import RefusedError
from callbox.maturity.benchmark.pool import Comparison, compare
from callbox.maturity.benchmark.published import published
from callbox.maturity.models import Peer
from callbox.maturity.report.inputs import BenchmarkRow, Words
from callbox.maturity.report.table import Cell, Column, Table
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.services.comparing import known_key
from callbox.people.models import Agency

#: What stands beside every figure of others that came in as files.
SOURCE = "levels shared by agencies of the same size, as signed files"


@dataclass(frozen=True, slots=True)
class PeerLine:
    """One area or practice: the agency's own level, and the others', None while fewer than five have shared it."""

    subject: str
    label: str
    own: int | None
    others: Comparison | None


@dataclass(frozen=True, slots=True)
class Standings:
    """The agency beside others of its size."""

    areas: tuple[PeerLine, ...] = ()
    practices: tuple[PeerLine, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything may be shown."""
        return any(line.others for line in (*self.areas, *self.practices))


def standings(agency: Agency, profile: Profile, words: Words) -> Standings:
    """Return the agency's levels beside those of others; without figures of others while its own size is not stated.

    What the agency itself has shared, and got back in somebody's pool, is not counted among the others.

    Raises:
        RefusedError: the agency's key cannot be used, so its own contribution could not be told from the others.
    """
    rows = Peer.objects.of(agency).comparable(band=profile.band.value, model=profile.model, without=known_key(agency))
    pool = [row.plain() for row in rows] if profile.band_stated else []

    def line(subject: str, label: str, own: int | None) -> PeerLine:
        return PeerLine(subject, label, own, compare(pool, band=profile.band, model=profile.model, subject=subject))

    return Standings(
        tuple(line(area.id, words.area(area.id), area.shown) for area in profile.areas),
        tuple(line(one.id, f"{one.id} {words.practice(one.id)}", one.shown) for one in profile.practices),
    )


def benchmark_rows(found: Standings) -> tuple[BenchmarkRow, ...]:
    """Return the areas as reports show them; what fewer than five agencies share is left out."""
    return tuple(
        BenchmarkRow(
            label=line.label,
            own=line.own,
            lower=line.others.lower,
            median=line.others.median,
            upper=line.others.upper,
            n=line.others.n,
            as_of=line.others.newest,
            source=SOURCE,
        )
        for line in found.areas
        if line.others
    )


def reported(agency: Agency, profile: Profile, words: Words) -> tuple[BenchmarkRow, ...]:
    """Return the rows of a report; none while the agency's key cannot be used."""
    try:
        return benchmark_rows(standings(agency, profile, words))
    except RefusedError:
        return ()


def table(found: Standings) -> Table:
    """Return everything that may be shown as one table; figures of fewer than five agencies stay empty."""
    headings = {
        "subject": "Area or practice", "label": "Name", "own": "This agency", "lower": "Lower quartile", "median": "Median",
        "upper": "Upper quartile", "n": "Agencies (n)", "newest": "Newest month", "band": "Size", "model": "Model", "source": "Source",
    }  # fmt: skip
    rows = [(line.subject, line.label, line.own, *_others(line.others)) for line in (*found.areas, *found.practices)]
    columns = tuple(Column(key, heading) for key, heading in headings.items())
    return Table("compared", "Compared with agencies of the same size", columns, tuple(rows))


def _others(one: Comparison | None) -> tuple[Cell, ...]:
    if one is None:
        return (None,) * 8
    return (one.lower, one.median, one.upper, one.n, one.newest, one.band.value, one.model, SOURCE)


def published_table() -> Table:
    """Return the figures that surveys and studies of others have published."""
    headings = {
        "practice": "Practice", "what": "What", "value": "Figure", "n": "Asked or counted (n)", "year": "Year", "where": "Where",
        "source": "Source",
    }  # fmt: skip
    rows = ((one.practice, one.what, one.value, one.n, one.year, one.where, one.source) for one in published())
    columns = tuple(Column(key, heading) for key, heading in headings.items())
    return Table("published", "Published figures of surveys and studies", columns, tuple(rows))
