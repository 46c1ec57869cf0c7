"""A mail server as an agency has one, of two programs by others: Exim takes letters over SMTP, Dovecot hands them out over IMAP.

Debian packages exim4-daemon-light and dovecot-imapd. Both run as an ordinary user in a folder of their own, on free ports of this
machine, for the addresses they are started with; a letter to any other address is refused, so nothing ever leaves the machine.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import smtplib
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import formatdate
from pathlib import Path

from tests.servers.processes import free_port, listens, running

#: Everybody's, on a server that only this machine reaches.
PASSWORD = "letters-of-the-harbour"
#: Neither program takes in letters as root.
_USER = "nobody"
_PROGRAMS = {"exim4": "/usr/sbin/exim4", "dovecot": "/usr/sbin/dovecot"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """smtp, imap: ports of 127.0.0.1.  boxes: the addresses that have one; each signs in with its whole address and `PASSWORD`."""

    smtp: int
    imap: int
    boxes: tuple[str, ...]

    @property
    def places(self) -> tuple[str, str]:
        """Both as "host:port", to be let through the guard."""
        return (f"127.0.0.1:{self.smtp}", f"127.0.0.1:{self.imap}")

    def letters(self, box: str) -> list[EmailMessage]:
        """Return what lies in the inbox of an address, oldest first, as its owner's program would fetch it."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=10) as line:
            line.login(box, PASSWORD)
            line.select("INBOX", readonly=True)
            numbers = line.search(None, "ALL")[1][0].split()
            found = [line.fetch(number.decode(), "(RFC822)")[1][0] for number in numbers]
        return [message_from_bytes(each[1], policy=default) for each in found if isinstance(each, tuple)]

    def write(self, sender: str, to: str, subject: str, text: str, *, answers: str = "") -> str:
        """Send a letter as a resident's program does and return its Message-ID. answers: Message-ID of what it answers."""
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"], letter["Subject"] = sender, to, subject
        letter["Date"] = formatdate(localtime=True)
        letter["Message-ID"] = f"<{uuid.uuid4()}@{sender.rpartition('@')[2]}>"
        if answers:
            letter["In-Reply-To"] = letter["References"] = answers
        letter.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.smtp, local_hostname="resident.example", timeout=10) as line:
            line.login(sender, PASSWORD)
            line.send_message(letter)
        return str(letter["Message-ID"])


def missing() -> str:
    """Return in one line why there can be no mail server here, empty when there can."""
    absent = [name for name, path in _PROGRAMS.items() if not Path(path).exists()]
    if absent:
        return f"{' and '.join(absent)} not installed (tests/servers/install.sh installs them on Debian)"
    return ""


@contextmanager
def mail_server(boxes: Sequence[str]) -> Iterator[MailServer]:
    """Run both programs while the block lasts, with an empty box for each address.

    Raises:
        NotStartedError: one of them did not come up.
    """
    folder = Path(tempfile.mkdtemp(prefix="callbox-mail-"))
    who = pwd.getpwnam(_USER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    server = MailServer(free_port(), free_port(), tuple(boxes))
    try:
        for name in ("spool", "dovecot", *boxes):
            (folder / name).mkdir()
        (folder / "boxes").write_text("".join(f"{box}: {folder / box}\n" for box in boxes))
        (folder / "users").write_text(
            "".join(f"{box}:{{PLAIN}}{PASSWORD}:{who.pw_uid}:{who.pw_gid}::{folder / box}::\n" for box in boxes)
        )
        (folder / "exim.conf").write_text(_exim(folder, server.smtp, who))
        (folder / "dovecot.conf").write_text(_dovecot(folder, server.imap, who))
        if os.geteuid() == 0:
            for each in (folder, *folder.iterdir()):
                os.chown(each, who.pw_uid, who.pw_gid)
        user = who.pw_name if os.geteuid() == 0 else None
        exim = [_PROGRAMS["exim4"], "-C", str(folder / "exim.conf"), "-bdf", "-q1m"]
        dovecot = [_PROGRAMS["dovecot"], "-F", "-c", str(folder / "dovecot.conf")]
        with (
            running(exim, ready=lambda: listens(server.smtp), user=user, cwd=folder),
            running(dovecot, ready=lambda: listens(server.imap), user=user, cwd=folder),
        ):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exim(folder: Path, port: int, who: pwd.struct_passwd) -> str:
    """Return Exim's configuration: signed-in people write to the boxes of this server and to nobody else."""
    return f"""
primary_hostname = mail.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
exim_user = {who.pw_name}
exim_group = {grp.getgrgid(who.pw_gid).gr_name}
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/spool/pid
keep_environment =
deliver_drop_privilege = true
never_users =
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = to_a_box
begin acl
to_a_box:
  deny message = sign in first
       !authenticated = *
  accept verify = recipient
  deny message = no such box here
begin routers
boxes:
  driver = accept
  address_data = ${{lookup{{$local_part@$domain}}lsearch{{{folder}/boxes}}{{$value}}fail}}
  transport = box
begin transports
box:
  driver = appendfile
  directory = $address_data
  create_directory
  maildir_format
  user = {who.pw_name}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_advertise_condition = true
  server_condition = ${{if eq{{$auth3}}{{{PASSWORD}}}}}
  server_set_id = $auth2
"""


def _dovecot(folder: Path, port: int, who: pwd.struct_passwd) -> str:
    """Return Dovecot's configuration, for an ordinary user alone."""
    group = grp.getgrgid(who.pw_gid).gr_name
    return f"""
base_dir = {folder}/dovecot/run
state_dir = {folder}/dovecot
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {who.pw_name}
default_internal_group = {group}
default_login_user = {who.pw_name}
mail_location = maildir:%h
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""
