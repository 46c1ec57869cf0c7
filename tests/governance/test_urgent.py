"""Words of danger: found whole, in four languages, whatever case and accents; a list that helps, never a judge."""

from __future__ import annotations

import pytest

from callbox.governance.urgent import urgent_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He has a GUN!", ("gun",)),
        ("they were apunalado anoche", ("apuñalado",)),
        ("AU SECOURS, aidez moi", ("aidez-moi", "au secours")),
        ("سمعت إطلاق نار", ("إطلاق نار",)),
        ("My gunnera plant was stolen and the firewood too", ()),
        ("When does the station open?", ()),
        ("", ()),
        # what telephones write
        ("he has a g\u00adun", ("gun",)),
        ("I can\u2019t breathe", ("can't breathe",)),
        ("إطلاق\u200f نار", ("إطلاق نار",)),
        # what Arabic writes onto a word
        ("جاء بالسكين", ("سكين",)),
        ("والمسدس معه", ("مسدس",)),
        ("سـكـيـن", ("سكين",)),
        ("يعيش سلاحف البحر", ()),
    ],
)
def test_phrases_match_whole_words(text: str, found: tuple[str, ...]) -> None:
    assert urgent_words(text) == found


def test_each_phrase_is_named_once() -> None:
    assert urgent_words("gun gun Gun") == ("gun",)
