"""Tables of what comes next: the gaps to the targets, the steps of a plan, and how the trend divides. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from callbox.maturity.report.table import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class GapLine:
    """One practice below its target. hours: once; monthly: to hold it."""

    practice: str
    name: str
    area: str
    gate: bool
    shown: int
    target: int
    due: date
    hours: float
    monthly: float

    @property
    def gap(self) -> int:
        """Levels to go."""
        return self.target - self.shown


#: The orders of the gap list: name in an address -> key. Ties keep the model's order.
ORDERS: Mapping[str, Callable[[GapLine], tuple[float, ...]]] = {
    "gap": lambda line: (-line.gap,),
    "effort": lambda line: (line.hours, line.monthly),
    "gate": lambda line: (not line.gate, -line.gap),
    "due": lambda line: (line.due.toordinal(),),
}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One step of a plan. shows: first day on which the record can show it; owner: empty while nobody took it."""

    practice: str
    name: str
    level: int
    level_name: str
    hours: float
    monthly: float
    begins: date
    ends: date
    shows: date
    owner: str = ""
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """How one area moved between two neighbouring assessments. before, rebased, after: levels shown, None where it did not apply.

    rebased: the earlier one as the later model judges it; equal to `before` while the model stayed the same.
    """

    begins: date
    ends: date
    model_before: str
    model_after: str
    area: str
    before: int | None
    rebased: int | None
    after: int | None


def gap_table(lines: Iterable[GapLine]) -> Table:
    """Return the gap list in the order given."""
    return _table(
        "gaps",
        "Targets and gaps",
        {
            "practice": "Practice", "name": "Name", "area": "Area", "gate": "Gate", "shown": "Shown", "target": "Target",
            "gap": "Levels to go", "due": "By", "hours": "Hours once", "monthly": "Hours a month",
        },
        (
            (one.practice, one.name, one.area, one.gate, one.shown, one.target, one.gap, one.due, one.hours, one.monthly)
            for one in lines
        ),
    )  # fmt: skip


def plan_table(lines: Iterable[PlanLine]) -> Table:
    """Return the steps of a plan in their order."""
    return _table(
        "roadmap",
        "Roadmap",
        {
            "practice": "Practice", "name": "Name", "level": "To level", "level_name": "Level", "begins": "Begins",
            "ends": "Made", "shows": "Record can show it", "hours": "Hours once", "monthly": "Hours a month",
            "owner": "Owner", "done": "Done",
        },
        (
            (
                one.practice, one.name, one.level, one.level_name, one.begins, one.ends, one.shows, one.hours, one.monthly,
                one.owner, one.done,
            )
            for one in lines
        ),
    )  # fmt: skip


def passage_table(passages: Sequence[Passage]) -> Table:
    """Return what moved between neighbouring assessments, split into the model's part and the agency's."""
    return _table(
        "trend-split",
        "What moved, and through whom",
        {
            "begins": "From", "ends": "To", "model_before": "Model before", "model_after": "Model after", "area": "Area",
            "before": "Before", "rebased": "Before, by the later model", "after": "After",
        },
        (
            (one.begins, one.ends, one.model_before, one.model_after, one.area, one.before, one.rebased, one.after)
            for one in passages
        ),
    )  # fmt: skip


def _table(name: str, title: str, columns: Mapping[str, str], rows: Iterable[tuple[Cell, ...]]) -> Table:
    return Table(name, title, tuple(Column(key, heading) for key, heading in columns.items()), tuple(rows))
