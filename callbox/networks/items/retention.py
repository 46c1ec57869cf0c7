"""How long collected posts are kept: residents' words go and their count stays, the agency's own posts go whole."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from callbox.governance.retention.keeping import Keeper, Rows, numbers, texts
from callbox.networks.items.models import Item
from callbox.people.models import Agency

#: Stands before a row's number where the network's own id stood: the id leads to the words.
BLANK = "purged:"


def _residents(agency: Agency) -> Rows:
    kept = Item.objects.of(agency).incoming().exclude(remote_id__startswith=BLANK)
    return kept.annotate(started=F("seen_at"))


def _own(agency: Agency) -> Rows:
    return Item.objects.of(agency).own_posts().annotate(started=F("seen_at"))


def _held(subjects: Sequence[str]) -> Q:
    return (
        Q(pk__in=numbers(subjects, "item"))
        | Q(thread__in=texts(subjects, "thread"))
        | Q(author__in=texts(subjects, "author"))
    )


def _blank(rows: Rows) -> None:
    gone = Concat(Value(BLANK), Cast("pk", CharField()))
    rows.update(remote_id=gone, thread=gone, parent="", author="", author_name="", text="", url="", revision="")


RESIDENTS = Keeper("residents", _residents, _held, _blank)
OWN_POSTS = Keeper("own-posts", _own, _held, lambda rows: rows.delete())
