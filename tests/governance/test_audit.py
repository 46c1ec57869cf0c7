import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from callbox.governance import audit, chain
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent, AuditHead
from tests.people import Cast, make_cast


def write(cast: Cast, count: int) -> None:
    for n in range(count):
        with transaction.atomic():
            audit.record(
                agency=cast.agency, by=cast.alice, action=Audited.TARGET_SET, target=f"practice:V{n}", data={"level": n}
            )


@pytest.fixture
def told(transactional_db: None) -> Cast:
    """The cast, committed: a sealer must not see an open transaction."""
    return make_cast()


def test_an_event_lives_and_dies_with_its_change(told: Cast) -> None:
    with transaction.atomic():
        audit.record(agency=told.agency, by=told.alice, action=Audited.TARGET_SET, target="practice:V1")
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def test_an_event_outside_a_transaction_is_refused(told: Cast) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(agency=told.agency, by=told.alice, action=Audited.TARGET_SET, target="practice:V1")


@pytest.mark.parametrize("value", [1.5, float("nan"), "nul \0", {"deep": [2.5]}])
def test_what_two_engines_would_write_differently_is_refused(told: Cast, value: Any) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        audit.record(
            agency=told.agency, by=told.alice, action=Audited.TARGET_SET, target="practice:V1", data={"value": value}
        )


def test_sealing_chains_what_is_committed_and_only_once(told: Cast) -> None:
    write(told, 5)
    assert audit.verify().unsealed == 5
    assert audit.seal() == 5
    assert audit.seal() == 0
    verdict = audit.verify()
    assert verdict.whole
    assert (verdict.events, verdict.unsealed) == (5, 0)
    assert [event.target for event in AuditEvent.objects.order_by("sequence")] == [f"practice:V{n}" for n in range(5)]


def test_text_of_every_kind_verifies_after_the_database_gave_it_back(told: Cast) -> None:
    with transaction.atomic():
        audit.record(
            agency=None,
            by="system: importer",
            action=Audited.AGENCY_CREATED,
            target="agency:ø",
            data={"z": [1, None, True, "naïve — “quoted” 🚓 \u2028"], "a": {"n": 12345678901234567890, "m": -1}},
        )
    audit.seal()
    assert audit.verify().whole


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"by_name": "Nobody"}, "changed"),
        ({"action": "target.cleared"}, "changed"),
        ({"data": {"level": 9}}, "changed"),
        ({"agency_id": None}, "changed"),
        ({"event_digest": "0" * 64}, "changed"),
        ({"chain_digest": "0" * 64}, "relinked"),
        ({"sequence": None, "chain_digest": ""}, "missing"),
    ],
)
def test_an_edit_behind_our_back_is_found(told: Cast, change: dict[str, object], what: str) -> None:
    write(told, 6)
    audit.seal()
    AuditEvent.objects.filter(sequence=3).update(**change)
    assert audit.verify().first_break == chain.Break(3, what)


def test_deleting_inside_or_at_the_end_is_found(told: Cast) -> None:
    write(told, 6)
    audit.seal()
    AuditEvent.objects.filter(sequence=6).delete()
    assert audit.verify().first_break == chain.Break(6, "cut")
    AuditEvent.objects.filter(sequence=2).delete()
    assert audit.verify().first_break == chain.Break(2, "missing")


def test_a_cut_that_also_edits_the_head_is_found_by_the_witness(told: Cast) -> None:
    write(told, 6)
    audit.seal()
    witness = audit.checkpoint()
    assert witness is not None
    AuditEvent.objects.filter(sequence__gt=4).delete()
    last = AuditEvent.objects.get(sequence=4)
    AuditHead.objects.update(sequence=4, chain_digest=last.chain_digest)
    assert audit.verify().whole  # the database alone cannot tell
    assert audit.verify(checkpoints=[witness]).first_break == chain.Break(5, "cut")


def test_the_last_event_written_anew_with_the_head_is_found_by_the_witness_of_that_very_place(told: Cast) -> None:
    write(told, 3)
    audit.seal()
    witness = audit.checkpoint()
    assert witness is not None
    before, last = AuditEvent.objects.get(sequence=2), AuditEvent.objects.get(sequence=3)
    AuditEvent.objects.filter(pk=last.pk).update(target="practice:T1")
    forged = next(link for link in audit.links(after=2)).event
    assert forged is not None
    head = chain.link_digest(before.chain_digest, 3, forged.digest())
    AuditEvent.objects.filter(pk=last.pk).update(event_digest=forged.digest(), chain_digest=head)
    AuditHead.objects.update(chain_digest=head)
    assert audit.verify().whole  # the database alone cannot tell
    assert audit.verify(checkpoints=[witness]).first_break == chain.Break(3, "rewritten")


