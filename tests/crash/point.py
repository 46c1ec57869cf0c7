"""What happens at one point, each step in a process of its own that was forked from one with Django ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import connections
from PIL import Image

from callbox.core.text import SENTENCES
from callbox.governance import audit
from callbox.networks import media
from callbox.networks.connections import services as accounts
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import looking, sending, services
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.vocabulary import Media
from callbox.people.models import Agency, User
from tests.crash.installations import copy, enter, migrate, remove
from tests.crash.remotes import Remote
from tests.networks.desk import Desk

__all__ = ["Finding", "Strategy", "copy", "enter", "lay_out", "migrate", "prepare", "publish", "recover", "remove"]

type Strategy = Literal["looking", "naive"]

ALT = "Harbour Street, closed by a barrier"
#: What a correction says, with the mark.
NEWER = "Harbour Street is open again. {}"


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


def lay_out(remote: Remote) -> None:
    """Make the agency, its people and its account, in the folder that every point starts from as a copy."""
    desk = Desk.open()
    accounts.connect(
        agency=desk.agency, kind=remote.kind, details=remote.details, secrets=remote.secrets, by=desk.alice
    )
    connections.close_all()


def prepare(mark: str, operation: Operation, remote: Remote) -> None:
    """Approve and queue what carries `mark`: a message, with a described picture where the network takes some time over it; or a
    correction in place, or taking back, of one that was published before.
    """
    desk = Desk(Agency.objects.get(), User.objects.get(name="Alice"), User.objects.get(name="Bob"))
    shown: tuple[Media, ...] = ()
    if remote.picture:
        data = _picture()
        kept = media.keep(settings.MEDIA_ROOT, desk.agency.pk, data)
        shown = (Media(kept.sha256, "image", "image/png", len(data), ALT),)
    there: dict[str, Any] = {"connection": Connection.objects.get(), "recipient": remote.recipient}
    first = desk.queued(**there, text=f"Harbour Street is closed. {mark}", media=shown)
    if operation != Operation.PUBLISH:
        publish()
        first.refresh_from_db()
        desk.queued(**there, text=NEWER.format(mark), operation=operation, replaces=first)
    connections.close_all()


def publish() -> None:
    """What a worker does on one account."""
    sending.sweep()
    sending.send_lane(Connection.objects.get().pk)


def done(remote: Remote, folder: Path, mark: str, operation: Operation) -> int:
    """Return how often the public sees done what the delivery was to do."""
    shown = remote.arrived(folder, mark)
    if operation == Operation.WITHDRAW:
        return int(shown == 0)
    if operation == Operation.EDIT:  # what was there, in its newer words; one more would be a double
        return remote.arrived(folder, NEWER.format(mark)) + shown - 1
    return shown


def recover(remote: Remote, folder: Path, mark: str, operation: Operation, strategy: Strategy) -> Finding:
    """Start again after the crash: the lease passes, the network is looked at, a person decides; then see what the public sees."""
    found = done(remote, folder, mark, operation)
    sending.LEASE = timedelta(0)  # type: ignore[misc]
    if strategy == "naive":
        Delivery.objects.filter(state="sending").update(state="waiting")
    sending.sweep()
    after = _row().state
    seen = _look() if after == "unclear" else after
    if seen == "unclear":
        _decide(there=done(remote, folder, mark, operation) > 0)
    if _row().state == "waiting":
        publish()
    end = _row()
    audit.seal()
    return Finding(
        after=after,
        seen=seen,
        end=end.state,
        remote=found,
        final=done(remote, folder, mark, operation),
        known=bool(end.remote_id) or operation == Operation.WITHDRAW,
        trail=audit.verify().whole,
    )


def _row() -> Delivery:
    """Return the delivery that was killed: the last one."""
    return Delivery.objects.latest("pk")


def _look() -> str:
    for _time in range(5):  # as the worker does every minute; snac breaks off some calls
        Delivery.objects.update(looked_at=None)
        looking.look_at_unclear()
        row = _row()
        if row.state != "unclear" or row.said == SENTENCES["unclear_unfound"]:
            break
    return row.state


def _decide(*, there: bool) -> None:
    """Let a person settle it, who opens the network's own page and looks."""
    services.settle(
        delivery=_row(),
        decision="sent" if there else "again",
        remote_id="seen by a person" if there else "",
        by=User.objects.get(name="Bob"),
    )


def _picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return drawn.getvalue()
