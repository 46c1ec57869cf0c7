"""The terminal: the same words at 80 columns, piped, without colour; nothing that steers the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from callbox.maturity.model import loader
from callbox.maturity.report import terminal
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Profile
from tests.maturity.report import sample

GOLDEN = Path(__file__).parent / "golden"
PROFILES = {"mixed": sample.profile, "unknown": sample.unknown, "not_applicable": sample.without_intelligence}


def piped(*parts: RenderableType, width: int = 80) -> str:
    """What lands in a file: `rich` knows that nobody looks at colours there."""
    out = io.StringIO()
    console = Console(file=out, width=width)
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


@pytest.mark.parametrize("name", PROFILES)
def test_the_terminal_says_exactly_this(name: str) -> None:
    profile: Profile = PROFILES[name]()
    told = piped(terminal.record(profile.record), terminal.profile(profile, sample.WORDS))
    assert told == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_nothing_is_wider_than_eighty_columns_and_nothing_is_coloured() -> None:
    told = piped(terminal.profile(sample.profile(), sample.WORDS))
    assert max(map(len, told.splitlines())) <= 80
    assert "\x1b" not in told


def test_the_words_come_from_the_model_the_profile_was_made_with() -> None:
    profile = scoring.score(loader.load(), {}, Standing(), agency="Riverton", as_of=sample.AS_OF)
    told = piped(terminal.profile(profile, practices=False))
    assert "Operations     ░░░░░░░░░░░░░░░░░░░░░░░░░  0 to 5" in told
    assert "Practices" not in told


@pytest.mark.parametrize("name", sample.HOSTILE)
def test_no_name_steers_the_terminal_or_is_read_as_markup(name: str) -> None:
    profile = sample.hostile(name).profile
    told = piped(terminal.record(profile.record), terminal.profile(profile, sample.WORDS))
    assert not any(ord(letter) < 32 and letter != "\n" for letter in told)
    assert "\x1b" not in told


def test_square_brackets_are_printed() -> None:
    assert "[bold red]Riverton[/]" in piped(
        terminal.profile(sample.profile(agency="[bold red]Riverton[/]"), sample.WORDS)
    )
