"""Alerts: drafted, saved in versions, approved by two people who wrote none of it, published once, then only followed.

An alert never changes its kind, what it follows, or whether it is an exercise: no function here takes them but the one that begins it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core import signing
from callbox.core.plain import canonical, to_plain
from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance import approvals, freezing
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import Approval
from callbox.governance.policy import TWO_APPROVERS, Bound, is_approved
from callbox.operations.cap import checking
from callbox.operations.cap.vocabulary import Content
from callbox.operations.models import Alert, AlertVersion, Incident
from callbox.operations.services.alert_messages import address, message_of, problems_of, said, setting_of, strays
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

type Follow = Literal["Update", "Cancel"]

#: The part of an approval that stands for the alert itself; the others are accounts, which have a colon.
CAP: Final = "cap"
#: States in which an alert may still be changed.
OPEN: Final = frozenset({"draft", "submitted", "approved"})


def draft(
    *,
    agency: Agency,
    content: Content,
    accounts: Sequence[str] = (),
    exercise: bool = False,
    incident: Incident | None = None,
    about: str = "",
    once: bool = False,
    by: User,
) -> Alert:
    """Begin an alert; anything may still be missing from it. exercise: for ever.

    once: the same words of the same person, which nobody has touched since, are the same alert: a form that was sent twice.

    Raises:
        RefusedError: `by` may not, or the incident is another agency's or of the other kind.
    """
    _may(by, Action.WRITE_ALERT, agency)
    exercise = exercise or agency.exercise
    if incident is not None and incident.agency_id != agency.pk:
        raise RefusedError(_("That belongs to another agency. Nothing was saved."))
    if incident is not None and incident.exercise and not exercise:
        raise RefusedError(_("That incident is an exercise, so its alert is one too. Nothing was saved."))
    row = Alert(agency=agency, kind="Alert", exercise=exercise, incident=incident, about=about)
    with transaction.atomic():
        for each in _begun(row, by) if once else ():
            if each.newest.digest == _digest(_whole(each, content), _accounts(accounts)):
                return each
        return _begin(row, content, accounts, by)


def _begun(row: Alert, by: User) -> list[Alert]:
    """Return what the same person has begun so, and nobody saved again or published, the newest first. Belongs into a transaction.

    The row of the person is locked, so that a button that was pressed twice is heard one time after the other.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = {name: getattr(row, name) for name in ("kind", "exercise", "incident", "about", "follows")}
    rows = Alert.objects.of(row.agency).filter(by=by, state__in=("draft", "submitted"), **same)
    once = rows.annotate(saved=Count("versions")).filter(saved=1)
    return list(once.select_related("agency", "incident").order_by("-pk")[:5])


def follow(*, alert: Alert, kind: Follow, content: Content, accounts: Sequence[str] = (), by: User) -> Alert:
    """Begin an update or a cancel of the newest published message of a line. Pressed twice, it is one draft.

    Raises:
        RefusedError: it is not out, was followed already, was cancelled, or `by` may not.
    """
    _may(by, Action.WRITE_ALERT, alert.agency)
    row = Alert(
        agency=alert.agency,
        kind=kind,
        exercise=alert.exercise,
        incident=alert.incident,
        about=alert.about,
        follows=Alert.objects.get(pk=alert.pk),
    )
    _may_follow(row)
    with transaction.atomic():
        return next(iter(_begun(row, by)), None) or _begin(row, content, accounts, by)


def _may_follow(row: Alert) -> None:
    try:
        row.clean()
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from None
    before = row.follows
    if before is None:
        return
    if before.kind == "Cancel":
        raise RefusedError(_("This alert was cancelled, so nothing can follow it. Begin a new one."))
    if Alert.objects.published().filter(follows=before).exists():
        raise RefusedError(_overtaken())


@transaction.atomic
def _begin(row: Alert, content: Content, accounts: Sequence[str], by: User) -> Alert:
    now = timezone.now()
    row.identifier = f"{row.agency.slug}-{now:%Y%m%d}-{secrets.token_hex(6)}"
    row.by, row.at, row.changed_at = by, now, now
    row.save(force_insert=True)
    version = _append(row, content, accounts, by)
    _tell(row, Audited.ALERT_DRAFTED, by, kind=row.kind, exercise=row.exercise, digest=version.digest)
    return row


def save(*, alert: Alert, content: Content, accounts: Sequence[str], seen: int, by: User) -> AlertVersion:
    """Save what was written as the next version; without a difference the newest is returned. Every approval is void.

    seen: number of the version `by` started from.

    Raises:
        RefusedError: somebody saved meanwhile, it is out or was dropped, or `by` may not. Nothing was saved.
    """
    _may(by, Action.WRITE_ALERT, alert.agency)
    with transaction.atomic():
        newest = lock(alert)
        if alert.state not in OPEN:
            raise RefusedError(_("This alert can no longer be changed. Publish an update of it instead."))
        if newest.number != seen:
            raise RefusedError(
                _("%(name)s saved this alert meanwhile. Yours was not saved; compare the two.")
                % {"name": newest.by.name}
            )
        if _digest(_whole(alert, content), _accounts(accounts)) == newest.digest:
            return newest
        _reopen(alert, _("The alert was changed."), by)
        version = _append(alert, content, accounts, by)
        _tell(alert, Audited.ALERT_SAVED, by, version=version.number, digest=version.digest)
    return version


