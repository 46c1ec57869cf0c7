"""Statements about an account's security grow old, mixed pages are warned of, the sweep is asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.maturity.services import evidence
from callbox.networks.accounts import services
from callbox.networks.accounts.models import Account
from callbox.networks.accounts.posture import Gap, gaps
from callbox.networks.accounts.services import Details
from tests.people import Cast, signed_in

PAGE = "/a/harbour/accounts/"
SAFE = Details(official=True, owner="Mina Haddad", admins=2, second_factor=True, linked=True, kind="agency")


def state(cast: Cast, details: Details = SAFE) -> bool:
    return services.state(agency=cast.agency, account="x:harbour", details=details, by=cast.alice)


def age(days: int) -> None:
    Account.objects.update(secured_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"second_factor": None}, Gap.SECOND_FACTOR_UNKNOWN),
        ({"second_factor": False}, Gap.NO_SECOND_FACTOR),
        ({"admins": 1}, Gap.ONE_ADMINISTRATOR),
        ({"owner": ""}, Gap.NO_OWNER),
        ({"kind": "mixed"}, Gap.MIXED),
    ],
)
def test_each_gap_is_found_alone(cast: Cast, change: dict[str, object], gap: Gap) -> None:
    today = timezone.localdate()
    state(cast)
    assert services.posture(Account.objects.get(), today=today) == ()
    state(cast, replace(SAFE, **change))  # type: ignore[arg-type]
    assert services.posture(Account.objects.get(), today=today) == (gap,)


@pytest.mark.parametrize(("days", "old"), [(90, False), (91, True)])
def test_a_second_factor_is_believed_for_ninety_days(cast: Cast, days: int, old: bool) -> None:
    state(cast)
    age(days)
    found = services.posture(Account.objects.get(), today=timezone.now().date())
    assert (Gap.SECOND_FACTOR_OLD in found) is old
    assert ("say it again" in signed_in(cast.bob).get(PAGE).text) is old


def test_saying_it_again_renews_it_with_an_event_once_a_day(cast: Cast) -> None:
    state(cast)
    age(100)
    assert state(cast) is False
    assert services.posture(Account.objects.get(), today=timezone.now().date()) == ()
    assert state(cast) is False
    events = AuditEvent.objects.filter(action="account.stated").order_by("pk")
    assert [event.data.get("said_again") for event in events] == [None, True]


def test_an_account_that_is_not_official_is_left_alone_but_for_mixing(cast: Cast) -> None:
    state(cast, Details(official=False, kind="mixed", second_factor=False))
    assert services.posture(Account.objects.get(), today=timezone.localdate()) == (Gap.MIXED,)


@given(st.booleans() | st.none(), st.integers(0, 5) | st.none(), st.booleans() | st.none(), st.integers(0, 400))
def test_nothing_open_means_everything_was_said_lately(
    official: bool | None, admins: int | None, second_factor: bool | None, days: int
) -> None:
    today = timezone.localdate()
    found = gaps(
        official=official, owner="Mina", admins=admins, second_factor=second_factor,
        secured_on=today - timedelta(days=days), kind="agency", today=today,
    )  # fmt: skip
    fresh = second_factor is True and days <= 90 and admins not in {0, 1}
    assert (found == ()) is (official is False or fresh)


def test_a_mixed_page_is_warned_of_with_its_case(cast: Cast) -> None:
    state(cast, replace(SAFE, kind="mixed"))
    page = signed_in(cast.frank).get(PAGE).text
    assert "Lindke v. Freed" in page
    assert "Look, and say how it stands" not in page


def test_only_official_accounts_stand_on_the_public_list(cast: Cast) -> None:
    with pytest.raises(RefusedError, match="public list"):
        state(cast, Details(shown=True))
    assert not Account.objects.exists()
    state(cast, replace(SAFE, shown=True))
    assert [row.account for row in Account.objects.of(cast.agency).real()] == ["x:harbour"]
    state(cast, replace(SAFE, shown=False))
    assert not Account.objects.real().exists()


def test_the_refusal_is_said_on_the_page_and_nothing_is_saved(cast: Cast) -> None:
    state(cast)
    form = {"official": "unknown", "shown": "on", "address": "https://x.com/harbour"}
    answer = signed_in(cast.bob).post(f"{PAGE}state/?account=x:harbour", form)
    assert "Only an account that is stated to be official" in answer.text
    assert services.details_of(Account.objects.get()) == SAFE


def test_an_address_that_is_no_web_address_is_refused(cast: Cast) -> None:
    state(cast)
    form = {"official": "true", "address": "javascript:alert(1)"}
    answer = signed_in(cast.bob).post(f"{PAGE}state/?account=x:harbour", form)
    assert "valid URL" in answer.text
    assert Account.objects.get().address == ""


def test_the_sweep_is_asked_for_until_this_months_is_written_down(cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert client.get(PAGE).text.count(">due<") == 3
    day = timezone.localdate() - timedelta(days=40)
    for begins in (day, timezone.localdate() - timedelta(days=2)):
        claim = evidence.Claim("V2.4.sweep", "V2", "Search of the month", begins, link="https://x.example/sweep")
        evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol)
        waiting = client.get(PAGE).text.count(">due<")
        assert waiting == (3 if begins == day else 2)
    assert "Search of the month" in client.get(PAGE).text
