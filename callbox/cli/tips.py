"""`callbox tips`: keys and sealed letters on the officer's own machine. No database, no server, no network."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click


@click.group()
def tips() -> None:
    """Make a key for tips, and open sealed letters with it."""


@tips.command("new-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def new_key(file: Path) -> None:
    """Make a key pair: the private half into FILE, readable by you alone; the public half is printed."""
    from pyrage import x25519  # noqa: PLC0415

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
            handle.write(f"# public key: {public}\n{identity}\n")
    except FileExistsError:
        raise click.ClickException(f"{file} exists already and was left as it is. Choose another name.") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(public)
    click.echo("Enter this public key at the desk under Tips, Keys. Keep a copy of the file in the safe.", err=True)


@tips.command("open")
@click.argument("letter", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Your key file."
)
def open_letter(letter: Path, key: Path) -> None:
    """Open a sealed LETTER that the desk handed out, and print it."""
    from callbox.trust.tips import envelope  # noqa: PLC0415

    found = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", key.read_text(encoding="utf-8", errors="replace"))
    if found is None:
        raise click.ClickException(f"{key} holds no key. It begins with AGE-SECRET-KEY-1.")
    try:
        inside = envelope.unseal(letter.read_bytes(), identity=found[0])
    except envelope.NotOpenedError:
        raise click.ClickException("This key does not open the letter, or the letter was changed.") from None
    for label, value in (("About", inside.about), ("Where", inside.place), ("Written", inside.at)):
        if value:
            click.echo(f"{label}: {value}")
    click.echo(f"\n{inside.text}")
