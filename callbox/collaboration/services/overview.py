"""Where everything shared stands: who has which version, who still shows an older one, and who has not been reached."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from callbox.collaboration.models import Offer, OfferQuerySet, Partner, Receipt
from callbox.collaboration.services.offers import LATE, TAKEN_UP
from callbox.people.models import Agency


@dataclass(frozen=True, slots=True)
class Line:
    """One partner of one share. offer: the newest version.  shows: the newest version it published, 0 when none is known.

    behind: it shows an older version, or has not confirmed a recall.  late: for so long that somebody should call.
    """

    offer: Offer
    receipts: tuple[Receipt, ...] = ()
    shows: int = 0
    behind: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One share with its partners. newest: the row with the newest version.  lines: by name of the partner."""

    share: uuid.UUID
    newest: Offer
    lines: tuple[Line, ...] = field(default=())

    @property
    def behind(self) -> int:
        """How many partners still show an older version."""
        return sum(line.behind for line in self.lines)

    @property
    def late(self) -> int:
        """How many of them for too long."""
        return sum(line.late for line in self.lines)

    @property
    def stopped(self) -> int:
        """How many got nothing, because no agreement allows it or their side refused."""
        return sum(line.offer.state in {"blocked", "refused"} for line in self.lines)


#: At most so many are named before a list as what somebody has to look after.
MOST: Final = 50


def names(agency: Agency, *, partner: Partner | None = None) -> QuerySet[Offer, uuid.UUID]:
    """Return the names of what the agency shared, the newest change first, to be read a page at a time. partner: with this one alone."""
    rows = Offer.objects.of(agency) if partner is None else Offer.objects.of(agency).filter(partner=partner)
    newest = rows.order_by().values("share").annotate(changed=Max("changed_at"), last=Max("pk"))
    return newest.order_by("-changed", "-last").values_list("share", flat=True)


def some(agency: Agency, found: Collection[uuid.UUID], *, partner: Partner | None = None) -> list[Share]:
    """Return these shares, the newest change first. partner: as this one has them."""
    rows = Offer.objects.of(agency).filter(share__in=found)
    return _made(rows if partner is None else rows.filter(partner=partner))


def to_look_after(agency: Agency) -> list[Share]:
    """Return what was stopped, and what a partner has not followed for long, the newest change first.

    The rows are asked for what could be so (stopped, or an older version taken up and the newer one not), and only that is read.
    """
    rows = Offer.objects.of(agency)
    stopped = Q(state__in=("blocked", "refused"))
    older = Q(version__gt=1, at__lt=timezone.now() - LATE) & ~Q(state__in=("published", "recalled", "superseded"))
    found = rows.filter(stopped | older).order_by().values_list("share", flat=True).distinct()
    return [one for one in some(agency, list(found)) if one.late or one.stopped][:MOST]


def share(agency: Agency, name: uuid.UUID) -> Share | None:
    """Return one share of the agency, None when it has none of this name."""
    return next(iter(some(agency, [name])), None)


def _made(rows: OfferQuerySet) -> list[Share]:
    found: dict[uuid.UUID, dict[int, list[Offer]]] = {}
    for row in rows.select_related("partner", "agreement").prefetch_related("receipts").order_by("version", "pk"):
        found.setdefault(row.share, {}).setdefault(row.partner_id, []).append(row)
    made = [_share(name, chains) for name, chains in found.items()]
    return sorted(made, key=lambda one: (one.newest.changed_at, one.newest.pk), reverse=True)


def _share(name: uuid.UUID, chains: dict[int, list[Offer]]) -> Share:
    now = timezone.now()
    lines = sorted((_line(chain, now) for chain in chains.values()), key=lambda line: line.offer.partner.name)
    return Share(name, max((line.offer for line in lines), key=lambda offer: (offer.version, offer.pk)), tuple(lines))


def _line(chain: list[Offer], now: datetime) -> Line:
    newest = chain[-1]
    receipts = tuple(sorted((each for row in chain for each in row.receipts.all()), key=lambda each: each.happened_at))
    shows = max((row.version for row in chain if _said(row, ("published",))), default=0)
    taken = any(_said(row, TAKEN_UP) for row in chain[:-1])
    done = (
        TAKEN_UP if newest.kind == "event" else ("published",)
    )  # of an event nothing is published: that they know is all
    behind = newest.state != "recalled" if newest.recalls else taken and newest.state not in done
    return Line(newest, receipts, shows, behind, behind and now - newest.at > LATE)


def _said(row: Offer, words: Iterable[str]) -> bool:
    return any(each.said in words for each in row.receipts.all())
