"""Re-basing: an earlier assessment judged anew by a later model, so that a trend tells the model's changes from the agency's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callbox.maturity.model.changes import Change, diff
from callbox.maturity.model.practices import Model
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.scoring.score import score


@dataclass(frozen=True, slots=True)
class Move:
    """How one area or practice moved. before, after: (shown, at most), both None where it did not apply or did not exist."""

    id: str
    before: tuple[int | None, int | None]
    after: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Rebased:
    """An assessment under another model.

    profile: what it would have been.  changes: of the model.  moves: the levels that moved for no other reason.
    """

    profile: Profile
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """The way from one assessment to a later one, in its two parts. `rebased` is the point between them."""

    rebased: Rebased
    by_model: tuple[Move, ...]
    by_agency: tuple[Move, ...]


def rebase(profile: Profile, standing: Standing, old: Model, new: Model) -> Rebased:
    """Judge an earlier assessment by another model: the same figures, the same evidence, the same day.

    standing: as it was when `profile` was made.  A figure that was not taken then is unknown, never guessed.

    Raises:
        ValueError: `profile` was not made with `old`.
    """
    if profile.model != old.version:
        raise ValueError(f"this assessment was made with model {profile.model}, not with {old.version}")
    later = score(new, profile.measures, standing, agency=profile.agency, as_of=profile.as_of, record=profile.record)
    return Rebased(later, diff(old, new), moves(profile, later))


def apart(earlier: Profile, standing: Standing, later: Profile, *, old: Model, new: Model) -> Apart:
    """Tell what the model moved from what the agency moved between two assessments.

    standing: as it was at the earlier one.

    Raises:
        ValueError: a profile was not made with the model given for it.
    """
    if later.model != new.version:
        raise ValueError(f"this assessment was made with model {later.model}, not with {new.version}")
    rebased = rebase(earlier, standing, old, new)
    return Apart(rebased, rebased.moves, moves(rebased.profile, later))


def moves(earlier: Profile, later: Profile) -> tuple[Move, ...]:
    """Return every area and practice whose range differs, areas first, in the order of the later profile."""
    before, after = _ranges(earlier), _ranges(later)
    nothing = (None, None)
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Move(name, before.get(name, nothing), after.get(name, nothing))
        for name in names
        if before.get(name, nothing) != after.get(name, nothing)
    )


def _ranges(profile: Profile) -> dict[str, tuple[int | None, int | None]]:
    areas = {row.id: (row.shown, row.at_most) for row in profile.areas}
    return areas | {row.id: (row.shown, row.at_most) for row in profile.practices}
