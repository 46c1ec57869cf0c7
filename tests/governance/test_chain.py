import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.governance import chain
from callbox.governance.chain import Checkpoint, Event, Link

_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def links(count: int) -> list[Link]:
    made: list[Link] = []
    head = chain.GENESIS
    for n in range(1, count + 1):
        event = Event(
            f"{n:032x}",
            "harbour",
            START + timedelta(seconds=n),
            1,
            "Alice <a@b>",
            "role.changed",
            f"user:{n}",
            {"n": n},
        )
        head = chain.link_digest(head, n, event.digest())
        made.append(Link(n, event.digest(), head, event))
    return made


def end(of: list[Link]) -> Checkpoint:
    return Checkpoint(of[-1].sequence, of[-1].chain_digest, START)


def relinked(of: list[Link]) -> list[Link]:
    """What a thief who knows the method would write: the whole chain anew."""
    made: list[Link] = []
    head = chain.GENESIS
    for n, link in enumerate(of, start=1):
        assert link.event is not None
        digest = link.event.digest()
        head = chain.link_digest(head, n, digest)
        made.append(Link(n, digest, head, link.event))
    return made


@given(
    st.builds(
        Event,
        nonce=_WORDS,
        agency=_WORDS,
        at=st.datetimes(
            datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
            datetime(2900, 1, 1),  # noqa: DTZ001
            timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))]),
        ),
        by_id=st.none() | st.integers(),
        by_name=_WORDS,
        action=_WORDS,
        target=_WORDS,
        data=st.dictionaries(
            _WORDS,
            st.recursive(
                st.none() | st.booleans() | st.integers() | _WORDS,
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
                max_leaves=6,
            ),
            max_size=4,
        ),
    )
)
def test_the_digest_is_that_of_the_canonical_json(event: Event) -> None:
    assert event.digest() == hashlib.sha256(chain.canonical(event.plain())).hexdigest()


def test_a_whole_chain_is_whole() -> None:
    verdict = chain.verify(links(20), checkpoints=[end(links(20))])
    assert verdict.whole
    assert (verdict.events, verdict.hidden, verdict.checkpoints) == (20, 0, 1)


def test_an_empty_chain_is_whole() -> None:
    assert chain.verify([]).whole


@pytest.mark.parametrize("seed", range(200))
def test_any_single_attack_is_found_at_its_place(seed: int) -> None:
    dice = random.Random(seed)
    whole = links(30)
    attacked, at = list(whole), dice.randrange(29)
    event = attacked[at].event
    assert event is not None
    attack = dice.choice(["change", "actor", "time", "delete", "insert", "swap", "digest", "cut"])
    if attack == "change":
        attacked[at] = replace(attacked[at], event=replace(event, data={"n": -1}))
    elif attack == "actor":
        attacked[at] = replace(attacked[at], event=replace(event, by_name="Bob <b@b>"))
    elif attack == "time":
        attacked[at] = replace(attacked[at], event=replace(event, at=event.at + timedelta(milliseconds=1)))
    elif attack == "delete":
        del attacked[at]
    elif attack == "insert":
        attacked.insert(at + 1, attacked[at])
    elif attack == "swap":
        attacked[at], attacked[at + 1] = attacked[at + 1], attacked[at]
    elif attack == "digest":
        attacked[at] = replace(attacked[at], event=None, event_digest="0" * 64)
    else:
        attacked = attacked[: at + 1]
    verdict = chain.verify(attacked, checkpoints=[end(whole)])
    assert not verdict.whole, attack
    assert verdict.first_break is not None
    assert verdict.first_break.sequence in {at + 1, at + 2}
    assert str(verdict.first_break.sequence) in verdict.first_break.sentence


def test_a_chain_written_anew_is_found_by_the_witness() -> None:
    whole = links(10)
    event = whole[4].event
    assert event is not None
    forged = relinked([*whole[:4], replace(whole[4], event=replace(event, target="user:99")), *whole[5:]])
    assert chain.verify(forged).whole  # the chain alone cannot tell
    verdict = chain.verify(forged, checkpoints=[end(whole)])
    assert verdict.first_break == chain.Break(10, "rewritten")


def test_the_end_of_a_chain_written_anew_does_not_stand_in_for_the_witness_of_that_place() -> None:
    whole = links(10)
    event = whole[9].event
    assert event is not None
    forged = relinked([*whole[:9], replace(whole[9], event=replace(event, target="user:99"))])
    for points in ([end(whole), end(forged)], [end(forged), end(whole)]):  # the thief's own head names the same place
        assert chain.verify(forged, checkpoints=points).first_break == chain.Break(10, "rewritten")


def test_an_export_verifies_without_the_events_of_others(tmp_path: Path) -> None:
    made = [replace(link, event=None) if link.sequence % 2 else link for link in links(10)]
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(chain.to_line(link) + "\n" for link in made), encoding="utf-8")
    verdict = chain.verify_file(file, checkpoints=[end(made)])
    assert verdict.whole
    assert verdict.hidden == 5


@pytest.mark.parametrize("junk", ["{", "[]", '{"sequence": 1}', "\x00", '{"sequence": "x", "event": null}', "[" * 5000])
def test_a_broken_line_is_named(tmp_path: Path, junk: str) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text(chain.to_line(links(1)[0]) + "\n" + junk + "\n", encoding="utf-8")
    assert chain.verify_file(file).first_break == chain.Break(2, "unreadable")


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_bytes(b"\xff\xfe\x00")
    assert chain.verify_file(file).first_break == chain.Break(1, "unreadable")


@pytest.mark.parametrize("value", [1.5, {"a": [float("nan")]}, {"a": object()}, {1: "a"}, "nul \0 inside"])
def test_what_two_engines_would_write_differently_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        chain.canonical(value)


def test_checkpoints_come_back_as_written(tmp_path: Path) -> None:
    file = tmp_path / "witness" / "points.jsonl"
    assert chain.read_checkpoints(file) == []
    for count in (3, 7):
        chain.write_checkpoint(file, end(links(count)))
    assert [point.sequence for point in chain.read_checkpoints(file)] == [3, 7]
    file.write_text(file.read_text() + "not json\n")
    with pytest.raises(ValueError, match=r"line 3 of points\.jsonl"):
        chain.read_checkpoints(file)
