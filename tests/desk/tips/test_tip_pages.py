"""Tips at the desk, page by page: only sealed letters leave the server, each reading is in the trail, an officer’s tools open them."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from pyrage import x25519

from callbox.cli import main
from callbox.governance.models import AuditEvent
from callbox.people.roles import Role
from callbox.trust.tips import envelope, intake
from callbox.trust.tips.models import Key, Tip
from tests.people import person, signed_in
from tests.people.cast import Cast
from tests.trust.tips import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def identity(cast: Cast) -> str:
    made = x25519.Identity.generate()
    keys.in_use(cast.agency, made.to_public(), by=cast.bob)
    return str(made)


@pytest.fixture
def analyst(cast: Cast) -> Client:
    return signed_in(person("Grace", cast.agency, Role.ANALYST))


def test_the_list_says_what_to_do_when_there_is_no_key(cast: Cast, analyst: Client) -> None:
    page = analyst.get("/a/harbour/tips/").content.decode()
    assert "Make one now" in page
    assert "No open tip" in page


def test_the_page_of_a_tip_holds_nothing_of_it_until_it_is_read(cast: Cast, analyst: Client, identity: str) -> None:
    intake.receive(agency=cast.agency, text="the blue van")
    tip = Tip.objects.get()
    page = analyst.get(f"/a/harbour/tips/{tip.pk}/").content.decode()
    assert "data-sealed" not in page
    assert not AuditEvent.objects.filter(action="tip.read").exists()
    page = analyst.post(f"/a/harbour/tips/{tip.pk}/read/").content.decode()
    assert AuditEvent.objects.filter(action="tip.read").count() == 1
    assert "the blue van" not in page
    (sealed,) = re.findall(r'data-sealed="([^"]+)"', page)
    assert envelope.unseal(base64.b64decode(sealed), identity=identity).text == "the blue van"


def test_a_downloaded_letter_is_opened_on_the_officers_own_machine(
    cast: Cast, analyst: Client, identity: str, tmp_path: Path
) -> None:
    intake.receive(agency=cast.agency, text="the blue van", place="Mill Lane")
    tip = Tip.objects.get()
    answer = analyst.post(f"/a/harbour/tips/{tip.pk}/letters/1/")
    (tmp_path / "letter.age").write_bytes(answer.content)
    (tmp_path / "key.txt").write_text(f"# public key\n{identity}\n")
    done = CliRunner().invoke(main, ["tips", "open", str(tmp_path / "letter.age"), "--key", str(tmp_path / "key.txt")])
    assert done.exit_code == 0, done.output
    assert "the blue van" in done.output
    assert "Mill Lane" in done.output
    assert analyst.post(f"/a/harbour/tips/{tip.pk}/letters/7/").status_code == 404


def test_a_new_key_opens_what_is_sealed_to_its_public_half(tmp_path: Path) -> None:
    file = tmp_path / "key.txt"
    done = CliRunner().invoke(main, ["tips", "new-key", str(file)])
    public = done.output.splitlines()[0]
    (tmp_path / "letter.age").write_bytes(envelope.seal(envelope.Written("hello", "now"), recipients=[public]))
    assert file.stat().st_mode & 0o077 == 0
    done = CliRunner().invoke(main, ["tips", "open", str(tmp_path / "letter.age"), "--key", str(file)])
    assert "hello" in done.output
    again = CliRunner().invoke(main, ["tips", "new-key", str(file)])
    assert again.exit_code == 1
    assert "left as it is" in again.output


def test_an_answer_judged_and_settled_tip(cast: Cast, analyst: Client, identity: str) -> None:
    receipt = intake.receive(agency=cast.agency, text="x")
    tip = Tip.objects.get()
    place = f"/a/harbour/tips/{tip.pk}/"
    analyst.post(f"{place}read/")
    analyst.post(f"{place}judge/", {"threat_to_life": "on", "minutes": "12"})
    analyst.post(f"{place}answer/", {"text": "Thank you"})
    page = analyst.post(f"{place}settle/", {"outcome": "useful", "told": "yes", "minutes": "63"}, follow=True)
    assert "Useful, no case" in page.content.decode()
    row = Tip.objects.get()
    assert (row.threat_to_life, row.minutes_to_open, row.minutes_to_settle, row.outcome_returned) == (
        True,
        15,
        65,
        True,
    )
    opened = intake.open_dialogue(agency=cast.agency, receipt=receipt)
    assert opened is not None
    assert opened.letters[-1].text == "Thank you"
    again = analyst.post(f"{place}settle/", {"outcome": "nothing"}, follow=True)  # from a page opened before
    assert "Someone else settled this tip" in again.content.decode()
    assert Tip.objects.get().outcome == "useful"
    analyst.post(f"{place}reopen/")
    assert Tip.objects.get().state == "opened"
    assert "open already" in analyst.post(f"{place}reopen/", follow=True).content.decode()


def test_a_tip_nobody_has_read_is_neither_settled_nor_opened_by_hand(
    cast: Cast, analyst: Client, identity: str
) -> None:
    intake.receive(agency=cast.agency, text="x")
    place = f"/a/harbour/tips/{Tip.objects.get().pk}/"
    settled = analyst.post(f"{place}settle/", {"outcome": "nothing"}, follow=True)
    assert "Read the tip before" in settled.content.decode()
    assert "open already" in analyst.post(f"{place}reopen/", follow=True).content.decode()
    assert Tip.objects.get().state == "new"


def test_what_cannot_be_done_is_said_and_nothing_changes(cast: Cast, analyst: Client, identity: str) -> None:
    intake.receive(agency=cast.agency, text="x")
    tip = Tip.objects.get()
    place = f"/a/harbour/tips/{tip.pk}/"
    analyst.post(f"{place}read/")
    assert "write an answer first" in analyst.post(f"{place}answer/", {"text": " "}, follow=True).content.decode()
    assert (
        "Choose the other tip"
        in analyst.post(f"{place}settle/", {"outcome": "duplicate"}, follow=True).content.decode()
    )
    assert "last key" in analyst.post(f"/a/harbour/tips/keys/{Key.objects.get().pk}/end/", follow=True).content.decode()
    assert (
        "not a public key"
        in analyst.post("/a/harbour/tips/keys/add/", {"recipient": "AGE-SECRET-KEY-1"}).content.decode()
    )
    assert Tip.objects.get().state == "opened"


def test_a_tip_of_another_agency_does_not_exist(cast: Cast, identity: str) -> None:
    intake.receive(agency=cast.agency, text="x")
    tip = Tip.objects.get()
    stranger = signed_in(person("Heidi", cast.other, Role.ANALYST))
    assert stranger.get(f"/a/valley/tips/{tip.pk}/").status_code == 404
    assert stranger.post(f"/a/valley/tips/{tip.pk}/read/").status_code == 404
    assert not AuditEvent.objects.filter(action="tip.read").exists()


def test_a_key_waits_until_somebody_else_has_compared_it(cast: Cast, analyst: Client) -> None:
    public = str(x25519.Identity.generate().to_public())
    page = analyst.post("/a/harbour/tips/keys/add/", {"recipient": public}, follow=True).content.decode()
    assert "waits for a second person" in page
    key = Key.objects.get()
    assert f"/keys/{key.pk}/allow/" not in page, "nobody lets in their own"
    said = analyst.post(f"/a/harbour/tips/keys/{key.pk}/allow/", follow=True).content.decode()
    assert "Nobody lets their own key in" in said
    assert not intake.takes_tips(cast.agency)

    chief = signed_in(cast.bob)
    page = chief.get("/a/harbour/tips/keys/").content.decode()
    assert public in page
    assert f"/keys/{key.pk}/allow/" in page
    assert "Add a public key" not in page, "who leads reads no tips and brings no key"
    page = chief.post(f"/a/harbour/tips/keys/{key.pk}/allow/", follow=True).content.decode()
    assert "allowed by Bob" in page
    assert intake.recipients(cast.agency) == [public]
    assert chief.post(f"/a/harbour/tips/keys/{key.pk}/refuse/").status_code == 404


def test_a_colleague_is_told_that_a_key_waits_and_may_refuse_it(cast: Cast, analyst: Client) -> None:
    other = person("Heidi", cast.agency, Role.ANALYST)
    analyst.post("/a/harbour/tips/keys/add/", {"recipient": str(x25519.Identity.generate().to_public())})
    assert "colleague’s key waits" not in analyst.get("/a/harbour/tips/").content.decode()
    assert "colleague’s key waits" in signed_in(other).get("/a/harbour/tips/").content.decode()
    page = signed_in(other).post(f"/a/harbour/tips/keys/{Key.objects.get().pk}/refuse/", follow=True).content.decode()
    assert "never allowed" in page
    assert not Key.objects.waiting().exists()
