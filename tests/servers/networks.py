"""All networks at once, on this machine: two servers of the fediverse, Bluesky's with an AppView, a mail server; a resident on each.

What cannot be had here is left out and named. Everything listens on free ports of 127.0.0.1 and ends with the block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from tests.servers import mail, snac
from tests.servers.atproto import Account, MissingError, Server, whole_network
from tests.servers.mail import MailServer, mail_server
from tests.servers.processes import NotStartedError
from tests.servers.residents import ByMail, OnBluesky, OnMastodon, Resident
from tests.servers.snac import Daemon

#: Who is on the agency's list.
READERS = ("ada@resident.example", "ben@resident.example")


@dataclass
class Networks:
    """What runs. missing: one line for each that does not.  fediverse: the agency's server and a resident's."""

    slug: str
    fediverse: tuple[Daemon, Daemon] | None = None
    bluesky: tuple[Server, Account, Account] | None = None
    mail: MailServer | None = None
    missing: list[str] = field(default_factory=list)

    @property
    def sender(self) -> str:
        """The agency's address."""
        return f"news@{self.slug}.example"

    @property
    def places(self) -> tuple[str, ...]:
        """Every "host:port" that the agency must be allowed to speak to (CALLBOX_PRIVATE_HOSTS)."""
        found = [self.fediverse[0].place] if self.fediverse else []
        found += [self.bluesky[0].place] if self.bluesky else []
        return (*found, *(self.mail.places if self.mail else ()))

    @property
    def connections(self) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
        """Settings and secrets of each account, as a person would type them on the desk: kind of network -> both."""
        found: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        if self.fediverse:
            daemon = self.fediverse[0]
            found["mastodon"] = ({"server": daemon.server}, {"token": daemon.token})
        if self.bluesky:
            account = self.bluesky[1]
            found["bluesky"] = ({"server": account.server, "handle": account.handle}, {"password": account.password})
        if self.mail:
            found["email"] = (
                {
                    "server": "127.0.0.1",
                    "port": str(self.mail.smtp),
                    "security": "none",
                    "sender": self.sender,
                    "name": f"{self.slug.title()} Police",
                    "imap_server": "127.0.0.1",
                    "imap_port": str(self.mail.imap),
                },
                {"user": self.sender, "password": mail.PASSWORD},
            )
        return found

    @property
    def mailers(self) -> dict[str, dict[str, Any]]:
        """Django's MAILERS for letters to single residents: the same mail server, which is not encrypted on this machine."""
        assert self.mail is not None
        options = {"host": "127.0.0.1", "port": self.mail.smtp, "username": self.sender, "password": mail.PASSWORD}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Networks:
        """Return what `plain` wrote, to speak to servers that another process runs."""
        found = cls(plain["slug"])
        if plain["fediverse"]:
            ours, theirs = (Daemon(**each) for each in plain["fediverse"])
            found.fediverse = (ours, theirs)
        if plain["bluesky"]:
            server, *people = plain["bluesky"]
            agency, resident = (Account(**each) for each in people)
            found.bluesky = (Server(**server), agency, resident)
        if plain["mail"]:
            found.mail = MailServer(**plain["mail"])
        return found

    @property
    def residents(self) -> dict[str, Resident]:
        """Who lives on what runs: kind of network -> resident."""
        found: dict[str, Resident] = {}
        if self.fediverse:
            found["mastodon"] = self.on_mastodon
        if self.bluesky:
            found["bluesky"] = self.on_bluesky
        if self.mail:
            found["email"] = self.by_mail
        return found

    @cached_property
    def on_mastodon(self) -> OnMastodon:
        """The resident of the fediverse."""
        assert self.fediverse is not None
        return OnMastodon(home=self.fediverse[1], agency=self.fediverse[0])

    @cached_property
    def on_bluesky(self) -> OnBluesky:
        """The resident on Bluesky."""
        assert self.bluesky is not None
        return OnBluesky(me=self.bluesky[2], agency=self.bluesky[1])

    @cached_property
    def by_mail(self) -> ByMail:
        """The first reader."""
        assert self.mail is not None
        return ByMail(self.mail, READERS[0], self.sender)


@contextmanager
def networks(slug: str, *, say: Callable[[str], None] = lambda _line: None) -> Iterator[Networks]:
    """Bring up everything that can be had here for the agency `slug`, and its residents. say: told of each step."""
    with ExitStack() as stack:
        found = Networks(slug)
        for name, start in (("two snac servers", _fediverse), ("the mail server", _mail), ("Bluesky", _bluesky)):
            say(f"Starting {name}")
            try:
                start(stack, found)
            except (MissingError, NotStartedError) as error:
                found.missing.append(f"{name}: {str(error).strip().splitlines()[0]}")
        yield found


def _fediverse(stack: ExitStack, found: Networks) -> None:
    if why := snac.missing():
        raise MissingError(why)
    found.fediverse = (stack.enter_context(snac.snac(found.slug)), stack.enter_context(snac.snac("rosa")))
    found.on_mastodon.follow()


def _mail(stack: ExitStack, found: Networks) -> None:
    if why := mail.missing():
        raise MissingError(why)
    found.mail = stack.enter_context(mail_server([found.sender, *READERS]))


def _bluesky(stack: ExitStack, found: Networks) -> None:
    server = stack.enter_context(whole_network())
    found.bluesky = (server, server.join(found.slug), server.join("omar"))
