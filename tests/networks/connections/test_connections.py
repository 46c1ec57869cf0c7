"""Accounts: asked before they are kept, sealed at rest, told when a token dies."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from callbox.core.refusal import RefusedError
from callbox.core.secrets import SealBrokenError
from callbox.governance.models import AuditEvent
from callbox.networks.connections import services
from callbox.networks.connections.discreet import DiscreetSession, scrub
from callbox.networks.connections.models import Connection
from callbox.networks.contract import NetworkError, SignInError, UnclearError
from callbox.networks.deliveries.models import Delivery
from callbox.networks.deliveries.sending import send_waiting
from callbox.networks.vocabulary import Identity, Rendition
from tests.networks.deliveries.fake import FakeNetwork, FakeSession
from tests.networks.desk import TOKEN, Desk


def _connect(desk: Desk, token: str = TOKEN, handle: str = "harbour") -> Connection:
    return services.connect(
        agency=desk.agency, kind="fake", details={"handle": handle, "odd": "x"}, secrets={"token": token}, by=desk.alice
    )


def _actions() -> list[str]:
    return list(AuditEvent.objects.filter(target__startswith="connection").values_list("action", flat=True))


def test_an_account_is_kept_as_the_network_names_it(desk: Desk, fake: FakeNetwork) -> None:
    fake.who = lambda handle: Identity(f"{handle}@social.example", "Harbour City Police", "https://social.example/@h")
    connection = _connect(desk)
    assert connection.account == "fake:harbour@social.example"
    assert (connection.name, connection.url) == ("Harbour City Police", "https://social.example/@h")
    assert connection.details == {"handle": "harbour"}
    assert connection.checked_at is not None
    assert _actions() == ["connection.made"]


def test_a_token_is_nowhere_to_be_read(desk: Desk, fake: FakeNetwork, caplog: pytest.LogCaptureFixture) -> None:
    connection = _connect(desk)
    with services.open_session(connection) as session:
        assert TOKEN not in repr(session)
        assert TOKEN not in repr(vars(session))
    for written in (repr(connection), str(connection), str(list(Connection.objects.values()))):
        assert TOKEN not in written
    assert TOKEN not in str(list(AuditEvent.objects.values()))
    assert TOKEN not in caplog.text


def test_the_session_holds_the_token_and_nobody_else_does(desk: Desk, fake: FakeNetwork) -> None:
    given: list[str] = []
    connection = _connect(desk)
    with services.open_session(connection) as session:
        assert isinstance(session, DiscreetSession)
        inner = session._inner
        assert isinstance(inner, FakeSession)
        given.append(inner.token)
    assert given == [TOKEN]


def test_what_the_network_refuses_is_not_kept_and_not_echoed(desk: Desk, fake: FakeNetwork) -> None:
    def who(_: str) -> Identity:
        raise SignInError(f"401 bad token {TOKEN}")

    fake.who = who
    with pytest.raises(RefusedError) as error:
        _connect(desk)
    assert "401 bad token" in str(error.value)
    assert TOKEN not in str(error.value)
    assert error.value.__cause__ is None
    assert Connection.objects.count() == 0
    assert _actions() == []


def test_a_network_that_says_nonsense_is_not_kept(desk: Desk, fake: FakeNetwork) -> None:
    def who(_: str) -> Identity:
        raise ValueError(f"unexpected {TOKEN}")

    fake.who = who
    with pytest.raises(RefusedError, match="Nothing was kept"):
        _connect(desk)
    with pytest.raises(RefusedError, match="missing"):
        services.connect(agency=desk.agency, kind="fake", details={}, secrets={}, by=desk.alice)
    with pytest.raises(RefusedError, match="does not know"):
        services.connect(agency=desk.agency, kind="unheard", details={}, secrets={}, by=desk.alice)


def test_what_cannot_even_be_asked_is_refused_in_words(desk: Desk) -> None:
    odd = {"server": "mail.example", "port": "abc", "sender": "news@harbour.example"}
    with pytest.raises(RefusedError, match="port"):
        services.connect(agency=desk.agency, kind="email", details=odd, secrets={}, by=desk.alice)
    plain = {"server": "http://social.example"}
    with pytest.raises(RefusedError, match="https"):
        services.connect(agency=desk.agency, kind="mastodon", details=plain, secrets={"token": TOKEN}, by=desk.alice)
    with pytest.raises(RefusedError, match="too long"):
        services.connect(agency=desk.agency, kind="paper", details={"handle": "x" * 201}, secrets={}, by=desk.alice)
    assert not Connection.objects.exists()


def test_connected_again_it_is_renewed_and_what_waited_leaves(desk: Desk, fake: FakeNetwork) -> None:
    """T-26."""
    connection = _connect(desk)
    services.refused(connection, "401")
    desk.queued(connection=connection)
    assert send_waiting() == 0
    again = _connect(desk, "another-token")
    assert again.pk == connection.pk
    assert (again.state, again.said) == ("working", "")
    assert services.vault().open(again.sealed) == {"token": "another-token"}
    assert send_waiting() == 1
    assert _actions() == ["connection.made", "connection.refused", "connection.renewed"]


def test_taken_off_the_token_is_forgotten_and_nothing_leaves(desk: Desk, fake: FakeNetwork) -> None:
    connection = _connect(desk)
    delivery = desk.queued(connection=connection)
    services.disconnect(connection=connection, by=desk.alice)
    services.disconnect(connection=connection, by=desk.alice)
    connection.refresh_from_db()
    assert (connection.state, connection.sealed) == ("ended", "")
    assert send_waiting() == 0
    assert Delivery.objects.get(pk=delivery.pk).state == "waiting"
    assert _actions() == ["connection.made", "connection.ended"]


def test_a_probe_finds_the_dead_token_and_the_one_that_lives_again(desk: Desk, fake: FakeNetwork) -> None:
    """T-26."""
    dead, live = _connect(desk), _connect(desk, handle="live")

    def who(handle: str) -> Identity:
        if handle == "harbour":
            raise SignInError("revoked")
        return Identity(handle)

    fake.who = who
    assert services.probe_all() == 1
    assert services.probe_all() == 1
    dead.refresh_from_db()
    live.refresh_from_db()
    assert (dead.state, dead.said, live.state) == ("refused", "revoked", "working")
    fake.who = Identity
    assert services.probe_all() == 0
    dead.refresh_from_db()
    assert dead.state == "working"
    assert _actions().count("connection.refused") == 1
    assert _actions().count("connection.accepted") == 1


def test_a_network_that_is_away_says_nothing_about_the_token(desk: Desk, fake: FakeNetwork) -> None:
    connection = _connect(desk)

    def who(_: str) -> Identity:
        raise NetworkError("503")

    fake.who = who
    assert services.probe_all() == 0
    connection.refresh_from_db()
    assert connection.state == "working"


def test_a_token_of_another_account_speaks_for_nobody(desk: Desk, fake: FakeNetwork) -> None:
    connection = _connect(desk)
    fake.who = lambda _: Identity("somebody-else")
    assert services.probe_all() == 1
    connection.refresh_from_db()
    assert connection.state == "refused"


def test_the_key_is_changed_without_connecting_anew(desk: Desk, fake: FakeNetwork, settings: Settings) -> None:
    connection = _connect(desk)
    old = list(django_settings.TOKEN_KEYS)
    settings.TOKEN_KEYS = ["a new key, long and random " * 3, *old]
    assert services.seal_anew() == 1
    settings.TOKEN_KEYS = settings.TOKEN_KEYS[:1]
    connection.refresh_from_db()
    assert services.vault().open(connection.sealed) == {"token": TOKEN}
    settings.TOKEN_KEYS = ["a key nobody sealed with " * 3]
    with pytest.raises(SealBrokenError):
        services.seal_anew()


def test_without_its_key_an_account_holds_what_it_should_send(
    desk: Desk, fake: FakeNetwork, settings: Settings
) -> None:
    connection = _connect(desk)
    delivery = desk.queued(connection=connection)
    settings.TOKEN_KEYS = ["a key nobody sealed with " * 3]
    send_waiting()
    delivery.refresh_from_db()
    connection.refresh_from_db()
    assert (delivery.state, connection.state, fake.calls) == ("waiting", "refused", [])


def test_an_error_of_any_kind_becomes_one_that_tells_nothing(fake: FakeNetwork) -> None:
    def answer(_account: str, _rendition: Rendition) -> None:
        raise RuntimeError(f"Authorization: Bearer {TOKEN}")

    fake.answer = answer
    session = DiscreetSession(FakeSession(fake, "harbour", TOKEN), account="fake:harbour", secrets=[TOKEN])
    shown = Rendition(account="fake:harbour", text="x")
    with pytest.raises(UnclearError) as error:
        session.publish(shown, key="k", media=lambda _: b"")
    assert str(error.value) == error.value.said == "RuntimeError"
    assert error.value.__cause__ is None
    assert error.value.__context__ is None


def test_secrets_are_blotted_out_whole() -> None:
    assert scrub(f"a {TOKEN}\n\t{TOKEN}-longer", [f"{TOKEN}-longer", TOKEN]) == "a … …"
    assert len(scrub("x" * 900, [])) == 300
