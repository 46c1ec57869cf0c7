"""The watcher that stands behind every test of services and pages: what it must find, and what it must leave alone."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from callbox.governance import audit
from callbox.governance.actions import Audited
from callbox.governance.retention import services
from callbox.people.models import Agency
from tests import trail
from tests.people import Cast

#: Stands in for a line of the product, in a file of the product.
_WRITE = compile(
    "def write(agency, name, tell):\n    agency.__class__.objects.filter(pk=agency.pk).update(name=name)\n    tell()\n",
    trail._PRODUCT + "governance/imagined.py",
    "exec",
)
_SCOPE: dict[str, object] = {}
exec(_WRITE, _SCOPE)
write = _SCOPE["write"]


def nothing() -> None:
    """Tell nobody."""


def test_a_silent_write_is_found_with_its_place(cast: Cast) -> None:
    with trail.watched() as watcher, transaction.atomic():
        write(cast.agency, "Silent", nothing)  # type: ignore[operator]
    assert watcher.found == ["people_agency changed without an event, by governance/imagined.py:write"]


def test_a_silent_write_outside_any_transaction_is_found(cast: Cast) -> None:
    with trail.watched() as watcher:
        write(cast.agency, "Silent", nothing)  # type: ignore[operator]
    assert len(watcher.found) == 1


def test_an_event_in_another_transaction_does_not_count(cast: Cast) -> None:
    with trail.watched() as watcher:
        with transaction.atomic():
            write(cast.agency, "Silent", nothing)  # type: ignore[operator]
        with transaction.atomic():
            audit.record(agency=cast.agency, by="test", action=Audited.AGENCY_CHANGED, target="x")
    assert len(watcher.found) == 1


def test_an_event_in_a_savepoint_that_is_rolled_back_does_not_count(cast: Cast) -> None:
    def lost() -> None:
        try:
            with transaction.atomic():
                audit.record(agency=cast.agency, by="test", action=Audited.AGENCY_CHANGED, target="x")
                raise ValueError
        except ValueError:
            pass

    with trail.watched() as watcher, transaction.atomic():
        write(cast.agency, "Silent", lost)  # type: ignore[operator]
    assert len(watcher.found) == 1


def test_a_write_that_is_rolled_back_needs_no_event(cast: Cast) -> None:
    with trail.watched() as watcher:
        try:
            with transaction.atomic():
                write(cast.agency, "Silent", nothing)  # type: ignore[operator]
                raise ValueError
        except ValueError:
            pass
    assert watcher.found == []


def test_a_service_with_its_event_and_a_write_of_the_test_pass(cast: Cast) -> None:
    with trail.watched() as watcher:
        services.place_hold(agency=cast.agency, subject="everything", reason="r", reference="1", by=cast.bob)
        Agency.objects.filter(pk=cast.agency.pk).update(name="Written by the test")
    assert (watcher.found, watcher.judged) == ([], 1)


def test_every_exempt_table_exists_and_has_a_reason() -> None:
    assert trail.EXEMPT.keys() <= trail._tables()
    assert all(trail.EXEMPT.values())


def test_every_step_is_a_line_of_the_product() -> None:
    for place, reason in trail.STEPS.items():
        file, _colon, function = place.partition(":")
        assert f"def {function}(" in (Path(trail._PRODUCT) / file).read_text(encoding="utf-8"), place
        assert reason
