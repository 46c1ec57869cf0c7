"""`callbox verify`: a proof pack is computed anew; the audit chain is followed from its beginning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callbox.governance.chain import Checkpoint
    from callbox.governance.chain import Verdict as ChainVerdict
    from callbox.maturity.proof.verify import Verdict


@click.command()
@click.argument("what")
@click.option("--key", help="For a pack: the agency's published key or its fingerprint.")
@click.option(
    "--file",
    "exported",
    type=click.Path(path_type=Path),
    help="For audit: an exported chain, checked without a database.",
)
@click.option(
    "--witness",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="For audit: a file of checkpoints kept elsewhere.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(what: str, key: str | None, exported: Path | None, witness: Path | None, *, as_json: bool) -> None:
    """Recompute every score of the proof pack WHAT, or check the audit chain when WHAT is `audit`.

    A pack needs no database and no network. Ends with 0 when everything holds, with 1 when it does not.
    """
    holds = _audit(exported, witness, as_json=as_json) if what == "audit" else _pack(Path(what), key, as_json=as_json)
    if not holds:
        raise click.exceptions.Exit(1)


def _pack(path: Path, key: str | None, *, as_json: bool) -> bool:
    from callbox.core.signing import SigningError, stated  # noqa: PLC0415
    from callbox.maturity.proof.verify import verify as recompute  # noqa: PLC0415

    try:
        verdict = recompute(path, public_key=stated(key) if key else None)
    except SigningError as error:
        raise click.BadParameter(str(error), param_hint="--key") from None
    if as_json:
        click.echo(json.dumps(_plain(verdict), ensure_ascii=False, indent=2))
    else:
        _tell(path, verdict)
    return verdict.holds


def _plain(verdict: Verdict) -> dict[str, object]:
    from callbox.core.plain import to_plain  # noqa: PLC0415

    return {
        "holds": verdict.holds,
        "agency": verdict.agency,
        "fingerprint": verdict.fingerprint,
        "compared": verdict.compared,
        "findings": [to_plain(finding) for finding in verdict.findings],
        "notes": [to_plain(note) for note in verdict.notes],
        "rows": verdict.rows,
        "areas": {area.id: [area.shown, area.at_most] for area in verdict.profile.areas} if verdict.profile else {},
    }


def _tell(path: Path, verdict: Verdict) -> None:
    if verdict.agency:
        click.echo(f"{verdict.agency}, {sum(verdict.rows.values()):,} rows, signed by key {verdict.fingerprint}")
    for finding in verdict.findings:
        click.echo(f"Does not hold: {finding.reason.sentence}.")
        if finding.practices:
            click.echo(f"  Practices that rest on it: {', '.join(finding.practices)}")
    for note in verdict.notes:
        click.echo(f"Note: {note.sentence}.")
    if verdict.holds:
        click.echo(f"{path.name} holds: it is what was signed, and every score follows from its record.")
        for area in verdict.profile.areas if verdict.profile else ():
            click.echo(f"  {area.id}: {_range(area.shown, area.at_most)}")


def _range(shown: int | None, at_most: int | None) -> str:
    if shown is None:
        return "does not apply"
    return f"level {shown} of 5" if shown == at_most else f"level {shown} shown, {at_most} at most"


def _audit(exported: Path | None, witness: Path | None, *, as_json: bool) -> bool:
    from callbox.governance import chain  # noqa: PLC0415

    try:
        checkpoints = chain.read_checkpoints(witness) if witness else []
        verdict = chain.verify_file(exported, checkpoints=checkpoints) if exported else _database(checkpoints)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise click.ClickException(f"The witness cannot be used: {error}.") from None
    if as_json:
        from callbox.core.plain import to_plain  # noqa: PLC0415

        click.echo(json.dumps({"whole": verdict.whole, **to_plain(verdict)}, indent=2))
    elif verdict.first_break:
        click.echo(f"The audit chain is broken: {verdict.first_break.sentence}.")
        click.echo(f"{verdict.events:,} events before that place hold.")
    else:
        click.echo(f"The audit chain is whole: {verdict.events:,} sealed events, {verdict.unsealed:,} not sealed yet.")
        if exported and not verdict.checkpoints:
            click.echo("Nothing tells whether its end was cut off: give a file of checkpoints with --witness.")
    return verdict.whole


def _database(checkpoints: list[Checkpoint]) -> ChainVerdict:
    from callbox.cli.django import start  # noqa: PLC0415

    start()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from callbox.governance import audit, chain  # noqa: PLC0415

    try:
        return audit.verify(checkpoints=checkpoints or chain.read_checkpoints(settings.AUDIT_WITNESS))
    except DatabaseError as error:
        raise click.ClickException(f"The trail cannot be read: {str(error).strip()}.") from None
