"""Deletes every row of the agency that drills are held in. It refuses any other agency."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency

#: What stays: the agency with its people, and the trail, which nothing is ever taken out of.
KEPT: Final = frozenset({"people.agency", "people.membership", "people.user", "governance.auditevent"})


@transaction.atomic
def wipe(agency: Agency) -> int:
    """Delete what was made in `agency`; return how many rows that were.

    Raises:
        RefusedError: it is no agency of drills.
    """
    if not agency.exercise:
        raise RefusedError(_("Only what a drill made may be cleaned away."))
    count = 0
    for model, path in _paths():
        rows = model._base_manager.filter(**{path: agency})
        count += int(
            rows._raw_delete(rows.db)
        )  # references are checked when the transaction ends; what refers went first
    record(
        agency=agency,
        by="system: drill",
        action=Audited.DRILL_CLEANED,
        target=f"agency:{agency.slug}",
        data={"rows": count},
    )
    return count


@cache
def _paths() -> tuple[tuple[Any, str], ...]:
    """Return every model of ours that belongs to an agency with the way to it, the longest way first."""
    found: dict[type[models.Model], str] = {Agency: ""}
    ours = [each for each in apps.get_models(include_auto_created=True) if each.__module__.startswith("callbox.")]
    grew = True
    while grew:
        grew = False
        for model in ours:
            if model not in found and (path := _step(model, found)) is not None:
                found[model], grew = path, True
    ways = ((model, path) for model, path in found.items() if model._meta.label_lower not in KEPT and _here(model))
    return tuple(sorted(ways, key=lambda way: (-way[1].count("__"), way[0]._meta.label)))


def _step(model: type[models.Model], found: dict[type[models.Model], str]) -> str | None:
    """Return the shortest way from `model` to an agency over what is known, None while there is none."""
    ways = []
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model in found and field.related_model is not model:
            rest = found[field.related_model]
            ways.append(f"{field.name}__{rest}" if rest else field.name)
    return min(ways, key=lambda way: way.count("__"), default=None)


def _here(model: type[models.Model]) -> bool:
    """Whether its rows lie in the main database; sealed tips have one of their own, and no drill makes any."""
    return model._meta.app_label != "tips"
