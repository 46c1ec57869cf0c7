"""How long conversations with residents and questions of the public pages are kept: whole threads go, words, notes and all."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q

from callbox.governance.retention.keeping import Keeper, Rows, numbers, texts
from callbox.people.models import Agency
from callbox.trust.models import Conversation, Line


def _conversations(agency: Agency) -> Rows:
    return Conversation.objects.of(agency).exclude(connection=None).annotate(started=F("last_at"))


def _enquiries(agency: Agency) -> Rows:
    return Conversation.objects.of(agency).filter(connection=None).annotate(started=F("last_at"))


def _held(subjects: Sequence[str]) -> Q:
    """A hold on a post, on a thread of a network or on what one account wrote covers the conversation in which that stands."""
    posts = Q(item__in=numbers(subjects, "item")) | Q(item__thread__in=texts(subjects, "thread"))
    lines = Line.objects.filter(posts | Q(item__author__in=texts(subjects, "author")))
    return Q(pk__in=numbers(subjects, "conversation")) | Q(pk__in=lines.values("conversation"))


def _remove(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Line.objects.filter(conversation__in=gone).delete()
    Conversation.objects.filter(pk__in=gone).delete()


CONVERSATIONS = Keeper("conversations", _conversations, _held, _remove, frozenset({Line}))
ENQUIRIES = Keeper("enquiries", _enquiries, _held, _remove, frozenset({Line}))
