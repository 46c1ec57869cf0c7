"""`callbox portal`: what keeps the public pages up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from callbox.cli.django import start


@click.group()
def portal() -> None:
    """Keep the public pages up, and apart from the desk."""


@portal.command("render")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def render(folder: Path) -> None:
    """Write every public page as a file below FOLDER/current, for the proxy to show while Callbox is down."""
    start()
    from callbox.portal import render as pages  # noqa: PLC0415

    try:
        count = pages.render(folder)
    except (pages.NotRenderedError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{count} pages lie in {folder / pages.CURRENT}.")


@portal.command("role")
@click.argument("name", required=False)
@click.option("--apply", "apply_it", is_flag=True, help="Give the role these rights instead of printing them.")
def role(name: str | None, *, apply_it: bool) -> None:
    """Print the SQL that gives the portal's own PostgreSQL role NAME what it needs and nothing else.

    NAME: the user in CALLBOX_PORTAL_DATABASE_URL when left out. Whatever the role could do before is taken from it.
    """
    start()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError, connection  # noqa: PLC0415

    from callbox.portal import grants  # noqa: PLC0415

    name = name or settings.PORTAL_ROLE
    if not name:
        raise click.ClickException("Name the role, or set CALLBOX_PORTAL_DATABASE_URL.")
    if not apply_it:
        click.echo("\n".join(_script(name)))
        return
    if connection.vendor != "postgresql":
        raise click.ClickException("Roles need PostgreSQL: set CALLBOX_DATABASE_URL. Nothing was changed.")
    try:
        grants.apply(name)
    except DatabaseError as error:
        raise click.ClickException(f"{str(error).strip()} Nothing was changed.") from None
    click.echo(f"“{name}” may now do what the portal needs, in {len(grants.GRANTS)} tables, and nothing else.")


def _script(name: str) -> Iterator[str]:
    """Yield the statements, each table's reason above its own."""
    from callbox.portal import grants  # noqa: PLC0415

    yield "BEGIN;"
    yield from (f"{statement};" for statement in grants.taken(name))
    for grant in grants.GRANTS:
        yield f"-- {grant.why}"
        yield from (f"{statement};" for statement in grants.given(name, grant))
    yield "COMMIT;"