def lock(alert: Alert) -> AlertVersion:
    """Lock the row, read its state anew, and return its newest version. Belongs into a transaction."""
    alert.state = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk).state
    return alert.newest


def _reopen(alert: Alert, why: str, by: User) -> None:
    approvals.void(agency=alert.agency, subject=alert.subject, why=why, by=by)
    if alert.state != "draft":
        move(alert, "draft", why="", changed_at=timezone.now())


def _append(alert: Alert, content: Content, accounts: Sequence[str], by: User) -> AlertVersion:
    written, chosen, now = _whole(alert, content), _accounts(accounts), timezone.now()
    last = alert.versions.order_by("-number").values_list("number", flat=True).first() or 0
    Alert.objects.filter(pk=alert.pk).update(changed_at=now)
    return AlertVersion.objects.create(
        alert=alert,
        number=last + 1,
        content=to_plain(written),
        accounts=chosen,
        digest=_digest(written, chosen),
        by=by,
        at=now,
    )


def _whole(alert: Alert, content: Content) -> Content:
    """Return what is written with what everybody knows: who sends it, where its page is, the mark of an exercise."""
    infos = tuple(
        checking.plain_info(replace(info, sender_name=alert.agency.name, web=address(alert))) for info in content.infos
    )
    return checking.marked(replace(content, infos=infos), exercise=alert.exercise)


def _accounts(accounts: Collection[str]) -> list[str]:
    return sorted(set(accounts))


def _digest(content: Content, accounts: Sequence[str]) -> str:
    return hashlib.sha256(canonical([content.digest, list(accounts)])).hexdigest()


def bound_of(version: AlertVersion, parts: Mapping[str, str]) -> Bound:
    """Return all that will be seen: what an approval is bound to. parts: account -> digest of what it shows."""
    alert = version.alert
    names = [alert.identifier, alert.kind, alert.status, alert.follows.identifier if alert.follows else ""]
    whole = hashlib.sha256(canonical([*names, version.number, version.digest])).hexdigest()
    return Bound(alert.subject, {CAP: whole, **parts}, None)


def authors_of(alert: Alert) -> set[int]:
    """Return by id everyone who wrote a version of it."""
    return {alert.by_id, *alert.versions.values_list("by", flat=True)}


def given(alert: Alert, bound: Bound) -> list[Approval]:
    """Return the approvals that stand for exactly this, of people who may still give them."""
    rows = Approval.objects.of(alert.agency).filter(subject=alert.subject, digest=bound.digest, rule=TWO_APPROVERS)
    found = [row for row in rows.standing().select_related("by") if can(row.by, Action.APPROVE_ALERT, alert.agency)]
    return [row for row in found if row.by_id not in authors_of(alert)]


def submit(*, alert: Alert, by: User) -> AlertVersion:
    """Hand a draft to the two people who approve.

    Raises:
        RefusedError: something stands in its way; the sentence names all of it.
    """
    _may(by, Action.WRITE_ALERT, alert.agency)
    with transaction.atomic():
        version = lock(alert)
        if alert.state != "draft":
            raise RefusedError(_("Only a draft can be submitted. Nothing was changed."))
        _sound(version)
        move(alert, "submitted", why="", changed_at=timezone.now())
        _tell(alert, Audited.ALERT_SUBMITTED, by, version=version.number, digest=version.digest)
    return version


def send_back(*, alert: Alert, why: str, by: User) -> None:
    """Hand it back to its author with a reason; approvals given so far are void.

    Raises:
        RefusedError: no reason is given, it does not wait for anyone, or `by` may not.
    """
    _may(by, Action.APPROVE_ALERT, alert.agency)
    if not why.strip():
        raise RefusedError(_("Say in a few words what should change. The author will read it."))
    with transaction.atomic():
        version = lock(alert)
        if alert.state not in {"submitted", "approved"}:
            raise RefusedError(_("This alert does not wait for anyone any more."))
        _reopen(alert, _("It was sent back."), by)
        Alert.objects.filter(pk=alert.pk).update(why=why.strip()[:500])
        _tell(alert, Audited.ALERT_SENT_BACK, by, version=version.number, why=why.strip()[:500])


