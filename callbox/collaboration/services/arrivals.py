"""What becomes of an arrival here: opened, taken over, declined, published, taken back. Each step writes the receipt the partner gets."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration.models import Arrival
from callbox.collaboration.rules import PUBLIC
from callbox.collaboration.services import authority, receipts
from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people.models import User
from callbox.people.roles import Action

#: In these a person may still decide what becomes of it.
OPEN = frozenset({"new", "accepted", "adapted", "declined"})


def opened(*, arrival: Arrival, by: User) -> None:
    """Note that somebody who may decide about it has read it; the first time alone counts.

    Raises:
        RefusedError: `by` may not decide.
    """
    authority.ask(by, Action.TAKE_OFFER, arrival.agency)
    with transaction.atomic():
        row = lock(arrival)
        if row.opened_at is None:
            row.opened_at = timezone.now()
            row.save(update_fields=["opened_at"])
            receipts.note(row, "opened")
            _tell(row, Audited.ARRIVAL_OPENED, by)


def lock(arrival: Arrival) -> Arrival:
    """Return the row as it stands now, locked. Belongs into a transaction."""
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("agency", "partner")
    return rows.get(pk=arrival.pk)


def to_take(arrival: Arrival) -> Arrival:
    """Return the locked row of something that may be taken over now.

    Raises:
        RefusedError: it is decided, recalled, past its hour, or labelled so that it may not be published.
    """
    row = lock(arrival)
    if row.recalls or not _undecided(row):
        raise RefusedError(_("Somebody decided about this already, or a newer version has come. Nothing was done."))
    if row.expires is not None and row.expires <= timezone.now():
        raise RefusedError(
            _("Its last hour has passed, so it is not taken over any more. Ask the partner for a new one.")
        )
    if row.label != PUBLIC:
        raise RefusedError(
            _(
                "It is labelled TLP:%(label)s, so you may read it but not publish it. Ask the partner to offer it as TLP:CLEAR."
            )
            % {"label": row.label.upper()}
        )
    return row


def _undecided(row: Arrival) -> bool:
    """Whether something may still be made of it: nobody decided, it was declined, or all that was said is that we know of it."""
    return row.state in {"new", "declined"} or (row.state == "accepted" and not row.message)


def taken(*, arrival: Arrival, state: str, message: str, by: User) -> None:
    """Note inside the caller's transaction what is being made of it. state: accepted or adapted.  message: `message:7`, `alert:9`."""
    if arrival.state == state:  # that we know of it was said before
        Arrival.objects.filter(pk=arrival.pk).update(message=message, by=by, changed_at=timezone.now())
        arrival.message = message
    else:
        move(arrival, state, message=message, by=by, why="", changed_at=timezone.now())
        receipts.note(arrival, state)
    _tell(arrival, Audited.ARRIVAL_TAKEN, by, how=state, message=message)


@transaction.atomic
def noted(*, arrival: Arrival, by: User) -> None:
    """Say that we know of it and act on it ourselves; nothing of it becomes public. Older versions that were only known are done with.

    Raises:
        RefusedError: it is a recall, or somebody decided about it already.
    """
    row = lock(arrival)
    if row.recalls or row.state not in {"new", "declined"}:
        raise RefusedError(_("Somebody decided about this already, or a newer version has come. Nothing was done."))
    move(row, "accepted", by=by, why="", changed_at=timezone.now())
    for older in older_than(row):
        if not older.message.startswith("message:"):
            move(older, "superseded", changed_at=timezone.now())
    receipts.note(
        row, "accepted", "" if row.kind == "event" else _("They know of it.")
    )  # of an event, that is what it says
    _tell(row, Audited.ARRIVAL_TAKEN, by, how="noted")


@transaction.atomic
def decline(*, arrival: Arrival, why: str, by: User) -> None:
    """Say no, with a reason the partner reads. Of a recall: why something stays public.

    Raises:
        RefusedError: no reason is given, there is nothing to decide any more, or `by` may not.
    """
    authority.ask(by, Action.TAKE_OFFER, arrival.agency)
    if not why.strip():
        raise RefusedError(_("Say in a few words why. The partner reads it."))
    row = lock(arrival)
    if row.state not in {"new", "accepted", "adapted"}:
        raise RefusedError(_("There is nothing to decide about this any more. The page below shows how it stands now."))
    move(row, "declined", why=why.strip()[:500], by=by, changed_at=timezone.now())
    receipts.note(row, "declined", why.strip()[:500])
    _tell(row, Audited.ARRIVAL_DECLINED, by, why=row.why)


def published(*, arrival: Arrival, addresses: Sequence[str], by: str) -> None:
    """Note inside the caller's transaction that our message is public. What was made of older versions is done with."""
    move(arrival, "published", changed_at=timezone.now())
    for older in older_than(arrival):
        move(older, "superseded", changed_at=timezone.now())
    receipts.note(arrival, "published", "\n".join(addresses))
    record(
        agency=arrival.agency,
        by=by,
        action=Audited.ARRIVAL_PUBLISHED,
        target=arrival.subject,
        data={"addresses": list(addresses), "message": arrival.message},
    )


def recalled(*, arrival: Arrival, by: str) -> None:
    """Note inside the caller's transaction that nothing of a recalled share is public here any more."""
    move(arrival, "recalled", changed_at=timezone.now())
    for older in older_than(arrival):
        move(older, "recalled", changed_at=timezone.now())
    receipts.note(arrival, "recalled")
    record(
        agency=arrival.agency,
        by=by,
        action=Audited.ARRIVAL_RECALLED,
        target=arrival.subject,
        data={"message": arrival.message},
    )


def older_than(arrival: Arrival) -> list[Arrival]:
    """Return the older versions something was made of here, newest first."""
    chain = Arrival.objects.filter(partner=arrival.partner_id, share=arrival.share, version__lt=arrival.version)
    return list(chain.filter(state="behind").order_by("-version"))


def _tell(arrival: Arrival, action: Audited, by: User, **data: Value) -> None:
    facts: dict[str, Value] = {"share": str(arrival.share), "version": arrival.version, "partner": arrival.partner.name}
    record(agency=arrival.agency, by=by, action=action, target=arrival.subject, data={**facts, **data})
