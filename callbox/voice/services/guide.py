"""The first-week guide of an agency: answering, setting aside, taking up again. Every saving is a row; the newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency, User
from callbox.voice.guide import SEPARATOR, Question, guide, progress
from callbox.voice.models import Answer

#: The row that says whether the guide is set aside: its text is "yes", or empty once it was taken up again.
ASIDE: Final = "set-aside"
#: The longest answer, in characters.
LONGEST: Final = 10_000


@transaction.atomic
def answer(*, agency: Agency, answers: Mapping[str, str], by: User) -> int:
    """Keep what was answered, a row for each answer that differs from the newest; return how many rows that made.

    answers: text by question id; of a question with choices, their ids joined by `SEPARATOR`.

    Raises:
        RefusedError: no such question, a choice it does not have, or a text that is too long. Nothing was kept then.
    """
    before = newest(agency)
    cleaned = {name: _clean(name, text) for name, text in answers.items()}
    fresh = {name: text for name, text in cleaned.items() if text != before.get(name, "")}
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(agency=agency, question=name, text=text, by=by, at=now) for name, text in fresh.items()
    )
    if fresh:
        record(
            agency=agency,
            by=by,
            action=Audited.GUIDE_ANSWERED,
            target=f"agency:{agency.slug}",
            data={"questions": sorted(fresh)},
        )
    return len(fresh)


def _clean(name: str, text: str) -> str:
    try:
        question = guide().question(name)
    except KeyError:
        raise RefusedError(_("The guide has no question “%(name)s”. Nothing was kept.") % {"name": name}) from None
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise RefusedError(
            _("The answer to “%(question)s” is longer than %(most)d characters. Nothing was kept; shorten it.")
            % {"question": question.asks, "most": LONGEST}
        )
    return _choices(question, text) if question.choices else text


def _choices(question: Question, text: str) -> str:
    given = [part for part in text.split(SEPARATOR) if part]
    if not set(given) <= set(question.choices) or (question.kind == "one" and len(given) > 1):
        raise RefusedError(
            _("“%(question)s” has no such answer. Nothing was kept; choose from the list.")
            % {"question": question.asks}
        )
    return SEPARATOR.join(question.chosen(text))


def newest(agency: Agency) -> dict[str, str]:
    """Return the answers that count, by question id, empty ones left out."""
    return {row.question: row.text for row in newest_rows(agency) if row.question != ASIDE and row.text}


def newest_rows(agency: Agency) -> QuerySet[Answer]:
    """Return the newest row of each question."""
    latest = Answer.objects.filter(agency=agency).order_by().values("question").annotate(newest=Max("pk"))
    return Answer.objects.filter(pk__in=latest.values("newest")).select_related("by")


def history(agency: Agency, *, question: str) -> QuerySet[Answer]:
    """Return every saving of one answer, newest first."""
    return Answer.objects.filter(agency=agency, question=question).select_related("by")


@transaction.atomic
def set_aside(*, agency: Agency, aside: bool, by: User) -> None:
    """Set the guide aside, so that the desk no longer opens with it, or take it up again; without a difference nothing is written."""
    if is_aside(agency) == aside:
        return
    Answer.objects.create(agency=agency, question=ASIDE, text="yes" if aside else "", by=by, at=timezone.now())
    record(
        agency=agency,
        by=by,
        action=Audited.GUIDE_SET_ASIDE if aside else Audited.GUIDE_TAKEN_UP,
        target=f"agency:{agency.slug}",
    )


def is_aside(agency: Agency) -> bool:
    """Return whether the guide was set aside and not taken up again."""
    row = history(agency, question=ASIDE).first()
    return row is not None and bool(row.text)


def waits(agency: Agency) -> bool:
    """Return whether the desk should open with the guide: it is neither answered nor set aside."""
    return not progress(newest(agency)).whole and not is_aside(agency)
