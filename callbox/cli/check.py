"""`callbox check`: what an installation lacks, why, and what to do."""

from __future__ import annotations

import os

import click

from callbox.cli.django import start


@click.command()
@click.option("--plane", type=click.Choice(["both", "desk", "portal", "api"]), help="Look as that plane's process.")
def check(plane: str | None) -> None:
    """Say what this installation lacks: settings, rights of files and of the portal's role, backups, a worker."""
    if plane:
        os.environ["CALLBOX_PLANE"] = plane
    start()
    report()


def report() -> None:
    """Print every finding, errors first.

    Raises:
        ClickException: an error is among them.
    """
    from django.core import checks  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        found = checks.run_checks(include_deployment_checks=True, databases=["default"])
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be reached: {str(error).strip()}") from None
    told = sorted((one for one in found if not one.is_silenced()), key=lambda one: (-one.level, str(one.id)))
    for one in told:
        click.echo(f"{'ERROR' if one.is_serious() else 'Lacking'} {one.id}: {one.msg}")
        if one.hint:
            click.echo(f"    {one.hint}")
    errors = sum(one.is_serious() for one in told)
    if errors:
        raise click.ClickException(f"{errors} of these must be mended before anybody uses Callbox.")
    click.echo("Nothing is lacking." if not told else f"{len(told)} lacking, none of which stops Callbox.")
