"""A post of the agency on paper with a comment below it, put into a conversation."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from callbox.flows import arrival
from callbox.networks.connections.services import connect
from callbox.networks.items.models import Item
from callbox.networks.models import Connection
from callbox.networks.paper.files import Files, Post
from callbox.networks.paper.network import PaperSession
from callbox.people.models import Agency, User

WORDS = "She lives at 14 Mill Lane, ring twice."


def account(agency: Agency, by: User) -> Connection:
    return connect(agency=agency, kind="paper", details={"handle": "harbour"}, secrets={}, by=by)


def comment(where: Connection, text: str = WORDS) -> Item:
    """Let a resident comment on a post of ours; return the collected comment, heard."""
    paper = PaperSession(_files(), "harbour")
    post = paper.drop("Harbour Street is closed.", author="harbour")
    remote = paper.drop(text, author="mia", parent=post)
    now = timezone.now()
    item = Item.objects.create(
        agency=where.agency, connection=where, remote_id=remote, thread=post, parent=post, door="comment",
        author="paper:mia", author_name="mia", text=text, language="en", at=now, seen_at=now,
    )  # fmt: skip
    arrival.arrived([item])
    return item


def on_paper(item: Item) -> Post:
    """Return the comment as the network shows it."""
    post = _files().read(item.remote_id)
    assert post is not None
    return post


def _files() -> Files:
    return Files(settings.DATA / "paper", "harbour")
