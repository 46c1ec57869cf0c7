"""Every address x method x role x {own agency, other agency, nobody}, held against matrix.py and the colleagues' rows."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib import auth
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from callbox.people.models import Person
from callbox.people.roles import Role
from tests.desk import matrix
from tests.people import Cast, person, signed_in

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

#: Every matrix*.py beside this file: a part of the desk brings its own.
_PARTS = [import_module(f"tests.desk.{path.stem}") for path in sorted(Path(__file__).parent.glob("matrix*.py"))]
OF_AGENCY: dict[str, tuple[frozenset[str], frozenset[Role]]] = {
    name: row for part in _PARTS for name, row in part.OF_AGENCY.items()
}
ARGUMENTS: dict[str, dict[str, object]] = {
    name: values for part in _PARTS for name, values in getattr(part, "ARGUMENTS", {}).items()
}

#: HEAD goes the way of GET through the same door, so two roles ask for it: one that opens nearly everything, one nearly nothing.
ASKS_FOR_HEADS = (Role.CHIEF, Role.VIEWER)

#: Cells that were asked, for the line at the end.
COUNTED: Counter[str] = Counter()


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            assert pattern.name, f"an address without a name: {pattern.pattern}"
            yield pattern.name


def test_every_address_has_a_row() -> None:
    known = {name for name in addresses(get_resolver().url_patterns) if not name.startswith("api_")}  # tests/api
    rows = set(OF_AGENCY) | matrix.OPEN | matrix.OWN
    assert known - rows == set(), "addresses without a row in tests/desk/matrix*.py"
    assert rows - known == set(), "rows without an address"


def address(name: str) -> str:
    return reverse(name, kwargs={"agency": "harbour", **ARGUMENTS.get(name, {})})


def bare(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An error page without its look: thousands of them are asked for here."""
    return HttpResponse("no", status=403 if isinstance(exception, PermissionDenied) else 404)


def remembering(ask: Callable[[HttpRequest], Person]) -> Callable[[HttpRequest], Person]:
    """Who is signed in is asked of the database once; what a request works out about them stays with that request."""
    known: dict[str, Person] = {}

    def who(request: HttpRequest) -> Person:
        number = request.session.get(SESSION_KEY)
        if number is None:
            return ask(request)
        if number not in known:
            known[number] = ask(request)
        return copy(known[number])

    return who


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Iterator[None]:
    for number in (403, 404):
        monkeypatch.setattr(f"callbox.config.urls.handler{number}", f"{__name__}.bare")
    monkeypatch.setattr(
        Template, "_render", lambda page, context: page.nodelist.render(context)
    )  # nobody looks at contexts
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", remembering(auth.get_user))
    logging.disable(logging.CRITICAL)  # a refusal is no news here, and its traceback takes longer than the answer
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module", autouse=True)
def _told(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        own, other, methods = (COUNTED[word] for word in ("own agency", "other agency", "other methods"))
        terminal.write_line(
            f"\nmatrix: {len(OF_AGENCY)} addresses x {len(Role)} roles: {own} cells of the own agency, {other} of another,"
            f" {COUNTED['rows']} with rows of another, {COUNTED['nobody']} of nobody, {methods} methods refused"
        )


#: One test a role: the two halves of a machine share them.
EACH_ROLE = pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)


@EACH_ROLE
@pytest.mark.slow
def test_every_role_opens_what_its_row_says_and_no_more(cast: Cast, role: Role) -> None:
    wrong = []
    client = signed_in(person(f"M-{role.value}", cast.agency, role))
    client.raise_request_exception = False
    for name, (methods, roles) in OF_AGENCY.items():
        for method in methods - (set() if role in ASKS_FOR_HEADS else {"HEAD"}):
            COUNTED["own agency"] += 1
            status = client.generic(method, address(name)).status_code
            opened = status not in {403, 405} and status < 500
            if opened != (role in roles):
                wrong.append(f"{method} {name} as {role.value}: {status}")
    assert wrong == []


def test_other_methods_are_refused(cast: Cast) -> None:
    wrong = []
    client = signed_in(cast.bob)
    for name, (methods, _roles) in OF_AGENCY.items():
        for method in set(METHODS) - methods:
            COUNTED["other methods"] += 1
            status = client.generic(method, address(name)).status_code
            if status != 405 and not (status == 403 and method not in {"GET", "HEAD"}):
                wrong.append(f"{method} {name}: {status}")
    assert wrong == []


@EACH_ROLE
@pytest.mark.slow
def test_the_other_agency_does_not_exist_for_anyone(cast: Cast, role: Role) -> None:
    wrong = []
    client = signed_in(person(f"D-{role.value}", cast.other, role))
    for name, (methods, _roles) in OF_AGENCY.items():
        for method in methods - (set() if role in ASKS_FOR_HEADS else {"HEAD"}):
            COUNTED["other agency"] += 1
            status = client.generic(method, address(name)).status_code
            if status != 404:
                wrong.append(f"{method} {name} as {role.value} of another agency: {status}")
    assert wrong == []


@pytest.mark.django_db
def test_nobody_gets_in_without_signing_in() -> None:
    wrong = []
    own = {"mfa_edit_webauthn": {"pk": 1}, "mfa_remove_webauthn": {"pk": 1}}
    places = {name: (address(name), methods) for name, (methods, _roles) in OF_AGENCY.items()}
    places |= {name: (reverse(name, kwargs=own.get(name)), matrix.GET) for name in matrix.OWN}
    for name, (url, methods) in places.items():
        for method in methods:
            COUNTED["nobody"] += 1
            answer = Client().generic(method, url)
            if answer.status_code != 302 or not answer["Location"].startswith("/account/login/"):
                wrong.append(f"{method} {name}: {answer.status_code} {answer.get('Location', '')}")
    assert wrong == []


def test_no_address_of_an_agency_changes_anything_without_a_token(cast: Cast) -> None:
    wrong = []
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.erin)
    for name, (methods, _roles) in OF_AGENCY.items():
        if "POST" in methods and client.post(address(name)).status_code != 403:
            wrong.append(name)
    for name in matrix.OPEN | matrix.OWN:
        kwargs = {"pk": 1} if name.endswith(("edit_webauthn", "remove_webauthn")) else {}
        kwargs |= {"secret": "x"} if name == "welcome" else {}  # type: ignore[dict-item]
        kwargs |= {"uidb36": "1", "key": "x-y"} if name == "account_reset_password_from_key" else {}  # type: ignore[dict-item]
        status = client.post(reverse(name, kwargs=kwargs or None)).status_code
        if status not in {403, 405}:
            wrong.append(f"{name}: {status}")
    assert wrong == []
