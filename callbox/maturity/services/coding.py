"""Double coding: draw a random sample of the agency's posts, let two people label it apart, say how far they agree."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.agreement import cohen_kappa, cohen_kappa_interval
from callbox.core.measure import Window
from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.maturity.models import Assessment, Code, CodedPost, CodingSample
from callbox.maturity.services import ledgers
from callbox.maturity.services.measuring import ledger_folder, measure_current_anew, named_files, work_root
from callbox.maturity.services.stated import CODERS
from callbox.networks.archives import registry
from callbox.networks.archives.contract import ArchiveError, Reading
from callbox.networks.items.wording import public_words
from callbox.networks.measures.mix import KAPPA
from callbox.people.models import User

#: Posts of a sample; kappa of fewer tells little.
SAMPLE = 100
#: Agreement that model row V4 asks for.
NEEDED = KAPPA

#: The measure that is shown once a sample is coded and agreed on.
OPENS = "useful_share"
#: Samples that are listed.
LISTED = 5
#: Characters of a post that a coder is shown.
LONGEST = 5000

type _Found = tuple[str, str, str]  # account, post, text


def draw(*, assessment: Assessment, by: User, size: int = SAMPLE, seed: int | None = None) -> CodingSample:
    """Draw `size` posts with a text from the record of `assessment`, every post as likely as any other.

    seed: makes the draw repeatable; a random one is written down where none is given.

    Raises:
        RefusedError: the record holds no post with a text, was not measured yet, or its files cannot be read any more.
    """
    chosen_seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    try:
        drawn, total = _reservoir(_posts(assessment), size, random.Random(chosen_seed))  # noqa: S311 - repeatable on purpose
    except (ArchiveError, OSError) as error:
        raise RefusedError(
            _("The files cannot be read any more, so no sample was drawn: %(why)s") % {"why": error}
        ) from error
    if not drawn:
        raise RefusedError(_("This record holds no post with a text, so there is nothing to code."))
    with transaction.atomic():
        sample = CodingSample.objects.create(
            agency=assessment.agency,
            assessment=assessment,
            seed=chosen_seed,
            drawn_from=total,
            by=by,
            at=timezone.now(),
        )
        CodedPost.objects.bulk_create(
            CodedPost(agency=assessment.agency, sample=sample, position=position, account=account, post=post, text=text)
            for position, (account, post, text) in enumerate(drawn, 1)
        )
        record(
            agency=assessment.agency,
            by=by,
            action=Audited.CODING_DRAWN,
            target=f"sample:{sample.pk}",
            data={"assessment": assessment.pk, "posts": len(drawn), "of": total, "seed": chosen_seed},
        )
    return sample


def _posts(assessment: Assessment) -> Iterator[_Found]:
    """Yield the posts with a text that the measure judges: those of the assessed record, of its window, and never a repost.

    A post that stands in several files, or in a file and among the live rows, counts once.
    """
    if assessment.as_of is None:
        raise RefusedError(_("This record was not measured yet. Draw the sample once it is."))
    ledger = ledgers.load(ledger_folder(assessment), agency=assessment.agency.name, as_of=assessment.as_of)
    judged = ledger.window("posts", Window.trailing(assessment.as_of), "account", "post", "action")
    left = {(account, post) for account, post, action in judged.iter_rows() if action != "repost"}
    live = public_words(assessment.agency) if assessment.live else ()
    for account, post, text in chain(live, _in_files(assessment)):
        if text.strip() and (account, post) in left:
            left.discard((account, post))
            yield account, post, text[:LONGEST]


def _in_files(assessment: Assessment) -> Iterator[_Found]:
    with tempfile.TemporaryDirectory(prefix="drawing-", dir=work_root()) as folder:
        for path, columns in named_files(assessment, Path(folder)):
            for batch in registry.reader_of(path).read(path, Reading(columns=columns)):
                if batch.table == "posts" and "text" in batch.rows.columns:
                    yield from batch.rows.select("account", "post", "text").drop_nulls().iter_rows()


def _reservoir(posts: Iterator[_Found], size: int, chance: random.Random) -> tuple[list[_Found], int]:
    """Return a uniform sample of a stream in one pass (Vitter 1985, algorithm R), shuffled, and the length of the stream."""
    kept: list[_Found] = []
    total = 0
    for total, post in enumerate(posts, 1):
        if len(kept) < size:
            kept.append(post)
        elif (place := chance.randrange(total)) < size:
            kept[place] = post
    chance.shuffle(kept)
    return kept, total


def coders_of(sample: CodingSample) -> list[int]:
    """Return who codes `sample`, by the order in which they began."""
    found = Code.objects.filter(post__sample=sample).order_by("pk").values_list("coder", flat=True)
    return list(dict.fromkeys(found))


def code(*, post: CodedPost, kind: str, prevention: bool, services: bool, by: User) -> None:
    """Label one post. A coder may change their mind until both are done.

    Raises:
        RefusedError: two others code this sample, both are done, or the kind is none of the three.
    """
    if kind not in Code.Kind.values:
        raise RefusedError(_("Say what the post does: inform, engage or gather. Nothing was saved for it."))
    with transaction.atomic():
        # One after the other: of two who begin at once one is too many, and of two last codes one is the last.
        sample = CodingSample.objects.select_for_update().get(pk=post.sample_id)
        coders = coders_of(sample)
        if by.pk not in coders and len(coders) >= CODERS:
            raise RefusedError(_("Two people code this sample already. Draw another one to code with somebody else."))
        if finished(sample):
            raise RefusedError(_("Both coders are done, so the codes stand."))
        Code.objects.update_or_create(
            post=post,
            coder=by,
            defaults={
                "agency": post.agency,
                "kind": kind,
                "prevention": prevention,
                "services": services,
                "at": timezone.now(),
            },
        )
        done = agreement(sample) if finished(sample) else None
        if done is not None:
            record(
                agency=post.agency,
                by=by,
                action=Audited.CODING_DONE,
                target=f"sample:{post.sample_id}",
                data={name: f"{value:.3f}" for name, value in done.kappas.items()},
            )
            measure_current_anew(post.agency)


def newest(assessment: Assessment) -> list[tuple[CodingSample, Agreement | None]]:
    """Return the last samples that were drawn from an assessment, each with its agreement once both coders are done."""
    return [(sample, agreement(sample)) for sample in assessment.coding_samples.select_related("by")[:LISTED]]


def finished(sample: CodingSample) -> bool:
    """Whether both coders have coded every post."""
    return Code.objects.filter(post__sample=sample).count() == CODERS * sample.posts.count()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two coders agree.

    kappas: Cohen's kappa by question; `useful` (prevention or services) is the one that V4 asks for.  intervals: of each, with 95 %
    certainty.  n: posts both coded.  apart: posts they see differently.
    """

    kappas: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    n: int
    apart: tuple[tuple[CodedPost, Code, Code], ...]

    @property
    def useful(self) -> tuple[float, float, float]:
        """The kappa that V4 asks for, and the ends of its interval."""
        return (self.kappas["useful"], *self.intervals["useful"])

    @property
    def lines(self) -> list[tuple[str, float, float, float]]:
        """Each question with its kappa and the ends of its interval."""
        return [(name, kappa, *self.intervals[name]) for name, kappa in self.kappas.items()]

    @property
    def enough(self) -> bool:
        """Whether the question that V4 asks reaches what the model needs."""
        return self.kappas["useful"] >= NEEDED


def agreement(sample: CodingSample) -> Agreement | None:
    """Return the agreement of both coders, None until both have coded every post: nobody sees the other's codes before."""
    if not finished(sample):
        return None
    by_post: dict[int, list[Code]] = {}
    for each in Code.objects.filter(post__sample=sample).order_by("coder").select_related("coder", "post"):
        by_post.setdefault(each.post_id, []).append(each)
    pairs = [(codes[0], codes[1]) for codes in by_post.values()]
    useful = [(first.prevention or first.services, second.prevention or second.services) for first, second in pairs]
    said = {"useful": useful} | {
        name: [(getattr(first, name), getattr(second, name)) for first, second in pairs]
        for name in ("kind", "prevention", "services")
    }
    apart = tuple(
        (first.post, first, second)
        for first, second in sorted(pairs, key=lambda pair: pair[0].post.position)
        if (first.kind, first.prevention, first.services) != (second.kind, second.prevention, second.services)
    )
    kappas = {name: cohen_kappa(answers) for name, answers in said.items()}
    intervals = {name: cohen_kappa_interval(answers) for name, answers in said.items()}
    return Agreement(kappas, intervals, len(pairs), apart)
