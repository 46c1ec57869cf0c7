"""The freeze on the desk: one button on every page, one bar on every page, and afterwards each held one is a decision."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from callbox.networks.deliveries.models import Delivery
from callbox.people.roles import Role
from tests.flows.newsdesk import Newsdesk, send, soon, texts
from tests.people import Cast, person, signed_in

PAGES = ("messages/", "calendar/", "people/", "accounts/", "profile/", "freeze/")


def test_one_press_stops_everything_and_every_page_says_so(desk: Newsdesk, cast: Cast) -> None:
    olu, bob = signed_in(desk.olu), signed_in(cast.bob)
    for page in PAGES:
        assert "Stop everything now" in olu.get(f"/a/harbour/{page}").content.decode(), page
    shown = olu.post("/a/harbour/freeze/press/", {"why": "An officer was killed"}, follow=True).content.decode()
    assert "Everything stands still" in shown
    desk.approved()
    send()
    assert texts() == []
    for page in PAGES:
        seen = bob.get(f"/a/harbour/{page}").content.decode()
        assert "An officer was killed" in seen, page
        assert "Olu" in seen, page
        assert "Lift the freeze" in seen, page
        assert "Lift the freeze" not in olu.get(f"/a/harbour/{page}").content.decode(), page
    viewer = signed_in(person("Vera", cast.agency, Role.VIEWER)).get("/a/harbour/profile/").content.decode()
    assert "An officer was killed" in viewer
    assert "What waits" not in viewer


def test_the_other_agency_goes_on(desk: Newsdesk, cast: Cast) -> None:
    signed_in(desk.olu).post("/a/harbour/freeze/press/", {"why": "Stop"})
    assert "stands still" not in signed_in(cast.dan).get("/a/valley/messages/").content.decode()


def test_a_press_without_a_reason_is_refused(desk: Newsdesk) -> None:
    page = signed_in(desk.olu).post("/a/harbour/freeze/press/", {"why": " "}, follow=True).content.decode()
    assert "why everything stops" in page
    assert "stands still" not in page


def test_what_became_due_meanwhile_leaves_only_when_a_person_lets_it(desk: Newsdesk) -> None:
    signed_in(desk.olu).post("/a/harbour/freeze/press/", {"why": "Wait"})
    first, second = desk.approved("Let me go"), desk.approved("Drop me")
    send()
    abe = signed_in(desk.abe)
    page = abe.post("/a/harbour/freeze/lift/", follow=True).content.decode()
    send()
    assert texts() == []
    assert "Became due meanwhile" in page
    assert page.count("Let it go") == 4
    for row in Delivery.objects.filter(subject=first.subject):
        abe.post(f"/a/harbour/deliveries/{row.pk}/release/")
    give_up = {"decision": "give-up", "next": "/a/harbour/freeze/"}
    dropped, other = Delivery.objects.filter(subject=second.subject).order_by("pk")
    back = abe.post(f"/a/harbour/deliveries/{dropped.pk}/settle/", give_up)
    assert back["Location"] == "/a/harbour/freeze/"
    assert list(Delivery.objects.filter(state="held")) == [other]  # each copy is a decision of its own
    abe.post(f"/a/harbour/deliveries/{other.pk}/settle/", give_up)
    send()
    assert texts() == ["Let me go"]
    after = abe.get("/a/harbour/freeze/").content.decode()
    assert "The last freeze" in after


def test_what_is_still_to_come_is_named_before_the_press(desk: Newsdesk) -> None:
    desk.approved("Much later", due=soon(30))
    page = signed_in(desk.olu).get("/a/harbour/freeze/").content.decode()
    assert "Much later" in page
    later = timezone.now() + timedelta(hours=30)
    assert f"{later:%H:%M}" in page
