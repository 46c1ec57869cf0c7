"""Whom to approach next, and why. Pure: a list in the order in which it pays, never a score of anybody.

The order: people whom nobody reaches (their language first, their sector next), then partners nobody spoke with for a quarter, then
papers that run out, then partners who get urgent messages and do not pass them on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: A contact older than this no longer counts (model: C1).
FRESH: Final = timedelta(days=90)
#: A paper that ends within this time is worth a call now.
RUNS_OUT: Final = timedelta(days=30)
#: Urgent messages a partner must have been offered before anything is said of how many it passed on.
ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one partner. offered, passed: urgent messages of the last 90 days, and how many of them it brought to its public.

    agreed: until when an agreement stands or stood, None without one.
    """

    number: int
    name: str
    sector: str
    named: bool
    languages: Sequence[str]
    contacted: date | None
    agreed: date | None = None
    offered: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. code: language, sector, nobody, touch, paper, silent.  about: the language, the sector or the partner's name.

    partner: its number, 0 where there is none yet.  values: numbers and days for the sentence.
    """

    code: str
    about: str
    partner: int = 0
    values: Mapping[str, int | date | None] | None = None


def advise(
    partners: Sequence[Known],
    *,
    sectors: Sequence[str],
    spoken: Sequence[str],
    heard: Mapping[str, int],
    today: date,
) -> list[Advice]:
    """Return what to do, first things first.

    sectors: all there are.  spoken: languages of the place the agency has adopted, its own first.  heard: conversations of the last
    90 days by language (primary tags).
    """
    return [
        *_languages(partners, spoken, heard),
        *(Advice("sector", sector) for sector in sectors if not any(each.sector == sector for each in partners)),
        *(Advice("nobody", each.name, each.number) for each in partners if not each.named),
        *_stale(partners, today),
        *_papers(partners, today),
        *_silent(partners),
    ]


def _languages(partners: Sequence[Known], spoken: Sequence[str], heard: Mapping[str, int]) -> Iterator[Advice]:
    """Yield languages that people of the place speak and no partner reaches, those most heard first."""
    own = {_tag(each) for each in spoken[:1]}
    reached = {_tag(language) for each in partners for language in each.languages}
    wanted = ({_tag(each) for each in spoken} | {_tag(each) for each in heard}) - own - reached - {""}
    for language in sorted(wanted, key=lambda each: (-heard.get(each, 0), each)):
        yield Advice("language", language, values={"heard": heard.get(language, 0)})


def _stale(partners: Sequence[Known], today: date) -> Iterator[Advice]:
    late = [each for each in partners if each.contacted is None or each.contacted < today - FRESH]
    for each in sorted(late, key=lambda each: (each.contacted or date.min, each.name)):
        yield Advice("touch", each.name, each.number, {"last": each.contacted})


def _papers(partners: Sequence[Known], today: date) -> Iterator[Advice]:
    ending = [(each.agreed, each) for each in partners if each.agreed is not None and each.agreed <= today + RUNS_OUT]
    for day, each in sorted(ending, key=lambda pair: (pair[0], pair[1].name)):
        yield Advice("paper", each.name, each.number, {"ends": day})


def _silent(partners: Sequence[Known]) -> Iterator[Advice]:
    """Yield partners that passed fewer than half of what was urgent on, the least first."""
    quiet = [each for each in partners if each.offered >= ENOUGH and each.passed * 2 < each.offered]
    for each in sorted(quiet, key=lambda each: (each.passed / each.offered, each.name)):
        yield Advice("silent", each.name, each.number, {"offered": each.offered, "passed": each.passed})


def _tag(language: str) -> str:
    return language.partition("-")[0].lower()
