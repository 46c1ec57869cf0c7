"""On the first day nothing waits, so the page says where to begin, to each by what their role can do."""

from __future__ import annotations

import pytest

from callbox.people.models import Membership
from callbox.people.roles import Role
from tests.people import Cast, person, signed_in
from tests.trust.inbox.things import connection

pytestmark = pytest.mark.django_db
TODAY = "/a/harbour/today/"


def test_an_administrator_alone_is_led_to_inviting(cast: Cast) -> None:
    Membership.objects.filter(agency=cast.agency).exclude(user=cast.erin).delete()
    assert 'href="/a/harbour/people/invite/"' in signed_in(cast.erin).get(TODAY).text


def test_a_press_officer_is_led_to_an_account_and_an_officer_to_the_first_message(cast: Cast) -> None:
    nora = signed_in(person("Nora", cast.agency, Role.PRESS_OFFICER))
    assert 'href="/a/harbour/accounts/connected/new/"' in nora.get(TODAY).text.partition("<main")[2]
    connection(cast.agency, cast.bob)
    assert "accounts/connected/new" not in nora.get(TODAY).text.partition("<main")[2]
    olu = signed_in(person("Olu", cast.agency, Role.OFFICER))
    assert 'href="/a/harbour/messages/new/"' in olu.get(TODAY).text.partition("<main")[2]


def test_who_may_assess_is_led_to_the_record_and_who_only_reads_to_nothing(cast: Cast) -> None:
    assert 'href="/a/harbour/assessments/own-record/"' in signed_in(cast.alice).get(TODAY).text
    main = signed_in(cast.frank).get(TODAY).text.partition("<main")[2]
    assert "Nothing waits." in main
    assert 'class="btn btn-primary"' not in main
