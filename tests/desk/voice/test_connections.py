"""Connected accounts on the desk: asked of the network before anything is kept, a secret never shown again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from callbox.networks.connections import services
from callbox.networks.connections.models import Connection
from callbox.people.roles import Role
from tests.flows.newsdesk import ACCOUNTS, Newsdesk
from tests.people import Cast, person, signed_in

LIST = "/a/harbour/accounts/connected/"


def test_an_account_is_connected_by_the_form_its_network_asks_for(desk: Newsdesk) -> None:
    client = signed_in(desk.wendy)
    assert "for practice" in client.get(f"{LIST}new/").content.decode()
    page = client.post(f"{LIST}new/paper/", {"handle": "harbour-west"}, follow=True).content.decode()
    assert "harbour-west is connected." in page
    assert Connection.objects.get(account="paper:harbour-west").state == "working"


def test_the_newsroom_asks_for_nothing_and_is_the_agencys_own(desk: Newsdesk) -> None:
    page = signed_in(desk.wendy).post(f"{LIST}new/newsroom/", {"asked": "1"}, follow=True).content.decode()
    assert "harbour is connected." in page
    assert Connection.objects.get(account="newsroom:harbour").agency == desk.agency


def test_what_the_network_does_not_accept_is_told_and_nothing_is_kept(desk: Newsdesk) -> None:
    client = signed_in(desk.wendy)
    answer = client.post(f"{LIST}new/mastodon/", {"server": "http://127.0.0.1:9", "token": "not-a-real-token-x1"})
    assert answer.status_code == 422
    assert "Nothing was kept" in answer.content.decode()
    assert not Connection.objects.filter(account__startswith="mastodon").exists()


def test_a_secret_is_never_shown_again(desk: Newsdesk) -> None:
    sealed = services.vault().seal({"token": "very-secret-token-77"})
    row = Connection.objects.create(
        agency=desk.agency,
        account="mastodon:police@social.example",
        details={"server": "https://social.example"},
        sealed=sealed,
        state="refused",
        said="The access token was revoked",
        by=desk.wendy,
        at="2026-01-01T00:00:00Z",
    )
    client = signed_in(desk.wendy)
    pages = [client.get(path).content.decode() for path in (LIST, f"{LIST}{row.pk}/", "/a/harbour/messages/")]
    for page in pages:
        assert "very-secret-token-77" not in page
        assert sealed not in page
        assert "The access token was revoked" in page
    assert "https://social.example" in pages[1]
    assert "Connect again" in pages[1]
    refused = client.post(f"{LIST}{row.pk}/", {"server": "http://127.0.0.1:9", "token": "typed-secret-88"})
    assert "typed-secret-88" not in refused.content.decode()


def test_an_account_that_could_not_be_listened_to_says_so(desk: Newsdesk) -> None:
    """Its sign-in may be tried and accepted all the while: the page must not sound as if all were well."""
    row, words = Connection.objects.get(account=ACCOUNTS[0]), "answers may be waiting there"
    client = signed_in(desk.wendy)
    for state, minutes, told in (("working", 5, False), ("working", 20, True), ("ended", 20, False)):
        heard = timezone.now() - timedelta(minutes=minutes)
        Connection.objects.filter(pk=row.pk).update(state=state, collected_at=heard, checked_at=timezone.now())
        assert (words in client.get(LIST).content.decode()) == told
    Connection.objects.filter(pk=row.pk).update(state="working", collected_at=None)
    assert words not in client.get(LIST).content.decode()


def test_an_ended_connection_forgets_its_secret(desk: Newsdesk) -> None:
    row = Connection.objects.get(account="paper:harbour")
    Connection.objects.filter(pk=row.pk).update(sealed="x")
    page = signed_in(desk.wendy).post(f"{LIST}{row.pk}/end/", follow=True).content.decode()
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("ended", "")
    assert "Ended" in page


def test_connected_and_stated_accounts_read_as_one_place(desk: Newsdesk, cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert LIST in client.get("/a/harbour/accounts/").content.decode()
    assert 'href="/a/harbour/accounts/"' in client.get(LIST).content.decode()


def test_another_agencys_connection_does_not_exist(desk: Newsdesk, cast: Cast) -> None:
    row = Connection.objects.get(account="paper:harbour")
    stranger = signed_in(person("Dora", cast.other, Role.ADMINISTRATOR))
    assert stranger.get(f"/a/valley/accounts/connected/{row.pk}/").status_code == 404
    assert stranger.post(f"/a/valley/accounts/connected/{row.pk}/end/").status_code == 404


def test_an_empty_desk_says_what_comes_first(cast: Cast) -> None:
    page = signed_in(person("Petra", cast.agency, Role.PRESS_OFFICER)).get("/a/harbour/messages/").content.decode()
    assert "First connect an account" in page
    assert f"{LIST}new/" in page
