"""One person's written decision, one copy, one question to the network; nothing else hides anything."""

from __future__ import annotations

import ast
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import transaction

from callbox.core.refusal import RefusedError
from callbox.core.state import UndeclaredMoveError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.networks.contract import NotSentError, UnclearError
from callbox.networks.models import Delivery, Item
from callbox.networks.paper.network import PaperSession
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Hiding
from callbox.trust.services import hearing, moderation
from tests.people import Cast, person
from tests.trust.moderation.things import WORDS, on_paper

pytestmark = pytest.mark.django_db
ROOM = Path(moderation.__file__).parents[2]


def _hide(item: Item, cast: Cast) -> Hiding:
    return moderation.hide(item=item, ground="private-data", why="The street and number of her home", by=cast.bob)


def test_a_comment_is_hidden_with_its_copy_and_shown_again(cast: Cast, item: Item) -> None:
    row = moderation.ask_network(hiding=_hide(item, cast), by=cast.bob)
    assert (row.asked, row.took_effect, on_paper(item).hidden) == ("done", True, True)
    assert row.snapshot["text"] == WORDS
    assert row.snapshot_digest == moderation.digest(row.snapshot)
    moderation.restore(hiding=row, why="Her own address, she wrote it herself", by=cast.bob)
    row.refresh_from_db()
    assert (row.state, row.asked) == ("restored", "waiting")
    row = moderation.ask_network(hiding=row, by=cast.bob)
    assert (row.asked, row.took_effect, on_paper(item).hidden) == ("done", False, False)
    with pytest.raises(UndeclaredMoveError):
        moderation.restore(hiding=row, why="again", by=cast.bob)


@pytest.mark.parametrize(("ground", "why"), [("dislike", "x"), ("", "x"), ("malware", " "), ("malware", "x" * 501)])
def test_without_a_written_ground_and_a_reason_nothing_is_hidden(cast: Cast, item: Item, ground: str, why: str) -> None:
    with pytest.raises(RefusedError):
        moderation.hide(item=item, ground=ground, why=why, by=cast.bob)
    assert not Hiding.objects.exists()


def test_only_those_who_may_moderate_hide_or_ask(cast: Cast, item: Item) -> None:
    officer = person("Olga", cast.agency, Role.OFFICER)
    row = _hide(item, cast)
    for who in (officer, cast.frank, cast.dan):
        with pytest.raises(RefusedError, match="role"):
            moderation.hide(item=item, ground="malware", why="x", by=who)
        with pytest.raises(RefusedError, match="role"):
            moderation.ask_network(hiding=row, by=who)
        with pytest.raises(RefusedError, match="role"):
            moderation.restore(hiding=row, why="x", by=who)
    assert not on_paper(item).hidden


def test_twice_is_refused_and_so_are_own_posts_and_letters(cast: Cast, item: Item) -> None:
    _hide(item, cast)
    with pytest.raises(RefusedError, match="hidden already"):
        _hide(item, cast)
    item.pk, item.remote_id, item.own = None, "ours", True
    with pytest.raises(RefusedError, match="own post"):
        _hide(item, cast)
    item.own, item.door = False, "message"
    with pytest.raises(RefusedError, match="Nobody but the agency"):
        _hide(item, cast)


@pytest.mark.parametrize(
    ("error", "asked"), [(UnclearError("the line broke"), "unclear"), (NotSentError("no such comment"), "refused")]
)
def test_what_the_network_did_not_do_is_said_and_can_be_asked_again(
    cast: Cast, item: Item, error: Exception, asked: str
) -> None:
    row = _hide(item, cast)
    with patch.object(PaperSession, "hide", side_effect=error) as calls:
        row = moderation.ask_network(hiding=row, by=cast.bob)
        assert (row.asked, row.said, row.took_effect, calls.call_count) == (asked, str(error), False, 1)
    assert moderation.ask_network(hiding=row, by=cast.bob).took_effect


def test_a_claim_under_way_is_not_called_twice(cast: Cast, item: Item) -> None:
    row, calls = _hide(item, cast), []

    def hide(_session: PaperSession, _remote_id: str, *, hidden: bool) -> None:
        calls.append(hidden)
        with pytest.raises(RefusedError, match="right now"):
            moderation.ask_network(hiding=Hiding.objects.get(pk=row.pk), by=cast.bob)

    with patch.object(PaperSession, "hide", hide):
        moderation.ask_network(hiding=row, by=cast.bob)
    assert calls == [True]


def test_what_is_undone_while_the_network_is_asked_is_shown_again(cast: Cast, item: Item) -> None:
    row, really = _hide(item, cast), PaperSession.hide

    def hide(session: PaperSession, remote_id: str, *, hidden: bool) -> None:
        if hidden:
            moderation.restore(hiding=Hiding.objects.get(pk=row.pk), why="a mistake", by=cast.bob)
        really(session, remote_id, hidden=hidden)

    with patch.object(PaperSession, "hide", hide):
        found = moderation.ask_network(hiding=row, by=cast.bob)
    assert (found.state, found.asked, found.took_effect) == ("restored", "done", False)
    assert not on_paper(item).hidden


def test_a_call_that_was_cut_off_can_be_asked_again_later(cast: Cast, item: Item) -> None:
    row = moderation.ask_network(hiding=_hide(item, cast), by=cast.bob)
    assert row.called_at is not None
    with transaction.atomic():
        record(agency=cast.agency, by="test", action=Audited.COMMENT_ASKED, target="x")
        Hiding.objects.update(asked="calling", called_at=row.called_at - 2 * moderation.CUT_OFF)
    assert moderation.ask_network(hiding=row, by=cast.bob).asked == "done"


def test_words_alone_hide_send_and_ban_nothing(cast: Cast, item: Item) -> None:
    item.pk, item.remote_id, item.text = (
        None,
        "worse",
        "pig copper jerk, I will shoot you, buy pills http://bad.example",
    )
    item.save()
    hearing.hear(item)
    assert Conversation.objects.count() == 1
    assert not Hiding.objects.exists()
    assert not Delivery.objects.exists()


def test_one_place_in_the_house_asks_a_network_to_hide_and_none_bans() -> None:
    callers, bans = set(), set()
    for path in ROOM.rglob("*.py"):
        place = str(path.relative_to(ROOM))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            if name == "hide":
                callers.add(place)
            if name in {"account_block", "account_mute", "block", "mute", "ban"} or "graph.block" in name:
                bans.add(place)
    # a page and the demonstration call the service, the service the session, the discreet session the network's own
    by_people = {"desk/moderation/views.py", "config/demo/moderation.py"}
    assert callers - by_people == {"trust/services/moderation.py", "networks/connections/discreet.py"}
    assert bans == set()
