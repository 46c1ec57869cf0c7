"""From live rows to the ledger's posts, releases and accounts, as archives fill them.

What an account posted is what was collected from its network and what a delivery was sent to it, told apart by the network's own id: a
post made past Callbox counts like any other, and one that is not yet collected counts already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db.models import Min, Q

from callbox.governance.policy import TWO_APPROVERS, TWO_PERSONS
from callbox.networks import kind, registry
from callbox.networks.alt import described
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Ability
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.retention import BLANK
from callbox.networks.items.models import Item
from callbox.networks.ledger import SCHEMAS, Ledger, conform
from callbox.networks.vocabulary import Rendition
from callbox.people.models import Agency

#: What a row says of itself before its words are dropped.
_LABELS: Final = ("kind", "labelled_by")
_POSTS: Final = pl.Schema(
    {name: dtype for name, dtype in SCHEMAS["posts"].items() if name not in (*_LABELS, "prevention", "services")}
    | {"text": pl.String}
)
#: What every sent rendition says of itself, and what collecting adds.
_SENT: Final = ("media", "alt_text", "captions", "language")
_COLLECTED: Final = ("replies", "engagement", "incoming")
#: Rules of approval under which somebody other than the author has looked at the words.
_CHECKED: Final = (TWO_PERSONS, TWO_APPROVERS)
#: The door of what is not for everybody's eyes.
PRIVATE: Final = "message"
#: `accounts.source` of a row that comes from a connection.
SOURCE: Final = "connection"


def ledger(agency: Agency, *, as_of: datetime) -> Ledger:
    """Return what the agency's own rows say of its posts, its releases and its accounts until `as_of`; of contacts they say nothing."""
    tables = {"posts": posts(agency), "releases": releases(agency), "accounts": accounts(agency)}
    held = {name: rows if name == "accounts" else rows.filter(pl.col("at") <= as_of) for name, rows in tables.items()}
    return Ledger(agency.slug, as_of, {name: rows.lazy() for name, rows in held.items()})


def posts(agency: Agency) -> pl.DataFrame:
    """Return the table `posts`: one row for each public post of the agency, whoever made it with whatever program."""
    sent = _sent(agency)
    rows = [*_collected(agency, sent), *_uncollected(agency, sent)]
    frame = pl.DataFrame(rows, schema=_POSTS, orient="row")
    labels = kind.label(frame["text"], frame["language"]).select(_LABELS)
    own = pl.col("action").is_in(["post", "quote"])
    labelled = frame.drop("text").with_columns(
        pl.when(own).then(labels[name]).otherwise(None).alias(name) for name in _LABELS
    )
    return conform("posts", labelled).sort("at", "account", "post")


def releases(agency: Agency) -> pl.DataFrame:
    """Return the table `releases`: one row for each message and language that reached the public, at the time it first did.

    checked: somebody other than its author approved exactly this; not so what one person sent alone in an emergency.
    """
    first: dict[tuple[str, str], tuple[datetime, bool, bool]] = {}
    sent = Delivery.objects.of(agency).filter(state="sent", operation=Operation.PUBLISH, subject__startswith="message:")
    # A mailing has a letter for each subscriber, and all say the same; those whose time is up hold no words any more.
    letters = sent.exclude(recipient="").exclude(recipient__startswith=BLANK).order_by()
    mailings = letters.values("connection", "subject", "version").annotate(first=Min("pk")).values("first")
    rows = sent.filter(Q(recipient="") | Q(pk__in=mailings)).select_related("approval")
    for each in sorted(rows, key=lambda each: (_at(each), each.pk)):
        shown, approval = each.shown, each.approval
        second = approval is not None and approval.rule in _CHECKED
        versions = (version.language for version in shown.translations if not version.behind)
        for language in (shown.language, *versions):
            first.setdefault((each.subject, _tag(language) or ""), (_at(each), shown.urgent, second))
    found = [(subject, tag or None, *values) for (subject, tag), values in first.items()]
    return pl.DataFrame(found, schema=SCHEMAS["releases"], orient="row")


