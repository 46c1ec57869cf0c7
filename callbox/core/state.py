"""The life of a row as a graph: declared once, checked when it is defined, moved along only by its edges.

The idea is Takahe's Stator, without a runner: who moves a row, and why, is written into the audit trail by the service that calls `move`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class UndeclaredMoveError(Exception):
    """The graph has no such edge."""


class MovedMeanwhileError(Exception):
    """The row is no longer in the state it was read in: somebody else was first."""


@dataclass(frozen=True, slots=True)
class Graph:
    """States and the edges between them.

    start: the state a new row has.  edges: state -> states it may move to; a state without edges is an end.

    Raises:
        ValueError: an edge leads to a state that is not declared, or a state cannot be reached from the start.
    """

    start: str
    edges: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        unknown = {to for targets in self.edges.values() for to in targets} | {self.start}
        unknown -= set(self.edges)
        if unknown:
            raise ValueError(f"states without a line of their own: {', '.join(sorted(unknown))}")
        lost = set(self.edges) - self._reachable()
        if lost:
            raise ValueError(f"states that nothing leads to: {', '.join(sorted(lost))}")

    def _reachable(self) -> set[str]:
        found, ahead = {self.start}, [self.start]
        while ahead:
            for to in self.edges[ahead.pop()]:
                if to not in found:
                    found.add(to)
                    ahead.append(to)
        return found

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, as written."""
        return tuple(self.edges)

    def allows(self, begin: str, to: str) -> bool:
        """Whether an edge leads from `begin` to `to`."""
        return to in self.edges[begin]

    def check(self, begin: str, to: str) -> None:
        """Refuse an edge that is not declared.

        Raises:
            UndeclaredMoveError: there is none.
        """
        if not self.allows(begin, to):
            raise UndeclaredMoveError(f"nothing leads from {begin!r} to {to!r}")


class Living(Protocol):
    """A model instance whose class declares its graph as `LIFE` and keeps its state in `state`."""

    LIFE: Graph
    state: Any
    pk: Any


def move(row: Living, to: str, **changes: object) -> None:
    """Move `row` to the state `to` and write `changes` with it, by compare-and-swap: update where unchanged, and count one.

    Raises:
        UndeclaredMoveError: the graph has no such edge.
        MovedMeanwhileError: somebody moved the row since it was read.
    """
    row.LIFE.check(row.state, to)
    manager = type(row)._default_manager  # type: ignore[attr-defined]
    if not manager.filter(pk=row.pk, state=row.state).update(state=to, **changes):
        raise MovedMeanwhileError(f"row {row.pk} is no longer {row.state!r}")
    row.state = to
    for name, value in changes.items():
        setattr(row, name, value)
