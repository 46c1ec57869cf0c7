"""The names and sentences of a model as reports read them. Pure."""

from __future__ import annotations

from callbox.maturity.model.catalogue import SHOWN, keys
from callbox.maturity.model.practices import Condition, Model
from callbox.maturity.report.inputs import ConditionWords, PracticeWords, Words


def words_of(model: Model) -> Words:
    """Return every name and sentence of `model`, and what its measures count."""
    return Words(
        levels=("No evidence", *(level.name for level in model.levels)),
        areas={area.id: area.name for area in model.areas},
        practices={
            practice.id: PracticeWords(practice.name, practice.question, practice.switch or "")
            for practice in model.practices
        },
        conditions={condition.id: _condition(model, condition) for condition in model.conditions},
        measures={key: spec.label for key, spec in (*keys(), *SHOWN.items())},
        weakest_share=model.weakest_share,
    )


def _condition(model: Model, condition: Condition) -> ConditionWords:
    titles = [model.sources[source].title for source in condition.sources if source in model.sources]
    return ConditionWords(condition.says, condition.basis or "", "; ".join(titles))
