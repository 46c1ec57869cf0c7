"""What an area offers for each class it keeps rows of: which rows, which of them a hold covers, and how they go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import PROTECT, RESTRICT, Exists, Model, OuterRef, Q, QuerySet

from callbox.governance.retention.classes import RetentionClass, classes
from callbox.people.models import Agency

type Rows = QuerySet[Any]

#: What a hold can name by its number, `message:12`. A word that no keeper asks for would hold nothing, and nobody would notice.
NUMBERED: Final = frozenset(
    {
        "agreement", "alert", "answer", "approval", "arrival", "assessment", "campaign", "case", "conversation",
        "delivery", "drill", "escalation", "event", "hiding", "incident", "invitation", "item", "media",
        "message", "offer", "partner", "reveal", "shift", "sighting", "source", "subscription", "upload", "watch",
    }
)  # fmt: skip
#: What a hold names by something else: the thread and the author of a post as the network calls them, a tip by its long name.
NAMED: Final = frozenset({"thread", "author", "tip"})


@dataclass(frozen=True, slots=True)
class Keeper:
    """The rows of one class.

    rows: those of an agency, annotated with `started`, the moment their clock began; what was blanked is not among them any more.
    held: a condition for the rows that holds with these subjects cover.  remove: deletes or blanks the given rows, files first, so
    that a crash leaves a row to try again and never a file without a row; it runs inside the purge's transaction.
    parts: models that `remove` deletes along with their row, so that their reference keeps nobody.
    """

    id: str
    rows: Callable[[Agency], Rows]
    held: Callable[[Sequence[str]], Q]
    remove: Callable[[Rows], object]
    parts: frozenset[type[Model]] = field(default_factory=frozenset)

    @property
    def of(self) -> RetentionClass:
        """The class."""
        return classes()[self.id]

    def free(self, rows: Rows) -> Rows:
        """Keep the rows that nothing else refers to; the others wait until that is gone. What is only blanked need not wait."""
        return unreferenced(rows, but=self.parts) if self.of.then == "delete" else rows


def numbers(subjects: Collection[str], kind: str) -> list[int]:
    """Return the row numbers among `subjects`: [12] for `message:12` when asked for `message`."""
    found = (subject.partition(":") for subject in subjects)
    return [int(number) for word, _colon, number in found if word == kind and number.isdecimal() and len(number) < 19]


def texts(subjects: Collection[str], kind: str) -> list[str]:
    """Return what follows `kind:` among `subjects`."""
    return [subject.removeprefix(f"{kind}:") for subject in subjects if subject.startswith(f"{kind}:")]


def unreferenced(rows: Rows, *, but: Collection[type[Model]] = ()) -> Rows:
    """Leave out the rows that a protecting foreign key of another row points to."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        if getattr(relation, "on_delete", None) not in {PROTECT, RESTRICT} or relation.related_model in but:
            continue
        other: Any = relation.related_model
        rows = rows.exclude(Exists(other._base_manager.filter(**{relation.field.attname: OuterRef("pk")})))
    return rows
