"""The guided tour: in the demonstration it signs in with one click, anywhere else it does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from callbox.config.demo.tips import KEY_FILE
from callbox.desk.tour import resident, views
from callbox.desk.tour.stops import STOPS
from callbox.governance.models import AuditEvent
from callbox.networks.connections.services import connect, open_session
from callbox.networks.models import Connection, Delivery
from callbox.people.models import Agency
from callbox.people.roles import Role
from tests.desk.tour import urls
from tests.people import person

DOCS = Path(__file__).parents[3] / "docs"
#: Imported before any test says that this is the demonstration: the desk itself decides at its import.
with_tour = pytest.mark.urls(urls.__name__)
ROLES = sorted({stop.who for stop in STOPS if stop.who is not None})


@pytest.fixture
def riverton(db: None, settings: Settings, tmp_path: Path) -> Agency:
    settings.DEMO, settings.DATA, settings.SECOND_FACTOR_REQUIRED = True, tmp_path, False
    agency = Agency.objects.create(slug=views.SLUG, name="Riverton Police", languages=["en"])
    for role in ROLES:
        person(role.value, agency, role)
    return agency


@with_tour
def test_every_stop_names_its_person_and_leads_to_its_page(riverton: Agency, client: Client) -> None:
    page = client.get("/tour/").text
    for stop in STOPS:
        assert str(stop.title) in page
    assert KEY_FILE == views.KEY_FILE
    assert KEY_FILE in page
    assert page.count("Go as ") == sum(stop.who is not None for stop in STOPS)
    assert len(re.findall(r'href="/p/riverton/[a-z/]*"', page)) == sum(stop.who is None for stop in STOPS)


@with_tour
@pytest.mark.parametrize("number", [n for n, stop in enumerate(STOPS, start=1) if stop.who is not None])
def test_one_click_signs_in_and_is_in_the_trail(riverton: Agency, client: Client, number: int) -> None:
    answer = client.post("/tour/enter/", {"stop": number})
    stop = STOPS[number - 1]
    assert answer.headers["Location"] == reverse(stop.opens, kwargs={"agency": riverton.slug})
    assert riverton.role_of(answer.wsgi_request.user) == stop.who
    assert client.get(answer.headers["Location"], follow=True).status_code == 200
    event = AuditEvent.objects.get(action="session.begun")
    assert event.by_id == answer.wsgi_request.user.pk


@with_tour
@pytest.mark.parametrize("sent", [{}, {"stop": "0"}, {"stop": "99"}, {"stop": "٣"}, {"stop": "chief"}])
def test_what_is_no_stop_signs_nobody_in(riverton: Agency, client: Client, sent: dict[str, str]) -> None:
    answer = client.post("/tour/enter/", sent)
    assert answer.status_code == 404
    assert not answer.wsgi_request.user.is_authenticated


@with_tour
def test_outside_the_demonstration_the_views_answer_404(riverton: Agency, client: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert client.get("/tour/").status_code == 404
    for path in ("/tour/enter/", "/tour/resident/"):
        answer = client.post(path, {"stop": "1"})
        assert answer.status_code == 404
        assert not answer.wsgi_request.user.is_authenticated


def test_outside_the_demonstration_there_is_no_such_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("tour")


@with_tour
def test_a_resident_answers_the_newest_message_once_one_has_left(riverton: Agency, client: Client) -> None:
    assert "Approve a message first" in client.post("/tour/resident/", follow=True).text
    writer = riverton.memberships.get(role=Role.PRESS_OFFICER).user
    connection = connect(agency=riverton, kind="paper", details={"handle": "riverton-police"}, secrets={}, by=writer)
    Delivery.objects.create(
        agency=riverton, connection=connection, subject="message:1", key="k", state="sent", remote_id="first",
        due=connection.at, made=connection.at, settled_at=connection.at,
    )  # fmt: skip
    Connection.objects.filter(pk=connection.pk).update(collected_at=connection.at)
    assert "A resident has answered" in client.post("/tour/resident/", follow=True).text
    connection.refresh_from_db()
    assert connection.collected_at is None, "it is collected at the next round"
    with open_session(connection) as session:
        (seen,) = session.collect("").seen
    assert (seen.author_name, seen.text) == resident.SAID[0]


def test_the_tour_on_paper_says_the_same() -> None:
    page = (DOCS / "tour.md").read_text(encoding="utf-8")
    for stop in STOPS:
        for words in (stop.title, *stop.do, stop.see, stop.why):
            assert str(words) in page
