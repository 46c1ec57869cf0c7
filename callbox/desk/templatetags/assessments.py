"""Words of the assessment pages: sentences of reasons, names of practices, outcomes."""

from __future__ import annotations

from dataclasses import replace

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from callbox.core.text import Reason
from callbox.maturity.report.inputs import Words
from callbox.networks.registry import for_people

register = template.Library()

_OUTCOMES = {
    "met": _later("met"),
    "not met": _later("not met"),
    "unknown": _later("not shown"),
    "not applicable": _later("does not apply"),
}
_TABLES = {
    "posts": _later("posts"),
    "releases": _later("messages in their languages"),
    "contacts": _later("conversations with residents"),
    "moderation": _later("hidden comments"),
    "tips": _later("tips"),
    "notifications": _later("callers owed word"),
    "products": _later("events that were judged"),
    "claims": _later("official statements"),
    "alerts": _later("alerts"),
    "incidents": _later("incidents"),
    "updates": _later("official words about incidents"),
    "exercises": _later("exercises"),
    "staffing": _later("shifts"),
    "partners": _later("partners"),
    "shares": _later("messages that partners passed on"),
    "beats": _later("beats"),
    "watches": _later("watches and looks at an author"),
    "records": _later("records of intelligence"),
    "rules": _later("documents of the comment policy"),
}
_BASES = {
    "law": _later("law or contract"),
    "published": _later("published police figure"),
    "borrowed": _later("borrowed from another field"),
    "expert": _later("expert judgement, to be calibrated"),
}


@register.filter
def said(reason: Reason | None) -> str:
    """Return the sentence of a reason in the reader's language."""
    return "" if reason is None else replace(reason, values=for_people(reason.values)).said(_)


@register.simple_tag
def practice_name(words: Words, practice: str) -> str:
    """Return the name of a practice."""
    return words.practice(practice)


@register.filter
def area_of(words: Words, area: str) -> str:
    """Return the name of an area."""
    return words.area(area)


@register.simple_tag
def condition_says(words: Words, condition: str) -> str:
    """Return the sentence of a condition."""
    return words.condition(condition)


@register.filter
def outcome_word(outcome: str | None) -> str:
    """Return the outcome of a condition in a word."""
    return str(_OUTCOMES.get(str(outcome or ""), _("not judged yet")))


@register.filter
def table_word(table: str) -> str:
    """Return what the rows of a table of the record are, in words."""
    return str(_TABLES.get(table, table)).capitalize()


@register.filter
def basis_word(basis: str | None) -> str:
    """Return where a threshold comes from."""
    return str(_BASES.get(str(basis or ""), ""))


@register.filter
def state_word(state: str) -> str:
    """Return the state of a piece of evidence or an exemption in a word."""
    words = {
        "proposed": _("waits for review"),
        "reviewed": _("reviewed"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
        "replaced": _("replaced"),
        "expired": _("expired"),
        "requested": _("waits for approval"),
        "approved": _("approved"),
    }
    return words.get(state, state)
