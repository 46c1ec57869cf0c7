"""What each account would show of a message, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from callbox.core.text import Reason
from callbox.flows.publication.notices import noticed
from callbox.governance import content as checks
from callbox.networks import registry
from callbox.networks.alt import described
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Ability
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.translations import as_spoken_on, behind, spoken, translated
from callbox.networks.vocabulary import Content, Preview, Rendition
from callbox.people.models import Agency, Beat
from callbox.voice.models import Message, Version

#: The same words within this span are worth a second look (features: B11).
SAME_WORDS = timedelta(days=30)


def previews(
    *, agency: Agency, content: Content, accounts: Sequence[str], corrects: Message | None = None
) -> list[Preview]:
    """Return exactly what would be sent, an entry for each account; an account nothing can be sent to says why.

    corrects: the message whose public copies are corrected; each account then shows the notice with the address of its own copy.
    """
    known = {each.account: each for each in Connection.objects.of(agency).filter(account__in=accounts)}
    if corrects is None:
        return [_preview(content, account, known.get(account)) for account in accounts]
    copies = public_copies(corrects)
    content = replace(noticed(content), corrects=address_of(copies))
    return [_correction(content, account, known.get(account), copies.get(account)) for account in accounts]


def _correction(content: Content, account: str, connection: Connection | None, copy: Delivery | None) -> Preview:
    """Return what one account shows of a correction: its copy in place, a reply under it, or a new post that names the old one."""
    if copy is None or connection is None or connection.kind not in registry.NETWORKS:
        return _preview(content, account, connection)
    if in_place(copy):
        return _preview(replace(content, corrects=""), account, connection)
    preview = _preview(replace(content, corrects=copy.url or content.corrects), account, connection)
    if Ability.REPLY not in registry.network_of(account).abilities or not copy.remote_id:
        return preview
    return replace(preview, rendition=replace(preview.rendition, reply_to=copy.remote_id))


def in_place(copy: Delivery) -> bool:
    """Whether a correction changes this copy where it stands. One that only a person has seen there has no number to name it by."""
    return bool(copy.remote_id) and Ability.EDIT in registry.network(copy.connection.kind).abilities


def address_of(copies: Mapping[str, Delivery]) -> str:
    """Return the one address that names what is corrected: the newsroom's, else the first there is."""
    found = sorted((account.partition(":")[0] != "newsroom", account, copy.url) for account, copy in copies.items())
    return next((url for _elsewhere, _account, url in found if url), "")


def _preview(content: Content, account: str, connection: Connection | None) -> Preview:
    if connection is None or connection.kind not in registry.NETWORKS:
        return _impossible(content, account, "account_unknown")
    preview = registry.network_of(account).render(as_spoken_on(content, account), account=account)
    problem = {"ended": "account_ended", "refused": "account_refused"}.get(connection.state)
    if problem is None:
        return preview
    reason = Reason(problem, {"account": account})
    # A token that died meanwhile can be renewed before the hour; an account that was taken off will not come back by itself.
    if connection.state == "ended":
        return replace(preview, problems=(*preview.problems, reason))
    return replace(preview, hints=(*preview.hints, reason))


def _impossible(content: Content, account: str, code: str) -> Preview:
    shown = Rendition(account=account, text=content.own.get(account, content.text), language=content.language)
    return Preview(shown, len(shown.text), 0, "characters", problems=(Reason(code, {"account": account}),))


def previews_of(version: Version) -> list[Preview]:
    """Return what would be sent of a saved version."""
    message = version.message
    return previews(
        agency=message.agency, content=version.written, accounts=version.accounts, corrects=message.corrects
    )


def problems(
    *,
    agency: Agency,
    content: Content,
    accounts: Sequence[str],
    due: datetime | None = None,
    expires: datetime | None = None,
    corrects: Message | None = None,
) -> list[Reason]:
    """Return everything that keeps a message from being submitted, each once."""
    found = [
        problem
        for preview in previews(agency=agency, content=content, accounts=accounts, corrects=corrects)
        for problem in preview.problems
    ]
    if any(account.startswith("email:") for account in accounts) and _unknown_beats(agency, content):
        found.append(Reason("beat_unknown"))
    found += _unspoken(content, accounts)
    found += checks.problems(
        content, accounts=accounts, due=due, expires=expires, now=timezone.now(), described=described
    )
    return _once(found)


def _unknown_beats(agency: Agency, content: Content) -> bool:
    """Whether it is addressed to a beat that was ended since, or never was one of this agency."""
    if not content.beats:
        return False
    known = Beat.objects.of(agency).standing().filter(code__in=content.beats)
    return known.count() < len(set(content.beats))


