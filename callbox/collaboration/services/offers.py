"""Offering: the same thing to several partners, its next versions, taking it back. Nothing here speaks to a partner; `handover` does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration import bundle as bundles
from callbox.collaboration.bundle import Bundle, Shown
from callbox.collaboration.models import Agreement, Offer, Partner
from callbox.collaboration.rules import LABELS, Audience, audience
from callbox.collaboration.services import agreements, authority
from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people.models import Agency, User
from callbox.people.roles import Action

#: An offer in one of these states has not been handed over and goes no further by itself once a newer version exists.
PENDING: Final = ("waiting", "blocked", "refused")
#: What a partner has said of a version it took up.
TAKEN_UP: Final = ("accepted", "adapted", "published")
#: A partner that still shows an older version this long after a newer one was made is shown in red.
LATE: Final = timedelta(hours=4)


def offer(
    *,
    agency: Agency,
    subject: str,
    kind: str,
    shown: Shown,
    partners: Sequence[Partner],
    label: str,
    expires: datetime | None = None,
    by: User,
) -> uuid.UUID:
    """Offer one thing to several partners at once, all or none; return the name of the share, the same in every installation.

    Raises:
        RefusedError: nobody is chosen, an agreement is missing, it cannot be written as a bundle, or `by` may not. Every partner in the
            way is named.
    """
    authority.ask(by, Action.OFFER, agency)
    if any(partner.agency_id != agency.pk for partner in partners):
        raise RefusedError(_("That is no partner of yours. Nothing was offered."))
    if not partners:
        raise RefusedError(_("Choose at least one partner. Nothing was offered."))
    if label not in LABELS:
        raise RefusedError(_("Choose a label. Nothing was offered."))
    share, found = uuid.uuid4(), dict[Partner, Agreement]()
    with transaction.atomic():
        problems = []
        for partner in partners:
            row, code = agreements.covering(partner, kind=kind, label=label, expires=expires)
            if row is None:
                problems.append(f"{partner.name}: {_(SENTENCES[code])}")
            else:
                found[partner] = row
        if problems:
            raise RefusedError(_("Nothing was offered. %(problems)s.") % {"problems": "; ".join(problems)})
        for agreement in found.values():
            made = _bundle(agreement, share=str(share), version=1, kind=kind, label=label, expires=expires, shown=shown)
            _write(made, agreement=agreement, subject=subject, by=by)
        _tell(agency, share, by, subject, version=1, label=label, partners=sorted(each.name for each in found))
    return share


def renew(
    *,
    agency: Agency,
    share: uuid.UUID,
    subject: str,
    shown: Shown,
    expires: datetime | None = None,
    by: User,
    follows: bool = False,
) -> int:
    """Offer the next version to everybody who was offered the last one; return how many that were. expires: None keeps the last hour.

    Where no agreement allows it any more, the version is written all the same and is blocked when it should leave, so that it is seen.
    follows: it goes by itself, so a partner who was offered just this of `subject` does not get it a second time.
    """
    count, names, version = 0, [], 1
    with transaction.atomic():
        for row in newest(agency, share):
            if row.is_taken_back or row.state == "declined" or (follows and _has(row, subject, shown)):
                continue
            version, until = _step_aside(row), expires or row.expires
            allowed, _code = agreements.covering(row.partner, kind=row.kind, label=row.label, expires=until)
            agreement = allowed or row.agreement
            made = _bundle(
                agreement,
                share=str(share),
                version=version,
                kind=row.kind,
                label=row.label,
                expires=until,
                shown=shown,
            )
            _write(made, agreement=agreement, subject=subject, by=by)
            names.append(row.partner.name)
            count += 1
        if count:
            _tell(agency, share, by, subject, version=version, partners=sorted(names))
    return count


def again(*, offer: Offer, by: User) -> Offer:
    """Offer anew what was blocked or refused, under an agreement that stands now.

    Raises:
        RefusedError: it is neither, still nothing allows it, or `by` may not.
    """
    authority.ask(by, Action.OFFER, offer.agency)
    with transaction.atomic():
        row = _lock(offer)
        if row.state not in {"blocked", "refused"}:
            raise RefusedError(_("Only what was stopped can be offered again. The page below shows how it stands now."))
        agreement, code = agreements.covering(row.partner, kind=row.kind, label=row.label, expires=row.expires)
        if agreement is None and not row.recalls:
            raise RefusedError(_("Nothing was offered: %(why)s.") % {"why": _(SENTENCES[code])})
        before, version = bundles.from_row(row.bundle), _step_aside(row)
        agreement = agreement or row.agreement
        made = replace(before, version=version, purpose=agreement.purpose, made=_iso(timezone.now()))
        written = _write(made, agreement=agreement, subject=row.subject, by=by)
        _tell(row.agency, row.share, by, row.subject, version=version, partners=[row.partner.name])
    return written


def recall(*, agency: Agency, share: uuid.UUID, why: str, by: User, follows: bool = False) -> int:
    """Take a share back from everybody who may have it; return from how many. No agreement is asked: taking back is owed.

    follows: it follows from what `by` decided about the thing itself, so their role is not asked once more.

    Raises:
        RefusedError: no reason is given, it was recalled already, or `by` may not.
    """
    if not follows:
        authority.ask(by, Action.OFFER, agency)
    if not why.strip():
        raise RefusedError(_("Say in a few words why it is recalled. Every partner reads it."))
    count, names = 0, []
    with transaction.atomic():
        rows = newest(agency, share)
        if not rows or all(row.is_taken_back for row in rows):
            raise RefusedError(_("It was recalled already. The page below shows who has taken it off."))
        for row in rows:
            if row.is_taken_back:
                continue
            version = _step_aside(row)
            names.append(row.partner.name)
            if _surely_never_left(row):
                continue
            before = bundles.from_row(row.bundle)
            made = replace(
                before,
                version=version,
                recalls=True,
                why=why.strip()[:500],
                shown=None,
                expires="",
                made=_iso(timezone.now()),
            )
            _write(made, agreement=row.agreement, subject=row.subject, by=by)
            count += 1
        _tell(agency, share, by, rows[0].subject, recalls=True, why=why.strip()[:500], partners=sorted(names))
    return count


def newest(agency: Agency, share: uuid.UUID) -> list[Offer]:
    """Return the newest version of a share for each partner. Belongs into a transaction: until its end nobody else adds a version.

    Every row of the share is locked before they are read: who had to wait reads what was added meanwhile.
    """
    rows = Offer.objects.of(agency).filter(share=share)
    list(rows.select_for_update().order_by("pk").values_list("pk"))
    found: dict[int, Offer] = {}
    known = rows.select_related("agency", "partner", "agreement", "agreement__agency")
    for row in known.order_by("partner__name", "partner", "version"):
        found[row.partner_id] = row
    return list(found.values())


def _lock(offer: Offer) -> Offer:
    rows = Offer.objects.select_for_update(of=("self",)).select_related("agency", "partner", "agreement")
    return rows.get(pk=offer.pk)


def _has(row: Offer, subject: str, shown: Shown) -> bool:
    """Whether the partner was offered just this, as the last that it knows of `subject`."""
    chain = Offer.objects.filter(partner=row.partner_id, share=row.share, subject=subject, recalls=False)
    last = chain.order_by("-version").first()
    known = bundles.from_row(last.bundle).shown if last is not None else None
    return known is not None and _as_of_now(known) == _as_of_now(shown)


def _as_of_now(shown: Shown) -> Shown:
    """Return it without an hour that has passed: nothing is held back until then any more."""
    past = shown.not_before and datetime.fromisoformat(shown.not_before) <= timezone.now()
    return replace(shown, not_before="") if past else shown


def _step_aside(row: Offer) -> int:
    """Let a version that has not left make room, and return the number of the next one. The row is locked."""
    if row.state in PENDING:
        move(row, "superseded", changed_at=timezone.now())
    return row.version + 1


def _surely_never_left(row: Offer) -> bool:
    """Whether no version of it was ever tried, so that the partner knows of nothing that could be taken back."""
    chain = Offer.objects.filter(partner=row.partner, share=row.share)
    return not chain.exclude(state="superseded").exists() and not chain.filter(attempts__gt=0).exists()


def groups_before(agency: Agency) -> list[frozenset[str]]:
    """Return the names of those who were offered something together, a group a share."""
    found: dict[uuid.UUID, set[str]] = {}
    for share, name in Offer.objects.of(agency).values_list("share", "partner__name"):
        found.setdefault(share, set()).add(name)
    return [frozenset(names) for names in found.values()]


def audience_of(agency: Agency, partners: Iterable[Partner]) -> Audience:
    """Say what is unusual about a group before anything is offered to it."""
    return audience([each.name for each in partners], groups_before(agency))


def _bundle(
    agreement: Agreement, *, share: str, version: int, kind: str, label: str, expires: datetime | None, shown: Shown
) -> Bundle:
    made = Bundle(
        share=share,
        version=version,
        kind=kind,
        sender=agreement.agency.slug,
        sender_name=agreement.agency.name,
        recipient=agreement.partner.short_name,
        purpose=agreement.purpose,
        label=label,
        made=_iso(timezone.now()),
        expires=_iso(expires) if expires else "",
        shown=shown,
    )
    try:
        bundles.parse(made.document())
    except bundles.BundleError as error:
        why = _(SENTENCES[error.code])
        raise RefusedError(
            _("Nothing was offered: %(why)s. Texts may have 20,000 characters, files 25 MB, and ten files at most.")
            % {"why": why}
        ) from error
    return made


def preview(agreement: Agreement, *, kind: str, label: str, expires: datetime | None, shown: Shown) -> Bundle:
    """Return what a partner under this agreement would see, exactly, but for the name and the hour it gets when it is offered.

    Raises:
        RefusedError: it cannot be written as a bundle.
    """
    return _bundle(
        agreement, share=str(uuid.UUID(int=0)), version=1, kind=kind, label=label, expires=expires, shown=shown
    )


def _write(made: Bundle, *, agreement: Agreement, subject: str, by: User) -> Offer:
    now = timezone.now()
    return Offer.objects.create(
        agency=agreement.agency,
        partner=agreement.partner,
        agreement=agreement,
        share=uuid.UUID(made.share),
        version=made.version,
        recalls=made.recalls,
        subject=subject,
        kind=made.kind,
        label=made.label,
        expires=made.ends,
        bundle=made.plain(),
        digest=bundles.digest(made.document()),
        due=now,
        by=by,
        at=now,
        changed_at=now,
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _tell(agency: Agency, share: uuid.UUID, by: User, subject: str, **data: Value) -> None:
    record(
        agency=agency, by=by, action=Audited.SHARE_OFFERED, target=f"share:{share}", data={"subject": subject, **data}
    )