def accounts(agency: Agency) -> pl.DataFrame:
    """Return the table `accounts`: one row for each connection, with what its rows can carry."""
    found = [
        {
            "account": each.account,
            "network": each.kind,
            "handle": each.handle,
            "name": each.name or None,
            "source": SOURCE,
            "carries": list(_carries(each)),
            "as_of": each.collected_at or each.checked_at,
            # The newsroom is the agency's own page: nobody administers it on a network, and nothing has to link to it.
            "official": False if each.kind == "newsroom" else None,
        }
        for each in Connection.objects.of(agency).order_by("account")
    ]
    columns = ("account", "network", "handle", "name", "source", "carries", "as_of", "official")
    schema = {name: SCHEMAS["accounts"][name] for name in columns}
    return conform("accounts", pl.DataFrame(found, schema=schema))


def _carries(connection: Connection) -> Iterator[str]:
    network = registry.NETWORKS.get(connection.kind)
    if network is None or connection.kind == "email":  # letters are no public posts
        return
    yield from _SENT
    if connection.collected_at is not None and Ability.COLLECT in network.abilities:
        yield from _COLLECTED


type _Key = tuple[int, str]


def _sent(agency: Agency) -> Mapping[_Key, Delivery]:
    """Return the first delivery behind each public post, by connection and the network's id; letters are none."""
    found: dict[_Key, Delivery] = {}
    rows = Delivery.objects.of(agency).filter(state="sent", operation=Operation.PUBLISH, recipient="")
    for each in rows.exclude(remote_id="").select_related("connection").order_by("pk"):
        found.setdefault((each.connection_id, each.remote_id), each)
    return found


def _edited(agency: Agency) -> Mapping[_Key, Rendition]:
    """Return what stands there now of each post that was corrected in place."""
    rows = Delivery.objects.of(agency).filter(state="sent", operation=Operation.EDIT, recipient="").order_by("pk")
    return {(each.connection_id, each.remote_id): each.shown for each in rows}


def _collected(agency: Agency, sent: Mapping[_Key, Delivery]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of posts that were seen on their network."""
    own = set(Item.objects.of(agency).own_posts().values_list("connection", "remote_id")) | set(sent)
    others = set(Item.objects.of(agency).incoming().values_list("connection", "remote_id"))
    public = Item.objects.of(agency).own_posts().exclude(door=PRIVATE)
    for each in public.select_related("connection").order_by("at", "pk").iterator():
        key, parent = (each.connection_id, each.remote_id), (each.connection_id, each.parent)
        delivery = sent.get(key)
        action = "repost" if each.repost else "reply" if each.parent else "post"
        addressee = "self" if parent in own else "other" if parent in others else "unknown"
        yield (
            each.connection.account,
            each.remote_id,
            each.at,
            action,
            addressee if action == "reply" else None,
            each.thread if each.thread != each.remote_id else None,
            each.images,
            min(each.images_described, each.images),
            each.videos,
            min(each.videos_captioned, each.videos),
            _tag(each.language),
            each.likes,
            each.reposts,
            each.replies,
            delivery.shown.urgent if delivery else None,
            _release(delivery),
            each.text,
        )


def _uncollected(agency: Agency, sent: Mapping[_Key, Delivery]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of posts that were sent and not yet seen; an answer to a private message is as private."""
    seen = set(Item.objects.of(agency).own_posts().values_list("connection", "remote_id"))
    private = set(Item.objects.of(agency).filter(door=PRIVATE).values_list("connection", "remote_id"))
    edited = _edited(agency)
    for key, each in sent.items():
        first = each.shown
        if key in seen or (each.connection_id, first.reply_to) in private:
            continue
        shown = edited.get(key, first)
        images = [medium for medium in shown.media if medium.kind == "image"]
        videos = [medium for medium in shown.media if medium.kind == "video"]
        answers = bool(first.reply_to)
        yield (
            each.connection.account,
            each.remote_id,
            _at(each),
            "reply" if answers else "post",
            ("self" if (each.connection_id, first.reply_to) in sent else "other") if answers else None,
            first.reply_to or None,
            len(images),
            sum(described(medium.alt) for medium in images),
            len(videos),
            sum(bool(medium.captions) for medium in videos),
            _tag(shown.language),
            None,
            None,
            None,
            first.urgent,
            _release(each),
            shown.text,
        )


def _release(delivery: Delivery | None) -> str | None:
    """A post renders a message of the agency; an answer to one resident renders none."""
    return delivery.subject if delivery is not None and delivery.subject.startswith("message:") else None


def _at(delivery: Delivery) -> datetime:
    return delivery.called_at or delivery.settled_at or delivery.due


def _tag(language: str) -> str | None:
    return language.partition("-")[0].lower() or None
