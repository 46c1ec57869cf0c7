"""The advice of the first-week guide in words: the verdict, and each reason with the question it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.voice.advice import Advice, Ground, Reason, Verdict, advise
from callbox.voice.guide import guide

VERDICTS: Final[dict[Verdict, str | Promise]] = {
    Verdict.BEGIN: _("begin with it"),
    Verdict.LATER: _("later"),
    Verdict.NOT_NOW: _("not for now"),
}

REASONS: Final[dict[Reason, str | Promise]] = {
    Reason.OWN_GROUND: _(
        "It is yours: no network can close it, nobody needs an account, and all the others link to it."
    ),
    Reason.PEOPLE_ARE_THERE: _("Your residents talk there already."),
    Reason.REACHES_OFFLINE: _("It reaches people without an account on any network."),
    Reason.REACHES_OLDER: _("It reaches older people."),
    Reason.REACHES_PRESS: _("The press reads there, and what stands there can be read without an account."),
    Reason.REACHES_YOUNG: _("It reaches people under thirty."),
    Reason.GOOD_FOR_ANSWERS: _("People can ask there and get an answer, which is what you want to do."),
    Reason.GOOD_FOR_REMINDERS: _("A reminder that arrives by itself works better than one that must be looked for."),
    Reason.OPEN_TO_ALL: _("What you post can be read without an account and passed on by anyone."),
    Reason.NOT_CONNECTED: _(
        "Callbox does not post there yet: you would post by hand, and read its archive in afterwards."
    ),
    Reason.NOBODY_NAMED_IT: _("You did not say that your residents talk there."),
    Reason.NO_TIME: _("Your time of day does not carry one channel more."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One reason in words. because: the question whose answer it rests on, empty where it holds for every agency."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Line:
    """The advice for one channel."""

    channel: str
    name: str
    verdict: str
    begin: bool
    speaks_for: tuple[Said, ...]
    speaks_against: tuple[Said, ...]


def lines(answers: Mapping[str, str]) -> list[Line]:
    """Return the advice in words, for every channel."""
    return [_line(advice) for advice in advise(answers)]


def _line(advice: Advice) -> Line:
    return Line(
        channel=advice.channel,
        name=guide().question("networks").choices[advice.channel],
        verdict=str(VERDICTS[advice.verdict]),
        begin=advice.verdict is Verdict.BEGIN,
        speaks_for=_said(advice.speaks_for),
        speaks_against=_said(advice.speaks_against),
    )


def _said(grounds: tuple[Ground, ...]) -> tuple[Said, ...]:
    return tuple(
        Said(str(REASONS[ground.reason]), guide().question(ground.question).asks if ground.question else "")
        for ground in grounds
    )
