"""A watch is written, checked, signed, allowed, ended. Whether it may listen at this moment is asked in `permission`, each time anew.

Nobody allows their own words, a new version voids what was allowed, and what is allowed is never edited: it is ended and written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.policy import TWO_PERSONS
from callbox.intelligence.models import SignOff, Source, Watch, WatchVersion
from callbox.intelligence.safeguards import Finding, refused
from callbox.intelligence.services.drafting import (
    Said,
    draft,
    findings_of,
    in_time,
    may,
    no_role,
    save,
    tell,
)
from callbox.intelligence.services.permission import (
    Permission,
    bound_of,
    digest_of,
    needs_sign_off,
    permissions,
    permits,
)
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

__all__ = [
    "Permission",
    "Said",
    "allow",
    "draft",
    "end",
    "expire",
    "permissions",
    "permits",
    "refuse",
    "save",
    "send_back",
    "sign_off",
    "submit",
]

#: What ends a watch when its last hour has passed.
CLOCK: Final = "system: clock"
#: The longest reason, characters.
LONGEST: Final = 500


def submit(*, watch: Watch, by: User) -> Watch:
    """Hand the newest version in: refused where it looks for a person, stopped where it touches what the law protects, else it waits
    for somebody other than its authors.

    Raises:
        RefusedError: `by` may not, its hours have passed, or none of its sources may be listened to.
    """
    may(by, Action.WRITE_WATCH, watch.agency)
    with transaction.atomic():
        row = _locked(watch)
        version, now = row.newest, timezone.now()
        in_time(version.ends, now)
        if (
            not Source.objects.of(row.agency)
            .open()
            .filter(pk__in=version.sources, rights_until__gt=now.date())
            .exists()
        ):
            raise RefusedError(
                _(
                    "None of its sources is open with terms that were read in time. Open one, or renew its terms, then submit again."
                )
            )
        findings = findings_of(version)
        state, action, why = _outcome(row, version, findings)
        move(row, state, why=why, changed_at=now)
        tell(row, action, by=by, version=version.number, digest=version.digest, findings=_codes(findings))
    watch.refresh_from_db()
    return watch


def _outcome(watch: Watch, version: WatchVersion, findings: Sequence[Finding]) -> tuple[str, Audited, str]:
    """Return the state a submitted version comes to, the event of it, and why."""
    if against := refused(findings):
        return "refused", Audited.WATCH_REFUSED, _why(against)
    if not findings or _signed(watch, version):
        return "submitted", Audited.WATCH_SUBMITTED, ""
    return "stopped", Audited.WATCH_STOPPED, _why(findings)


@transaction.atomic
def sign_off(*, watch: Watch, lawful: bool, reason: str, seen: str | None = None, by: User) -> SignOff:
    """Say for the law whether the newest version of a stopped watch may go on; no refuses it.

    seen: the digest of the version that `by` read; None where nobody could have written another one meanwhile.

    Raises:
        RefusedError: `by` may not or wrote it, it is not stopped, it is not what was read, or there is no reason in law.
    """
    may(by, Action.SIGN_OFF_WATCH, watch.agency)
    reason = _reason(reason)
    row = _locked(watch)
    if row.state != "stopped":
        raise RefusedError(_("This watch does not wait for a legal adviser. Nothing was changed."))
    if by.pk in _authors(row):
        raise RefusedError(_("Nobody signs their own words. Ask another legal adviser."))
    version, now = row.newest, timezone.now()
    _is_what_was_read(version, seen)
    signed = SignOff.objects.create(watch=row, digest=version.digest, lawful=lawful, reason=reason, by=by, at=now)
    move(row, "submitted" if lawful else "refused", why="" if lawful else reason, changed_at=now)
    action = Audited.WATCH_SIGNED if lawful else Audited.WATCH_REFUSED
    tell(row, action, by=by, digest=version.digest, findings=_topics(version), reason=reason)
    watch.refresh_from_db()
    return signed


@transaction.atomic
def allow(*, watch: Watch, seen: str | None = None, by: User) -> None:
    """Let the newest version listen between its hours. Bound to its digest; a byte more or less asks for a new permission.

    seen: as of `sign_off`.

    Raises:
        RefusedError: `by` may not or wrote a version of it, it does not wait, is not what was read, is unsigned, altered, or its hours
            have passed.
    """
    may(by, Action.ALLOW_WATCH, watch.agency)
    row = _locked(watch)
    version, now = row.newest, timezone.now()
    if row.state != "submitted":
        raise RefusedError(_("This watch does not wait for permission. Nothing was changed."))
    _is_what_was_read(version, seen)
    in_time(version.ends, now)
    if version.digest != digest_of(version):
        raise RefusedError(_("This watch is no longer what was saved. Save it again, so that it can be read again."))
    if needs_sign_off(version) and not _signed(row, version):
        raise RefusedError(_("It touches what the law protects, and no legal adviser has signed it as it stands."))
    approvals.approve(agency=row.agency, bound=bound_of(version), rule=TWO_PERSONS, authors=_authors(row), by=by)
    row.sources.set(Source.objects.of(row.agency).filter(pk__in=version.sources))
    move(row, "allowed", why="", starts=version.starts, ends=version.ends, changed_at=now)
    tell(row, Audited.WATCH_ALLOWED, by=by, digest=version.digest, ends=version.ends.isoformat())
    watch.refresh_from_db()


@transaction.atomic
def send_back(*, watch: Watch, why: str, by: User) -> None:
    """Give a watch back to its author with a reason.

    Raises:
        RefusedError: `by` may not, or gave no reason.
        UndeclaredMoveError: it does not wait for anybody.
    """
    _may_decide(by, watch.agency)
    row = _locked(watch)
    move(row, "draft", why=_reason(why), changed_at=timezone.now())
    tell(row, Audited.WATCH_SENT_BACK, by=by, why=row.why)
    watch.refresh_from_db()


@transaction.atomic
def refuse(*, watch: Watch, why: str, by: User) -> None:
    """Say that a watch shall not listen. Its author may write it anew.

    Raises:
        RefusedError: `by` may not, or gave no reason.
        UndeclaredMoveError: it was allowed or ended.
    """
    _may_decide(by, watch.agency)
    row = _locked(watch)
    move(row, "refused", why=_reason(why), changed_at=timezone.now())
    tell(row, Audited.WATCH_REFUSED, by=by, why=row.why)
    watch.refresh_from_db()


@transaction.atomic
def end(*, watch: Watch, why: str, by: User) -> None:
    """Stop a watch at once and for good. Whoever may write, sign or allow may stop.

    Raises:
        RefusedError: `by` may not, or gave no reason.
        UndeclaredMoveError: it does not listen.
    """
    if not any(
        can(by, action, watch.agency) for action in (Action.WRITE_WATCH, Action.ALLOW_WATCH, Action.SIGN_OFF_WATCH)
    ):
        raise no_role()
    _end(_locked(watch), why=_reason(why), action=Audited.WATCH_ENDED, by=by)
    watch.refresh_from_db()


def expire() -> int:
    """End every watch whose last hour has passed; return how many. Nothing depends on it: `permits` says no from the hour itself."""
    now, count = timezone.now(), 0
    for pk in Watch.objects.filter(state="allowed", ends__lte=now).values_list("pk", flat=True):
        with transaction.atomic():
            row = Watch.objects.select_for_update().get(pk=pk)
            if row.state == "allowed":
                _end(row, why=_("Its last hour passed."), action=Audited.WATCH_EXPIRED, by=CLOCK)
                count += 1
    return count


def _end(row: Watch, *, why: str, action: Audited, by: User | str) -> None:
    move(row, "ended", why=why, changed_at=timezone.now())
    approvals.void(agency=row.agency, subject=row.subject, why="the watch ended", by=by)
    tell(row, action, by=by, why=why)


def _locked(watch: Watch) -> Watch:
    return Watch.objects.select_for_update().select_related("agency").get(pk=watch.pk)


def _authors(watch: Watch) -> frozenset[int]:
    return frozenset(watch.versions.values_list("by", flat=True))


def _signed(watch: Watch, version: WatchVersion) -> bool:
    last = SignOff.objects.filter(watch=watch, digest=version.digest).order_by("at", "pk").last()
    return last is not None and last.lawful


def _is_what_was_read(version: WatchVersion, seen: str | None) -> None:
    if seen is not None and seen != version.digest:
        raise RefusedError(
            _("It was written anew after you opened the page, so nothing was done. Read what stands there now.")
        )


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise RefusedError(_("Say why, in 1 to %(most)d characters. Nothing was changed.") % {"most": LONGEST})
    return text


def _may_decide(by: User, agency: Agency) -> None:
    if not (can(by, Action.ALLOW_WATCH, agency) or can(by, Action.SIGN_OFF_WATCH, agency)):
        raise no_role()


def _why(findings: Sequence[Finding]) -> str:
    """Return the sentences of findings, the words of one kind together."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        alike.setdefault((each.code, each.topic), []).append(each)
    together = (replace(some[0], word="”, “".join(each.word for each in some)) for some in alike.values())
    return ". ".join(each.reason.sentence for each in together)[:LONGEST]


def _codes(findings: Sequence[Finding]) -> list[str]:
    """Return what the trail keeps of findings: never the words, which may name somebody."""
    return sorted({f"{each.code}:{each.topic}" if each.topic else each.code for each in findings})


def _topics(version: WatchVersion) -> list[str]:
    return sorted({finding["topic"] for finding in version.findings if finding["topic"]})