def test_a_removed_head_is_found_for_it_may_have_hidden_a_cut(told: Cast) -> None:
    write(told, 4)
    audit.seal()
    AuditEvent.objects.filter(sequence=4).delete()
    AuditHead.objects.all().delete()
    assert audit.verify().first_break == chain.Break(3, "headless")


def test_a_long_name_and_a_long_address_do_not_stop_who_has_them(told: Cast) -> None:
    told.alice.name, told.alice.email = "A" * 120, f"{'a' * 60}@{'b' * 180}.example"
    write(told, 1)
    audit.seal()
    assert AuditEvent.objects.get().by_name.startswith("A" * 120)
    assert audit.verify().whole


def test_what_a_backup_brought_from_a_server_that_had_counted_further_is_sealed(told: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite numbers no transactions")
    write(told, 2)
    AuditEvent.objects.update(transaction=2**40)
    write(told, 1)
    assert audit.seal() == 3
    assert audit.verify().whole


def test_an_edit_in_the_unsealed_tail_is_found(told: Cast) -> None:
    write(told, 1)
    AuditEvent.objects.update(target="practice:V7")
    found = audit.verify().first_break
    assert found is not None
    assert found.what == "tail"


def test_verifying_takes_no_lock_that_others_would_wait_for(told: Cast) -> None:
    write(told, 2)
    audit.seal()
    write(told, 1)
    with CaptureQueriesContext(connection) as asked:
        verdict = audit.verify()
    assert (verdict.whole, verdict.events, verdict.unsealed) == (True, 2, 1)
    assert [each["sql"] for each in asked if not each["sql"].startswith(("SELECT", "DECLARE"))] == []


def test_the_export_of_one_agency_hides_the_others_and_still_verifies(told: Cast) -> None:
    write(told, 2)
    with transaction.atomic():
        audit.record(agency=told.other, by=told.dan, action=Audited.TARGET_SET, target="practice:CANARY")
    audit.seal()
    exported = list(audit.links(agency=told.agency))
    assert "CANARY" not in "".join(map(chain.to_line, exported))
    verdict = chain.verify(exported)
    assert verdict.whole
    assert (verdict.events, verdict.hidden) == (3, 1)


def test_the_sealer_never_passes_an_open_transaction(told: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time, so there is no open transaction to pass")
    began, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            audit.record(agency=told.agency, by=told.alice, action=Audited.TARGET_SET, target="slow")
            began.set()
            finish.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(30)
    write(told, 2)  # later ids, committed first
    assert audit.seal() == 0
    finish.set()
    thread.join()
    assert audit.seal() == 3
    assert AuditEvent.objects.get(sequence=1).target == "slow"
    assert audit.verify().whole


def test_the_sealer_does_not_wait_for_another_database_of_the_server(told: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one database a file")
    import psycopg  # noqa: PLC0415 - only where PostgreSQL runs

    elsewhere = {**connection.get_connection_params(), "dbname": "postgres"}
    elsewhere = {name: elsewhere[name] for name in ("host", "port", "user", "password", "dbname") if name in elsewhere}
    with psycopg.connect(**elsewhere) as other:
        number = other.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        write(told, 3)
        assert number is not None
        assert number[0] < AuditEvent.objects.order_by("pk")[0].transaction  # older, and open
        assert audit.seal() == 3
        other.rollback()
    assert audit.verify().whole


def test_the_sealer_sees_the_open_transactions_of_a_role_it_is_not_a_member_of(told: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    import psycopg  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS callbox_plain")
        cursor.execute("CREATE ROLE callbox_plain")
    given = connection.get_connection_params()
    given = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if name in given}
    with psycopg.connect(**given) as other:  # the owner, with a transaction open
        number = other.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE callbox_plain")
            try:
                assert number is not None
                assert audit.oldest_open() <= number[0]
            finally:
                cursor.execute("RESET ROLE")
                cursor.execute("DROP ROLE callbox_plain")
        other.rollback()


@pytest.mark.parametrize(
    ("short", "near", "whole"),
    [(7, 9, 7), (9, 7, 9), (2**32 - 1, 2**32 + 5, 2**32 - 1), (3, 5 * 2**32 - 2, 5 * 2**32 + 3)],
)
def test_a_transaction_number_that_came_round_is_read_as_the_nearest(short: int, near: int, whole: int) -> None:
    assert audit._whole(short, near) == whole


def test_many_writers_and_sealers_make_one_chain(told: Cast) -> None:
    failures: list[BaseException] = []

    def run(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def sealing() -> None:
        for _ in range(10):
            audit.seal()

    threads = [threading.Thread(target=run, args=(lambda: write(told, 15),)) for _ in range(3)]
    threads += [threading.Thread(target=run, args=(sealing,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    audit.seal()
    assert failures == []
    verdict = audit.verify()
    assert verdict.whole
    assert verdict.events == 45
