"""T-83, T-84, T-87 of the reliability plan: the owner of the database attacks the trail; the trail cannot be written."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from callbox.governance import audit, members
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent, AuditHead, Hold
from callbox.governance.retention import services
from callbox.people.models import Membership
from callbox.people.roles import Role
from tests.people import Cast, make_cast, signed_in

EVENTS = 14
ATTACKS = 1000


@pytest.fixture
def told(transactional_db: None) -> Cast:
    cast = make_cast()
    for n in range(EVENTS):
        with transaction.atomic():
            audit.record(
                agency=cast.agency, by=cast.alice, action=Audited.TARGET_SET, target=f"practice:V{n}", data={"n": n}
            )
    audit.seal()
    return cast


def attack(dice: random.Random) -> str:
    """Do one thing to the chain that only the owner of the database can."""
    one, other = dice.sample(range(1, EVENTS + 1), 2)
    row = AuditEvent.objects.get(sequence=one)
    kind = dice.choice(["change", "delete", "insert", "reorder"])
    if kind == "change":
        fields = {
            "data": {"n": -1},
            "target": "practice:X",
            "by_name": "Nobody",
            "at": row.at + timedelta(milliseconds=1),
            "action": "target.cleared",
            "by_id": None,
            "agency_id": None,
            "nonce": "0" * 32,
            "event_digest": "0" * 64,
            "chain_digest": "0" * 64,
        }
        name = dice.choice(sorted(fields))
        AuditEvent.objects.filter(pk=row.pk).update(**{name: fields[name]})
    elif kind == "delete":
        row.delete()
    elif kind == "insert":  # a forged event, whole in itself, pushed in after `one`
        for later in AuditEvent.objects.filter(sequence__gt=one).order_by("-sequence"):
            AuditEvent.objects.filter(pk=later.pk).update(sequence=(later.sequence or 0) + 1)
        row.pk, row.nonce, row.sequence = None, f"{dice.getrandbits(128):032x}", one + 1
        row.save(force_insert=True)
    else:
        second = AuditEvent.objects.get(sequence=other)
        AuditEvent.objects.filter(pk=row.pk).update(sequence=None)
        AuditEvent.objects.filter(pk=second.pk).update(sequence=one)
        AuditEvent.objects.filter(pk=row.pk).update(sequence=other)
    return kind


@pytest.mark.slow
def test_t83_a_thousand_random_attacks_by_the_owner_are_all_found(told: Cast) -> None:
    dice, missed = random.Random(83), []
    for number in range(ATTACKS):
        with transaction.atomic():
            kind = attack(dice)
            if audit.verify().whole:
                missed.append((number, kind))
            transaction.set_rollback(True)
    assert missed == []
    assert audit.verify().whole


def test_t84_a_cut_end_and_a_restored_backup_are_found_by_the_witness(told: Cast) -> None:
    witness = audit.checkpoint()
    assert witness is not None
    for keep in range(EVENTS):
        with transaction.atomic():
            AuditEvent.objects.filter(sequence__gt=keep).delete()
            last = AuditEvent.objects.filter(sequence=keep).first()
            AuditHead.objects.update(sequence=keep, chain_digest=last.chain_digest if last else "")
            verdict = audit.verify(checkpoints=[witness])
            transaction.set_rollback(True)
        assert verdict.first_break is not None
        assert verdict.first_break.what == "cut"


def test_t87_nothing_sensitive_happens_while_the_trail_cannot_be_written(told: Cast) -> None:
    table, aside = "governance_auditevent", "governance_auditevent_gone"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {aside}")
    try:
        with pytest.raises(DatabaseError):
            services.place_hold(agency=told.agency, subject="everything", reason="r", reference="1", by=told.bob)
        with pytest.raises(DatabaseError):
            members.change_role(membership=Membership.objects.get(user=told.carol), role=Role.CHIEF, by=told.erin)
        with pytest.raises(DatabaseError):
            audit.read(agency=told.agency, by=told.bob, target="tip:1")
        client = signed_in(told.bob)
        client.raise_request_exception = False
        answer = client.get("/a/harbour/retention/certificates/table.csv")
        assert answer.status_code == 500
        assert "Content-Disposition" not in answer
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {aside} RENAME TO {table}")
    assert not Hold.objects.exists()
    assert told.agency.role_of(told.carol) == Role.EVIDENCE_OWNER


def test_a_sensitive_read_is_committed_before_anything_is_shown(told: Cast) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        audit.read(agency=told.agency, by=told.bob, target="tip:1")
    audit.read(agency=told.agency, by=told.bob, target="item:7", data={"why": "threat to life"})
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.target, event.by) == ("data.read", "item:7", told.bob)
