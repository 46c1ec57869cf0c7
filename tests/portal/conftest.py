"""On PostgreSQL every public request of these tests is answered under the portal's own role, with the rights of portal.grants alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import InternalError, connection
from django.http import HttpRequest, HttpResponseBase

from callbox.portal import grants
from callbox.portal.middleware import PublicPlane


@pytest.fixture
def portal_role(db: None) -> str:
    """Return a role that has what the portal may do in this test's database."""
    name = f"portal_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE ROLE "{name}" LOGIN')
    grants.apply(name)
    return name


@pytest.fixture(autouse=True)
def _under_the_role_of_the_portal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.node.get_closest_marker("database") is None or connection.vendor != "postgresql":
        yield
        return
    role = request.getfixturevalue("portal_role")
    answer = PublicPlane.__call__

    def under_the_role(self: PublicPlane, asked: HttpRequest) -> HttpResponseBase:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{role}"')
            try:
                return answer(self, asked)
            finally:
                with suppress(InternalError):  # the transaction broke off, and its end takes the role back
                    cursor.execute("RESET ROLE")

    monkeypatch.setattr(PublicPlane, "__call__", under_the_role)
    yield
