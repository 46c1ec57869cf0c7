"""The portal's own role in PostgreSQL: it does all a resident needs, and the server refuses it the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.apps import apps
from django.db import NotSupportedError, connection, transaction
from django.test import Client
from django.utils import timezone

from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.portal import grants
from callbox.trust.models import Conversation, Line, Subscription
from callbox.trust.services import subscriptions
from callbox.trust.tips.models import Letter, Tip
from tests.people import Cast, make_cast

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="roles of a database server")
#: Tables whose rows would hurt somebody in a stranger's hand.
NEVER = (
    *("people_user", "people_membership", "account_emailaddress", "mfa_authenticator", "django_session"),
    *("governance_audithead", "governance_approval", "intelligence_watch", "operations_alertversion", "operations_incident"),
)  # fmt: skip


def test_every_line_names_its_table_once_and_says_why() -> None:
    tables = [grant.model for grant in grants.GRANTS]
    assert len(tables) == len(set(tables))
    assert all(len(grant.why) > 10 and (grant.reads or grant.adds) for grant in grants.GRANTS)


def test_the_list_holds_no_table_that_would_hurt_and_deletes_nothing() -> None:
    known = {model._meta.db_table for model in apps.get_models()}
    assert set(NEVER) <= known
    assert not {grant.model._meta.db_table for grant in grants.GRANTS} & set(NEVER)
    script = "\n".join(each for grant in grants.GRANTS for each in grants.given("portal", grant))
    assert "DELETE" not in script
    assert '"sealed"' not in script  # of a connection: its token


def test_a_name_with_quotes_is_only_a_name() -> None:
    hostile = "x\"; DROP TABLE people_user; --'"
    for grant in grants.GRANTS:
        for each in grants.given(hostile, grant):
            assert 'TO "x""; DROP' in each or "'x\"; DROP TABLE people_user; --'''" in each or "DROP TABLE" not in each


@on_postgresql
@pytest.mark.django_db
def test_what_the_server_lets_the_role_do_is_the_list_whatever_it_could_before(portal_role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT SELECT, DELETE ON people_user TO "{portal_role}"')
        cursor.execute(f'REVOKE SELECT ON people_beat FROM "{portal_role}"')
        cursor.execute("CREATE TABLE made_by_a_migration (id bigint)")
    assert grants.difference(portal_role) == grants.Difference(("people_beat",), ("people_user",))
    grants.apply(portal_role)
    grants.apply(portal_role)
    assert grants.difference(portal_role) == grants.Difference((), ())


@on_postgresql
@pytest.mark.django_db
def test_tables_can_change_after_the_policies_are_lifted(portal_role: str) -> None:
    change = "ALTER TABLE operations_alert ALTER COLUMN state TYPE varchar(30)"
    with connection.cursor() as cursor:
        with pytest.raises(NotSupportedError, match="policy"), transaction.atomic():
            cursor.execute(change)
        grants.lift()
        cursor.execute(change)
        cursor.execute(f'SET ROLE "{portal_role}"')
        cursor.execute("SELECT count(*) FROM operations_alert")  # it sees nothing meanwhile, rather than everything
        assert cursor.fetchone() == (0,)
        cursor.execute("RESET ROLE")


@pytest.mark.django_db
def test_news_by_e_mail_is_asked_for_confirmed_and_ended(cast: Cast) -> None:
    client = Client()
    wish = {"address": "resident@mail.example", "language": "en"}
    assert client.post("/p/harbour/subscribe/", wish).status_code == 200
    secret = subscriptions.opened(Subscription.objects.get())["secret"]
    assert client.get(f"/p/harbour/subscribe/{secret}/").status_code == 200
    assert client.post(f"/p/harbour/subscribe/{secret}/").status_code == 200
    assert Subscription.objects.get().state == "confirmed"
    assert client.post("/p/harbour/subscribe/", {**wish, "urgent_only": "on"}).status_code == 200
    assert client.post(f"/p/harbour/subscribe/{secret}/").status_code == 200
    assert Subscription.objects.get().urgent_only
    assert client.post(f"/p/harbour/subscribe/{secret}/end/").status_code == 200
    assert Subscription.objects.get().state == "ended"
    assert client.post("/p/harbour/subscribe/", wish).status_code == 200
    assert Subscription.objects.get().state == "pending"


@pytest.mark.django_db
def test_a_question_that_was_answered_is_asked_again(cast: Cast) -> None:
    client = Client()
    page = client.post("/p/harbour/ask/", {"text": "When is the office open?"})["Location"]
    row = Conversation.objects.get()
    for state, owner in (("answered", cast.bob), ("closed", None)):
        Conversation.objects.filter(pk=row.pk).update(state=state, owner=owner)
        assert client.post(page, {"text": "And on Sunday?"}).status_code == 302
    Line.objects.create(conversation=row, kind=Line.Kind.NOTE, text="known caller", at=timezone.now())
    Line.objects.create(conversation=row, kind=Line.Kind.ANSWER, text="At nine.", at=timezone.now())
    answer = client.get(page).content.decode()
    assert "At nine." in answer
    assert "known caller" not in answer


@pytest.fixture
def stranger(transactional_db: None) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    """Return a function that runs SQL on a connection of its own, opened as the portal's role."""
    name = f"apart_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP ROLE IF EXISTS "{name}"')
        cursor.execute(f'CREATE ROLE "{name}" LOGIN')
    grants.apply(name)
    given = connection.settings_dict
    with psycopg.connect(
        dbname=given["NAME"], user=name, host=given["HOST"], port=given["PORT"] or None, autocommit=True
    ) as apart:
        yield lambda sql: apart.execute(sql).fetchall()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{name}"')
        cursor.execute(f'DROP ROLE "{name}"')
    grants.lift()


