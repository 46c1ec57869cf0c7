"""Template filters of the goals and campaigns: a figure without idle zeros, where a goal stands, in words."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.desk.goals import pictures
from callbox.voice.standing import Standing

register = template.Library()

STANDS: dict[Standing, str | Promise] = {
    Standing.NOT_LOOKED: _("not looked at yet"),
    Standing.REACHED: _("reached"),
    Standing.ON_THE_WAY: _("on the way"),
    Standing.NOT_MOVED: _("where it started"),
    Standing.AWAY: _("further away than at the start"),
}


@register.filter
def figure(value: Decimal) -> str:
    """Return a figure as people read it."""
    return pictures.figure(value)


@register.filter
def stands(value: Standing) -> str:
    """Return where a goal stands, in words."""
    return str(STANDS[value])
