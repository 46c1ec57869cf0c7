"""`make demo-networks`: the demonstration agency with accounts on real servers of this machine, and residents who write to it.

Two snac servers, Bluesky with its AppView, a mail server and a Mastodon server with a public stream are started on free ports. A copy of
the demonstration agency is connected to them, listens to what is public there, and is served with its worker. Everything is printed, and
everything ends with Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers import listening, mail
from tests.servers.atproto import LOGIN
from tests.servers.networks import READERS, Networks, networks
from tests.servers.processes import free_port
from tests.servers.residents import body, until

if TYPE_CHECKING:  # it needs Django, which is started once the places are known
    from callbox.people.models import Agency

ROOT = Path(__file__).resolve().parents[2]
#: Where the agency lies as it was built, before it is copied and connected.
BUILT = ROOT / "var" / "demo-networks"
#: What runs, for `python -m tests.servers.reply`.
RUNNING = BUILT / "running.json"
SLUG = "riverton"
WORDS = "Mill Road is closed between the bridge and the station until noon. Buses 4 and 7 stop at the market."


def main() -> None:
    """Start everything, connect, serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers.demo", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=8000, help="of Callbox; 0 takes a free one")
    port = parser.parse_args().port or free_port()
    _build()
    with (
        tempfile.TemporaryDirectory(prefix="callbox-demo-", ignore_cleanup_errors=True) as folder,
        networks(SLUG, say=_say) as found,
        listening.public_stream() as social,
    ):
        for line in found.missing:
            _say(f"Left out: {line}")
        shutil.copytree(BUILT / "demo", Path(folder) / "demo")
        _start(Path(folder) / "demo", found, social, port)
        _say("Connecting the accounts and sending a first message")
        _connect(found)
        _serve(found, social, port)


def _say(line: str) -> None:
    print(line, flush=True)


def _build() -> None:
    """Build the agency with the product's own command, once."""
    command = [sys.executable, "-m", "callbox", "demo", "--build-only"]
    subprocess.run(command, env={**os.environ, "CALLBOX_DATA": str(BUILT)}, check=True)


def _start(data: Path, found: Networks, social: str, port: int) -> None:
    """Start Django on the copy, allowed to speak to the servers of this machine that are listed and to no others."""
    os.environ |= {
        "CALLBOX_DEMO": "1",
        "CALLBOX_DATA": str(data),
        "CALLBOX_PRIVATE_HOSTS": ",".join((*found.places, listening.place_of(social))),
        "CALLBOX_PORTAL_URL": f"http://127.0.0.1:{port}",
    }
    os.environ.pop("CALLBOX_DATABASE_URL", None)
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()  # it may have been built by an earlier version
    if found.mail:
        from django.conf import settings  # noqa: PLC0415

        # In a setting of the product a mail server is always spoken to encrypted; this one never leaves the machine.
        settings.MAILERS, settings.DEFAULT_FROM_EMAIL = found.mailers, found.sender


def _connect(found: Networks) -> None:
    """Connect each account as the desk does; a message leaves to all that are public, and residents answer it."""
    from callbox.config import schedule  # noqa: PLC0415
    from callbox.flows import publication  # noqa: PLC0415
    from callbox.networks.connections.services import connect  # noqa: PLC0415
    from callbox.networks.vocabulary import Content  # noqa: PLC0415
    from callbox.people.models import Agency, Membership  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415
    from callbox.voice.services import messages  # noqa: PLC0415

    agency = Agency.objects.get(slug=SLUG)
    staff = {each.role: each.user for each in Membership.objects.filter(agency=agency).select_related("user")}
    writer, approver = staff[Role.PRESS_OFFICER], staff[Role.APPROVER]
    accounts = []
    for kind, (details, secrets) in found.connections.items():
        accounts.append(connect(agency=agency, kind=kind, details=details, secrets=secrets, by=writer).account)
    if found.mail:
        _subscribe(agency, found)
    if accounts:
        content = Content(WORDS, title="Mill Road closed until noon")
        message = messages.draft(agency=agency, content=content, accounts=accounts, by=writer)
        publication.submit(message=message, by=writer)
        publication.approve(message=message, digest=publication.bound_of(message.newest).digest, by=approver)
        schedule.run_once()
    if found.fediverse:
        found.on_mastodon.reply(found.on_mastodon.sees("Mill Road"), "How do I get to the station?")
    if found.bluesky:
        found.on_bluesky.reply(found.on_bluesky.sees("Mill Road"), "Is the bridge open on foot?")
        found.on_bluesky.mention("the lamp at the pier is broken")
    if found.mail:
        found.by_mail.mention("My bicycle was stolen on Monday. What do I do?")


