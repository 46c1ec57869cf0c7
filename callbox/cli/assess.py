"""`callbox assess`: files in, profile out. No account, no database, no network."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callbox.maturity.assess import Assessed
    from callbox.maturity.scoring.evidence import Standing
    from callbox.networks.archives.record import Record


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--agency", help="Name of the agency: every file and account given is then its one record.")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="LEDGER=COLUMN",
    help="Which column of a table holds what; contacts.LEDGER=COLUMN for a table of an inbox.",
)
@click.option("--standing", type=click.Path(path_type=Path), help="What the agency states of itself, a JSON file.")
@click.option("--labels/--no-labels", default=True, help="Label what each post does (English posts only).")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("callbox-report"), show_default=True,
              help="Folder for the reports, the tables and the proof pack.")  # fmt: skip
@click.option("--no-files", is_flag=True, help="Print only, write nothing.")
@click.option("--key", type=click.Path(path_type=Path), help="Private key that signs the proof pack.")
def assess(
    files: tuple[Path, ...],
    agency: str | None,
    columns: tuple[str, ...],
    standing: Path | None,
    style: str,
    out: Path,
    key: Path | None,
    *,
    labels: bool,
    no_files: bool,
) -> None:
    """Profile an agency from the files its networks let it download, or from a plain table.

    Reads X, Mastodon, Bluesky, Facebook and Instagram archives, Atom and RSS files, and CSV, JSON Lines and Parquet tables.
    Prints the profile, and writes a one-page report, a full report, every table as CSV and a signed proof pack for each agency.
    """
    from callbox.maturity import assess as maturity  # noqa: PLC0415  (starts in under a second only if imported late)
    from callbox.networks.archives.contract import ArchiveError, ColumnError  # noqa: PLC0415

    known = _standing(standing)
    mapping = _mapping(columns)
    with tempfile.TemporaryDirectory(prefix="callbox-") as folder, _progress(files) as advance:
        try:
            record, assessed = maturity.assess(
                files,
                now=datetime.now(UTC),
                workdir=Path(folder),
                agency=agency,
                standing=known,
                columns=mapping,
                labels=labels,
                advance=advance,
            )
        except ColumnError as error:
            raise click.ClickException(f"{error} Name it, for example with --map at=COLUMN.") from None
        except ArchiveError as error:
            raise click.ClickException(str(error)) from None
        written = [] if no_files else _write(out, record, assessed, known, key)
        _print(style, record, assessed, written)


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    for name, equals, column in pairs:
        if not (name and equals and column):
            raise click.BadParameter(
                f"write it as LEDGER=COLUMN, for example at=posted_on; got {name + equals + column!r}"
            )
    return {name.strip(): column.strip() for name, _equals, column in pairs}


def _standing(path: Path | None) -> Standing:
    from pydantic import ValidationError  # noqa: PLC0415

    from callbox.core.plain import from_plain  # noqa: PLC0415
    from callbox.maturity.scoring.evidence import Standing  # noqa: PLC0415

    if path is None:
        return Standing()
    try:
        return from_plain(Standing, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror}.") from None
    except json.JSONDecodeError as error:
        raise click.ClickException(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}.") from None
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}." for e in error.errors()]
        raise click.ClickException("\n".join(lines)) from None


@contextmanager
def _progress(files: tuple[Path, ...]) -> Iterator[Callable[[int], None]]:
    """Draw a bar of bytes on standard error, only where a person is looking."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    total = sum(path.stat().st_size for path in files if path.is_file()) or None
    bar = Progress(
        TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("reading", total=total)
        yield lambda count: bar.advance(task, count)


def _write(out: Path, record: Record, assessed: list[Assessed], standing: Standing, key: Path | None) -> list[Path]:
    from callbox.core import signing  # noqa: PLC0415
    from callbox.maturity import folder  # noqa: PLC0415

    try:
        signer = signing.load(key) if key else signing.load_or_create(signing.default_folder())
        with _spinner() as begun:
            return folder.write(out, record, assessed, standing=standing, key=signer, begun=begun)
    except signing.SigningError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or out}: cannot be written: {error.strerror}.") from None


@contextmanager
def _spinner() -> Iterator[Callable[[str], None]]:
    """Say on standard error what is being written, only where a person is looking."""
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status("Writing") as status:
        yield lambda what: status.update(f"Writing {what}")


def _print(style: str, record: Record, assessed: list[Assessed], written: list[Path]) -> None:
    if style == "json":
        from callbox.core.plain import to_plain  # noqa: PLC0415

        document = {
            "record": record.to_dict(),
            "profiles": [to_plain(one.profile) for one in assessed],
            "written": [str(path) for path in written],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from rich.console import Console  # noqa: PLC0415

    from callbox.maturity.report import terminal  # noqa: PLC0415

    console = Console()
    console.print(terminal.record(record.to_dict()))
    for one in assessed:
        console.print(terminal.profile(one.profile))
    for path in written:
        console.print(f"Written: {path}", soft_wrap=True)
