"""Make the file that ships: `python -m callbox.networks.kind.training FILE.csv`; `--judge` first says how well it does on unseen posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from callbox.networks.kind.evaluation import figures, read
from callbox.networks.kind.model import FILE, KINDS, Classifier
from callbox.networks.kind.tokens import SPECIAL, Vocabulary, split
from callbox.networks.kind.training.groups import near_duplicates
from callbox.networks.kind.training.network import Recipe, merge, train
from callbox.networks.kind.training.phrases import learn as learn_phrases
from callbox.networks.kind.training.vocabulary import POSTS, vocabulary

#: Folds of the cross-validation.
_FOLDS = 5


def make(texts: pl.Series, labels: npt.NDArray[np.int64], *, recipe: Recipe, seed: int) -> Classifier:
    """Return the classifier learnt from labelled posts: the mean of `recipe.nets` networks with seeds of their own."""
    words = Vocabulary(vocabulary(texts))
    tokens = split(texts)
    posts = np.split(words.ids(tokens), np.cumsum(tokens.counts)[:-1])
    wanted = np.eye(len(KINDS), dtype=np.float32)[labels]
    known = len(words.words) + len(SPECIAL)
    with threadpool_limits(1):  # sums of several threads differ in their last digits from run to run
        nets = [train(posts, wanted, known, recipe=recipe, seed=seed * 1000 + number) for number in range(recipe.nets)]
        phrases = learn_phrases(posts, labels, words=known, classes=len(KINDS), seed=seed)
    card = {
        "kinds": KINDS,
        "language": "en",
        "posts": len(texts),
        "words": len(words.words),
        "phrases": len(phrases.pairs) + len(phrases.triples),
        "posts_each_needs": POSTS,
        "seed": seed,
        "recipe": {name: getattr(recipe, name) for name in Recipe.__dataclass_fields__},
    }
    return Classifier(words, merge(nets), phrases, card)


def judge(
    texts: pl.Series, labels: npt.NDArray[np.int64], *, recipe: Recipe, seed: int, grouped: bool = True
) -> dict[str, Any]:
    """Return the figures of a stratified cross-validation, near-duplicates kept together when `grouped`."""
    groups = near_duplicates(texts.to_list()) if grouped else np.arange(len(texts))
    chosen = np.empty(len(texts), np.int64)
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    for learn, test in folds.split(texts.to_numpy(), labels, groups):
        classifier = make(texts.gather(learn), labels[learn], recipe=recipe, seed=seed)
        chosen[test] = classifier.read(texts.gather(test)).shares.argmax(axis=1)
    return figures(labels, chosen)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path(__file__).parent.parent / FILE, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--judge", "judged", is_flag=True, help="Print the figures of a cross-validation instead of making the file."
)
@click.option("--grouped/--random", default=True, help="Whether near-duplicates stay together in the cross-validation.")
def main(file: Path, out: Path, *, seed: int, judged: bool, grouped: bool) -> None:
    """Learn from FILE, a CSV with the columns text and label."""
    try:
        texts, labels = read(file)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    recipe = Recipe()
    if judged:
        click.echo(json.dumps(judge(texts, labels, recipe=recipe, seed=seed, grouped=grouped), indent=2))
        return
    data = make(texts, labels, recipe=recipe, seed=seed).dump()
    out.write_bytes(data)
    click.echo(f"{out.name}: {len(data):,} bytes, learnt from {len(texts):,} posts")


if __name__ == "__main__":
    main()
