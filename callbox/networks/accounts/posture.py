"""What is wrong with an account's security, as far as the agency has said it. Pure.

Stolen official accounts had a second factor that lapsed unnoticed (Mandiant, SEC, January 2024): so a statement grows old.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

#: How long a statement about the second factor is believed.
BELIEVED: Final = timedelta(days=90)


class Gap(StrEnum):
    """One thing to put right or to say again."""

    NO_SECOND_FACTOR = "no-second-factor"
    SECOND_FACTOR_UNKNOWN = "second-factor-unknown"
    SECOND_FACTOR_OLD = "second-factor-old"
    ONE_ADMINISTRATOR = "one-administrator"
    NO_OWNER = "no-owner"
    MIXED = "mixed"


def gaps(
    *,
    official: bool | None,
    owner: str,
    admins: int | None,
    second_factor: bool | None,
    secured_on: date | None,
    kind: str,
    today: date,
) -> tuple[Gap, ...]:
    """Return what stands open at one account, gravest first; nothing for an account that is stated not to be official.

    secured_on: the day on which administrators and second factor were last said.
    """
    found = [Gap.MIXED] if kind == "mixed" else []
    if official is False:
        return tuple(found)
    if second_factor is None:
        found.append(Gap.SECOND_FACTOR_UNKNOWN)
    elif not second_factor:
        found.append(Gap.NO_SECOND_FACTOR)
    elif secured_on is None or secured_on + BELIEVED < today:
        found.append(Gap.SECOND_FACTOR_OLD)
    if admins is not None and admins < 2:  # V2.3: two people, so that nobody locks all the others out
        found.append(Gap.ONE_ADMINISTRATOR)
    if not owner:
        found.append(Gap.NO_OWNER)
    order = list(Gap)
    return tuple(sorted(found, key=order.index))
