"""Every address of the portal x method x {nobody, signed in}, held against matrix.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.people import Cast, signed_in
from tests.portal import matrix

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PORTAL = "callbox.portal.urls"
ALONE = {"portal_root", "portal_health"}  # beside the desk these are the desk's


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            assert pattern.name, f"an address without a name: {pattern.pattern}"
            yield pattern.name


def address(name: str) -> str:
    kwargs = {"agency": "harbour", **matrix.ARGUMENTS.get(name, {})} if name in matrix.OF_AGENCY else None
    return reverse(name, urlconf=PORTAL, kwargs=kwargs)


ROWS = {name: row for name, row in (matrix.OF_AGENCY | matrix.OPEN).items() if name not in ALONE}


def test_every_address_has_a_row() -> None:
    known = set(names(get_resolver(PORTAL).url_patterns))
    rows = set(matrix.OF_AGENCY) | set(matrix.OPEN)
    assert known - rows == set(), "addresses without a row in tests/portal/matrix.py"
    assert rows - known == set(), "rows without an address"


@pytest.mark.django_db
def test_every_address_answers_nobody_and_anybody_alike_and_sets_no_cookie(cast: Cast) -> None:
    wrong = []
    people = {"nobody": Client(), "chief": signed_in(cast.bob), "chief elsewhere": signed_in(cast.dan)}
    for name, (methods, kept) in ROWS.items():
        for method in METHODS:
            answers = {who: client.generic(method, address(name)) for who, client in people.items()}
            statuses = {who: answer.status_code for who, answer in answers.items()}
            refused = statuses["nobody"] in {302, 401, 403}
            if (statuses["nobody"] == 405) == (method in methods) or refused or len(set(statuses.values())) > 1:
                wrong.append(f"{method} {name}: {statuses}")
            answer = answers["nobody"]
            if any(one.cookies for one in answers.values()):
                wrong.append(f"{method} {name}: a cookie")
            if answer.status_code == 200 and ("public" in answer["Cache-Control"]) != (kept and method in matrix.GET):
                wrong.append(f"{method} {name}: {answer['Cache-Control']}")
            if answer.status_code != 200 and "no-store" not in answer["Cache-Control"]:
                wrong.append(f"{method} {name}: {answer.status_code} may be kept")
            if method == "GET" and answer.content != answers["chief"].content:
                wrong.append(f"{name}: another page for a signed-in person")
    assert wrong == []


@pytest.mark.django_db
def test_every_form_refuses_to_be_sent_from_another_site(cast: Cast) -> None:
    for name, (methods, _kept) in ROWS.items():
        if "POST" in methods:
            answer = Client().post(address(name), {}, headers={"sec-fetch-site": "cross-site"})
            assert answer.status_code == 403, name


@pytest.mark.django_db
def test_an_agency_that_does_not_exist_has_no_pages() -> None:
    for name in matrix.OF_AGENCY:
        path = address(name).replace("/p/harbour/", "/p/nowhere/")
        for method in ("GET", "POST"):
            assert Client().generic(method, path).status_code in {404, 405}, name
