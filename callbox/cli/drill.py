"""`callbox drill`: an invented incident by script through the real code, with the times it took."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import click

from callbox.cli import django

if TYPE_CHECKING:  # both need Django, which is started first
    from callbox.people.models import Agency, User


@click.command()
@click.argument("scenario", required=False)
@click.option("--agency", "slug", help="Short name of the agency; needed where there are several.")
@click.option("--keep", is_flag=True, help="Leave what the drill made, to be looked at on the desk.")
@click.option("--json", "as_json", is_flag=True, help="Print the times as JSON.")
def drill(scenario: str | None, slug: str | None, keep: bool, as_json: bool) -> None:  # noqa: FBT001 - options
    """Hold a drill: SCENARIO goes through the whole of Callbox on paper. Without one, list the scenarios.

    Nothing of it can leave, and nothing of it counts but that an exercise was held.
    """
    django.start()
    from callbox.core.refusal import RefusedError  # noqa: PLC0415
    from callbox.flows.drill import clean, scenarios  # noqa: PLC0415
    from callbox.flows.drill.replay import NotNoticedError, replay  # noqa: PLC0415
    from callbox.operations.services.drills import STEPS  # noqa: PLC0415

    if scenario is None:
        for each in scenarios().values():
            click.echo(f"{each.id}  {each.title}")
        return
    agency, by = _who(slug)
    try:
        held = replay(agency=agency, scenario=scenario, by=by, say=lambda line: click.echo(f"  {line}", err=True))
        seconds = {name: _seconds(held.began_at, held.steps.get(name)) for name in STEPS}
        if not keep:
            clean(drill=held, by=by)
    except RefusedError as refused:
        raise click.ClickException(str(refused)) from None
    except NotNoticedError:
        raise click.ClickException("What was said became no event, so the drill was broken off.") from None
    if as_json:
        click.echo(json.dumps({"scenario": scenario, "agency": agency.slug, "seconds": seconds}))
        return
    click.echo(f"{held.title}, by script:")
    for name, value in seconds.items():
        click.echo(f"  {name:<10} {'never' if value is None else f'after {value:.2f} s'}")


def _who(slug: str | None) -> tuple[Agency, User]:
    """Return the agency, and somebody of it who may hold drills.

    Raises:
        ClickException: there is no such agency, several and none was named, or nobody in it may.
    """
    from callbox.people.models import Agency  # noqa: PLC0415
    from callbox.people.roles import ALLOWED, Action  # noqa: PLC0415

    found = Agency.objects.filter(exercise=False, **({"slug": slug} if slug else {}))
    agencies = list(found.order_by("slug")[:20])
    if not agencies:
        raise click.ClickException("There is no such agency. Nothing was begun.")
    if len(agencies) > 1:
        raise click.ClickException(f"Say which with --agency: {', '.join(each.slug for each in agencies)}.")
    able = agencies[0].memberships.filter(role__in=ALLOWED[Action.HOLD_DRILL], user__is_active=True)
    member = able.select_related("user").order_by("pk").first()
    if member is None:
        raise click.ClickException("Nobody here may hold drills: give somebody the role of a commander first.")
    return agencies[0], member.user


def _seconds(began: datetime, at: str | None) -> float | None:
    return None if at is None else round((datetime.fromisoformat(at) - began).total_seconds(), 3)
