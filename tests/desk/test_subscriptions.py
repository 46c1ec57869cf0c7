"""The desk counts subscribers and never names one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.people.models import Beat
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


def test_who_chose_several_areas_is_one_subscriber_in_each_of_their_lines(cast: Cast) -> None:
    areas = tuple(
        Beat.objects.create(agency=cast.agency, code=code, name=code.title(), at=timezone.now())
        for code in ("hill", "river")
    )
    subscriptions.ask(agency=cast.agency, address="mia@home.example", choice=Choice(areas))
    row = Subscription.objects.get()
    subscriptions.confirm(agency=cast.agency, secret=subscriptions.opened(row)["secret"], words="Yes.")
    page = signed_in(cast.bob).get("/a/harbour/subscriptions/").content.decode()
    assert "1 subscriber confirmed" in page
    assert [page.count(f'<th scope="row">{name}</th>') for name in ("Hill", "River", "The whole area")] == [1, 1, 0]
