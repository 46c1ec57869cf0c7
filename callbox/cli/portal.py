"""`callbox portal`: what keeps the public pages up."""

from __future__ import annotations

from pathlib import Path

import click

from callbox.cli.django import start


@click.group()
def portal() -> None:
    """Keep the public pages up."""


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
