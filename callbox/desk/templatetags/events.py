"""Words of the pages of events: a kept reason as a sentence, a state, a verdict, a grade, a pseudonym."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.intelligence.bases import bases
from callbox.intelligence.checklist import CONTENT, SOURCE, points

register = template.Library()

STATES: Final = {
    "new": _later("New: nobody looked yet"),
    "checking": _later("Being checked"),
    "confirmed": _later("Confirmed"),
    "refuted": _later("Refuted"),
    "closed": _later("Closed"),
    "merged": _later("Part of another event"),
}
_VERDICTS: Final = {
    "checking": _later("still checking"),
    "confirmed": _later("confirmed"),
    "refuted": _later("refuted"),
    "closed": _later("closed"),
}
_USES: Final = {
    "true": _later("true, and heard in time"),
    "late": _later("true, but known before"),
    "false": _later("not true, or nothing for us"),
}
_REVEALS: Final = {
    "asked": _later("waits"),
    "allowed": _later("allowed"),
    "refused": _later("refused"),
    "lapsed": _later("over"),
}
_DONE: Final = {
    Audited.EVENT_RISEN: _later("rose on the board"),
    Audited.EVENT_RISEN_TOLD: _later("told who triages that it rises"),
    Audited.EVENT_TAKEN: _later("took it to check"),
    Audited.EVENT_REOPENED: _later("took it up again"),
    Audited.EVENT_RELEASED: _later("gave it back"),
    Audited.EVENT_NAMED: _later("named it"),
    Audited.EVENT_CHECKED: _later("noted how the check goes"),
    Audited.EVENT_CONFIRMED: _later("confirmed it"),
    Audited.EVENT_REFUTED: _later("refuted it"),
    Audited.EVENT_CLOSED: _later("closed it"),
    Audited.EVENT_MERGED: _later("put it into another event"),
    Audited.EVENT_UNMERGED: _later("took it out of another event"),
    Audited.EVENT_KEPT: _later("reviewed its posts and kept them on"),
    Audited.SIGHTING_SPLIT: _later("split a post off"),
}


@register.filter
def told_reason(reason: Mapping[str, Any]) -> str:
    """Return the sentence of a reason as a row keeps it; nothing for what only marks."""
    sentence = SENTENCES.get(str(reason.get("code", "")))
    values = reason.get("values", {"words": ", ".join(reason.get("found", ()))})
    if "found" in reason:
        values = {"words": ", ".join(reason["found"]), "places": ", ".join(reason["found"])}
    return _(sentence) % values if sentence else ""


@register.filter
def event_state(state: str) -> str:
    """Return the state of an event in words."""
    return str(STATES.get(state, state))


@register.filter
def verdict_word(verdict: str) -> str:
    """Return a verdict in a word."""
    return str(_VERDICTS.get(verdict, verdict))


@register.filter
def use_word(useful: str) -> str:
    """Return of what use hearing of it was."""
    return str(_USES.get(useful, ""))


@register.filter
def reveal_state(state: str) -> str:
    """Return the state of a request to see an author."""
    return str(_REVEALS.get(state, state))


@register.filter
def done_word(action: str) -> str:
    """Return what somebody did with an event, from the trail."""
    return str(_DONE.get(Audited(action), action))


@register.filter
def grade_word(grade: str) -> str:
    """Return a grade with what it says: B, usually reliable."""
    says = SOURCE.get(grade) or CONTENT.get(grade)
    return f"{grade} ({_(says)})" if says else grade


@register.filter
def point_title(point: str) -> str:
    """Return the title of a point of the checklist."""
    found = points().get(point)
    return _(found.title) if found else point


@register.filter
def moment(text: str) -> datetime | None:
    """Return a time that was kept as text."""
    return parse_datetime(text) if text else None


@register.filter
def short_pseudonym(pseudonym: str) -> str:
    """Return the beginning of a pseudonym: enough to see that two posts have one author, of no use anywhere else."""
    return pseudonym[:4]


@register.filter
def basis_title(basis: str) -> str:
    """Return the title of a lawful basis."""
    found = bases().get(basis)
    return _(found.title) if found else basis
