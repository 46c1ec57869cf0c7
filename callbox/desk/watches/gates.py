"""How the gates stand that watches depend on, as the newest profile shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from callbox.maturity import queries
from callbox.maturity.model import loader
from callbox.maturity.model.wording import words_of
from callbox.people.models import Agency

#: Gates below whose level the model asks for no watch, and for no new one (rule 6).
GATES: Final = ("I1", "I3")


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. shown: the level it shows, None while nothing was measured.  needed: the level from which on it is open."""

    practice: str
    name: str
    shown: int | None
    needed: int

    @property
    def open(self) -> bool:
        """Whether the model asks for nothing."""
        return self.shown is not None and self.shown >= self.needed


def gates(agency: Agency) -> list[Gate]:
    """Return the gates of watches."""
    model, levels = loader.load(), queries.shown_levels(agency)
    words = words_of(model)
    return [Gate(each, words.practice(each), levels.get(each), model.gate_level) for each in GATES]
