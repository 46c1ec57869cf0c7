"""Words of the assessment pages: sentences of reasons, names of practices, outcomes."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from callbox.core.text import SENTENCES, Reason
from callbox.maturity.report.inputs import Words

register = template.Library()


@register.filter
def said(reason: Reason | None) -> str:
    """Return the sentence of a reason in the reader's language."""
    if reason is None:
        return ""
    sentence = _(SENTENCES[reason.code])
    return sentence % dict(reason.values)


@register.simple_tag
def practice_name(words: Words, practice: str) -> str:
    """Return the name of a practice."""
    return words.practice(practice)


@register.simple_tag
def condition_says(words: Words, condition: str) -> str:
    """Return the sentence of a condition."""
    return words.condition(condition)


@register.filter
def outcome_word(outcome: str | None) -> str:
    """Return the outcome of a condition in a word."""
    words = {
        "met": _("met"),
        "not met": _("not met"),
        "unknown": _("not shown"),
        "not applicable": _("does not apply"),
    }
    return words.get(str(outcome or ""), _("not judged yet"))


@register.filter
def basis_word(basis: str | None) -> str:
    """Return where a threshold comes from."""
    words = {
        "law": _("law or contract"),
        "published": _("published police figure"),
        "borrowed": _("borrowed from another field"),
        "expert": _("expert judgement, to be calibrated"),
    }
    return words.get(str(basis or ""), "")


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
