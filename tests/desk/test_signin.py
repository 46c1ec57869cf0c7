"""Signing in with password and second factor, the lock, invitations: through the pages, without script."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core import mail, signing
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from callbox.core.secrets import SealBrokenError
from callbox.desk.signin import adapter, factors
from callbox.desk.signin.adapter import MFAAdapter
from callbox.desk.signin.sealing import box
from callbox.governance import members
from callbox.governance.models import AuditEvent
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from tests.people import PASSWORD, TOTP_SECRET, Cast, person, signed_in

PEOPLE = "/a/harbour/people/"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def code(secret: str = TOTP_SECRET) -> str:
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def give_password(client: Client, user: User, password: str = PASSWORD, **extra: str) -> object:
    return client.post("/account/login/", {"login": user.email, "password": password}, follow=True, **extra)  # type: ignore[arg-type]


def enter(client: Client, user: User) -> None:
    give_password(client, user)
    with time_machine.travel(time.time(), tick=False):  # a code's half minute must not end between making and using it
        client.post("/account/factors/authenticate/", {"code": code()})


def test_password_and_code_open_the_desk(cast: Cast) -> None:
    client = Client()
    enter(client, cast.alice)
    assert client.get(PEOPLE).status_code == 200
    assert AuditEvent.objects.get().action == "session.begun"


def test_a_stolen_password_alone_opens_nothing(cast: Cast) -> None:
    client = Client()
    give_password(client, cast.alice)
    assert client.get(PEOPLE)["Location"].startswith("/account/login/")
    client.post("/account/factors/authenticate/", {"code": "000000"})
    assert client.get(PEOPLE).status_code == 302


def test_a_code_works_once(cast: Cast) -> None:
    with time_machine.travel(START, tick=False):
        enter(Client(), cast.alice)
        second = Client()
        enter(second, cast.alice)
        assert second.get(PEOPLE).status_code == 302


def test_a_recovery_code_opens_once(cast: Cast) -> None:
    codes = Authenticator.objects.get(user=cast.alice, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    for expected in (200, 302):
        client = Client()
        give_password(client, cast.alice)
        client.post("/account/factors/authenticate/", {"code": codes[0]})
        assert client.get(PEOPLE).status_code == expected


def test_without_a_second_factor_nothing_but_its_set_up_opens(cast: Cast) -> None:
    newcomer = person("Newcomer", cast.agency, Role.CHIEF, second_factor=False)
    client = signed_in(newcomer)
    for url in ("/", PEOPLE, "/account/", "/a/harbour/audit/export/"):
        assert client.get(url)["Location"] == "/account/second-factor/"
    assert "authenticator app" in client.get("/account/second-factor/").text


def test_the_authenticator_app_is_set_up_without_script(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    newcomer = person("Newcomer", cast.agency, Role.CHIEF, second_factor=False)
    client = Client()
    give_password(client, newcomer)
    client.post("/account/confirm/", {"password": PASSWORD})
    page = client.get("/account/factors/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.text
    with django_capture_on_commit_callbacks(execute=True), time_machine.travel(time.time(), tick=False):
        client.post("/account/factors/totp/activate/", {"code": code(secret)})
    assert client.get(PEOPLE).status_code == 200
    assert AuditEvent.objects.filter(action="factor.added").exists()


def test_a_stolen_database_holds_no_secret_of_an_app(cast: Cast) -> None:
    assert TOTP_SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_after_the_secret_key_was_renewed_apps_and_codes_still_open_and_need_the_old_key_no_more(
    cast: Cast, settings: Settings
) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    settings.SECRET_KEY_FALLBACKS = [old]
    client = Client()
    enter(client, cast.alice)
    assert client.get(PEOPLE).status_code == 200
    assert factors.seal_anew() == 2 * User.objects.count()
    settings.SECRET_KEY_FALLBACKS = []
    app = Authenticator.objects.get(user=cast.bob, type=Authenticator.Type.TOTP)
    assert MFAAdapter().decrypt(app.data["secret"]) == TOTP_SECRET
    codes = Authenticator.objects.get(user=cast.bob, type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert len(codes.get_unused_codes()) == 10
    settings.SECRET_KEY = "m" * 60
    with pytest.raises(SealBrokenError):
        factors.seal_anew()


def test_who_lost_the_device_is_out_everywhere_and_sets_up_a_new_factor_with_the_password(cast: Cast) -> None:
    held, other = signed_in(cast.alice), signed_in(cast.bob)  # whoever found the phone, and somebody else
    assert factors.lost(cast.alice) == 2
    assert held.get(PEOPLE)["Location"].startswith("/account/login/")
    assert other.get(PEOPLE).status_code == 200
    event = AuditEvent.objects.get(action="factor.removed")
    assert (event.target, event.by_name, event.agency) == (f"user:{cast.alice.pk}", "command line", cast.agency)
    client = Client()
    give_password(client, cast.alice)
    assert client.get(PEOPLE)["Location"] == "/account/second-factor/"


def test_a_flood_of_other_names_does_not_push_out_the_count_of_one(cast: Cast) -> None:
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(5):
        give_password(attacker, cast.alice, "wrong password")
    for number in range(400):  # as many other names, tried from everywhere
        cache.set(f"allauth:rl:login_failed:key:{number}", [time.time()], 900)
    client = Client(REMOTE_ADDR="203.0.113.9")
    give_password(client, cast.alice)
    client.post("/account/factors/authenticate/", {"code": code()})
    assert client.get(PEOPLE).status_code == 302


def test_without_its_event_nobody_is_signed_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_given: object) -> None:
        raise DatabaseError("the trail cannot be written")

    client = Client(raise_request_exception=False)
    give_password(client, cast.alice)
    monkeypatch.setattr(adapter, "record", broken)
    with time_machine.travel(time.time(), tick=False):
        assert client.post("/account/factors/authenticate/", {"code": code()}).status_code == 500
    monkeypatch.undo()
    assert client.get(PEOPLE).status_code == 302
    cast.alice.refresh_from_db()
    assert cast.alice.last_login is None


def test_the_demonstration_goes_without_and_says_so_loudly(cast: Cast, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED, settings.DEMO = False, True
    page = signed_in(person("Newcomer", cast.agency, Role.CHIEF, second_factor=False)).get(PEOPLE)
    assert page.status_code == 200
    assert "no second factor" in page.text


def test_five_wrong_passwords_close_the_name_for_that_address_only(cast: Cast) -> None:
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(5):
        give_password(attacker, cast.alice, "wrong")
    give_password(attacker, cast.alice)
    assert "_auth_user_id" not in attacker.session
    assert "account_login" in attacker.session or attacker.get(PEOPLE).status_code == 302
    assert AuditEvent.objects.filter(action="session.refused").count() == 5


def test_a_wrong_name_and_a_wrong_password_sound_the_same(cast: Cast) -> None:
    said = []
    for email in (cast.alice.email, "nobody@harbour.example"):
        page = Client().post("/account/login/", {"login": email, "password": "wrong"})
        said.append(str(page.context["form"].non_field_errors()))
    assert said[0] == said[1]


def test_nobody_signs_up(cast: Cast) -> None:
    assert "by invitation" in Client().get("/account/closed/").text
    Client().post("/account/closed/", {"email": "mallory@evil.example", "password1": PASSWORD})
    assert not User.objects.filter(email="mallory@evil.example").exists()


def test_someone_switched_off_is_out_with_the_next_click(cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert client.get(PEOPLE).status_code == 200
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert client.get(PEOPLE).status_code == 302


def test_a_removed_member_finds_nothing_with_the_next_click(cast: Cast) -> None:
    client = signed_in(cast.alice)
    cast.agency.memberships.filter(user=cast.alice).delete()
    assert client.get(PEOPLE).status_code == 404


@pytest.mark.parametrize(
    ("quiet", "status"), [(timedelta(minutes=29, seconds=59), 200), (timedelta(minutes=30, seconds=1), 302)]
)
def test_the_desk_locks_after_half_an_hour_of_quiet(cast: Cast, quiet: timedelta, status: int) -> None:
    client = Client()
    with time_machine.travel(START, tick=False):
        enter(client, cast.alice)
        client.get(PEOPLE)
    with time_machine.travel(START + quiet, tick=False):
        answer = client.get(PEOPLE)
        assert answer.status_code == status
        assert "Carol" in answer.text or answer["Location"].startswith("/account/confirm/")


def test_a_form_sent_into_the_lock_is_not_lost(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(START, tick=False):
        enter(client, cast.erin)
        client.get("/a/harbour/settings/")
    form = {
        "name": "Harbour Police",
        "size": "100-499",
        "time_zone": "Europe/Oslo",
        "languages": ["en"],
        "accent": "#1f5f6b",
    }
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        locked = client.post("/a/harbour/settings/", form)
        assert Agency.objects.get(slug="harbour").name == "Harbour City Police"
        assert client.get("/a/harbour/audit/").status_code == 302, "locked means locked everywhere"
        client.post(locked["Location"], {"password": PASSWORD, "next": "/a/harbour/settings/"})
        assert Agency.objects.get(slug="harbour").name == "Harbour Police"
        assert client.get("/a/harbour/audit/").status_code == 200


def test_a_form_that_waits_in_the_lock_lies_sealed_in_the_database(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(START, tick=False):
        enter(client, cast.erin)
        client.get(PEOPLE)
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        assert client.post("/a/harbour/settings/", {"name": "CANARY"}).status_code == 302
    kept = signing.loads(
        Session.objects.get().session_data, salt="django.contrib.sessions.SessionStore", serializer=AsItIs
    )
    assert b"CANARY" not in kept
    assert b"CANARY" in box("sessions").decrypt(kept)


class AsItIs:
    """A session's bytes as they lie in the database."""

    def dumps(self, obj: bytes) -> bytes:
        return obj

    def loads(self, data: bytes) -> bytes:
        return data


