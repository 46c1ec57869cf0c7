"""What stands open at the accounts, in words, and what is done about them month by month: the sweep and the lock-out test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.maturity.model import loader
from callbox.maturity.models import Attestation
from callbox.networks.accounts.posture import Gap
from callbox.people.models import Agency

#: One sentence a gap. On mixed pages: Lindke v. Freed, 601 U.S. 187 (2024).
WORDS: Final[dict[Gap, str | Promise]] = {
    Gap.NO_SECOND_FACTOR: _("Not everybody signs in with a second factor: switch it on today."),
    Gap.SECOND_FACTOR_UNKNOWN: _("Nobody has said whether everybody signs in with a second factor."),
    Gap.SECOND_FACTOR_OLD: _(
        "The second factor was last said more than 90 days ago. They lapse unnoticed: look, and say it again."
    ),
    Gap.ONE_ADMINISTRATOR: _("One person alone can administer it: if they fall ill, everybody is locked out."),
    Gap.NO_OWNER: _("Nobody is named as responsible."),
    Gap.MIXED: _(
        "A page used for both is the government speaking whenever the officer has the authority to speak and uses it there, so hiding a "
        "comment or blocking a person on it can break the law (Lindke v. Freed, 2024); make it one or the other, and say on it which."
    ),
}

#: What is looked at again and again: the condition of practice V2, and after how many days it is due.
EVERY: Final = (
    ("V2.4.sweep", timedelta(days=31)),
    ("V2.3.leavers", timedelta(days=365)),
    ("V2.5.succession", timedelta(days=365)),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is done again and again, with its newest evidence. due: whether it is to be done anew."""

    condition: str
    says: str
    last: Attestation | None
    due: bool


def checks(agency: Agency, *, today: date) -> list[Check]:
    """Return the sweep for impersonators, the leavers and the lock-out test, each with what was attested last."""
    says = {condition.id: condition.says for condition in loader.load().conditions}
    found = []
    for condition, every in EVERY:
        rows = Attestation.objects.of(agency).filter(condition=condition, state__in=("proposed", "reviewed"))
        last = rows.select_related("owner").order_by("-begins", "-pk").first()
        day = (last.ends or last.begins) if last else None
        found.append(Check(condition, says[condition], last, day is None or day + every < today))
    return found
