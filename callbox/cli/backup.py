"""`callbox backup` and `callbox restore`: everything an installation holds in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from callbox.cli.django import start


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything into FILE while people work. Keep the keys of the environment elsewhere: they are not in it."""
    start()
    from callbox.config import backup as whole  # noqa: PLC0415

    try:
        manifest = whole.write(file, told=lambda name: click.echo(f"\r\033[K{name[:70]}", nl=False, err=True))
    except whole.BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo("\r\033[K", nl=False, err=True)
    size = file.stat().st_size / 1e6
    click.echo(f"{len(manifest['members'])} members, {size:.1f} MB, lie in {file}. `callbox restore` checks them.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check-only", is_flag=True, help="Read it whole and say whether it is sound; change nothing.")
def restore(file: Path, *, check_only: bool) -> None:
    """Bring FILE back into an empty data folder (CALLBOX_DATA) and an empty database."""
    start()
    from callbox.config import backup as whole  # noqa: PLC0415

    try:
        manifest = whole.check(file) if check_only else whole.restore(file)
    except whole.BackupError as error:
        raise click.ClickException(str(error)) from None
    told = "is sound" if check_only else "is back; `callbox verify audit` checks the trail"
    click.echo(f"The backup of {manifest['at'][:19]} with {len(manifest['members'])} members {told}.")
