"""The newsroom in the reader's language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import get_language

from callbox.networks.vocabulary import Rendition, Wording

register = template.Library()


@register.filter
def worded(shown: Rendition) -> Wording:
    """Return what was published in the language of the page, else as it was written."""
    return shown.worded(get_language() or "")


@register.filter
def other_languages(shown: Rendition) -> set[str]:
    """Return the languages it can be read in besides that of `worded`."""
    every = {_primary(tag) for tag in (shown.language, *(each.language for each in shown.translations))}
    return every - {_primary(worded(shown).language)}


@register.filter
def in_no_page(shown: Rendition) -> list[Wording]:
    """Return the versions in languages the portal has no pages in: they stand on every page, unless they stayed behind."""
    pages = {_primary(code) for code, _name in settings.LANGUAGES}
    return [each for each in shown.translations if _primary(each.language) not in pages and not each.behind]


@register.filter
def within(hour: str) -> str:
    """Return an hour for the end of a sentence, whose full stop is also that of “a.m.”."""
    return hour.removesuffix(".")


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
