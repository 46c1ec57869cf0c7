"""Template tags of the desk: the range bar and the current place in the navigation."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from callbox.desk.navigation import Group

register = template.Library()

STEP, GAP = 36, 4


@register.inclusion_tag("desk/parts/range_bar.html")
def range_bar(shown: int | None, at_most: int | None, label: str = "", levels: int = 5) -> dict[str, Any]:
    """Draw what is shown (filled) and what it may be at most (hatched) out of `levels`.

    Colour is never alone: filled, hatched and empty differ in black and white too. label: what the bar is about, for screen readers.
    """
    if shown is None or at_most is None:
        return {"shown": None}
    steps: list[dict[str, Any]] = []
    for level in range(1, levels + 1):
        x = (level - 1) * (STEP + GAP) + 1
        step: dict[str, Any] = {"x": x, "width": STEP}
        if level <= shown:
            step["shown"] = STEP
        elif level <= at_most:
            step["maybe"] = _hatch(x)
        steps.append(step)
    if shown == at_most:
        words = _("%(shown)d of %(levels)d") % {"shown": shown, "levels": levels}
        sentence = _("level %(shown)d of %(levels)d") % {"shown": shown, "levels": levels}
    else:
        words = _("%(shown)d to %(at_most)d of %(levels)d") % {"shown": shown, "at_most": at_most, "levels": levels}
        sentence = _("level %(shown)d shown, at most %(at_most)d, of %(levels)d") % {
            "shown": shown,
            "at_most": at_most,
            "levels": levels,
        }
    return {
        "shown": shown,
        "steps": steps,
        "width": levels * (STEP + GAP),
        "words": words,
        "sentence": f"{label}: {sentence}" if label else sentence,
    }


def _hatch(x: int) -> str:
    """Return slanted strokes inside one step; drawn, not a pattern, so that no ids are needed and print shows them."""
    return "".join(f"M{x + offset} 16l{8} -12" for offset in range(3, STEP - 8, 7))


@register.simple_tag(takes_context=True)
def section_name(context: template.Context) -> str:
    """Return the navigation entry the page belongs to: its variable `section`, else the first part of its address's name."""
    if "section" in context:
        return str(context["section"])
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    return match.url_name or "" if match else ""


@register.simple_tag
def group_of(groups: list[Group], section: str) -> Group | None:
    """Return the group of the navigation that holds `section`; None on pages of no group, such as a person's own account."""
    return next((group for group in groups if group.holds(section)), None)