def approve(*, alert: Alert, parts: Mapping[str, str], digest: str, by: User) -> Approval:
    """Let exactly what `by` saw go; the second person's approval makes it ready.

    parts: what the accounts show now.  digest: `bound_of(...).digest` of the page `by` looked at.

    Raises:
        RefusedError: it changed since, something stands in its way, `by` wrote some of it, approved it already, or may not.
    """
    _may(by, Action.APPROVE_ALERT, alert.agency)
    with transaction.atomic():
        version = lock(alert)
        if alert.state != "submitted":
            raise RefusedError(_("This alert does not wait for an approval any more. Nothing was approved."))
        bound = bound_of(version, parts)
        if bound.digest != digest:
            raise RefusedError(_("It changed meanwhile: look again. Nothing was approved."))
        _sound(version)
        if any(row.by_id == by.pk for row in given(alert, bound)):
            raise RefusedError(_("You have approved this already. Another person must approve it too."))
        authors = authors_of(alert)
        approval = approvals.approve(agency=alert.agency, bound=bound, rule=TWO_APPROVERS, authors=authors, by=by)
        people = [row.by_id for row in given(alert, bound)]
        if is_approved(rule=TWO_APPROVERS, approvers=people, authors=authors):
            move(alert, "approved", why="", changed_at=timezone.now())
            _tell(alert, Audited.ALERT_APPROVED, by, version=version.number, digest=bound.digest)
    return approval


def signer_of(agency: Agency) -> signing.SigningKey:
    """Return the key the agency signs with, the same as for its newsroom. A file: read it outside a transaction."""
    return signing.load_or_create(settings.DATA / "keys" / str(agency.pk))


def publish(*, alert: Alert, parts: Mapping[str, str], signer: signing.SigningKey, by: User) -> list[Approval]:
    """Write the message for good and sign it, in one transaction; return the approvals it went out under.

    Raises:
        RefusedError: it is not approved as it stands by two people who still may, something stands in its way, everything is stopped,
            something newer of its line is out, or `by` may not. Nothing left.
    """
    _may(by, Action.WRITE_ALERT, alert.agency)
    with transaction.atomic():
        version = lock(alert)
        if alert.state != "approved":
            raise RefusedError(_("Only an alert that two people have approved can be published. Nothing left."))
        bound = bound_of(version, parts)
        under = given(alert, bound)
        if not is_approved(rule=TWO_APPROVERS, approvers=[row.by_id for row in under], authors=authors_of(alert)):
            raise RefusedError(_("It is no longer what two people approved. Nothing left; submit it again."))
        _may_follow(alert)
        _not_frozen(alert, under)
        if stray := strays(version, parts):
            raise RefusedError(_("It was not published: %(problems)s.") % {"problems": said(stray)})
        sent = timezone.now().replace(microsecond=0)
        data, found = checking.finished(message_of(version, sent=sent), setting_of(alert, sent))
        if found:
            raise RefusedError(_("It was not published: %(problems)s.") % {"problems": said(found)})
        _go_out(alert, sent=sent, expires=version.written.expires, data=data, signer=signer)
        told = hashlib.sha256(data).hexdigest()
        _tell(alert, Audited.ALERT_PUBLISHED, by, status=alert.status, identifier=alert.identifier, sha256=told)
    return under


def _go_out(alert: Alert, *, sent: datetime, expires: datetime | None, data: bytes, signer: signing.SigningKey) -> None:
    signature = base64.b64encode(signer.sign(data)).decode()
    kept = {"xml": data.decode(), "signature": signature, "signer": signer.public.text}
    try:
        with transaction.atomic():
            move(alert, "published", sent=sent, expires=expires, changed_at=sent, **kept)
    except IntegrityError:  # two people published what follows the same alert, in the same moment
        if alert.follows is None or not Alert.objects.published().filter(follows=alert.follows).exists():
            raise
        raise RefusedError(_overtaken()) from None


def _overtaken() -> str:
    return _("Something newer was published meanwhile. Follow the newest message of the line.")


def _not_frozen(alert: Alert, under: Sequence[Approval]) -> None:
    """A freeze stops what was decided before it; two people who know of it may still warn of danger to life, and end such a warning."""
    freeze = freezing.standing(alert.agency)
    if freeze is None:
        return
    warns = not alert.exercise and any(each.newest.written.dangerous for each in (*alert.line, alert))
    if not warns or any(row.at <= freeze.at for row in under):
        raise RefusedError(
            _(
                "Everything stands still, so it was not published. Danger to life still leaves when two people approve it now."
            )
        )


@transaction.atomic
def drop(*, alert: Alert, by: User) -> None:
    """Put an alert away that was never published; its versions stay.

    Raises:
        RefusedError: it is out, or was put away already, or `by` may not.
    """
    _may(by, Action.WRITE_ALERT, alert.agency)
    lock(alert)
    if alert.state not in OPEN:
        raise RefusedError(_("What was published cannot be put away. Publish a cancel instead."))
    approvals.void(agency=alert.agency, subject=alert.subject, why=_("The alert was put away."), by=by)
    move(alert, "dropped", changed_at=timezone.now())
    _tell(alert, Audited.ALERT_DROPPED, by)


def _sound(version: AlertVersion) -> None:
    found = problems_of(version)
    if found:
        raise RefusedError(
            _("Something stands in its way: %(problems)s. Nothing was changed.") % {"problems": said(found)}
        )


def _may(by: User, action: Action, agency: Agency) -> None:
    if not can(by, action, agency):
        raise RefusedError(_("Your role may not do this with alerts. Nothing was changed."))


def _tell(alert: Alert, action: Audited, by: User, **data: Value) -> None:
    record(agency=alert.agency, by=by, action=action, target=alert.subject, data=data)
