"""Linked translations: approved with the words, said where chosen, measured by V6, flagged when a correction leaves them behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.flows.publication.notices import noticed
from callbox.governance import emergency
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.models import Delivery
from callbox.networks.items.ledger import releases
from callbox.networks.newsroom.models import Entry
from callbox.networks.translations import behind, one_after_another, source_of, spoken
from callbox.networks.vocabulary import Content, Translation
from callbox.trust.models import Subscription
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import ACCOUNTS, Newsdesk, connect, seen, send, texts

pytestmark = pytest.mark.django_db
WORDS = Content(
    "Boil your water before you drink it.",
    title="Boil your water",
    urgent=True,
    translations=(Translation("es", "Hierva el agua antes de beberla.", "Hierva el agua"),),
    speaks={ACCOUNTS[1]: "es"},
)
NEWSROOM = "newsroom:harbour"


def newsroom(newsdesk: Newsdesk) -> Connection:
    return connect(newsdesk.agency, NEWSROOM, by=newsdesk.wendy)


def hints(message: Message) -> list[str]:
    newest = message.newest
    found = publication.hints(agency=message.agency, content=newest.written, accounts=newest.accounts)
    return [reason.code for reason in found]


def test_each_account_says_it_in_its_language_and_the_newsroom_in_all(newsdesk: Newsdesk) -> None:
    newsroom(newsdesk)
    newsdesk.approved(content=WORDS, accounts=(*ACCOUNTS, NEWSROOM))
    send()
    assert texts("harbour") == ["Boil your water before you drink it."]
    assert texts("harbour-east") == ["Hierva el agua antes de beberla."]
    shown = Entry.objects.get().shown
    assert [(each.language, each.text, each.behind) for each in shown.translations] == [
        ("es", "Hierva el agua antes de beberla.", False)
    ]
    languages = Delivery.objects.filter(connection__account=ACCOUNTS[1]).values_list("rendition__language", flat=True)
    assert list(languages) == ["es"]


@pytest.mark.parametrize("changed", ["text", "title", "language"])
def test_the_approval_covers_every_translation(newsdesk: Newsdesk, changed: str) -> None:
    newsroom(newsdesk)
    message = newsdesk.submitted(content=WORDS, accounts=(ACCOUNTS[0], NEWSROOM))
    digest = seen(message)
    newsdesk.approve(message)
    row = Delivery.objects.get(connection__account=NEWSROOM)
    version = {**row.rendition["translations"][0], changed: "fr"}
    Delivery.objects.filter(pk=row.pk).update(rendition={**row.rendition, "translations": [version]})
    send()
    row.refresh_from_db()
    assert row.state == "held"
    other = newsdesk.submitted(
        content=replace(WORDS, translations=(replace(WORDS.translations[0], **{changed: "fr"}),)),
        accounts=message.newest.accounts,
    )
    assert seen(other) != digest


def test_a_new_translation_voids_the_approval(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved(content=replace(WORDS, translations=(), speaks={}))
    newest = message.newest
    assert "translations" not in newest.content
    assert "speaks" not in newest.content
    again = {"accounts": ACCOUNTS, "due": None, "expires": None, "by": newsdesk.wendy}
    messages.save(message=message, content=WORDS, seen=newest.number, **again)  # type: ignore[arg-type]
    assert Message.objects.get(pk=message.pk).state == "draft"
    (change,) = [each for each in messages.differences(newest, message.newest) if each.field == "translation"]
    assert (change.account, change.before) == ("es", "")
    assert change.after.endswith("Hierva el agua antes de beberla.")


def test_an_account_that_is_to_speak_what_nobody_translated_stops_the_message(newsdesk: Newsdesk) -> None:
    with pytest.raises(RefusedError, match="no such translation yet"):
        newsdesk.submitted(content=replace(WORDS, translations=()))


def test_changed_words_leave_their_translations_behind_until_somebody_looks(newsdesk: Newsdesk) -> None:
    message = newsdesk.write(content=WORDS)
    assert "translation_behind" not in hints(message)
    written = replace(message.newest.written, text="Do not drink the water.")
    again = {"accounts": ACCOUNTS, "due": None, "expires": None, "by": newsdesk.wendy}
    messages.save(message=message, content=written, seen=1, **again)  # type: ignore[arg-type]
    assert "translation_behind" in hints(message)
    with pytest.raises(RefusedError, match="older than the words"):
        publication.submit(message=message, by=newsdesk.wendy)
    renewed = replace(written, translations=(Translation("es", "No beba el agua."),))
    messages.save(message=message, content=renewed, seen=2, **again)  # type: ignore[arg-type]
    assert "translation_behind" not in hints(message)
    publication.submit(message=message, by=newsdesk.wendy)


def test_a_correction_flags_the_translations_that_were_not_renewed(newsdesk: Newsdesk) -> None:
    newsroom(newsdesk)
    content = replace(WORDS, speaks={}, translations=(*WORDS.translations, Translation("fr", "Faites bouillir l’eau.")))
    message = newsdesk.approved(content=content, accounts=(NEWSROOM,))
    send()
    before = message.newest.written
    renewed = tuple(
        Translation("es", "No beba el agua.") if each.language == "es" else each for each in before.translations
    )
    corrected = publication.correct(
        message=Message.objects.get(pk=message.pk),
        content=replace(before, text="Do not drink the water.", translations=renewed),
        by=newsdesk.wendy,
    )
    assert "translation_behind" in hints(corrected)
    publication.submit(message=corrected, by=newsdesk.wendy)
    newsdesk.approve(corrected)
    send()
    shown = Entry.objects.order_by("-edition")[0].shown
    assert shown.text == "Correction: Do not drink the water."
    assert [(each.language, each.text, each.behind) for each in shown.translations] == [
        ("es", "Corrección: No beba el agua.", False),
        ("fr", "Faites bouillir l’eau.", True),
    ]


def test_the_notice_keeps_what_is_up_to_date_up_to_date() -> None:
    made = Translation("es", "Hierva el agua.", source=source_of(WORDS))
    old = Translation("fr", "Faites bouillir l’eau.", source="0" * 64)
    headed = noticed(replace(WORDS, translations=(made, old)))
    assert [behind(headed, each) for each in headed.translations] == [False, True]
    assert noticed(headed) == headed
    assert spoken(headed) == ("en", "es")


def test_a_letter_holds_every_language_and_goes_to_those_who_read_one_of_them(newsdesk: Newsdesk) -> None:
    account = "email:news@harbour.example"
    connect(newsdesk.agency, account, by=newsdesk.wendy, sender="news@harbour.example")
    names = {"agency": newsdesk.agency, "state": "confirmed", "asked_at": timezone.now()}
    for number, language in enumerate(("en", "es", "fr")):
        Subscription.objects.create(**names, language=language, address_digest=str(number), secret_digest=str(number))
    calm = replace(WORDS, urgent=False, speaks={})
    message = newsdesk.submitted(content=calm, accounts=(account,))
    assert publication.letters_of(message.newest) == 2
    newsdesk.approve(message)
    text = Delivery.objects.order_by("pk")[0].shown.text
    assert text == (
        "Boil your water before you drink it.\n\n— Español —\n\nHierva el agua\n\nHierva el agua antes de beberla."
    )
    assert one_after_another(replace(calm, text="Changed."), account) == one_after_another(
        replace(message.newest.written, text="Changed.", translations=()), account
    ), "what stayed behind is in no letter"


def test_a_translation_is_a_release_of_its_own_that_v6_reads(newsdesk: Newsdesk) -> None:
    newsroom(newsdesk)
    message = newsdesk.approved(content=replace(WORDS, speaks={}), accounts=(NEWSROOM,))
    send()
    rows = releases(newsdesk.agency).sort("language").select("release", "language", "urgent", "checked").rows()
    assert rows == [(message.subject, "en", True, True), (message.subject, "es", True, True)]


def test_what_one_person_sent_alone_counts_as_a_translation_nobody_checked(newsdesk: Newsdesk) -> None:
    newsroom(newsdesk)
    rule = {"roles": ["press-officer"], "kinds": ["public"], "hours": 24, "why": "Nights."}
    emergency.set_rule(agency=newsdesk.agency, **rule, by=newsdesk.abe)  # type: ignore[arg-type]
    message = newsdesk.write(content=replace(WORDS, speaks={}), accounts=(NEWSROOM,))
    publication.send_alone(message=message, digest=seen(message), why="Nobody answers.", by=newsdesk.wendy)
    send()
    assert releases(newsdesk.agency)["checked"].to_list() == [False, False]
