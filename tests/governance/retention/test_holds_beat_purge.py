"""T-97, I7: whatever is written, held and released by two agencies while the years pass: held means kept, expired and not held
means gone after the next night, and nobody's night touches the other agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from callbox.flows.retention import KEEPERS
from callbox.governance.models import AuditEvent, Disposal, Hold
from callbox.governance.retention import purge, services
from callbox.governance.retention.classes import classes
from callbox.governance.retention.rule import due, held
from callbox.networks.items.models import Item
from callbox.people.models import Agency, User
from callbox.voice.models import Message
from tests.governance.retention import rows
from tests.people import Cast

USED = [keeper for keeper in KEEPERS if keeper.id in {"residents", "own-posts", "drafts"}]


@dataclass
class Row:
    """What the test knows of a row without asking the database."""

    agency: Agency
    class_id: str
    pk: int
    started: datetime
    subjects: set[str]
    gone: bool = False


class Years(RuleBasedStateMachine):
    """Two agencies, one clock."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.made: list[Row] = []
        self.holds: list[Hold] = []
        self.certified = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def whose(self, other: bool) -> tuple[Agency, User]:
        return (self.cast.other, self.cast.dan) if other else (self.cast.agency, self.cast.bob)

    @rule(other=st.booleans(), kind=st.sampled_from(["residents", "own-posts", "drafts"]), count=st.integers(1, 3))
    def write(self, other: bool, kind: str, count: int) -> None:
        agency, by = self.whose(other)
        for _ in range(count):
            if kind == "drafts":
                pk = rows.message(agency, by, self.now, state="dropped").pk
                subjects = {f"message:{pk}"}
            else:
                item = rows.item(agency, by, self.now, own=kind == "own-posts")
                pk, subjects = item.pk, {f"item:{item.pk}", f"thread:{item.thread}", f"author:{item.author}"}
            self.made.append(Row(agency, kind, pk, self.now, subjects))

    @rule(days=st.sampled_from([1, 40, 89, 90, 91, 400, 1095, 1096, 1830]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), other=st.booleans())
    def hold_one(self, data: st.DataObject, other: bool) -> None:
        row = data.draw(st.sampled_from(self.made))
        self._hold(data.draw(st.sampled_from(sorted(row.subjects))), other)

    @rule(
        subject=st.sampled_from(["everything", "class:residents", "class:own-posts", "class:drafts"]),
        other=st.booleans(),
    )
    def hold_many(self, subject: str, other: bool) -> None:
        self._hold(subject, other)

    def _hold(self, subject: str, other: bool) -> None:
        agency, by = self.whose(other)
        self.holds.append(services.place_hold(agency=agency, subject=subject, reason="r", reference="1", by=by))

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        self.holds.remove(hold)
        services.release_hold(hold=hold, why="over", by=self.cast.bob)

    @rule(other=st.booleans(), days=st.sampled_from([30, 200, 2000]), origin=st.sampled_from(["own", "law"]))
    def change_days(self, other: bool, days: int, origin: str) -> None:
        agency, by = self.whose(other)
        services.set_days(agency=agency, class_id="residents", origin=origin, days=days, reason="r", by=by)

    @rule()
    def night(self) -> None:
        for row in self.made:
            holds = {hold.subject for hold in self.holds if hold.agency == row.agency}
            of, days = classes()[row.class_id], services.days_of(row.agency)[row.class_id]
            if not row.gone and due(of, row.started, days=days, now=self.now, subjects=row.subjects, holds=holds):
                row.gone = True
                self.certified += 1
            elif not row.gone and held(of, row.subjects, holds):
                assert self._stands(row)
        purge.purge(USED, now=self.now)

    @invariant()
    def the_database_holds_exactly_what_it_should(self) -> None:
        for row in self.made:
            assert self._stands(row) != row.gone, row

    @invariant()
    def every_row_that_went_is_certified(self) -> None:
        certificates = list(Disposal.objects.values_list("count", flat=True))
        assert sum(certificates) == self.certified
        assert AuditEvent.objects.filter(action="retention.purged").count() == len(certificates)

    @staticmethod
    def _stands(row: Row) -> bool:
        if row.class_id == "drafts":
            return Message.objects.filter(pk=row.pk, agency=row.agency).exists()
        return Item.objects.filter(pk=row.pk, agency=row.agency).exclude(text="").exists()


@pytest.mark.slow
def test_t97_held_means_kept_and_expired_means_gone_for_two_agencies(cast: Cast) -> None:
    machine = type("Machine", (Years,), {"cast": cast})
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None))
