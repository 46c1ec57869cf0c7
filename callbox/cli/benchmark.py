"""`callbox benchmark`: agencies compare by small signed files, without any server and without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callbox.core.signing import SigningKey
    from callbox.maturity.benchmark.files import Opened
    from callbox.maturity.scoring.profile import Profile

FILE = click.Path(path_type=Path)


@click.group()
def benchmark() -> None:
    """Share an agency's levels, merge what others have shared, and see how agencies of one size stand."""


@benchmark.command()
@click.argument("profile", type=FILE)
@click.option("--country", required=True, help="Two letters, such as NO or US.")
@click.option("--key", type=FILE, help="Private key of the agency; by default the one that signs proof packs.")
@click.option("--out", type=FILE, help="File to write; printed where it is left out.")
def share(profile: Path, country: str, key: Path | None, out: Path | None) -> None:
    """Sign the levels of PROFILE, the profile.json that `callbox assess` wrote.

    What leaves: levels, size band, country, month and a key made for comparing alone. No name, no post, no figure of the record.
    """
    from callbox.maturity.benchmark.contribution import ContributionError, contribute, signing_key, write  # noqa: PLC0415

    found = _profile(profile)
    try:
        text = write(contribute(found, country=country, key=signing_key(_key(key))))
    except ContributionError as error:
        raise click.ClickException(str(error)) from None
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text)


@benchmark.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--out", required=True, type=FILE, help="The pool to write.")
def merge(files: tuple[Path, ...], out: Path) -> None:
    """Merge contributions and pools into one, in any order. A file that is refused is named, and costs no other."""
    from callbox.maturity.benchmark import pool  # noqa: PLC0415
    from callbox.maturity.benchmark.files import write_pool  # noqa: PLC0415

    opened = [_open(file) for file in files]
    merged = pool.merge(*(one.contributions for one in opened))
    refused = [each for one in opened for each in one.refused]
    for each in refused:
        click.echo(f"Not taken in: {each.name}. {each.why}", err=True)
    if not merged:
        raise click.ClickException("Nothing could be taken in, so nothing was written.")
    _write(out, write_pool(merged))
    click.echo(f"{len(merged)} contributions in {out}; {len(refused)} were not taken in.")


@benchmark.command()
@click.argument("pool", type=FILE)
@click.option(
    "--band", required=True, type=click.Choice(["under-25", "25-99", "100-499", "500-plus"]), help="Sworn officers."
)
@click.option("--model", "version", help="Version of the maturity model; by default the one that comes with Callbox.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(pool: Path, band: str, version: str | None, *, as_json: bool) -> None:
    """Show quartiles of the agencies of one size in POOL, each with its n and month; nothing of fewer than five."""
    from callbox.maturity.benchmark.pool import compare  # noqa: PLC0415
    from callbox.maturity.benchmark.pool import merge as merged  # noqa: PLC0415
    from callbox.maturity.model import loader  # noqa: PLC0415
    from callbox.maturity.scoring.evidence import Band  # noqa: PLC0415

    opened, model = _open(pool), loader.load()
    for each in opened.refused:
        click.echo(f"Not taken in: {each.name}. {each.why}", err=True)
    contributions = merged(opened.contributions)
    subjects = {area.id: area.name for area in model.areas} | {
        one.id: f"{one.id} {one.name}" for one in model.practices
    }
    found = {
        name: one
        for subject, name in subjects.items()
        if (one := compare(contributions, band=Band(band), model=version or model.version, subject=subject))
    }
    if as_json:
        from callbox.core.plain import to_plain  # noqa: PLC0415

        click.echo(json.dumps([to_plain(one) for one in found.values()], ensure_ascii=False, indent=2))
    elif not found:
        click.echo(
            "Fewer than five agencies of this size have shared: nothing is shown, so that nobody can be told apart."
        )
    for name, one in found.items() if not as_json else ():
        click.echo(
            f"{name:<44} median {one.median:g}, middle half {one.lower:g} to {one.upper:g}  (n = {one.n}, newest {one.newest:%B %Y})"
        )


def _open(path: Path) -> Opened:
    from callbox.maturity.benchmark.files import LIMIT, open_file  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror}.") from None
    return open_file(path.name, content, today=datetime.now(UTC).date())


def _profile(path: Path) -> Profile:
    from pydantic import ValidationError  # noqa: PLC0415

    from callbox.core.plain import from_plain  # noqa: PLC0415
    from callbox.maturity.scoring.profile import Profile  # noqa: PLC0415

    try:
        return from_plain(Profile, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise click.ClickException(
            f"{path} is no profile as callbox assess writes it: {place}: {first['msg']}."
        ) from None
    except (ValueError, RecursionError):
        raise click.ClickException(f"{path} is no profile as callbox assess writes it: it is not JSON.") from None


def _key(path: Path | None) -> SigningKey:
    from callbox.core import signing  # noqa: PLC0415

    try:
        return signing.load(path) if path else signing.load_or_create(signing.default_folder())
    except (signing.SigningError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _write(path: Path, text: str) -> None:
    """Write aside and put in place at once, so that a file that was there stays whole when the disk is full."""
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}. Nothing was changed.") from None
