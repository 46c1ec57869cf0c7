"""Mailings: one letter a confirmed subscriber whose choice fits; no row and no event holds an address; who ended it gets nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from callbox.config import schedule
from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.governance.models import AuditEvent
from callbox.networks.connections.models import Connection
from callbox.networks.connections.services import vault
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, Beat
from callbox.portal import letters as words
from callbox.trust.models import Subscription
from callbox.trust.services import answers, hearing, letters, subscriptions
from callbox.trust.services.subscriptions import Choice
from callbox.voice.models import Message
from tests.flows.newsdesk import Newsdesk, make_newsdesk, seen
from tests.networks.email.server import Server
from tests.people import Cast

pytestmark = pytest.mark.django_db
ACCOUNT = "email:news@harbour.example"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def newsdesk(cast: Cast, settings: LazySettings, tmp_path: Path, server: Server) -> Newsdesk:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    settings.PORTAL_URL = "https://police.example"
    settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
    details = {"server": "127.0.0.1", "port": str(server.port), "security": "none", "sender": "news@harbour.example"}
    Connection.objects.create(
        agency=cast.agency, account=ACCOUNT, details=details, sealed=vault().seal({}), by=cast.erin, at=timezone.now()
    )
    return make_newsdesk(cast)


def subscriber(newsdesk: Newsdesk, address: str, **choice: object) -> Subscription:
    subscriptions.ask(agency=newsdesk.agency, address=address, choice=Choice(**choice))  # type: ignore[arg-type]
    row = Subscription.objects.order_by("pk").last()
    assert row
    secret = subscriptions.opened(row)["secret"]
    subscriptions.confirm(agency=newsdesk.agency, secret=secret, words="Yes.")
    return row


def message(newsdesk: Newsdesk, **content: object) -> Message:
    written = Content("Route 7 is closed.", title="Route 7", **content)  # type: ignore[arg-type]
    return newsdesk.submitted(content=written, accounts=(ACCOUNT,))


def everything() -> str:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


def test_those_whose_choice_fits_get_one_letter_each_with_their_own_way_out(newsdesk: Newsdesk, server: Server) -> None:
    mia = subscriber(newsdesk, "mia@home.example")
    subscriber(newsdesk, "ola@home.example", language="es")
    subscriber(newsdesk, "eve@home.example", urgent_only=True)
    subscriptions.ask(agency=newsdesk.agency, address="new@home.example", choice=Choice())
    news = message(newsdesk)
    assert publication.letters_of(news.newest) == 1
    newsdesk.approve(news)
    assert [row.recipient for row in Delivery.objects.all()] == [f"subscription:{mia.pk}"]
    schedule.send()
    schedule.send()
    assert server.box.recipients == ["mia@home.example"]
    (letter,) = server.box.messages
    assert letter["To"] == "mia@home.example"
    address = str(letter["List-Unsubscribe"]).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert Client().post(address.removeprefix("https://police.example")).status_code == 200
    mia.refresh_from_db()
    assert mia.state == "ended"
    assert "home.example" not in everything()


def test_what_is_urgent_goes_to_everybody(newsdesk: Newsdesk) -> None:
    for address, choice in (
        ("mia@home.example", {}),
        ("ola@home.example", {"language": "es"}),
        ("eve@home.example", {"urgent_only": True}),
    ):
        subscriber(newsdesk, address, **choice)
    assert publication.letters_of(message(newsdesk, urgent=True).newest) == 3


def beat(newsdesk: Newsdesk, code: str, agency: Agency | None = None) -> Beat:
    return Beat.objects.create(
        agency=agency or newsdesk.agency, code=code, name=code.title(), shape={}, at=timezone.now()
    )


def test_a_mailing_to_beats_reaches_their_subscribers_and_those_of_the_whole_area(newsdesk: Newsdesk) -> None:
    river, hill = beat(newsdesk, "river"), beat(newsdesk, "hill")
    mia, ola = subscriber(newsdesk, "mia@home.example", beats=(river,)), subscriber(newsdesk, "ola@home.example")
    subscriber(newsdesk, "eve@home.example", beats=(hill,))
    subscriber(newsdesk, "ann@home.example", beats=(river,), language="es")
    news = message(newsdesk, beats=("river",))
    found = publication.letters(agency=newsdesk.agency, content=news.newest.written, accounts=[ACCOUNT])
    assert found == publication.Letters(2, {"": 1, "River": 1})
    newsdesk.approve(news)
    assert {row.recipient for row in Delivery.objects.all()} == {f"subscription:{mia.pk}", f"subscription:{ola.pk}"}
    everybody = message(newsdesk)
    assert publication.letters_of(everybody.newest) == 3
    assert publication.letters_of(message(newsdesk, beats=("river",), urgent=True).newest) == 4


def test_who_chose_several_beats_of_a_mailing_gets_one_letter_and_is_counted_right(newsdesk: Newsdesk) -> None:
    river, hill, harbour = (beat(newsdesk, code) for code in ("river", "hill", "harbour"))
    both = subscriber(newsdesk, "mia@home.example", beats=(river, hill))
    other = subscriber(newsdesk, "eve@home.example", beats=(hill, harbour))
    subscriber(newsdesk, "ann@home.example", beats=(harbour,))
    news = message(newsdesk, beats=("hill", "river"))

    def found(content: Content) -> publication.Letters | None:
        return publication.letters(agency=newsdesk.agency, content=content, accounts=[ACCOUNT])

    assert found(news.newest.written) == publication.Letters(2, {"Hill": 2, "River": 1}, several=1)
    newsdesk.approve(news)
    assert [row.recipient for row in Delivery.objects.order_by("pk")] == [
        f"subscription:{each.pk}" for each in (both, other)
    ]
    everybody = {"Harbour": 2, "Hill": 2, "River": 1}
    assert found(message(newsdesk).newest.written) == publication.Letters(3, everybody, several=2)
    urgent = message(newsdesk, beats=("river",), urgent=True)
    assert found(urgent.newest.written) == publication.Letters(3, everybody, several=2)


def test_the_number_of_a_beat_is_no_part_of_another(newsdesk: Newsdesk) -> None:
    river = beat(newsdesk, "river")
    longer = Beat.objects.create(
        pk=int(f"{river.pk}1"), agency=newsdesk.agency, code="hill", name="Hill", shape={}, at=timezone.now()
    )
    subscriber(newsdesk, "mia@home.example", beats=(longer,))
    with pytest.raises(RefusedError, match="Nobody gets letters"):
        newsdesk.approve(message(newsdesk, beats=("river",)))


def test_who_is_on_the_list_and_subscribed_gets_one_letter_with_the_way_out(newsdesk: Newsdesk) -> None:
    row = Connection.objects.get(account=ACCOUNT)
    row.details = {**row.details, "recipients": ["Mia@Home.example", "mia@home.example", "press@paper.example"]}
    row.save()
    assert publication.letters_of(message(newsdesk).newest) == 2
    mia = subscriber(newsdesk, "mia@home.example")
    newsdesk.approve(message(newsdesk))
    assert {each.recipient for each in Delivery.objects.all()} == {"press@paper.example", f"subscription:{mia.pk}"}


def test_whose_letters_is_part_of_what_is_approved(newsdesk: Newsdesk) -> None:
    beat(newsdesk, "river")
    beat(newsdesk, "hill")
    subscriber(newsdesk, "ola@home.example")
    news = message(newsdesk, beats=("river",))
    digest = seen(news)
    assert digest != seen(message(newsdesk)) != seen(message(newsdesk, beats=("hill",)))
    newsdesk.approve(news)
    row = Delivery.objects.get()
    assert row.rendition["beats"] == ["river"]
    Delivery.objects.filter(pk=row.pk).update(rendition={**row.rendition, "beats": ["hill"]})
    schedule.send()
    assert Delivery.objects.get().state == "held"


def test_what_names_no_beat_keeps_the_digest_it_had_before_there_were_any(newsdesk: Newsdesk) -> None:
    subscriber(newsdesk, "ola@home.example")
    news = message(newsdesk)
    assert "beats" not in news.newest.content
    newsdesk.approve(news)
    assert "beats" not in Delivery.objects.get().rendition


def test_a_beat_that_was_ended_or_is_anothers_is_named_before_it_is_submitted(newsdesk: Newsdesk) -> None:
    old = beat(newsdesk, "river")
    beat(newsdesk, "vale", newsdesk.other)
    Beat.objects.filter(pk=old.pk).update(ended_at=timezone.now())
    for code in ("river", "vale", "nowhere"):
        with pytest.raises(RefusedError, match="choose the beats anew"):
            message(newsdesk, beats=(code,))


def test_a_thousand_letters_are_queued_in_a_few_steps_with_one_event(
    newsdesk: Newsdesk, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    names = {"agency": newsdesk.agency, "state": "confirmed", "asked_at": timezone.now()}
    Subscription.objects.bulk_create(
        Subscription(**names, address_digest=str(number), secret_digest=str(number)) for number in range(1000)
    )
    news = message(newsdesk)
    with django_assert_max_num_queries(60):
        newsdesk.approve(news)
    assert Delivery.objects.filter(state="waiting").values("key").distinct().count() == 1000
    event = AuditEvent.objects.get(action="delivery.queued")
    assert (event.target, event.data["letters"]) == (news.subject, 1000)


def test_who_ends_it_after_the_approval_gets_nothing(newsdesk: Newsdesk, server: Server) -> None:
    mia, ola = subscriber(newsdesk, "mia@home.example"), subscriber(newsdesk, "ola@home.example")
    news = message(newsdesk)
    newsdesk.approve(news)
    subscriptions.end(agency=newsdesk.agency, secret=subscriptions.opened(mia)["secret"])
    Subscription.objects.filter(pk=ola.pk).update(state="ended", sealed_address="")  # at the very moment it leaves
    schedule.send()
    assert server.box.letters == []
    states = dict(Delivery.objects.values_list("recipient", "state"))
    assert states == {f"subscription:{mia.pk}": "given-up", f"subscription:{ola.pk}": "refused"}


def test_what_a_mail_server_says_of_an_address_is_not_written_down(newsdesk: Newsdesk, server: Server) -> None:
    subscriber(newsdesk, "mia@home.example")
    newsdesk.approve(message(newsdesk))
    server.box.fault["RCPT"] = "550 no such user <Mia@home.example>"
    schedule.send()
    assert "the recipient" in Delivery.objects.get().said
    assert "home.example" not in everything().lower()


def test_nothing_is_approved_while_nobody_would_get_it(newsdesk: Newsdesk) -> None:
    news = message(newsdesk)
    with pytest.raises(RefusedError, match="Nobody gets letters"):
        newsdesk.approve(news)
    assert seen(news)
    assert not Delivery.objects.exists()


def test_a_resident_is_told_once_that_there_is_an_answer(newsdesk: Newsdesk) -> None:
    row, secret = hearing.enquire(
        agency=newsdesk.agency, text="Who is my officer?", address="mia@home.example", language="es"
    )
    hearing.enquire(agency=newsdesk.agency, text="And mine?")
    assert letters.tell_of_answers(words.answered) == 0
    answers.answer(conversation=row, text="Officer Lee.", by=newsdesk.olu)
    assert letters.tell_of_answers(words.answered) == 1
    assert letters.tell_of_answers(words.answered) == 0
    (letter,) = mail.outbox
    assert letter.to == ["mia@home.example"]
    assert f"https://police.example/es/p/harbour/ask/{secret}/" in str(letter.body)
    assert "Officer Lee" not in str(letter.body)
    answers.answer(conversation=row, text="She is there today.", by=newsdesk.olu)
    assert letters.tell_of_answers(words.answered) == 1
    assert AuditEvent.objects.filter(action="resident.told", target=f"conversation:{row.pk}").count() == 2


def test_a_letter_of_an_answer_that_may_have_left_is_not_repeated(
    newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: mail.EmailMessage) -> int:
        raise error

    row, _secret = hearing.enquire(agency=newsdesk.agency, text="Who is my officer?", address="mia@home.example")
    answers.answer(conversation=row, text="Officer Lee.", by=newsdesk.olu)
    monkeypatch.setattr(mail.EmailMessage, "send", broken)
    error: Exception = ConnectionRefusedError()
    letters.tell_of_answers(words.answered)
    assert row.lines.get(kind="answer").told_at is None
    error = TimeoutError()
    letters.tell_of_answers(words.answered)
    assert row.lines.get(kind="answer").told_at is not None
