"""The desk counts subscribers and never names one."""

from __future__ import annotations

import pytest

from callbox.trust.models import Subscription
from callbox.trust.services import subscriptions
from callbox.trust.services.subscriptions import Choice
from tests.people import signed_in
from tests.people.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_page_counts_by_area_and_language_without_an_address(cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert "Nobody has subscribed yet" in client.get("/a/harbour/subscriptions/").content.decode()
    for address, language in (("mia@home.example", "en"), ("ola@home.example", "es"), ("eve@home.example", "es")):
        subscriptions.ask(agency=cast.agency, address=address, choice=Choice(language=language))
    for row in Subscription.objects.all()[:2]:
        secret = subscriptions.opened(row)["secret"]
        subscriptions.confirm(agency=cast.agency, secret=secret, words="Yes.")
    page = client.get("/a/harbour/subscriptions/").content.decode()
    assert "2 subscribers confirmed" in page
    assert "1 was asked and has not confirmed yet" in page
    assert "Spanish" in page
    assert "home.example" not in page
