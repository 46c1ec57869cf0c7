"""`callbox bench NAME`: speed and size, measured side by side with the named peer in the same run."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import click

import callbox

#: Every bench, written out: name -> module with `run(**options) -> dict` and `describe(result) -> str`.
BENCHES = {
    "assess": "benchmarks.assess",
    "post-kind": "benchmarks.post_kind",
    "pages": "benchmarks.pages",
    "newsroom": "benchmarks.newsroom",
    "publish": "benchmarks.publish",
    "inbox": "benchmarks.inbox",
    "stream": "benchmarks.stream",
    "tips": "benchmarks.tips",
    "match": "benchmarks.match",
    "near-duplicates": "benchmarks.near_duplicates",
    "events": "benchmarks.events",
    "chain": "benchmarks.chain",
    "cap": "benchmarks.cap",
}


@click.command()
@click.argument("name", type=click.Choice(list(BENCHES)))
@click.option("--rows", multiple=True, type=click.IntRange(min=1), help="Sizes to run at; repeat it for several.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(name: str, rows: tuple[int, ...], *, as_json: bool) -> None:
    """Run one bench. It needs a checkout and the development libraries, since its peers are among them."""
    # Benches stand in the checkout, beside the package, and start processes of their own.
    root = str(Path(callbox.__file__).resolve().parent.parent)
    sys.path.insert(0, root)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    try:
        module = importlib.import_module(BENCHES[name])
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is not installed. Run this in a checkout, after `make test` has installed what it needs."
        ) from None
    result: dict[str, Any] = module.run(rows=rows) if rows else module.run()
    click.echo(json.dumps(result, indent=2) if as_json else module.describe(result))
