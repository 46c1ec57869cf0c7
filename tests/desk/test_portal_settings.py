"""The press officer sets what residents see on every public page."""

from __future__ import annotations

from django.test import Client
from django.utils.html import strip_tags

from callbox.governance.models import AuditEvent
from callbox.people.models import Agency
from callbox.people.roles import Role
from tests.people import Cast, person, signed_in

PAGE = "/a/harbour/portal/"
GOOD = {"emergency": "112", "phone": "555 0100", "website": "https://harbour.example/", "accent": "#1f5f6b"}


def test_what_the_press_officer_sets_stands_on_the_public_pages(cast: Cast) -> None:
    page = signed_in(person("Pia", cast.agency, Role.PRESS_OFFICER))
    assert "say 112 / 911" in page.get(PAGE).content.decode()
    assert page.post(PAGE, GOOD).status_code == 302
    public = strip_tags(Client().get("/p/harbour/").content.decode())
    assert "In danger now? Call 112." in public
    assert "Not urgent? Call 555 0100." in public
    event = AuditEvent.objects.get(action="agency.changed")
    assert event.data["emergency"] == ["", "112"]
    assert not Agency.objects.get(slug="valley").emergency


def test_an_address_that_is_none_is_refused_and_nothing_is_kept(cast: Cast) -> None:
    answer = signed_in(cast.erin).post(PAGE, {**GOOD, "website": "javascript:alert(1)"})
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert not Agency.objects.get(slug="harbour").emergency
