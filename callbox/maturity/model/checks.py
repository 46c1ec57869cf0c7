"""What must hold between the parts of a model: ids, order of thresholds, sources, sums."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from callbox.maturity.model import catalogue
from callbox.maturity.model.places import Document, Problem
from callbox.maturity.model.practices import Area, Comparison, Condition, Evidence, Kind, Model, Practice
from callbox.maturity.model.written import WrittenModel

type _Found = tuple[tuple[str | int, ...], str]


def check(model: Model, head_file: Document, area_files: Sequence[Document]) -> Iterator[Problem]:
    """Yield every problem that only shows when the whole model is there."""
    for trail, sentence in _rules(model):
        yield head_file.problem(trail, sentence)
    seen: set[str] = set()
    for area, document in zip(model.areas, area_files, strict=True):
        for trail, sentence in _area(area, model, seen):
            yield document.problem(trail, sentence)


def _rules(model: Model) -> Iterator[_Found]:
    areas = {area.id for area in model.areas}
    practices = {practice.id for practice in model.practices}
    dependency, absent = model.dependency, model.not_practised
    for name in {dependency.area, *dependency.on} - areas:
        yield ("dependency",), f"there is no area “{name}”"
    if absent.area not in areas:
        yield ("not_practised", "area"), f"there is no area “{absent.area}”"
    for name in set(absent.stays_rated) - practices:
        yield ("not_practised", "stays_rated"), f"there is no practice “{name}”"
    if absent.refused_by not in catalogue.CATALOGUE:
        yield ("not_practised", "refused_by"), f"the catalogue has no measure “{absent.refused_by}”"


def check_sums(model: Model, head: WrittenModel, head_file: Document) -> Iterator[Problem]:
    """Yield a problem for every sum the model states and does not keep; worth asking only when all else is in order."""
    evidence = Counter(practice.evidence for practice in model.practices)
    found = {
        "practices": len(model.practices),
        "gates": sum(practice.gate for practice in model.practices),
        **{kind.value: evidence[kind] for kind in Evidence},
    }
    for word, number in found.items():
        said = getattr(head.counts, word)
        if said != number:
            yield head_file.problem(("counts", word), f"the model says {word}: {said}, its files hold {number}")


def _area(area: Area, model: Model, seen: set[str]) -> Iterator[_Found]:
    for number, practice in enumerate(area.practices):
        trail = ("practices", number)
        if practice.id in seen:
            yield (*trail, "id"), f"the id {practice.id} is used twice"
        seen.add(practice.id)
        for source in practice.sources:
            if source not in model.sources:
                yield (*trail, "sources"), f"there is no source “{source}” in model.yaml"
        yield from _evidence(practice, trail)
        yield from _conditions(practice, model, seen, (*trail, "levels"))
        yield from _order(practice, model, (*trail, "levels"))


def _evidence(practice: Practice, trail: tuple[str | int, ...]) -> Iterator[_Found]:
    kinds = {condition.kind is Kind.ATTESTED for condition in practice.conditions}
    if practice.evidence is Evidence.ATTESTED and kinds != {True}:
        yield (*trail, "evidence"), f"{practice.id} is attested only, but one of its conditions is measured"
    if practice.evidence is not Evidence.ATTESTED and False not in kinds:
        yield (*trail, "evidence"), f"{practice.id} is {practice.evidence}, but none of its conditions is measured"


def _placed(practice: Practice, model: Model) -> Iterator[tuple[Condition, tuple[str | int, ...]]]:
    for level in model.levels:
        for index, condition in enumerate(practice.at(level.number)):
            yield condition, (level.id, index)


def _conditions(practice: Practice, model: Model, seen: set[str], trail: tuple[str | int, ...]) -> Iterator[_Found]:
    own = {row.id: row.unit for row in practice.conditions if row.kind is Kind.ATTESTED}
    for condition, place in _placed(practice, model):
        if condition.id in seen:
            yield (*trail, *place, "id"), f"the id {condition.id} is used twice"
        seen.add(condition.id)
        form = rf"{re.escape(practice.id)}\.{condition.level}\.[a-z0-9-]+"
        if not re.fullmatch(form, condition.id):
            yield (*trail, *place, "id"), f"the id must read {practice.id}.{condition.level}.word, not {condition.id}"
        if condition.kind is Kind.ATTESTED and condition.document not in own:
            yield (*trail, *place, "document"), f"{practice.id} has no attested condition “{condition.document}”"
        elif condition.kind is Kind.ATTESTED and condition.unit != own[condition.document]:
            yield (*trail, *place, "unit"), f"{condition.document} asks for another figure"
        for source in condition.sources:
            if source not in model.sources:
                yield (*trail, *place, "sources"), f"there is no source “{source}” in model.yaml"


def _order(practice: Practice, model: Model, trail: tuple[str | int, ...]) -> Iterator[_Found]:
    """Refuse thresholds that get easier as the level rises."""
    ladders: dict[tuple[str, Comparison], list[tuple[Condition, tuple[str | int, ...]]]] = {}
    for condition, place in _placed(practice, model):
        if condition.comparison is not None:
            subject = condition.measure or condition.document
            ladders.setdefault((subject, condition.comparison), []).append((condition, place))
    for (_, comparison), steps in ladders.items():
        for (lower, _), (upper, place) in pairwise(steps):
            if lower.threshold is None or upper.threshold is None or lower.level == upper.level:
                continue
            fall = upper.threshold - lower.threshold
            if fall > 0 if comparison is Comparison.AT_MOST else fall < 0:
                yield (*trail, *place, comparison.value), f"{upper.id} asks less than {lower.id}, which stands below it"