def _unspoken(content: Content, accounts: Sequence[str]) -> Iterator[Reason]:
    """Yield the accounts that are to speak a language in which the words are missing, or older than what was written last."""
    for account, language in content.speaks.items():
        if account in accounts and language != content.language and language not in spoken(content):
            code = "translation_missing" if translated(content, language) is None else "translation_behind_there"
            yield Reason(code, {"account": account, "language": language})


def hints(
    *,
    agency: Agency,
    content: Content,
    accounts: Sequence[str],
    due: datetime | None = None,
    corrects: Message | None = None,
    message: Message | None = None,
) -> list[Reason]:
    """Return what an author should look at once more; nothing of it stops a message. message: the one being written, if it is saved."""
    found = [
        hint
        for preview in previews(agency=agency, content=content, accounts=accounts, corrects=corrects)
        for hint in preview.hints
    ]
    found += [
        Reason("translation_behind", {"language": each.language})
        for each in content.translations
        if behind(content, each)
    ]
    if corrects is not None:
        found += [Reason("stays_uncorrected", {"account": each}) for each in _speechless(corrects)]
    earlier = _earlier(agency, message)
    found += checks.hints(content, accounts=accounts, due=due, now=timezone.now(), earlier=earlier)
    return _once(found)


def problems_of(version: Version) -> list[Reason]:
    """Return what keeps a saved version from being submitted."""
    message = version.message
    return problems(
        agency=message.agency,
        content=version.written,
        accounts=version.accounts,
        due=version.due,
        expires=version.expires,
        corrects=message.corrects,
    )


def _earlier(agency: Agency, message: Message | None) -> list[checks.Earlier]:
    """Return what this agency sent in the last month or will send."""
    since = timezone.now() - SAME_WORDS
    rows = Delivery.objects.of(agency).filter(operation=Operation.PUBLISH, due__gte=since).exclude(state="given-up")
    if message is not None:
        rows = rows.exclude(subject=message.subject)
    newest = rows.one_a_mailing().order_by("-due", "-pk")
    return [
        checks.Earlier(account, str(rendition.get("text", "")), due)
        for account, rendition, due in newest.values_list("connection__account", "rendition", "due")[:5000]
    ]


def _once(reasons: Sequence[Reason]) -> list[Reason]:
    return list({reason.sentence: reason for reason in reasons}.values())


def public_copies(message: Message) -> dict[str, Delivery]:
    """Return what stands on each account of `message` now: account -> the newest delivery that was sent, a correction in place included."""
    subjects = [each.subject for each in _family(message)]
    sent = Delivery.objects.of(message.agency).filter(subject__in=subjects, state="sent", recipient="")
    back = sent.filter(operation=Operation.WITHDRAW)
    taken = set(back.values_list("replaces__connection", "replaces__remote_id"))
    found: dict[str, Delivery] = {}
    for delivery in sent.exclude(operation=Operation.WITHDRAW).select_related("connection").order_by("pk"):
        if (delivery.connection_id, delivery.remote_id) not in taken:
            found[delivery.connection.account] = delivery
    return found


def corrected_on(message: Message) -> list[str]:
    """Return every account a correction of `message` goes to: wherever its words stand, may stand or still wait to go, mailings too.

    None while nothing of it is public. An account that was taken off is not among them: nothing can be said there any more.
    """
    subjects = [each.subject for each in _family(message)]
    rows = Delivery.objects.of(message.agency).filter(subject__in=subjects).exclude(operation=Operation.WITHDRAW)
    accounts = rows.order_by().values_list("connection__account", flat=True).distinct()
    shown = {*accounts.filter(state="sent").exclude(recipient=""), *public_copies(message)}
    if not shown:
        return []
    return sorted({*shown, *accounts.exclude(state__in=("sent", "refused", "given-up"))} - _taken_off(message.agency))


def _speechless(message: Message) -> list[str]:
    """Return the accounts that show `message` and where nobody can correct it, because they were taken off."""
    return sorted(set(public_copies(message)) & _taken_off(message.agency))


def _taken_off(agency: Agency) -> set[str]:
    return set(Connection.objects.of(agency).filter(state="ended").values_list("account", flat=True))


def _family(message: Message) -> list[Message]:
    """Return the message everything began with and all corrections of it, and of those."""
    while message.corrects is not None:
        message = message.corrects
    found, ahead = [message], [message]
    while ahead:
        ahead = list(Message.objects.of(message.agency).filter(corrects__in=ahead))
        found += ahead
    return found
