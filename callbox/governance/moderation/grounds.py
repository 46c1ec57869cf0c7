"""Written grounds on which a comment may be hidden, read from grounds.yaml and checked. Pure.

Only these: there is no list of words, no score and no ban in Callbox (Tanner v. Ziegenhorn, E.D. Ark. 2021; model 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml

from callbox.governance.moderation.lint import findings

#: Working days until somebody decides about an objection (model, T1 from level 3 on).
DECIDED_WITHIN: Final = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground, as grounds.yaml explains. effective: since when its source holds.  review: when counsel looks at it again."""

    id: str
    title: str
    means: str
    test: str
    example: str
    counter: str
    jurisdiction: str
    source: str
    effective: date
    review: date
    copy: Literal["shown", "withheld"]

    def __post_init__(self) -> None:
        if self.copy not in {"shown", "withheld"} or not self.effective < self.review:
            raise ValueError(
                f"{self.id}: a ground needs a review after its beginning, and says whether its copy is shown"
            )
        found = findings(f"{self.title}. {self.means}")
        if found:
            raise ValueError(f"{self.id}: “{found[0].words}” judges what somebody thinks; a ground may not")


@cache
def grounds() -> dict[str, Ground]:
    """Return every ground by its id, as written.

    Raises:
        ValueError: two have one id, or one names a viewpoint.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("grounds.yaml").read_text("utf-8"))
    found = {row["id"]: Ground(**row) for row in rows}
    if len(found) != len(rows):
        raise ValueError("two grounds have the same id")
    return found


def overdue_for_review(today: date) -> list[Ground]:
    """Return the grounds that counsel should have looked at by `today`."""
    return [ground for ground in grounds().values() if ground.review <= today]
