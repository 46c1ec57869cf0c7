"""Every practice has one worked example with its source; a file that does not hold together is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbox.maturity.model.examples import FILE, example, examples, read
from callbox.maturity.model.page import page
from callbox.maturity.model.places import ModelError
from tests.maturity.figures import V1
from tests.people import Cast, signed_in


def test_every_practice_has_exactly_one_example_with_a_source() -> None:
    found = examples()
    assert list(found) == [practice.id for practice in V1.practices]
    assert len({each.says for each in found.values()}) == len(found)
    for name, each in found.items():
        assert len(each.says) > 60, name
        assert len(each.take) > 20, name
        assert "," in each.source, name
    assert example("Z9") is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\nV2:\n", "\nZ2:\n", "no practice “Z2”"),
        ("\nV2:\n", "\nZ2:\n", "V2 has no example"),
        ("\nV2:\n", "\nV1:\n", "stands here twice"),
        ("source: vsmwg", "source: nobody", "no source “nobody”"),
        ("  take: Two people", "  tip: Two people", "tip"),
        ("source: vsmwg", "source: ''", "at least 1 character"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    wrong = tmp_path / "examples.yaml"
    wrong.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError, match=says) as error:
        read(wrong, V1)
    assert "examples.yaml:" in str(error.value)


def test_the_page_of_the_model_tells_every_example() -> None:
    text = page(V1)
    for each in examples().values():
        assert each.says in text


def test_the_page_of_a_practice_shows_its_example_and_source(cast: Cast) -> None:
    shown = signed_in(cast.frank).get("/a/harbour/practices/T2/").text
    assert "A worked example" in shown
    assert "3,000 questions" in shown
    assert "fedscoop.com" in shown
