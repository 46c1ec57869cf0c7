"""What came of a campaign, in sentences. The interval stands in every one of them; an effect is never called a success."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from callbox.voice.effect import Counts, Effect, Told, judge
from callbox.voice.models import Campaign


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement for people. headline: what the numbers say; sentences: how sure, and what to keep in mind."""

    effect: Effect
    headline: str
    sentences: tuple[str, ...]


def judged(counts: Counts) -> Judged:
    """Return the judgement over four counts."""
    effect = judge(counts)
    return Judged(effect, str(Campaign.Result(effect.told.value).label), tuple(_sentences(counts, effect)))


def _sentences(counts: Counts, effect: Effect) -> list[str]:
    found = []
    if effect.expected is not None:
        found.append(
            _("Had it gone as in the comparison, about %(expected)s would have been counted; it was %(count)s.")
            % {"expected": number_format(round(effect.expected)), "count": number_format(counts.count)}
        )
    found.append(_interval(effect))
    match effect.told:
        case Told.NONE:
            found.append(_("No difference is a result. It tells you not to spend these hours again in the same way."))
        case Told.UNTOLD:
            found.append(
                _("The counts are too small to tell. A longer span or a larger place may; the same again will not.")
            )
        case Told.EFFECT:
            found.append(_("The numbers bear out a difference. They do not say that the messages made it."))
    return found


def _interval(effect: Effect) -> str:
    if effect.ratio is None or (effect.lower == 0 and math.isinf(effect.upper)):
        return _("With these counts no interval can be given.")
    values = {"ratio": _apart(effect.ratio), "lower": _apart(effect.lower), "upper": _apart(effect.upper)}
    return (
        _("Against the comparison that is %(ratio)s; with 95 %% confidence between %(lower)s and %(upper)s.") % values
    )


def _apart(ratio: float) -> str:
    """Say a ratio as a difference: 0.7 is 30 % fewer."""
    if math.isinf(ratio):
        return _("more without limit")
    share = round(abs(ratio - 1) * 100)
    if share == 0:
        return _("no difference")
    return (_("%(n)s %% fewer") if ratio < 1 else _("%(n)s %% more")) % {"n": number_format(share)}
