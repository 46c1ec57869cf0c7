"""What was hidden, month by month: the numbers that the Santa Clara Principles ask for. No comment, no author, no officer."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from callbox.people.models import Agency
from callbox.trust.models import Hiding


@dataclass(frozen=True, slots=True)
class Month:
    """One month (of the hiding, on the agency's clocks) and one ground. hidden: decisions.  effective: the network hid it or had hidden it.

    told: authors told.  objected, upheld, overturned: objections and what became of them.  undone: restored without an objection, or
    after one was upheld.
    """

    month: str
    ground: str
    hidden: int
    effective: int
    told: int
    objected: int
    upheld: int
    overturned: int
    undone: int


def monthly(agency: Agency) -> list[Month]:
    """Return the counts, the newest month first, grounds in the order of their names."""
    zone, found = ZoneInfo(agency.time_zone), dict[tuple[str, str], Counter[str]]()
    for row in Hiding.objects.of(agency).iterator():
        counts = found.setdefault((f"{row.at.astimezone(zone):%Y-%m}", row.ground), Counter())
        objected, restored = row.appealed_at is not None, row.state == "restored"
        counts["hidden"] += 1
        counts["effective"] += row.took_effect or (restored and row.asked == Hiding.Asked.DONE)
        counts["told"] += row.told_at is not None
        counts["objected"] += objected
        counts["upheld"] += row.state == "upheld" or row.undone_at is not None
        counts["overturned"] += restored and objected and row.undone_at is None
        counts["undone"] += restored and (not objected or row.undone_at is not None)
    names = ("hidden", "effective", "told", "objected", "upheld", "overturned", "undone")
    keys = sorted(found, key=lambda key: (key[0], [-ord(sign) for sign in key[1]]), reverse=True)
    return [Month(month, ground, **{name: found[month, ground][name] for name in names}) for month, ground in keys]


def as_rows(agency: Agency) -> list[dict[str, object]]:
    """Return the counts as plain rows, for CSV and JSON."""
    return [asdict(month) for month in monthly(agency)]
