"""Where watches may listen: a public source is registered with what its terms allow, read again by a date, closed at any time.

A source whose terms were not read in time is not listened to (T-100); `permission` looks at the day, so no job has to close it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.secrets import SealBrokenError, Vault
from callbox.core.state import move
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.intelligence.models import Source
from callbox.intelligence.models.sources import SourceKind
from callbox.intelligence.platforms import barred_at
from callbox.networks import streams
from callbox.networks.paper.stream import PaperStream
from callbox.networks.stream import Stream, StreamError
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

#: Terms are read again within so many days.
TERMS: Final = timedelta(days=366)
#: The shortest account of what terms allow, characters.
SHORTEST: Final = 15
#: How an address may begin, the encrypted way first; the other only inside one's own network.
_SCHEMES: Final = {
    SourceKind.JETSTREAM: ("wss", "ws"),
    SourceKind.FIREHOSE: ("wss", "ws"),
    SourceKind.MASTODON: ("https", "http"),
    SourceKind.FEED: ("https", "http"),
}
_LONGEST_ADDRESS: Final = 500
_LONGEST_TITLE: Final = 120


def register(
    *, agency: Agency, kind: str, title: str, address: str, rights: str, rights_until: date, token: str = "", by: User
) -> Source:
    """Register a public source. Nothing listens to it before a watch is allowed to.

    rights: what its terms allow, in words, with the version that was read.  token: where the server asks for one; kept sealed.

    Raises:
        RefusedError: `by` may not, its terms are not written down, the address is none of this kind or of a platform that forbids it.
    """
    _may(by, agency)
    title, address = title.strip(), address.strip()
    if not title or len(title) > _LONGEST_TITLE:
        raise RefusedError(_("Give it a name of 1 to 120 characters. Nothing was kept."))
    _fits(kind, address)
    rights = _terms(rights, rights_until)
    try:
        with transaction.atomic():
            row = Source.objects.create(
                agency=agency,
                kind=kind,
                title=title,
                address=address,
                secrets=_sealed(token),
                rights=rights,
                rights_until=rights_until,
                by=by,
                at=timezone.now(),
            )
            _tell(row, Audited.SOURCE_ADDED, by=by, kind=kind, address=address, until=rights_until.isoformat())
    except IntegrityError:
        raise RefusedError(_("This address is registered already. Open it in the list.")) from None
    return row


@transaction.atomic
def renew_terms(*, source: Source, rights: str, rights_until: date, by: User) -> None:
    """Write down that its terms were read again.

    Raises:
        RefusedError: `by` may not, nothing is said of the terms, or the day is not ahead.
    """
    _may(by, source.agency)
    rights = _terms(rights, rights_until)
    Source.objects.filter(pk=source.pk).update(rights=rights, rights_until=rights_until)
    _tell(source, Audited.SOURCE_RENEWED, by=by, until=rights_until.isoformat())
    source.refresh_from_db()


@transaction.atomic
def set_token(*, source: Source, token: str, by: User) -> None:
    """Keep another token, sealed; an empty one takes it away.

    Raises:
        RefusedError: `by` may not.
    """
    _may(by, source.agency)
    Source.objects.filter(pk=source.pk).update(secrets=_sealed(token))
    _tell(source, Audited.SOURCE_SEALED, by=by, kept=bool(token.strip()))
    source.refresh_from_db()


@transaction.atomic
def close(*, source: Source, by: User) -> None:
    """Stop listening to it, whatever watches may; what was kept stays, its token is forgotten.

    Raises:
        RefusedError: `by` may not.
        UndeclaredMoveError: it is closed.
    """
    _may(by, source.agency)
    move(source, "closed", secrets="")
    _tell(source, Audited.SOURCE_CLOSED, by=by)


@transaction.atomic
def reopen(*, source: Source, by: User) -> None:
    """Let watches listen to it again, from now on: what was said meanwhile is not fetched.

    Raises:
        RefusedError: `by` may not, or its terms were not read in time.
        UndeclaredMoveError: it is open.
    """
    _may(by, source.agency)
    if source.rights_until <= timezone.now().date():
        raise RefusedError(_("Its terms are due to be read again. Write down what they allow first."))
    move(source, "open", cursor="", trouble="")
    _tell(source, Audited.SOURCE_OPENED, by=by)


def stream_of(source: Source) -> Stream:
    """Return the stream of a source; nothing is asked of its server yet.

    Raises:
        StreamError: its token cannot be opened with the keys of this installation.
    """
    if is_played(source):
        return PaperStream(settings.DATA / "streams" / f"{source.pk}.jsonl", network=source.kind)
    try:
        secrets: Mapping[str, str] = vault().open(source.secrets)
    except SealBrokenError:
        raise StreamError(SENTENCES["token_unopened"], after=60.0) from None
    private = frozenset(settings.PRIVATE_HOSTS)
    return streams.open_stream(
        source.kind, source.address, secrets=secrets, private=private, barred=lambda host: barred_at(host) is not None
    )


def is_played(source: Source) -> bool:
    """Whether the demonstration plays this source from a file: its address is invented (RFC 2606), so nobody is there to be asked."""
    return settings.DEMO and (urlsplit(source.address).hostname or "").endswith(".example")


def vault() -> Vault:
    """Return what seals the tokens of sources."""
    return Vault(settings.TOKEN_KEYS, purpose="source")


@transaction.atomic
def seal_anew() -> int:
    """Seal every token with the newest key, so that an older one can be taken out of the settings; return how many there are.

    Raises:
        SealBrokenError: a token was sealed with a key that is no longer given. Nothing was changed.
    """
    box, count = vault(), 0
    for row in Source.objects.exclude(secrets="").select_for_update():
        box.open(row.secrets)
        Source.objects.filter(pk=row.pk).update(secrets=box.seal_anew(row.secrets))
        count += 1
    if count:
        record(agency=None, by="system: keys", action=Audited.SOURCES_SEALED, target="sources", data={"n": count})
    return count


def _fits(kind: str, address: str) -> None:
    if kind not in SourceKind.values:
        raise RefusedError(_("There is no such kind of source. Choose one from the list. Nothing was kept."))
    try:
        found = urlsplit(address)
        host, place = found.hostname or "", found.netloc
    except ValueError:
        host, place = "", ""
    if not host or len(address) > _LONGEST_ADDRESS or not address.isprintable() or "@" in place:
        raise RefusedError(_("This is no address. Copy it as the server states it. Nothing was kept."))
    platform = barred_at(host)
    if platform is not None:
        raise RefusedError(
            _("%(platform)s is not listened to: %(clause)s (%(source)s) Nothing was kept.")
            % {"platform": platform.title, "clause": platform.clause, "source": platform.source}
        )
    encrypted, plain = _SCHEMES[SourceKind(kind)]
    if found.scheme != encrypted and not (found.scheme == plain and place in settings.PRIVATE_HOSTS):
        raise RefusedError(
            _("An address of this kind begins with %(scheme)s://. Nothing was kept.") % {"scheme": encrypted}
        )


def _terms(rights: str, until: date) -> str:
    rights, today = rights.strip(), timezone.now().date()
    if len(rights) < SHORTEST:
        raise RefusedError(
            _(
                "Write down what its terms allow, and which version you read. Without that nobody listens. Nothing was kept."
            )
        )
    if not today < until <= today + TERMS:
        raise RefusedError(_("Terms are read again within a year: choose a day ahead. Nothing was kept."))
    return rights


def _sealed(token: str) -> str:
    return vault().seal({"token": token.strip()}) if token.strip() else ""


def _may(by: User, agency: Agency) -> None:
    if not can(by, Action.CHANGE_SOURCE, agency):
        raise RefusedError(_("Your role does not include this. Ask someone who may."))


def _tell(source: Source, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=source.agency, by=by, action=action, target=f"source:{source.pk}", data=data)