@on_postgresql
def test_the_server_refuses_what_no_resident_needs(stranger: Callable[[str], list[tuple[object, ...]]]) -> None:
    cast = make_cast()
    _fill(cast)
    tables = connection.introspection.table_names()
    ours = {grant.model._meta.db_table: grant for grant in grants.GRANTS}
    for table in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger(f'DELETE FROM "{table}"')
        if table not in ours:
            for sql in (f'SELECT count(*) FROM "{table}"', f'INSERT INTO "{table}" DEFAULT VALUES'):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    stranger(sql)
    forged = {
        "by_id": str(cast.bob.pk), "by_name": "'Bob'", "nonce": "'1'", "at": "now()", "action": "'x'", "target": "'x'",
        "data": "'{}'", "event_digest": "'x'", "transaction": "1",
    }  # fmt: skip
    refused = (
        "SELECT password FROM people_user",
        "SELECT sealed FROM networks_connection",
        "SELECT details FROM networks_connection",
        "SELECT admins FROM networks_account",
        "SELECT action, data FROM governance_auditevent",
        "UPDATE governance_auditevent SET sequence = 1",
        "SELECT owner_id FROM tips_key",
        "INSERT INTO tips_key (agency_id, owner_id, recipient, added) VALUES (1, 1, 'age1mine', now())",
        "SELECT outcome FROM tips_tip",
        "UPDATE tips_letter SET sealed = ''",
        "UPDATE trust_line SET text = ''",
        "UPDATE networks_entry SET withdrawn = true",
        "CREATE TABLE public.mine (id bigint)",
        f"INSERT INTO governance_auditevent ({', '.join(forged)}) VALUES ({', '.join(forged.values())})",
    )
    for sql in refused:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger(sql)
    assert stranger("SELECT kind, text FROM trust_line") == [("resident", "When is the office open?")]
    assert stranger("SELECT count(*) FROM governance_auditevent WHERE by_id IS NOT NULL") == [(0,)]
    assert stranger("SELECT count(*) FROM tips_letter") == [(1,)]  # sealed, or nobody could read an answer


def _fill(cast: Cast) -> None:
    """Write one of each that must not be seen, and one question and one letter that may be."""
    now = timezone.now()
    row = Conversation.objects.create(agency=cast.agency, thread="x", door="enquiry", opened_at=now, last_at=now)
    Line.objects.create(conversation=row, kind=Line.Kind.RESIDENT, text="When is the office open?", at=now)
    Line.objects.create(conversation=row, kind=Line.Kind.NOTE, text="known caller", at=now)
    tip = Tip.objects.create(agency_id=cast.agency.pk, day=now.date(), lookup="x", public_key="age1x")
    Letter.objects.create(tip=tip, number=1, from_agency=False, day=now.date(), sealed=b"sealed")
    with transaction.atomic():
        record(agency=cast.agency, by=cast.bob, action=Audited.READ, target="tip:1")
