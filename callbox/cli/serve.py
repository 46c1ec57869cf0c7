"""`callbox serve`, `worker`, `admin` and `demo`: running an installation."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from callbox.cli.django import migrate, prepared, start


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--threads", type=click.IntRange(1, 256), help="Requests at once.  [default: 8]")
@click.option("--with-worker", is_flag=True, help="Run what runs by itself in this process too.")
@click.option(
    "--plane",
    type=click.Choice(["both", "desk", "portal", "api"]),
    help="Serve only the staff's pages, the public's, or the doors for machines.",
)
def serve(host: str, port: int, threads: int | None, *, with_worker: bool, plane: str | None) -> None:
    """Serve the desk and the portal. Put a proxy with HTTPS in front of them; docs/operate.md shows how."""
    if plane:
        os.environ["CALLBOX_PLANE"] = plane
    if threads:
        os.environ["CALLBOX_THREADS"] = str(threads)
    _portal_at(port)
    start()
    from django.conf import settings  # noqa: PLC0415

    if settings.PLANE in {"portal", "api"}:
        if with_worker:
            raise click.ClickException("This plane runs no work of its own: start `callbox worker` beside it.")
    else:  # the portal's role in the database may not change tables
        migrate()
    run(host, port, worker=with_worker, ready=lambda url: click.echo(f"Callbox is at {url}"))


def run(host: str, port: int, *, worker: bool, ready: Callable[[str], None]) -> None:
    """Serve until told to stop (interrupt or terminate). ready: called with the address once it answers.

    Raises:
        ClickException: the address is taken or not ours.
    """
    from django.conf import settings  # noqa: PLC0415
    from waitress.server import create_server  # noqa: PLC0415

    from callbox.config.wsgi import application  # noqa: PLC0415

    # A process that dies leaves no picture of its memory: what somebody was just writing would be in it.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        server = create_server(
            application,
            host=host,
            port=port,
            threads=settings.THREADS,
            ident=None,
            # The settings say how many proxies stand in front; without one, nobody may say where a request came from.
            clear_untrusted_proxy_headers=settings.PROXIES == 0,
            # A public form stays in memory: nothing of a tip touches a disk before it is sealed. Nor does the page that gives it back.
            inbuf_overflow=settings.PORTAL_BODY_BYTES + 65_536,
            outbuf_overflow=settings.PORTAL_BODY_BYTES + 65_536,
        )
    except OSError as error:
        raise click.ClickException(
            f"{host}:{port} cannot be used: {error.strerror}. Choose another with --port."
        ) from None
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(stop,), name="worker")
    if worker:
        thread.start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ready(f"http://{host}:{server.effective_port}/")
    try:
        server.run()
    finally:
        stop.set()
        if worker:
            thread.join(timeout=30)


def _work(stop: threading.Event) -> None:
    from callbox.config import schedule  # noqa: PLC0415 - knows sessions, which a portal of its own has not

    schedule.run_forever(stop, standing=schedule.STANDING)


@click.command()
@click.option("--once", is_flag=True, help="Run every job once and end.")
def worker(*, once: bool) -> None:
    """Run what runs by itself: sending, collecting, listening to public sources, sealing the audit chain, reminders, expiry."""
    start()
    from callbox.config import schedule  # noqa: PLC0415

    if once:
        failed = schedule.run_once()
        if failed:
            raise click.ClickException(f"These jobs failed: {', '.join(failed)}. The log says why.")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stop.set())
    click.echo("The worker runs. Interrupt it to stop.")
    schedule.run_forever(stop, standing=schedule.STANDING)


@click.group()
def admin() -> None:
    """Prepare an installation."""


@admin.command("prepare")
def prepare() -> None:
    """Create or update the database, and check the settings."""
    start()
    migrate()
    from callbox.cli.check import report  # noqa: PLC0415

    report()
    click.echo("The database is ready.")


@admin.command("agency")
@click.option("--name", required=True, help="Full name of the agency.")
@click.option("--slug", required=True, help="Short name for addresses: letters, digits and dashes.")
@click.option("--email", required=True, help="The first administrator's e-mail address.")
@click.option("--person", required=True, help="The first administrator's name.")
@click.option(
    "--time-zone", default="UTC", show_default=True, help="Whose hours the desk shows, for example America/Denver."
)
@click.password_option(help="The first administrator's password; asked for when not given.")
def agency(name: str, slug: str, email: str, person: str, time_zone: str, password: str) -> None:
    """Add an agency and its first administrator."""
    prepared()
    from django.contrib.auth.password_validation import validate_password  # noqa: PLC0415
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from callbox.governance.members import add_member, create_agency  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415

    try:
        validate_password(password)
        with transaction.atomic():
            made = create_agency(slug=slug, name=name, time_zone=time_zone, by="command line")
            add_member(
                agency=made, email=email, name=person, role=Role.ADMINISTRATOR, password=password, by="command line"
            )
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None
    click.echo(f"{name} is ready. {person} signs in with {email} and sets up a second factor.")


@admin.command("seal")
def seal() -> None:
    """Seal everything sealed with the newest keys, before an older one is taken out of CALLBOX_TOKEN_KEYS or CALLBOX_OLD_SECRET_KEYS.

    Tokens of accounts, sources and gateways, authors of posts, addresses of subscribers and of residents who asked, second factors.
    """
    prepared()
    from django.db import transaction  # noqa: PLC0415

    from callbox.core.secrets import SealBrokenError  # noqa: PLC0415
    from callbox.desk.signin import factors  # noqa: PLC0415
    from callbox.flows import sealing  # noqa: PLC0415

    try:
        with transaction.atomic():
            counts = sealing.seal_anew() | {"second factors": factors.seal_anew()}
    except SealBrokenError as error:
        raise click.ClickException(
            f"Nothing was changed: {error}. Add the missing key at the end and try again."
        ) from None
    told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    click.echo(f"Sealed with the newest key: {told}.")


@admin.command("lost-device")
@click.argument("email")
@click.confirmation_option(prompt="Did you speak with this person, and know their voice or face?")
def lost_device(email: str) -> None:
    """Take the second factors of the person with this EMAIL away, who lost them all, and end their sessions.

    They sign in with their password and set up a new factor before anything opens; every agency of theirs has it in its trail.
    """
    prepared()
    from callbox.desk.signin import factors  # noqa: PLC0415
    from callbox.people.models import User  # noqa: PLC0415

    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise click.ClickException("Nobody signs in with this address. Nothing was changed.")
    count = factors.lost(user)
    click.echo(f"{count} second factors of {user.name} are gone. With their password they set up a new one.")


@admin.command("set-aside")
@click.option("--again", is_flag=True, help="Put them into the log once more.")
def set_aside(*, again: bool) -> None:
    """List what watches matched and could not be kept."""
    prepared()
    from callbox.core.log.contract import LogError  # noqa: PLC0415
    from callbox.intelligence.models import SetAside  # noqa: PLC0415
    from callbox.intelligence.services import listening, sightings  # noqa: PLC0415

    for row in SetAside.objects.select_related("agency"):
        click.echo(f"{row.at:%Y-%m-%d %H:%M}  {row.agency.slug if row.agency else '-':20} {row.entry[:16]}  {row.why}")
    if not again:
        return
    try:
        with contextlib.closing(listening.open_log()) as log:
            count = sightings.append_again(log)
    except LogError as error:
        raise click.ClickException(f"{error.said}. Everything stays set aside.") from None
    click.echo(f"{count:,} entries are in the log once more; a worker keeps them.")


@admin.command("purge")
@click.option("--dry-run", is_flag=True, help="Count what would go, and change nothing.")
def purge(*, dry_run: bool) -> None:
    """Purge what is past its days and not on hold, as the nightly job does."""
    prepared()
    from callbox.flows import retention  # noqa: PLC0415

    if not dry_run:
        click.echo(f"{retention.purge_tonight():,} rows purged; the certificates are on the retention page.")
        return
    for agency, keeper, now in retention.forecast():
        line = f"{now.going:,} of {now.rows:,} would go, {now.held:,} on hold, {now.needed:,} still needed"
        click.echo(f"{agency.slug:20} {keeper.id:14} {line}")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--fresh", is_flag=True, help="Build the demonstration agency anew.")
@click.option("--build-only", is_flag=True, help="Build it and do not serve.")
def demo(port: int, *, fresh: bool, build_only: bool) -> None:
    """Build the demonstration agency and serve it on this machine.

    It lives in var/demo, apart from every other database, and needs no second factor; nobody but this machine reaches it.
    """
    data = _demo_settings(fresh=fresh)
    _portal_at(port)
    start()
    from callbox.config.demo.build import PASSWORD, PEOPLE, build  # noqa: PLC0415

    migrate()
    if not (data / "built").exists():
        _build(build)
        (data / "built").write_text("whole\n", encoding="utf-8")
    if build_only:
        click.echo("The demonstration agency is built.")
        return

    def ready(url: str) -> None:
        click.echo(f"\nCallbox is at {url}")
        click.echo(f"Sign in as {PEOPLE[0][2]} with the password {PASSWORD}")
        click.echo("Everybody who works there has the same password:")
        for role, name, email in PEOPLE[1:]:
            click.echo(f"  {email:26} {name}, {role.label.lower()}")
        click.echo(f"A guided tour of a quarter of an hour: {url}tour/")
        click.echo("Interrupt with Ctrl-C to stop.")

    run("127.0.0.1", port, worker=True, ready=ready)


def _portal_at(port: int) -> None:
    """Let links to the public pages name the port they are served on, where nobody has set their address."""
    if port and not os.environ.get("CALLBOX_HOSTS"):
        os.environ.setdefault("CALLBOX_PORTAL_URL", f"http://localhost:{port}")


def _demo_settings(*, fresh: bool) -> Path:
    """Point the settings at a place of the demonstration's own; a half-built one is removed. Returns its folder."""
    root = Path(os.environ.get("CALLBOX_DATA") or "var").absolute()
    data = root / "demo"
    if data.exists() and (fresh or not (data / "built").exists()):
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    os.environ |= {"CALLBOX_DEMO": "1", "CALLBOX_DATA": str(data)}
    os.environ.pop("CALLBOX_DATABASE_URL", None)
    return data


def _build(build: Callable[..., object]) -> None:
    from rich.console import Console  # noqa: PLC0415

    click.echo("Building the demonstration agency (less than a minute)")
    console = Console(stderr=True)
    with console.status("Building") as status:

        def say(line: str) -> None:
            status.update(line)
            if not console.is_terminal:
                click.echo(f"  {line}")

        build(now=datetime.now(UTC).replace(microsecond=0), say=say)
