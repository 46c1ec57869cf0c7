"""Who wrote something: asked for with a reason, allowed by somebody else, open for an hour, and every look in the trail before it.

There is no way from a name to a post: an author is opened from one post, by its number, and never looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, move
from callbox.governance import audit
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import AuditEvent
from callbox.intelligence import pseudonyms
from callbox.intelligence.bases import bases
from callbox.intelligence.models import Reveal, Sighting
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

#: How long an allowed look stays open.
OPEN: Final = timedelta(minutes=60)
#: A request nobody decided about in this time is over.
WAITS: Final = timedelta(hours=24)
#: The longest reason, characters.
LONGEST: Final = 2000
BY: Final = "system: reveals"


def ask(*, sighting: Sighting, reason: str, basis: str, reference: str, by: User) -> Reveal:
    """Ask to see who wrote a post.

    Raises:
        RefusedError: reason, basis or case number is missing, nothing is kept of the author, a request is open, or `by` may not.
    """
    if not can(by, Action.ASK_REVEAL, sighting.agency):
        raise RefusedError(_("Your role may not ask for an author. Nothing was kept."))
    reason, reference = reason.strip(), reference.strip()
    if not reason or basis not in bases() or not reference or len(reason) > LONGEST:
        raise RefusedError(_("A reason, a lawful basis and a case number are needed. Nothing was kept."))
    if not sighting.sealed:
        raise RefusedError(_("Nothing of the author is kept any more, so there is nothing to see."))
    now = timezone.now()
    with transaction.atomic():
        Sighting.objects.select_for_update(of=("self",)).get(pk=sighting.pk)  # one request at a time
        under_way = Reveal.objects.filter(
            Q(state="asked") | Q(state="allowed", until__gt=now), sighting=sighting, by=by
        )
        if under_way.exists():
            raise RefusedError(_("You asked for this author already. The request is in the list."))
        row = Reveal.objects.create(
            agency=sighting.agency,
            sighting=sighting,
            reason=reason,
            basis=basis,
            reference=reference[:60],
            by=by,
            at=now,
        )
        _tell(row, Audited.REVEAL_ASKED, by=by, basis=row.basis, reference=row.reference)
    return row


@transaction.atomic
def allow(*, reveal: Reveal, by: User) -> None:
    """Let the asker look for an hour.

    Raises:
        RefusedError: `by` asked for it, may not, or it was decided or has lapsed.
    """
    _decide(reveal, "allowed", by=by)


@transaction.atomic
def refuse(*, reveal: Reveal, by: User) -> None:
    """Let nobody look. Raises as `allow` does."""
    _decide(reveal, "refused", by=by)


def look(*, reveal: Reveal, by: User) -> dict[str, str]:
    """Return who wrote the post: author, address and number there. The look is in the trail before anything is opened.

    Raises:
        RefusedError: it was not allowed, the hour is over, `by` is not the one who asked, or nothing is kept any more.
        SealBrokenError: no key opens what was sealed.
    """
    if reveal.by_id != by.pk or not can(by, Action.ASK_REVEAL, reveal.agency):
        raise RefusedError(_("Only the person who asked may look. Nothing was opened."))
    row = Reveal.objects.select_related("sighting__agency").get(pk=reveal.pk)
    if row.state != "allowed" or row.until is None or row.until <= timezone.now():
        raise RefusedError(_("This is not open, or no longer. Ask again if the author must still be known."))
    if not row.sighting.sealed:
        raise RefusedError(_("Nothing of the author is kept any more, so there is nothing to see."))
    data: dict[str, Value] = {"reveal": row.pk, "reference": row.reference}
    audit.read(agency=row.agency, by=by, action=Audited.AUTHOR_SEEN, target=row.sighting.subject, data=data)
    return pseudonyms.open_author(row.sighting)


def looks_of(agency: Agency, numbers: Iterable[int]) -> dict[int, int]:
    """Return how often somebody has looked at who wrote each of these posts, by its number; without those nobody looked at."""
    subjects = [f"sighting:{number}" for number in numbers]
    seen = AuditEvent.objects.filter(agency=agency, action=Audited.AUTHOR_SEEN, target__in=subjects)
    counts = seen.order_by().values_list("target").annotate(n=Count("pk"))
    return {int(target.partition(":")[2]): count for target, count in counts}


def lapse() -> int:
    """End what nobody decided about in a day, and what was open for its hour; return how many."""
    now = timezone.now()
    over = Reveal.objects.filter(Q(state="asked", at__lte=now - WAITS) | Q(state="allowed", until__lte=now))
    count = 0
    for row in over.select_related("agency"):
        try:
            with transaction.atomic():
                move(row, "lapsed")
                _tell(row, Audited.REVEAL_LAPSED, by=BY)
        except MovedMeanwhileError:  # decided this very moment
            continue
        count += 1
    return count


def _decide(reveal: Reveal, state: str, *, by: User) -> None:
    if not can(by, Action.ALLOW_REVEAL, reveal.agency):
        raise RefusedError(_("Your role may not decide about this. Nothing was changed."))
    if reveal.by_id == by.pk:
        raise RefusedError(_("Somebody else decides: nobody allows their own request. Nothing was changed."))
    now = timezone.now()
    if reveal.state != "asked" or reveal.at <= now - WAITS:
        raise RefusedError(_("This request was decided, or is over. Nothing was changed."))
    until = {"until": now + OPEN} if state == "allowed" else {}
    try:
        move(reveal, state, decided_by=by, decided_at=now, **until)
    except MovedMeanwhileError:
        raise RefusedError(_("A colleague decided this a moment ago.")) from None
    _tell(reveal, Audited.REVEAL_ALLOWED if state == "allowed" else Audited.REVEAL_REFUSED, by=by)


def _tell(row: Reveal, action: Audited, *, by: User | str, **data: Value) -> None:
    record(
        agency=row.agency, by=by, action=action, target=f"reveal:{row.pk}", data={"sighting": row.sighting_id, **data}
    )