def test_a_wrong_password_does_not_unlock(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(START, tick=False):
        enter(client, cast.alice)
        client.get(PEOPLE)
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        client.get(PEOPLE)
        client.post("/account/confirm/", {"password": "wrong"})
        assert client.get(PEOPLE).status_code == 302


def test_after_a_whole_shift_one_signs_in_again(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(START, tick=False):
        enter(client, cast.alice)
    for minutes in range(0, 12 * 60 + 1, 20):
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            assert client.get(PEOPLE).status_code == 200
    with time_machine.travel(START + timedelta(hours=12, minutes=1), tick=False):
        assert client.get(PEOPLE)["Location"].startswith("/account/login/")


def test_an_invited_person_comes_in_through_the_link(cast: Cast) -> None:
    page = signed_in(cast.erin).post(
        reverse("invite", kwargs={"agency": "harbour"}),
        {"name": "Grace", "email": "grace@harbour.example", "role": "viewer"},
    )
    link = page.context["link"]
    visitor = Client()
    assert "Erin invited you as Viewer" in visitor.get(link).text
    weak = visitor.post(link, {"name": "Grace", "password": "password"})
    assert "too short" in weak.text
    assert not User.objects.filter(email="grace@harbour.example").exists()
    done = visitor.post(link, {"name": "Grace Okafor", "password": "an uncommon sentence"})
    assert done["Location"] == "/a/harbour/"
    assert Client().get(link).status_code == 404
    newcomer = Client()
    give_password(newcomer, User.objects.get(email="grace@harbour.example"), "an uncommon sentence")
    assert newcomer.get("/a/harbour/")["Location"] == "/account/second-factor/"


def test_someone_with_an_account_accepts_signed_in(cast: Cast) -> None:
    _invitation, secret = members.invite(
        agency=cast.agency, email=cast.dan.email, name="Dan", role=Role.VIEWER, by=cast.erin
    )
    link = reverse("welcome", kwargs={"secret": secret})
    assert "Sign in, then open the link again" in Client().get(link).text
    dan = signed_in(cast.dan)
    assert dan.post(link)["Location"] == "/a/harbour/"
    assert dan.get(PEOPLE).status_code == 200


def test_a_forgotten_password_is_reset_by_mail_and_tells_strangers_nothing(cast: Cast) -> None:
    stranger = Client().post("/account/password/forgotten/", {"email": "nobody@harbour.example"})
    known = Client().post("/account/password/forgotten/", {"email": cast.alice.email})
    assert (stranger.status_code, stranger["Location"]) == (known.status_code, known["Location"])
    letter = next(letter for letter in mail.outbox if letter.to == [cast.alice.email])
    link = next(line for line in str(letter.body).split() if "/account/password/new/" in line)
    client = Client()
    form = client.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    client.post(target, {"password1": "another fine sentence", "password2": "another fine sentence"})
    cast.alice.refresh_from_db()
    assert cast.alice.check_password("another fine sentence")
    assert AuditEvent.objects.filter(action="password.changed").exists()


def test_signing_out_ends_the_session_for_good(cast: Cast) -> None:
    client = Client()
    enter(client, cast.alice)
    stolen = client.cookies["callbox"].value
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["callbox"] = stolen
    assert thief.get(PEOPLE).status_code == 302


def test_a_planted_session_is_not_kept(cast: Cast) -> None:
    client = Client()
    client.get("/account/login/")
    before = client.cookies["callbox"].value if "callbox" in client.cookies else None
    enter(client, cast.alice)
    assert client.cookies["callbox"].value != before
