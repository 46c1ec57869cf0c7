"""`callbox model`: the maturity model as data, read, checked, compared and handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callbox.maturity.model.practices import Model

SOURCE = click.argument("source", required=False)


@click.group()
def model() -> None:
    """Show, check, compare and export the maturity model.

    SOURCE is a version that comes with Callbox, such as v1, or a folder with your own model files.
    """


@model.command()
@SOURCE
def check(source: str | None) -> None:
    """Check a model; every mistake is named with file, line and column."""
    found = _load(source)
    gates = sum(practice.gate for practice in found.practices)
    click.echo(
        f"Model {found.version} of {found.dated}: {len(found.practices)} practices, {gates} gates, "
        f"{len(found.conditions)} conditions. Nothing is wrong with it."
    )


@model.command()
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Say what changed between two models, one change a line."""
    from callbox.maturity.model.changes import diff as compare  # noqa: PLC0415

    changes = compare(_load(old), _load(new))
    for change in changes:
        click.echo(change.reason.sentence)
    click.echo(f"{len(changes)} changes." if changes else "Nothing changed.")


@model.command()
@SOURCE
def page(source: str | None) -> None:
    """Print the model as a page (Markdown), as in docs/model.md."""
    from callbox.maturity.model.page import page as written  # noqa: PLC0415

    click.echo(written(_load(source)), nl=False)


@model.command()
@SOURCE
def ciso(source: str | None) -> None:
    """Print the model as a framework file that CISO Assistant accepts."""
    from callbox.maturity.model.ciso import ciso_assistant  # noqa: PLC0415

    click.echo(ciso_assistant(_load(source)), nl=False)


def _load(source: str | None) -> Model:
    from callbox.maturity.model import loader  # noqa: PLC0415

    chosen = loader.CURRENT if source is None else source
    try:
        return loader.load(chosen)
    except loader.ModelError as error:
        raise click.ClickException(str(error)) from None
