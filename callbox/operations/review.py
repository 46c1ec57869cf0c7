"""The review after an incident, drafted from its log (F14). Pure: a person reads it, puts it right and signs it by closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that has a time. at: None where it never came."""

    label: str
    at: datetime | None


def draft(
    *, title: str, flagged_at: datetime, facts: Sequence[Fact], log: Sequence[tuple[datetime, str, str]], zone: ZoneInfo
) -> str:
    """Return the text to start from. log: time, who, what.  Times are those of the agency's clocks."""
    lines = [title, "", _("What happened"), *_times(flagged_at, facts, zone), "", _("Log")]
    lines += [f"{at.astimezone(zone):%d %b %H:%M}  {text}" + (f" ({who})" if who else "") for at, who, text in log]
    lines += ["", _("What went well"), "", _("What we change, who, until when"), ""]
    return "\n".join(lines)


def _times(flagged_at: datetime, facts: Sequence[Fact], zone: ZoneInfo) -> list[str]:
    told = [_("Flagged: %(at)s") % {"at": f"{flagged_at.astimezone(zone):%d %b %Y %H:%M}"}]
    for fact in facts:
        if fact.at is None:
            told.append(_("%(label)s: never") % {"label": fact.label})
        else:
            minutes = round((fact.at - flagged_at) / timedelta(minutes=1))
            told.append(_("%(label)s: after %(n)d minutes") % {"label": fact.label, "n": minutes})
    return told
