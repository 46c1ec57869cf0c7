"""T-80: every file that leaves the desk is in the trail, with what was asked for."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, reverse

from callbox.desk.access import StaffRequest, counted, noted, told_already
from callbox.governance.models import AuditEvent
from tests.desk import matrix_governance, test_matrix
from tests.people import Cast, signed_in


def test_every_declared_export_is_an_address() -> None:
    assert set(test_matrix.OF_AGENCY) >= matrix_governance.EXPORTS


@pytest.mark.parametrize("name", ["export_compare", "export_disposals", "audit_export"])
def test_an_export_leaves_one_event(cast: Cast, name: str) -> None:
    arguments = {**test_matrix.ARGUMENTS.get(name, {})}
    place = reverse(name, kwargs={"agency": "harbour", **arguments})
    client = signed_in(cast.frank)
    answer = client.post(place) if name == "audit_export" else client.get(place + "?order=gap")
    assert answer.status_code == 200
    event = AuditEvent.objects.get()
    if name != "audit_export":
        assert (event.action, event.target) == ("data.exported", f"export:{name}")
        assert event.data["chosen"]["order"] == "gap"
        assert isinstance(event.data["rows"], int)


def request_of(cast: Cast) -> StaffRequest:
    request = RequestFactory().get("/?who=x\0y")
    request.user = cast.frank
    request.resolver_match = ResolverMatch(lambda: None, (), {"agency": "harbour", "pk": 7}, url_name="imagined")
    return request  # type: ignore[return-value]


def test_whatever_file_comes_through_the_door_is_written_down(cast: Cast) -> None:
    file = HttpResponse("a,b", headers={"Content-Disposition": 'attachment; filename="x.csv"'})
    noted(request_of(cast), cast.agency, counted(file, 3))
    event = AuditEvent.objects.get()
    assert (event.target, event.by) == ("export:imagined", cast.frank)
    assert event.data == {"rows": 3, "chosen": {"pk": "7", "who": "xy"}}


def test_pages_and_what_a_service_told_are_not_written_twice(cast: Cast) -> None:
    file = HttpResponse("a,b", headers={"Content-Disposition": 'attachment; filename="x.csv"'})
    noted(request_of(cast), cast.agency, HttpResponse("a page"))
    noted(request_of(cast), cast.agency, told_already(file))
    assert not AuditEvent.objects.exists()