def _subscribe(agency: Agency, found: Networks) -> None:
    """Let every reader ask for the agency's news, and confirm from the letter that the worker sends."""
    from callbox.config import schedule  # noqa: PLC0415
    from callbox.trust.services import subscriptions  # noqa: PLC0415

    for reader in READERS:
        subscriptions.ask(agency=agency, address=reader, choice=subscriptions.Choice())
    schedule.run_once()
    for reader in READERS:
        box = replace(found.by_mail, me=reader)
        until(lambda box=box: bool(box.letters()), f"{reader} is asked")  # type: ignore[misc]  # bound at once
        [secret] = re.findall(r"/subscribe/(\S+)/", body(box.letters()[0]))
        subscriptions.confirm(agency=agency, secret=secret, words="Send me news of Riverton Police by e-mail.")


def _serve(found: Networks, social: str, port: int) -> None:
    from callbox.cli.serve import run  # noqa: PLC0415
    from callbox.config.demo.build import PASSWORD, PEOPLE  # noqa: PLC0415
    from callbox.people.models import Agency  # noqa: PLC0415

    heard = listening.listen(Agency.objects.get(slug=SLUG), found, social)

    def ready(url: str) -> None:
        RUNNING.write_text(json.dumps(found.plain()), encoding="utf-8")
        _say(f"\nCallbox is at {url}\nEverybody there has the password {PASSWORD}:")
        for role, name, email in PEOPLE:
            _say(f"  {email:26} {name}, {role.label.lower()}")
        for line in accounts(found):
            _say(line)
        if heard:
            _say(f"\nIts watch “Water on Mill Road” listens to {', '.join(row.title for row in heard)}.")
            listening.speak_when_heard(heard, found, social)
        else:
            _say(f"\nLeft out: listening. The agency was built by an earlier version; remove {BUILT} to build it anew.")
        _say("\nInterrupt with Ctrl-C to end Callbox and every server.")

    try:
        run("127.0.0.1", port, worker=True, ready=ready)
    finally:
        RUNNING.unlink(missing_ok=True)


def accounts(found: Networks) -> list[str]:
    """Return what is there, a line each: address, account, password; and how to write as a resident."""
    lines = ["\nAccounts, the agency's first:"]
    lines += [f"  Mastodon  {each.server}/{each.name}  password {each.password}" for each in found.fediverse or ()]
    if found.bluesky:
        server, *people = found.bluesky
        lines += [f"  Bluesky   {server.address}  {each.handle}  password {LOGIN}" for each in people]
    if found.mail:
        lines += [f"  E-mail    {box}  password {mail.PASSWORD}" for box in found.mail.boxes]
        lines.append(f"            SMTP 127.0.0.1:{found.mail.smtp}, IMAP 127.0.0.1:{found.mail.imap}, not encrypted")
    lines.append("\nTo read and write as a resident, in another terminal:")
    for kind in found.connections:
        lines.append(f"  .venv/bin/python -m tests.servers.reply {kind} read")
        lines.append(f'  .venv/bin/python -m tests.servers.reply {kind} answer "Which way round?"')
    return lines


if __name__ == "__main__":
    main()
