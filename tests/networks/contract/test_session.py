"""A session keeps its network's word: what is declared works there and back, what is not is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from callbox.networks.contract import Ability, NetworkError, NotSentError, Session, SignInError, UnclearError
from callbox.networks.vocabulary import Content, Rendition, Seen
from tests.networks.contract.harness import Harness
from tests.servers.residents import until

#: To whom letters go; public networks pay no heed to it.
RESIDENT = "resident@harbour.example"


def _no_media(sha256: str) -> bytes:
    raise AssertionError(f"nobody asked for {sha256}")


def _rendition(harness: Harness, text: str = "Harbour Street is closed until noon.") -> Rendition:
    return harness.network.render(Content(text=text, title="Traffic"), account=harness.account).rendition


def _key() -> str:
    return uuid.uuid4().hex


def _needs(harness: Harness, ability: Ability) -> None:
    if ability not in harness.network.abilities:
        pytest.skip(f"{harness.network.label} does not declare it")
    if ability in harness.holes:
        pytest.skip("this server cannot do it, though others of its network can")


def _collected(session: Session) -> list[Seen]:
    seen: list[Seen] = []
    cursor = ""
    for _page in range(100):
        batch = session.collect(cursor)
        seen += batch.seen
        cursor = batch.cursor
        if not batch.more:
            return seen
    raise AssertionError("the pages never end")


def _own_after(session: Session, word: str) -> list[Seen]:
    """Return our own posts, none before one of them has this word: some networks list what is new a moment later."""
    own = [each for each in _collected(session) if each.own and not each.repost]
    return own if any(word in each.text for each in own) else []


def test_the_network_says_who_we_are(harness: Harness, session: Session) -> None:
    identity = session.identity()
    assert f"{harness.network.kind}:{identity.handle}" == harness.account


def test_what_is_published_is_there_and_is_found(harness: Harness, session: Session) -> None:
    rendition, key, since = _rendition(harness), _key(), datetime.now(UTC) - timedelta(minutes=1)
    receipt = session.publish(rendition, key=key, media=_no_media, recipient=RESIDENT)
    assert receipt.remote_id
    if Ability.FIND in harness.network.abilities:
        assert session.exists(receipt.remote_id)
        found = session.find(rendition, key=key, since=since)
        assert found is not None
        assert found.remote_id == receipt.remote_id


def test_what_was_never_published_is_not_found(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.FIND)
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert session.find(_rendition(harness, "Nobody said this."), key=_key(), since=since) is None


def test_the_same_key_publishes_once(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.KEY)
    rendition, key = _rendition(harness), _key()
    first = session.publish(rendition, key=key, media=_no_media, recipient=RESIDENT)
    second = session.publish(rendition, key=key, media=_no_media, recipient=RESIDENT)
    assert first.remote_id == second.remote_id


def test_a_correction_in_place_is_shown_and_may_be_repeated(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.EDIT)
    receipt = session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    corrected, key = _rendition(harness, "Harbour Street is closed until three."), _key()
    for _time in range(2):
        after = session.edit(receipt.remote_id, corrected, key=key, media=_no_media)
    assert session.exists(after.remote_id)
    if Ability.COLLECT in harness.network.abilities:
        own = until(lambda: _own_after(session, "three"), "the correction is listed")
        assert not [each for each in own if "noon" in each.text]


def test_what_is_taken_back_is_gone_and_may_be_taken_back_again(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.WITHDRAW)
    receipt = session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    for _time in range(2):
        session.withdraw(receipt.remote_id)
    assert not session.exists(receipt.remote_id)


def test_an_answer_of_a_resident_is_collected_with_its_thread(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.COLLECT)
    receipt = session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    harness.reply(receipt.remote_id, "Is Mill Road open?")
    answers = until(lambda: [each for each in _collected(session) if not each.own], "the answer is listed")
    assert [("Is Mill Road open?" in each.text, each.thread, each.parent) for each in answers] == [
        (True, receipt.remote_id, receipt.remote_id)
    ]
    assert answers[0].author.startswith(f"{harness.network.kind}:")
    assert answers[0].at.tzinfo is not None


def test_collecting_goes_on_where_it_stopped(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.COLLECT)
    receipt = session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    harness.reply(receipt.remote_id, "The first answer.")
    cursor = ""
    while (batch := session.collect(cursor)).more:
        cursor = batch.cursor
    harness.reply(receipt.remote_id, "The second answer.")
    later = session.collect(batch.cursor).seen
    assert "The second answer." in " ".join(each.text for each in later if not each.own)
    assert session.collect(batch.cursor).seen == later  # the cursor alone decides, so a page may be asked for again


def test_an_answer_of_ours_goes_under_what_it_answers(harness: Harness, session: Session) -> None:
    _needs(harness, Ability.REPLY)
    first = session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    answer = harness.network.render_reply(
        "Mill Road is open.", account=harness.account, to=first.remote_id, language="en"
    )
    assert answer.fits
    assert answer.rendition.reply_to == first.remote_id
    receipt = session.publish(answer.rendition, key=_key(), media=_no_media, recipient=RESIDENT)
    if {Ability.COLLECT, Ability.FIND} <= harness.network.abilities:  # letters of ours are not in our own inbox
        listed = until(
            lambda: [each for each in _collected(session) if each.remote_id == receipt.remote_id],
            "the answer is listed",
        )
        assert listed[0].parent == first.remote_id


def test_what_is_not_declared_is_refused(harness: Harness, session: Session) -> None:
    rendition = _rendition(harness)
    asked: dict[Ability, Callable[[], object]] = {
        Ability.EDIT: lambda: session.edit("1", rendition, key=_key(), media=_no_media),
        Ability.WITHDRAW: lambda: session.withdraw("1"),
        Ability.HIDE: lambda: session.hide("1", hidden=True),
        Ability.COLLECT: lambda: session.collect(""),
        Ability.FIND: lambda: session.find(rendition, key=_key(), since=datetime.now(UTC)),
    }
    for ability, ask in asked.items():
        if ability not in harness.network.abilities:
            with pytest.raises(NetworkError):
                ask()


def test_a_server_that_hears_nothing_was_surely_not_told(harness: Harness) -> None:
    session = harness.unreachable()
    if session is None:
        pytest.skip("always within reach")
    with pytest.raises(NotSentError) as error:
        session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    assert not isinstance(error.value, SignInError)
    assert error.value.after is not None, "a server that is away now may be tried again"
    session.close()


def test_a_server_that_breaks_off_leaves_it_unclear(harness: Harness) -> None:
    """T-23."""
    session = harness.breaking()
    if session is None:
        pytest.skip("there is no line that could break")
    with pytest.raises(UnclearError):
        session.publish(_rendition(harness), key=_key(), media=_no_media, recipient=RESIDENT)
    session.close()
