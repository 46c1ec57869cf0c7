"""Groups: what belongs together is put together, the same way every time."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence.engine.grouping import HELD, Groups

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRE = (
    "Huge fire at the harbour warehouse",
    "Harbour warehouse fire: smoke everywhere",
    "Warehouse at the harbour burning, fire crews there",
)
FLOOD = (
    "River flooding the old town square",
    "Old town square under water, river flooding",
    "Flooding: the river reaches the town square",
)


def test_posts_of_two_things_make_two_groups_called_by_their_first_posts() -> None:
    groups = Groups()
    placed = [
        groups.add(key, text, NOON)
        for key, text in enumerate((FIRE[0], FLOOD[0], FIRE[1], FLOOD[1], FIRE[2], FLOOD[2]))
    ]
    assert [one.group for one in placed] == ["0", "1", "0", "1", "0", "1"]
    assert [one.new for one in placed] == [True, True, False, False, False, False]
    assert {"harbour", "warehouse", "fire"} <= {word for word, _ in placed[2].words}
    assert all(0 <= one.similarity <= 1.0001 for one in placed)
    assert [weight for _, weight in placed[2].words] == sorted((weight for _, weight in placed[2].words), reverse=True)


def test_a_group_without_posts_for_three_days_gets_no_more() -> None:
    groups = Groups()
    groups.add("a", FIRE[0], NOON)
    assert groups.add("b", FIRE[1], NOON + HELD).group == "a"
    assert groups.add("c", FIRE[2], NOON + 2 * HELD + timedelta(seconds=1)).group == "c"
    assert len(groups) == 1


def test_posts_put_back_after_a_restart_keep_the_names_of_their_groups() -> None:
    before, after, later = Groups(), Groups(), NOON + timedelta(hours=1)
    names = {key: before.add(key, text, NOON).group for key, text in enumerate((*FIRE, *FLOOD))}
    for key, text in list(enumerate((*FIRE, *FLOOD)))[1:]:  # the first is past its date
        after.restore(names[key], text, NOON)
    assert after.add(100, "Fire at the harbour warehouse is out", later).group == names[0] == "0"
    assert after.add(101, "River flooding town", later).group == names[3]


def test_groups_that_grew_alike_are_put_together_into_the_older() -> None:
    groups = Groups()
    for number in range(12):
        groups.restore("young", f"harbour warehouse fire smoke number{number}", NOON)
    assert groups.merges() == []
    groups = Groups()
    for number in range(12):
        groups.restore("old", f"harbour warehouse fire smoke sign{number}", NOON)
        groups.restore("young", f"harbour warehouse fire smoke number{number}", NOON)
        groups.restore("other", f"river flooding town square number{number}", NOON)
    assert groups.merges() == [("young", "old")]
    assert groups.merges() == []
    assert len(groups) == 2
    assert groups.add(1, "warehouse fire", NOON).group == "old"


def test_posts_without_words_stay_alone() -> None:
    groups = Groups()
    assert [groups.add(key, text, NOON).group for key, text in enumerate(("", "", "@bob https://x.org", "\u200b"))] == [
        "0",
        "1",
        "2",
        "3",
    ]


_POSTS = st.lists(
    st.lists(
        st.sampled_from(["fire", "flood", "road", "closed", "bridge", "open", "police", "say", "now"]), max_size=7
    ),
    max_size=25,
)


@given(_POSTS)
def test_nothing_is_left_of_groups_that_are_forgotten(posts: list[list[str]]) -> None:
    groups = Groups()
    for key, words in enumerate(posts):
        groups.add(key, " ".join(words), NOON + timedelta(hours=key % 5))
        groups.merges()
    groups.add("last", "", NOON + timedelta(days=30))
    assert len(groups) == 1
    assert not groups._weights


def _stream() -> list[str]:
    chance = random.Random(4)
    topics = [[f"t{topic}w{n}" for n in range(12)] for topic in range(6)]
    common = [f"c{n}" for n in range(30)]
    return [" ".join(chance.sample(chance.choice(topics), 4) + chance.sample(common, 5)) for _ in range(400)]


def names() -> list[str]:
    """Return where each post of a made stream goes; also run in other processes."""
    groups, found = Groups(), []
    for key, text in enumerate(_stream()):
        found.append(groups.add(key, text, NOON + timedelta(minutes=key)).group)
        if key % 100 == 99:
            found += [f"{younger}>{older}" for younger, older in groups.merges()]
    return found


def test_the_same_posts_give_the_same_groups_in_every_process() -> None:
    code = "from tests.intelligence.engine.test_grouping import names; print(' '.join(names()))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {" ".join(names()) + "\n"}


def test_hostile_posts_are_grouped_in_bounded_steps() -> None:
    groups = Groups()
    for key in range(40):
        groups.add(key, " ".join(f"#w{key * 3 + n}" for n in range(15_000)), NOON)
    assert max(len(group.words) for group in groups._groups.values()) <= 40 * 200
    groups.add("half", "\ud800 lone half of a pair", NOON)
    groups.add("signs", "\x00\x1b[31m\u202e", NOON)
