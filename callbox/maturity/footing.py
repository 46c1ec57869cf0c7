"""What each practice rests on: figures of the record, documents, or nothing yet, and then why. Pure; a profile in, lines out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from callbox.core.measure import Measure
from callbox.core.text import Reason
from callbox.maturity.origin import Origin, origin
from callbox.maturity.report import words as say
from callbox.maturity.report.inputs import Words
from callbox.maturity.scoring.profile import Outcome, PracticeResult, Profile

#: own, files, both: a figure of these can be judged.  documents: only papers carry it.  nothing: not even one of those counts.
type Ground = Literal["own", "files", "both", "documents", "nothing"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure a practice is judged by. value: in words, a dash where it is not shown.  days: of its window.  why: not judged."""

    name: str
    label: str
    value: str
    n: int
    days: int
    origin: Origin
    why: Reason | None

    @property
    def known(self) -> bool:
        """Whether there is a value, judged or not."""
        return self.value != say.figure(None, "")


@dataclass(frozen=True, slots=True)
class Footing:
    """What one practice rests on. held, asked: documents that count, of those that its levels ask for."""

    result: PracticeResult
    ground: Ground
    figures: tuple[Figure, ...]
    held: int
    asked: int

    @property
    def known(self) -> list[Figure]:
        """The figures with a value, judged or not."""
        return [figure for figure in self.figures if figure.known]

    @property
    def missing(self) -> list[tuple[Reason, list[str]]]:
        """Each reason why figures are not shown, with their labels."""
        found: dict[str, tuple[Reason, list[str]]] = {}
        for figure in self.figures:
            if not figure.known and figure.why is not None:
                found.setdefault(figure.why.sentence, (figure.why, []))[1].append(figure.label)
        return list(found.values())


def footings(profile: Profile, words: Words) -> list[Footing]:
    """Return what each practice of `profile` rests on, in its order."""
    return [_footing(profile, words, practice) for practice in profile.practices]


def _footing(profile: Profile, words: Words, practice: PracticeResult) -> Footing:
    figures = tuple(_figures(profile, words, practice))
    papers = [condition for condition in practice.conditions if condition.measure is None]
    held = sum(condition.outcome is Outcome.MET for condition in papers)
    return Footing(practice, _ground(figures, held), figures, held, len(papers))


def _ground(figures: tuple[Figure, ...], held: int) -> Ground:
    judged = {figure.origin for figure in figures if figure.why is None}
    if not judged:
        return "documents" if held else "nothing"
    return "both" if len(judged) > 1 else judged.pop()


def _figures(profile: Profile, words: Words, practice: PracticeResult) -> Iterator[Figure]:
    """Yield each measure once: of a time with several limits the first that can be judged, else the first with a value."""
    found: dict[str, list[Measure]] = {}
    for condition in practice.conditions:
        measure = profile.measures.get(condition.measure or "")
        if measure is not None:
            found.setdefault(measure.name.partition("@")[0], []).append(measure)
    for name, each in found.items():
        best = min(each, key=lambda measure: (measure.bound is None, measure.value is None))
        yield Figure(
            name,
            words.counted(best.name),
            say.figure(best.value, best.unit),
            best.n,
            (best.window.ends - best.window.begins).days,
            origin(profile.record, best.tables),
            best.reason or (Reason("not_carried") if best.bound is None else None),
        )
