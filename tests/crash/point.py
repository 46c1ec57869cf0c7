"""What happens at one point, each step in a process of its own that was forked from one with Django ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from PIL import Image

from callbox.core.text import SENTENCES
from callbox.governance import audit
from callbox.networks import media
from callbox.networks.connections import services as accounts
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import looking, sending, services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Media
from callbox.people.models import Agency, User
from tests.crash.remotes import Remote
from tests.networks.desk import Desk

type Strategy = Literal["looking", "naive"]

ALT = "Harbour Street, closed by a barrier"


@dataclass(frozen=True, slots=True)
class Finding:
    """after: the row's state when the lease of the dead worker had passed.  seen: ... when the network had been looked at.
    end: ... when a person had decided, where one had to.  remote: posts on the network right after the crash.
    final: ... at the end.  known: whether the row names the post.  trail: whether the audit chain verifies.
    """

    after: str
    seen: str
    end: str
    remote: int
    final: int
    known: bool
    trail: bool

    @property
    def lost(self) -> bool:
        """Whether the message is not out, or is out without the row knowing where, or the record of it is broken."""
        return self.final == 0 or self.end != "sent" or not self.known or not self.trail

    @property
    def doubled(self) -> bool:
        """Whether the public sees it more than once."""
        return self.final > 1

    @property
    def untrue(self) -> bool:
        """Whether the row said to wait for what was out already, or to be out when it was not."""
        return (self.after == "waiting" and self.remote > 0) or (self.after == "sent" and self.remote == 0)


def enter(folder: Path) -> None:
    """Work in the data folder of one point from now on."""
    connections.close_all()
    connections.settings["default"]["NAME"] = folder / "callbox.sqlite3"
    connections.settings["tips"]["NAME"] = folder / "tips.sqlite3"
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "uploads"


def migrate() -> None:
    """Make the tables."""
    for database in connections:
        call_command("migrate", database=database, verbosity=0)
    connections.close_all()


def lay_out(remote: Remote) -> None:
    """Make the agency, its people and its account, in the folder that every point starts from as a copy."""
    desk = Desk.open()
    accounts.connect(
        agency=desk.agency, kind=remote.kind, details=remote.details, secrets=remote.secrets, by=desk.alice
    )
    connections.close_all()


def queue(mark: str, *, picture: bool) -> None:
    """Approve and queue one message that carries `mark`, with a described picture where the network takes some time over it."""
    desk = Desk(Agency.objects.get(), User.objects.get(name="Alice"), User.objects.get(name="Bob"))
    shown: tuple[Media, ...] = ()
    if picture:
        data = _picture()
        kept = media.keep(settings.MEDIA_ROOT, desk.agency.pk, data)
        shown = (Media(kept.sha256, "image", "image/png", len(data), ALT),)
    desk.queued(connection=Connection.objects.get(), text=f"Harbour Street is closed. {mark}", media=shown)
    connections.close_all()


def publish() -> None:
    """What a worker does on one account."""
    sending.sweep()
    sending.send_lane(Connection.objects.get().pk)


def recover(remote: Remote, folder: Path, mark: str, strategy: Strategy) -> Finding:
    """Start again after the crash: the lease passes, the network is looked at, a person decides; then see what the public sees."""
    found = remote.arrived(folder, mark)
    sending.LEASE = timedelta(0)  # type: ignore[misc]
    if strategy == "naive":
        Delivery.objects.filter(state="sending").update(state="waiting")
    sending.sweep()
    after = Delivery.objects.get().state
    seen = _look() if after == "unclear" else after
    if seen == "unclear":
        _decide(there=remote.arrived(folder, mark) > 0)
    if Delivery.objects.get().state == "waiting":
        publish()
    end = Delivery.objects.get()
    audit.seal()
    return Finding(
        after=after,
        seen=seen,
        end=end.state,
        remote=found,
        final=remote.arrived(folder, mark),
        known=bool(end.remote_id),
        trail=audit.verify().whole,
    )


def _look() -> str:
    for _time in range(5):  # as the worker does every minute; snac breaks off some calls
        Delivery.objects.update(looked_at=None)
        looking.look_at_unclear()
        row = Delivery.objects.get()
        if row.state != "unclear" or row.said == SENTENCES["unclear_unfound"]:
            break
    return row.state


def _decide(*, there: bool) -> None:
    """Let a person settle it, who opens the network's own page and looks."""
    services.settle(
        delivery=Delivery.objects.get(),
        decision="sent" if there else "again",
        remote_id="seen by a person" if there else "",
        by=User.objects.get(name="Bob"),
    )


def _picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return drawn.getvalue()
