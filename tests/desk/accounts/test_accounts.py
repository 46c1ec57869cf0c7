"""The accounts page: what is stated of an account moves practice V2 of the open assessment at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.maturity.models import Assessment
from callbox.maturity.services import accounts as services
from callbox.maturity.services import assessments, measuring
from callbox.networks.accounts.models import Account
from callbox.networks.accounts.services import Details
from tests.people import Cast, signed_in

PAGE = "/a/harbour/accounts/"
STATED = {"official": "true", "owner": "Mina Haddad", "admins": "2", "second_factor": "true", "linked": "true"}


def posts() -> bytes:
    begin = timezone.now() - timedelta(days=50)
    rows = [
        f"{day}-{account},{begin + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ},Road closed,{account},x,Harbour"
        for day in range(50)
        for account in ("harbour", "harbour_alerts")
    ]
    return "\n".join(["id,time,text,account,network,force", *rows]).encode()


@pytest.fixture
def measured(cast: Cast) -> Assessment:
    found = assessments.start_from_files(
        agency=cast.agency, title="Spring", files=[assessments.Incoming("p.csv", [posts()])], by=cast.alice
    )
    measuring.measure_waiting()
    return fresh(found)


def fresh(assessment: Assessment) -> Assessment:
    found = Assessment.objects.get(pk=assessment.pk)
    assert found.profile is not None, found.why
    return found


def figure(assessment: Assessment, name: str) -> tuple[float | None, int]:
    profile = fresh(assessment).profile
    assert profile is not None
    return profile.measures[name].value, profile.measures[name].n


def test_the_accounts_of_the_record_are_listed_before_anything_is_stated(cast: Cast, measured: Assessment) -> None:
    page = signed_in(cast.alice).get(PAGE).content.decode()
    assert "harbour_alerts" in page
    assert "not stated" in page
    assert figure(measured, "accounts_secured") == (None, 0)


def test_a_statement_moves_the_figures_and_is_in_the_trail(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    answer = client.post(f"{PAGE}state/?account=x:harbour", STATED)
    assert answer.status_code == 302
    assert figure(measured, "accounts_linked") == (0.5, 2)
    client.post(f"{PAGE}state/?account=x:harbour_alerts", STATED | {"admins": "1"})
    assert figure(measured, "accounts_linked") == (1, 2)
    assert figure(measured, "accounts_secured") == (0.5, 2)
    event = AuditEvent.objects.filter(action="account.stated").order_by("pk").first()
    assert event is not None
    assert event.target == "account:x:harbour"
    page = client.get(PAGE).content.decode()
    assert "Mina Haddad" in page
    assert "by Alice" in page


def test_an_account_that_is_not_official_is_not_counted_whatever_the_record_holds(
    cast: Cast, measured: Assessment
) -> None:
    client = signed_in(cast.alice)
    client.post(f"{PAGE}state/?account=x:harbour", STATED)
    client.post(f"{PAGE}state/?account=x:harbour_alerts", {"official": "false"})
    assert figure(measured, "accounts_secured") == (1, 1)


def test_saying_the_same_again_writes_nothing(cast: Cast, measured: Assessment) -> None:
    details = Details(official=True, admins=2)
    for _time in range(2):
        services.state(agency=cast.agency, account="x:harbour", details=details, by=cast.alice)
    assert AuditEvent.objects.filter(action="account.stated").count() == 1


def test_a_new_assessment_carries_what_was_stated_and_a_frozen_one_keeps_its_figures(
    cast: Cast, measured: Assessment
) -> None:
    Assessment.objects.filter(pk=measured.pk).update(state="frozen")
    services.state(agency=cast.agency, account="x:harbour", details=Details(linked=True), by=cast.alice)
    assert figure(measured, "accounts_linked") == (None, 0)
    again = assessments.start_from_files(
        agency=cast.agency, title="Again", files=[assessments.Incoming("p.csv", [posts()])], by=cast.alice
    )
    measuring.measure_waiting()
    assert figure(again, "accounts_linked") == (0.5, 2)


def test_an_account_without_posts_can_be_added(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.bob)
    form = {
        "network": "mastodon",
        "handle": "@police",
        "linked": "true",
        "official": "unknown",
        "second_factor": "unknown",
    }
    assert client.post(f"{PAGE}state/", form).status_code == 302
    row = Account.objects.get()
    assert (row.account, row.official, row.linked, row.by) == ("mastodon:police", None, True, cast.bob)
    assert "not in the record" in client.get(PAGE).content.decode()
    assert figure(measured, "accounts_linked")[1] == 3


def test_a_name_that_is_none_is_refused_with_a_sentence(cast: Cast) -> None:
    answer = signed_in(cast.bob).post(f"{PAGE}state/", {"network": "x", "handle": "a\tb"})
    assert answer.status_code == 200
    assert "Say the network and the name of the account" in answer.content.decode()
    assert not Account.objects.exists()


def test_another_agency_sees_and_states_nothing(cast: Cast, measured: Assessment) -> None:
    services.state(agency=cast.agency, account="x:harbour", details=Details(owner="Mina Haddad"), by=cast.alice)
    client = signed_in(cast.dan)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}state/?account=x:harbour", STATED).status_code == 404
    assert "Mina" not in client.get("/a/valley/accounts/").content.decode()
    assert client.get("/a/valley/accounts/state/?account=x:harbour").status_code == 404
    assert not Account.objects.visible_to(cast.dan).exists()
