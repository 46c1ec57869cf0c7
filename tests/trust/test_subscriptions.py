"""Subscribing by e-mail: nobody is mailed without a yes, nobody is told who subscribed, and one click ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows.retention import purge_tonight
from callbox.governance import places
from callbox.governance.models import AuditEvent
from callbox.people.beats import shapes
from callbox.people.models import Beat
from callbox.portal import letters as words
from callbox.trust.models import Subscription
from callbox.trust.services import letters, subscriptions
from callbox.trust.services.subscriptions import Choice
from tests.people.beats.town import TOWN
from tests.people.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "/p/harbour/subscribe/"
MIA = {"address": "mia@home.example", "language": "en"}


@pytest.fixture(autouse=True)
def _https(settings: LazySettings) -> None:
    settings.PORTAL_URL = "https://police.example"


def subscribe(**form: str) -> bytes:
    answer = Client().post(HERE, {**MIA, **form})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return answer.content


def send() -> int:
    return letters.send_confirmations(words.confirmation)


def link() -> str:
    """Return the path of the page that the last letter points to."""
    found = re.search(r"https://police\.example(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def confirmed(**form: str) -> Subscription:
    subscribe(**form)
    send()
    assert Client().post(link()).status_code == 200
    return Subscription.objects.get()


def test_a_letter_asks_and_a_button_confirms_with_the_words_and_the_hour(town: Cast) -> None:
    assert b"Look into your mailbox" in subscribe(beats="north", urgent_only="on")
    assert send() == 1
    (letter,) = mail.outbox
    assert letter.to == ["mia@home.example"]
    assert "Send me urgent news of Harbour City Police by e-mail, above all about North." in str(letter.body)
    assert b"It is confirmed" in Client().post(link()).content
    row = Subscription.objects.get()
    assert (row.state, row.urgent_only) == ("confirmed", True)
    assert subscriptions.stands(row).beats == (Beat.objects.get(code="north"),)
    assert row.consent["words"] == "Send me urgent news of Harbour City Police by e-mail, above all about North."
    assert row.consent["at"][:10] == timezone.now().date().isoformat()
    assert [e.action for e in AuditEvent.objects.filter(target=f"subscription:{row.pk}").order_by("pk")] == [
        "subscription.asked", "subscription.letter", "subscription.confirmed",
    ]  # fmt: skip


def test_t17_hundreds_of_sign_ups_for_one_address_are_one_letter_an_hour(cast: Cast) -> None:
    for number in range(200):
        subscribe(address="Mia@Home.example" if number % 2 else "mia@home.example ")
        send()
    assert len(mail.outbox) == 1
    Client().post("/p/valley/subscribe/", MIA)  # nor from another agency of the same installation
    send()
    assert len(mail.outbox) == 1
    Subscription.objects.update(written_at=timezone.now() - timedelta(minutes=61))
    subscribe()
    subscribe()
    send()
    assert len(mail.outbox) == 2
    assert Subscription.objects.confirmed().count() == 0


def test_t18_known_and_unknown_addresses_get_the_same_bytes(cast: Cast) -> None:
    confirmed()
    known = subscribe()
    pending = subscribe(address="new@home.example")
    again = subscribe(address="new@home.example")
    row = Subscription.objects.get(state="confirmed")
    subscriptions.end(agency=cast.agency, secret=subscriptions.opened(row)["secret"])
    assert known == pending == again == subscribe() == subscribe(address="other@home.example")


def test_t19_no_link_changes_anything_when_it_is_opened_and_one_click_ends_it(cast: Cast) -> None:
    subscribe()
    send()
    one_click = re.search(r"<https://police\.example([^>]+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])
    assert one_click
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    before = (Subscription.objects.values().get(), AuditEvent.objects.count())
    for path in (link(), one_click[1]):
        for _twice in range(2):
            assert Client().get(path).status_code == 200
            assert Client().head(path).status_code == 200
    assert (Subscription.objects.values().get(), AuditEvent.objects.count()) == before
    Client().post(link())
    bare = Client(enforce_csrf_checks=True)
    answer = bare.post(one_click[1], "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    row = Subscription.objects.get()
    assert (row.state, row.sealed_address) == ("ended", "")
    assert Client().post(one_click[1]).status_code == 200  # twice is once
    assert Client().get(link()).status_code == 404


def test_a_confirmed_choice_stays_until_its_owner_confirms_another(cast: Cast) -> None:
    confirmed()
    Subscription.objects.update(written_at=timezone.now() - timedelta(hours=2))
    subscribe(urgent_only="on")
    assert not Subscription.objects.get().urgent_only
    send()
    page = Client().get(link()).content.decode()
    assert "Send me urgent news" in page
    assert "What stands" in page
    Client().post(link())
    assert Subscription.objects.get().urgent_only


@pytest.fixture
def town(cast: Cast) -> Cast:
    drawn = shapes.read(TOWN)
    places.import_beats(agency=cast.agency, drawn=drawn, seen=places.changes(cast.agency, drawn).seen, by=cast.erin)
    return cast


def chosen() -> list[str]:
    return [beat.code for beat in subscriptions.stands(Subscription.objects.get()).beats]


def test_several_areas_are_chosen_without_a_script_and_changed_by_the_link_in_the_letters(town: Cast) -> None:
    page = Client().get(HERE).content.decode()
    assert re.findall(r'type="checkbox" name="beats" value="(\w+)"', page) == ["east", "north", "south"]
    Client().post(HERE, {**MIA, "beats": ["south", "north"]})
    send()
    assert "above all about North and South." in str(mail.outbox[0].body)
    Client().post(link())
    assert chosen() == ["north", "south"]

    ending = Client().get(link() + "end/").content.decode()
    assert f'href="{link()}change/"' in ending
    form = Client().get(link() + "change/").content.decode()
    assert re.findall(r'value="(\w+)"[^>]*checked', form) == ["north", "south"]
    answer = Client().post(link() + "change/", {"beats": ["east", "south", "north"], "language": "en"})
    assert "above all about East, North and South." in answer.content.decode()
    assert (chosen(), len(mail.outbox)) == (["east", "north", "south"], 1)
    row = Subscription.objects.get()
    assert (
        row.consent["words"] == "Send me news of Harbour City Police by e-mail, above all about East, North and South."
    )
    Client().post(link() + "change/", {"language": "en", "urgent_only": "on"})
    row.refresh_from_db()
    assert (row.beats, row.urgent_only) == ("", True)
    events = AuditEvent.objects.filter(target=f"subscription:{row.pk}").order_by("pk")
    assert [event.action for event in events][-2:] == ["subscription.changed", "subscription.changed"]


def test_nothing_is_changed_by_opening_the_link_before_a_yes_or_after_the_end(town: Cast) -> None:
    Client().post(HERE, {**MIA, "beats": ["south"]})
    send()
    assert Client().post(link() + "change/", {"language": "en"}).status_code == 404  # not confirmed yet
    Client().post(link())
    before = Subscription.objects.values().get()
    assert Client().get(link() + "change/").status_code == 200
    assert "field-error" in Client().post(link() + "change/", {"language": "en", "beats": ["nowhere"]}).content.decode()
    assert Client().post(link().replace("harbour", "valley") + "change/", {"language": "en"}).status_code == 404
    assert Subscription.objects.values().get() == before
    Client().post(link() + "end/")
    assert Client().post(link() + "change/", {"language": "en"}).status_code == 404
    assert Subscription.objects.get().beats == ""


def test_nobody_agrees_to_words_that_were_exchanged_after_they_read_them(town: Cast) -> None:
    """A stranger asks for something else in the name of the address between the page and the button."""
    subscribe(beats="north")
    send()
    words = re.findall(r'name="words" value="([^"]+)"', Client().get(link()).content.decode())
    subscribe(beats="south", urgent_only="on")
    page = Client().post(link(), {"words": words[0]}).content.decode()
    assert "Please read it again" in page
    assert "above all about South" in page
    assert Subscription.objects.get().state == "pending"
    row = Subscription.objects.get()
    with pytest.raises(RefusedError, match="read it again"):  # and between the look and the lock
        subscriptions.confirm(
            agency=town.agency, secret=subscriptions.opened(row)["secret"], words=words[0], seen=Choice()
        )


def test_an_area_that_ends_between_asking_and_the_yes_is_named_no_more(town: Cast) -> None:
    Client().post(HERE, {**MIA, "beats": ["south", "north"]})
    send()
    places.end_beat(beat=Beat.objects.get(code="north"), by=town.erin)
    assert "above all about South." in Client().get(link()).content.decode()
    Client().post(link())
    assert chosen() == ["south"]


def test_a_link_is_good_for_two_days_and_what_nobody_confirmed_goes(cast: Cast) -> None:
    subscribe()
    send()
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=2, minutes=1))
    assert b"older than two days" in Client().post(link()).content
    assert Subscription.objects.get().state == "pending"
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=3))
    assert purge_tonight() == 1
    assert not Subscription.objects.exists()


def test_of_what_ended_a_digest_of_the_consent_stays(cast: Cast) -> None:
    row = confirmed()
    subscriptions.end(agency=cast.agency, secret=subscriptions.opened(row)["secret"])
    assert purge_tonight() == 0
    Subscription.objects.update(ended_at=timezone.now() - timedelta(days=32))
    assert purge_tonight() == 1
    assert set(Subscription.objects.get().consent) == {"digest", "at"}
    assert purge_tonight() == 0
    Subscription.objects.update(written_at=timezone.now() - timedelta(hours=2))
    assert confirmed().state == "confirmed"  # whoever ended may come back


def test_a_stolen_database_names_nobody(cast: Cast) -> None:
    confirmed()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert "mia@home" not in repr(cursor.fetchall()), table


def test_a_letter_is_claimed_before_it_leaves(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: mail.EmailMessage) -> int:
        raise error

    subscribe()
    error: Exception = ConnectionRefusedError()
    monkeypatch.setattr(mail.EmailMessage, "send", broken)
    assert send() == 0
    row = Subscription.objects.get()
    assert row.letter_due is not None  # surely not sent: again in five minutes
    Subscription.objects.update(letter_due=timezone.now())
    error = TimeoutError("mia@home.example")
    send()
    assert send() == 0
    assert Subscription.objects.get().letter_due is None  # it may have left: never again by itself


def test_letters_and_pages_speak_the_language_that_was_chosen(cast: Cast) -> None:
    cast.agency.languages = ["en", "ar"]
    cast.agency.save()
    Client().post(f"/ar{HERE}", {**MIA, "language": "ar"})
    send()
    assert link().startswith("/ar/p/harbour/subscribe/")
    assert "لمدة يومين" in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    "form", [{"address": "nonsense"}, {"address": ""}, {"language": "de"}, {"address": "a@b.example\nBcc: c@d.example"}]
)
def test_what_cannot_be_taken_is_said_beside_its_field(cast: Cast, form: dict[str, str]) -> None:
    assert b"field-error" in subscribe(**form)
    assert not Subscription.objects.exists()


def test_a_wrong_secret_and_one_of_another_agency_open_nothing(cast: Cast) -> None:
    confirmed()
    assert Client().get(link().replace("harbour", "valley")).status_code == 404
    assert Client().post(link().replace("harbour", "valley") + "end/").status_code == 200
    assert Subscription.objects.get().state == "confirmed"
    assert Client().get(f"{HERE}nothing/").status_code == 404
