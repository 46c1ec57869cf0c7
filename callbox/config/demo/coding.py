"""Two people of the invented force label a sample of its posts, each alone, and see four of them differently."""

from __future__ import annotations

import random
import re
from typing import Final

from callbox.config.demo.record import Record
from callbox.maturity.models import Assessment, CodedPost
from callbox.maturity.services import coding
from callbox.people.models import User

#: Posts of a sample.
SIZE: Final = 60
#: Posts of each sort that the second coder sees differently: kappa comes out at about 0.8.
_APART: Final = 2
_DOES: Final = {"appeal": "gather", "engage": "engage", "answer": "engage"}
#: Whom an answer on X begins with.
_ADDRESS: Final = re.compile(r"^@\S+ ")


def double_code(assessment: Assessment, record: Record, first: User, second: User, *, seed: int = 2014) -> None:
    """Draw a sample of an assessment's posts and have both people code it, from the kinds they were invented with."""
    sample = coding.draw(assessment=assessment, by=first, size=SIZE, seed=seed)
    kinds = {post.text: post.kind for post in record.posts}
    posts = list(sample.posts.all())
    advice = {post.pk: _kind(post, kinds) for post in posts}
    chance = random.Random(seed)  # noqa: S311 - an invented disagreement
    useful = [post.pk for post in posts if advice[post.pk] in ("prevention", "services")]
    others = [post.pk for post in posts if post.pk not in useful]
    apart = {pk for pks in (useful, others) for pk in chance.sample(pks, min(_APART, len(pks)))}
    for by in (first, second):
        for post in posts:
            kind = advice[post.pk]
            differs = by == second and post.pk in apart
            coding.code(
                post=post,
                kind=_DOES.get(kind, "inform"),
                prevention=(kind == "prevention" and not differs) or (differs and post.pk not in useful),
                services=kind == "services" and not differs,
                by=by,
            )


def _kind(post: CodedPost, kinds: dict[str, str]) -> str:
    return kinds[_ADDRESS.sub("", post.text)]
