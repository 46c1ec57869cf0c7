"""Near-duplicates: found, verified, forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence.engine.duplicates import ALIKE, Duplicates, similarity

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEXT = "The road along the harbour is closed in both directions after a collision between two cars"


def _memory(hours: float = 24) -> Duplicates[int]:
    return Duplicates(timedelta(hours=hours))


def test_a_copy_is_known_through_what_is_put_around_it() -> None:
    memory = _memory()
    assert memory.add(1, TEXT, NOON) is None
    assert memory.add(2, f"RT @someone: {TEXT.upper()}!! https://t.co/abc", NOON) == 1
    assert len(memory) == 1


def test_a_near_copy_is_known() -> None:
    memory = _memory()
    memory.add(1, TEXT, NOON)
    assert memory.add(2, TEXT.replace("two", "three"), NOON) == 1


def test_another_post_is_no_copy() -> None:
    memory = _memory()
    memory.add(1, TEXT, NOON)
    assert memory.add(2, "The road along the harbour is open again", NOON) is None
    assert memory.add(3, "Two cars collided in both directions, the harbour road is closed", NOON) is None


def test_posts_without_words_are_copies_of_nothing() -> None:
    memory = _memory()
    assert [
        memory.add(key, text, NOON) for key, text in enumerate(("", "", "https://t.co/1", "https://t.co/1", "..."))
    ] == [None] * 5
    assert len(memory) == 0


def test_what_is_older_than_the_span_is_forgotten_whole() -> None:
    memory = _memory(1)
    for minute in range(600):
        assert (
            memory.add(
                minute, f"post {minute} about number {minute} in place {minute}", NOON + timedelta(minutes=minute)
            )
            is None
        )
    assert len(memory) == 61
    memory.add(9_999, "something else", NOON + timedelta(days=2))
    assert (len(memory), len(memory._by_text), len(memory._first), len(memory._others)) == (1, 1, 1, 0)


def test_when_the_first_of_several_is_forgotten_the_next_one_is_named() -> None:
    memory = _memory(1)
    earlier = {1: None, 2: 1, 3: 1, 4: 2}  # near-copies of each other, no two the same
    for key, minute in zip(earlier, (0, 50, 55, 65), strict=True):
        assert memory.add(key, f"{TEXT} and more of it {key}", NOON + timedelta(minutes=minute)) == earlier[key]
    memory.add(9, "something else", NOON + timedelta(minutes=120))
    assert memory.add(5, f"{TEXT} and more of it 5", NOON + timedelta(minutes=121)) == 4


def test_a_post_from_the_past_moves_no_clock() -> None:
    memory = _memory(1)
    memory.add(1, TEXT, NOON)
    assert memory.add(2, "words of long ago that nobody else said", NOON - timedelta(days=9)) is None
    assert memory.add(3, TEXT, NOON) == 1


@given(
    st.lists(
        st.lists(st.sampled_from(["fire", "flood", "road", "closed", "bridge", "open", "police", "say"]), max_size=12),
        max_size=12,
    )
)
def test_what_is_called_a_copy_is_one(posts: list[list[str]]) -> None:
    memory, texts = _memory(), [" ".join(words) for words in posts]
    for key, text in enumerate(texts):
        found = memory.add(key, text, NOON)
        if found is not None:
            assert found < key
            assert similarity(texts[found], text) >= ALIKE
        assert found is not None or text not in texts[:key] or not text


def test_a_flood_of_one_template_looks_at_a_few_of_them_only() -> None:
    memory = _memory()
    for number in range(2_000):
        memory.add(number, f"same beginning of words every time {' '.join(f'w{number}x{n}' for n in range(9))}", NOON)
    assert max(map(len, memory._others.values())) == 39  # and the first of them


def test_hostile_texts_are_compared_like_others() -> None:
    memory = _memory()
    for key, text in enumerate(
        ("\ud800 lone half of a pair", "x" * 100_000, "a " * 50_000, "\u202e\u0000", "🔥" * 10_000, "مرحبا بكم في")
    ):
        memory.add(key, text, NOON)
        assert memory.add(100 + key, text, NOON) in {key, None}
