"""Agreements: drafted by one person, signed by another, ended early with a reason; and what stands in the way of sharing under one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration import rules
from callbox.collaboration.models import Agreement, Partner
from callbox.collaboration.services import authority
from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people.models import Agency, User
from callbox.people.roles import Action


@transaction.atomic
def draft(
    *,
    partner: Partner,
    purpose: str,
    scope: Sequence[str],
    label: str,
    starts: date,
    ends: date,
    document: str = "",
    by: User,
) -> Agreement:
    """Write an agreement down. It allows nothing before somebody else signs it.

    Raises:
        RefusedError: no purpose, nothing or something unknown to share, it ends before it starts, or `by` may not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, partner.agency)
    if not purpose.strip():
        raise RefusedError(_("Say what it is shared for. An agreement without a purpose allows everything."))
    if not scope or set(scope) - set(rules.KINDS) or label not in rules.LABELS:
        raise RefusedError(_("Say what may be shared, and up to which label."))
    if ends < starts:
        raise RefusedError(_("It ends before it starts."))
    row = Agreement.objects.create(
        agency=partner.agency,
        partner=partner,
        purpose=purpose.strip()[:2000],
        scope=sorted(set(scope)),
        label=label,
        document=document.strip(),
        starts=starts,
        ends=ends,
        by=by,
        at=timezone.now(),
    )
    _tell(
        row, Audited.AGREEMENT_DRAFTED, by=by, partner=partner.name, scope=row.scope, label=label, ends=ends.isoformat()
    )
    return row


@transaction.atomic
def sign(*, agreement: Agreement, by: User) -> None:
    """Let it stand.

    Raises:
        RefusedError: `by` wrote it or may not, it is past its end, or it is no draft.
    """
    authority.ask(by, Action.SIGN_AGREEMENT, agreement.agency)
    row = Agreement.objects.select_for_update().select_related("agency", "partner").get(pk=agreement.pk)
    if row.state != "draft":
        raise RefusedError(_("Only a draft can be signed. This agreement was signed or ended already."))
    if row.by_id == by.pk:
        raise RefusedError(_("Nobody signs what they wrote. Ask somebody else who may sign agreements."))
    if row.ends < today(row.agency):
        raise RefusedError(_("Its last day has passed. Write a new one."))
    move(row, "signed", signed_by=by, signed_at=timezone.now())
    _tell(row, Audited.AGREEMENT_SIGNED, by=by, partner=row.partner.name)


@transaction.atomic
def end(*, agreement: Agreement, why: str, by: User) -> None:
    """End it before its time: from this moment nothing is handed over under it. Recalls still pass.

    Raises:
        RefusedError: no reason is given, it ended already, or `by` may not.
    """
    authority.ask(by, Action.SIGN_AGREEMENT, agreement.agency)
    if not why.strip():
        raise RefusedError(_("Say in a few words why it ends. It stands in the record."))
    row = Agreement.objects.select_for_update().select_related("agency", "partner").get(pk=agreement.pk)
    if row.state == "ended":
        raise RefusedError(_("This agreement has ended already."))
    move(row, "ended", why=why.strip()[:300])
    _tell(row, Audited.AGREEMENT_ENDED, by=by, partner=row.partner.name, why=row.why)


def obstacle(
    agreement: Agreement, *, kind: str, label: str, expires: datetime | None, receiving: bool = False
) -> str | None:
    """Return the code of what forbids sharing under this agreement now, read from the row as it stands; None when nothing does.

    receiving: it comes from the partner, so what the partner itself may receive is no question.
    """
    row, partner = agreement, agreement.partner
    clearance = rules.LABELS[-1] if receiving else partner.clearance
    return rules.obstacle(
        kind=kind,
        label=label,
        expires=expires,
        terms=rules.Terms(row.state, tuple(row.scope), row.label, row.starts, row.ends),
        partner=rules.Receiver(partner.state, clearance, partner.key_checked_at is not None),
        now=timezone.now(),
        today=today(row.agency),
    )


def covering(
    partner: Partner, *, kind: str, label: str, expires: datetime | None = None, receiving: bool = False
) -> tuple[Agreement | None, str]:
    """Return the agreement that allows this now, the longest one first, with an empty code; or None and why there is none.

    receiving: as of `obstacle`.
    """
    codes = []
    for row in partner.agreements.select_related("agency", "partner").order_by("-ends", "-pk"):
        code = obstacle(row, kind=kind, label=label, expires=expires, receiving=receiving)
        if code is None:
            return row, ""
        codes.append((row.state != "signed", code))
    return None, min(codes, default=(False, "share_none"))[1]


def today(agency: Agency) -> date:
    """The day on the agency's clocks."""
    return timezone.now().astimezone(ZoneInfo(agency.time_zone)).date()


def _tell(agreement: Agreement, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=agreement.agency, by=by, action=action, target=agreement.subject, data=data)
