"""What if: the profile as it would stand with some steps made. The assessment itself is never touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from callbox.maturity.model.practices import Model
from callbox.maturity.roadmap.steps import Step
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.profile import Profile


def projected(model: Model, profile: Profile, steps: Iterable[Step]) -> Profile:
    """Return the profile with every practice raised to the highest level its ticked steps reach without a gap.

    A step of level 3 counts only when the practice stands at level 2 or its step to level 2 is ticked too.
    """
    ticked = set(steps)
    raised = []
    for practice in profile.practices:
        level = practice.shown
        while level is not None and Step(practice.id, level + 1) in ticked:
            level += 1
        at_most = practice.at_most if level is None else max(level, practice.at_most or 0)
        raised.append(replace(practice, shown=level, at_most=at_most))
    return scoring.regraded(model, profile, raised)
