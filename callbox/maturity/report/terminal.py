"""A profile in the terminal: legible at 80 columns, without colour, piped into a file and read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from callbox.maturity.model import loader
from callbox.maturity.model.wording import words_of
from callbox.maturity.report import words as say
from callbox.maturity.report.findings import blocking, findings, told
from callbox.maturity.report.inputs import ReportInput, Words
from callbox.maturity.report.next_steps import next_steps
from callbox.maturity.report.svg import clean
from callbox.maturity.scoring.profile import AreaResult, PracticeResult, Profile

#: Characters a level takes in a bar. Told apart by shape: shown, possible, out of reach.
_STEP = 5
_SHOWN, _POSSIBLE, _REST = "█", "░", "·"


def profile(profile: Profile, words: Words | None = None, *, practices: bool = True) -> RenderableType:
    """Return a profile as it is printed: five ranges, findings, next steps, and each practice with its level or why it has none.

    Raises:
        ModelError: `words` were not given and Callbox does not come with the profile's version of the model.
    """
    words = words or words_of(loader.load(profile.model))
    report = ReportInput(profile, words)
    parts: list[RenderableType] = [
        _head(profile),
        _areas(profile, words),
        _legend(),
        *_said("Findings", _findings(report)),
    ]
    parts += _said("Next", _steps(report))
    if profile.measures:
        parts += ["", _text("Figures", style="bold"), _figures(profile, words)]
    if practices:
        parts += ["", _text("Practices", style="bold"), *_practices(profile, words)]
    return Group(*parts)


def _text(text: str, style: str = "") -> Text:
    """Return text from anywhere so that it cannot steer the terminal."""
    return Text(clean(text), style=style)


def record(summary: Mapping[str, Any]) -> RenderableType:
    """Return what was read, one fact a line; facts within facts are indented."""
    return Group(_text("The record", style="bold"), *_facts(summary, 1), "")


def _facts(facts: Mapping[str, Any], depth: int) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for name, value in facts.items():
        label = clean(str(name).replace("_", " "), limit=60)
        inner = value if isinstance(value, list) else [value]
        if all(not isinstance(item, Mapping) for item in inner):
            lines.append(_indented(f"{label}: {clean(', '.join(_fact(item) for item in inner)) or '–'}", depth))
            continue
        lines.append(_indented(label, depth))
        for item in inner:
            lines += _facts(item, depth + 1) if isinstance(item, Mapping) else [_indented(_fact(item), depth + 1)]
    return lines


def _fact(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return say.number(value)
    return str(value)


def _indented(text: str, depth: int) -> Padding:
    return Padding(_text(text), (0, 0, 0, 2 * depth))


def _head(profile: Profile) -> RenderableType:
    lines = [f"As of {say.day(profile.as_of)}. Model {profile.model}. Size band {profile.band}."]
    lines += [f"{_sentence(remark.sentence)}." for remark in profile.remarks]
    return Group(_text(clean(profile.agency, limit=200), style="bold"), _text(" ".join(lines)), "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _areas(profile: Profile, words: Words) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for area in profile.areas:
        grid.add_row(_text(words.area(area.id)), bar(area), _text(_level(area, words)))
    grid.add_row("", _text("".join(str(level).rjust(_STEP) for level in range(1, len(words.levels)))), "")
    return grid


def bar(result: AreaResult | PracticeResult, step: int = _STEP) -> Text:
    """Return one range as text, `step` characters a level."""
    if result.shown is None or result.at_most is None:
        return Text("does not apply".ljust(5 * step))
    possible = result.at_most - result.shown
    drawn = Text(_SHOWN * (result.shown * step), style="blue")
    drawn.append(_POSSIBLE * (possible * step))
    drawn.append(_REST * ((5 - result.at_most) * step), style="dim")
    return drawn


def _level(area: AreaResult, words: Words) -> str:
    if area.shown is None:
        return "; ".join(reason.sentence for reason in area.reasons)
    return f"{say.level_range(area.shown, area.at_most)}  {words.levels[area.shown]}"


def _legend() -> Text:
    return _text(
        f"{_SHOWN} shown by evidence   {_POSSIBLE} possible, not shown yet   {_REST} out of reach for now", style="dim"
    )


def _said(title: str, entries: list[tuple[str, list[str]]]) -> list[RenderableType]:
    if not entries:
        return []
    parts: list[RenderableType] = ["", _text(title, style="bold")]
    for number, (headline, lines) in enumerate(entries, 1):
        grid = Table.grid(padding=(0, 1))
        grid.add_row(_text(f"{number}."), _text(f"{headline}."))
        for line in lines:
            grid.add_row("", _text(line, style="dim"))
        parts.append(grid)
    return parts


def _findings(report: ReportInput) -> list[tuple[str, list[str]]]:
    return [(found.headline.sentence, [_sentence(why) for why in found.because[:3]]) for found in findings(report)]


def _steps(report: ReportInput) -> list[tuple[str, list[str]]]:
    return [
        (
            f"{step.practice} {report.words.practice(step.practice)}: {step.moves.sentence}",
            [f"{how.sentence}: {what}" for how, what in zip(step.how, step.what, strict=True)],
        )
        for step in next_steps(report.profile, report.words)
    ]


def _figures(profile: Profile, words: Words) -> RenderableType:
    """Return the figures that are shown, each with its n, then what is not shown and why, one line a reason."""
    grid = Table.grid(padding=(0, 2))
    hidden: dict[str, list[str]] = {}
    lacking: dict[str, None] = {}
    for key, measure in profile.measures.items():
        if measure.value is not None:
            grid.add_row(
                _text(words.measure(key)), _text(f"{say.figure(measure.value, measure.unit)}, n = {measure.n:,}")
            )
        elif measure.reason and measure.reason.code == "no_table":
            lacking[str(measure.reason.values["table"])] = None
        else:
            why = measure.reason.sentence if measure.reason else "the record does not tell"
            hidden.setdefault(why, []).append(words.counted(key))
    lines = [f"{'; '.join(dict.fromkeys(names))}: not shown: {why}" for why, names in hidden.items()]
    if lacking:
        lines.append(f"Whatever is read from {say.listing(list(lacking))}: not shown: this record has no such tables")
    return Group(grid, *(_text(line, style="dim") for line in lines))


def _practices(profile: Profile, words: Words) -> list[RenderableType]:
    width = max((cell_len(words.practice(p.id)) for p in profile.practices), default=0)
    parts: list[RenderableType] = []
    for area, members in groupby(profile.practices, key=lambda practice: practice.area):
        grid = Table.grid(padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(width=min(width, 28))
        grid.add_column(no_wrap=True)
        grid.add_column()
        for practice in members:
            name = words.practice(practice.id) + (" (gate)" if practice.gate else "")
            grid.add_row(
                practice.id,
                _text(name),
                _text(say.level_range(practice.shown, practice.at_most)),
                _why(practice, words),
            )
        parts += ["", _text(words.area(area), style="underline"), grid]
    return parts


def _why(practice: PracticeResult, words: Words) -> Text:
    """Return what keeps a practice from its next level: the first condition in the way, and how many more there are."""
    if practice.reason:
        return _text(_sentence(practice.reason.sentence))
    conditions = blocking(practice)
    if not conditions:
        return _text("")
    rest = f" (+{len(conditions) - 1})" if len(conditions) > 1 else ""
    return _text(told(conditions[0], words) + rest)
