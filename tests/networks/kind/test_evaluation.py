"""The classifier judged on labelled posts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from callbox.networks.kind.evaluation import evaluate, figures
from tests.networks.kind.shared import real


def test_the_figures_are_those_of_scikit_learn() -> None:
    chance = np.random.default_rng(2)
    wanted = chance.integers(0, 3, 400)
    chosen = np.where(chance.random(400) < 0.7, wanted, chance.integers(0, 3, 400))
    found = figures(wanted, chosen)
    assert found["n"] == 400
    assert found["accuracy"] == pytest.approx(accuracy_score(wanted, chosen))
    peer = precision_recall_fscore_support(wanted, chosen)
    for name, values in zip(("precision", "recall", "f1", "support"), peer, strict=True):
        assert [row[name] for row in found["per_class"].values()] == pytest.approx(list(values))
    assert found["macro_f1"] == pytest.approx(np.mean(peer[2]))


def test_an_interval_holds_its_figure_and_narrows_with_n() -> None:
    wanted = np.array([0, 1, 2, 0, 1, 2, 0, 0] * 10)
    chosen = np.array([0, 1, 2, 0, 2, 2, 0, 1] * 10)
    small, large = figures(wanted, chosen), figures(np.tile(wanted, 20), np.tile(chosen, 20))
    width = []
    for found in (small, large):
        low, high = found["macro_f1_interval"]
        assert low < found["macro_f1"] < high
        width.append(high - low)
    assert width[1] < width[0] / 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"text,kind\nhello,inform\n", "has no column label"),
        (b"a,b\n1,2\n", "has no column text and no column label"),
        (b"text,label\n", "holds no posts"),
        (b"text,label\nhello,inform\nbye,other\n", 'record 2: the label is "other"'),
        (b"", "cannot be read as CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no column|cannot be read"),
    ],
)
def test_a_wrong_file_gets_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=says) as caught:
        evaluate(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv: there is no such file"):
        evaluate(tmp_path / "nowhere.csv")


def test_the_shipped_file_fits_the_posts_it_was_learnt_from() -> None:
    found = evaluate(real("police_posts_uk_labelled.csv"))
    assert found["n"] == 7121
    assert (
        found["macro_f1"] > 0.9
    )  # far above what unseen posts give: it shows that file, words and weights belong together
