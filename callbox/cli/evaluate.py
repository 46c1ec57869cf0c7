"""`callbox evaluate`: what Callbox computes, judged against data that people have labelled."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group()
def evaluate() -> None:
    """Judge what Callbox computes against labelled data."""


@evaluate.command("post-kind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def post_kind(file: Path, *, as_json: bool) -> None:
    """Judge the labels inform, engage and gather on FILE, a CSV with the columns text and label."""
    from callbox.networks.kind import evaluation  # noqa: PLC0415

    try:
        found = evaluation.evaluate(file)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(f"n {found['n']:,}   accuracy {found['accuracy']:.3f}   macro-F1 {found['macro_f1']:.3f}")
    for name, row in found["per_class"].items():
        click.echo(
            f"{name:8} precision {row['precision']:.3f}   recall {row['recall']:.3f}   F1 {row['f1']:.3f}   n {row['support']:,}"
        )


@evaluate.command("events")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def events(file: Path, *, as_json: bool) -> None:
    """Judge how posts are grouped into events on FILE, a CSV (or .csv.gz) with the columns event, ts and text; no event: noise."""
    from callbox.intelligence.engine import evaluation  # noqa: PLC0415

    try:
        found = evaluation.evaluate(file)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(
        f"{found['posts']:,} posts, {found['scored']:,} of {found['events']} events   AMI {found['ami']:.3f}   ARI {found['ari']:.3f}\n"
        f"B3 precision {found['b3']['precision']:.3f}   recall {found['b3']['recall']:.3f}   F1 {found['b3']['f1']:.3f}\n"
        f"{found['found']} of {found['events']} events found   {found['posts_per_cpu_second']:,.0f} posts a processor second"
    )
    if found["missed"]:
        click.echo(f"not found: {', '.join(found['missed'])}")
