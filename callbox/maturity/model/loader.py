"""Reads the maturity model from its YAML files and refuses, with the place, whatever does not hold together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from callbox.maturity.model import places
from callbox.maturity.model.checks import check, check_sums
from callbox.maturity.model.conditions import condition
from callbox.maturity.model.places import Document, ModelError, Problem, Trail
from callbox.maturity.model.practices import Area, Condition, Dependency, Level, Model, NotPractised, Practice, Source
from callbox.maturity.model.written import WrittenArea, WrittenModel, WrittenPractice
from callbox.maturity.scoring.evidence import Band

#: Where the versions of the model stand, one folder each.
FOLDER: Final = Path(__file__).parent
#: The version a new assessment is made with.
CURRENT: Final = "v1"

__all__ = ["CURRENT", "FOLDER", "ModelError", "Problem", "files", "load", "versions"]


def versions() -> tuple[str, ...]:
    """Return the versions that come with Callbox, oldest first."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/model.yaml")))


def folder_of(source: Path | str) -> Path:
    """Return the folder of a model: a version that comes with Callbox, or a folder (or its `model.yaml`) given by path."""
    if isinstance(source, str) and source in versions():
        return FOLDER / source
    path = Path(source)
    return path.parent if path.name == "model.yaml" else path


def files(source: Path | str = CURRENT) -> tuple[Path, ...]:
    """Return the files a model consists of, `model.yaml` first: what a proof pack keeps.

    Raises:
        ModelError: as `load`.
    """
    folder = folder_of(source)
    head = _head(folder)[1]
    return (folder / "model.yaml", *(folder / f"{area}.yaml" for area in head.areas))


def load(source: Path | str = CURRENT) -> Model:
    """Read and check a model: a version name, a folder, or the path of a `model.yaml`.

    Raises:
        ModelError: with one line a problem: file, line, column and what is wrong.
    """
    return _load(folder_of(source).resolve(), _stamp(folder_of(source)))


def _stamp(folder: Path) -> tuple[int, ...]:
    return tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.yaml")))


@cache
def _load(folder: Path, _stamp: tuple[int, ...]) -> Model:
    head_file, head = _head(folder)
    problems: list[Problem] = []
    areas: list[tuple[Document, Area]] = []
    for number, name in enumerate(head.areas):
        if not name.isidentifier():
            raise ModelError([head_file.problem(("areas", number), f"“{name}” is no name of an area file")])
        document = places.read(folder / f"{name}.yaml")
        written = _validated(WrittenArea, document)
        if written.area != name:
            problems.append(document.problem(("area",), f"this file must describe the area “{name}”"))
        areas.append((document, _area(written, head, document, problems)))
    model = _model(head, tuple(area for _, area in areas))
    problems.extend(check(model, head_file, [document for document, _ in areas]))
    if not problems:
        problems.extend(check_sums(model, head, head_file))
    if problems:
        raise ModelError(problems)
    return model


def _head(folder: Path) -> tuple[Document, WrittenModel]:
    document = places.read(folder / "model.yaml")
    return document, _validated(WrittenModel, document)


def _validated[T: BaseModel](kind: type[T], document: Document) -> T:
    try:
        return kind.model_validate(document.data)
    except ValidationError as error:
        raise ModelError([_problem(document, dict(found)) for found in error.errors()]) from error


def _problem(document: Document, error: dict[str, Any]) -> Problem:
    """Say one finding of pydantic in a plain sentence."""
    trail = tuple(error["loc"])
    word = next((str(part) for part in reversed(trail) if not isinstance(part, int)), "this file")
    match error["type"]:
        case "missing":
            return document.problem(trail, f"“{word}” is missing")
        case "extra_forbidden":
            return document.problem(trail, f"“{word}” is not a word of the model here", at_key=True)
        case "enum":
            return document.problem(trail, f"“{word}” must be {error['ctx']['expected'].replace("'", '')}")
        case "string_too_short" | "string_type":
            return document.problem(trail, f"“{word}” must be a text")
        case _:
            message = str(error["msg"])
            return document.problem(trail, f"“{word}”: {message[0].lower()}{message[1:]}")


def _area(written: WrittenArea, head: WrittenModel, document: Document, problems: list[Problem]) -> Area:
    practices = tuple(
        _practice(practice, written.area, head, document, ("practices", number), problems)
        for number, practice in enumerate(written.practices)
    )
    return Area(written.area, written.name, written.asks, practices)


def _practice(
    written: WrittenPractice, area: str, head: WrittenModel, document: Document, trail: Trail, problems: list[Problem]
) -> Practice:
    if written.gate != (written.switches_off is not None):
        word = "gate" if written.gate else "switches_off"
        sentence = "a gate must say what it switches off" if written.gate else "only a gate switches something off"
        problems.append(document.problem((*trail, word), f"{written.id}: {sentence}"))
    return Practice(
        written.id,
        area,
        written.name,
        written.question,
        written.why,
        written.good,
        written.evidence,
        written.basis,
        written.sources,
        written.switches_off,
        tuple(_conditions(written, head, document, (*trail, "levels"), problems)),
    )


def _conditions(
    written: WrittenPractice, head: WrittenModel, document: Document, trail: Trail, problems: list[Problem]
) -> Iterator[Condition]:
    known = {level.id for level in head.levels}
    problems.extend(
        document.problem((*trail, name), f"there is no level “{name}”", at_key=True)
        for name in written.levels
        if name not in known
    )
    for number, level in enumerate(head.levels, 1):
        if level.id not in written.levels:
            problems.append(document.problem(trail, f"{written.id} has no level “{level.id}”", at_key=True))
        for index, row in enumerate(written.levels.get(level.id, ())):
            found, complaints = condition(row, number)
            problems.extend(document.problem((*trail, level.id, index, word), text) for word, text in complaints)
            yield found


def _model(head: WrittenModel, areas: tuple[Area, ...]) -> Model:
    return Model(
        version=head.version,
        name=head.name,
        dated=head.dated,
        language=head.language,
        levels=tuple(Level(number, row.id, row.name, row.test) for number, row in enumerate(head.levels, 1)),
        areas=areas,
        sources={key: Source(key, row.title, row.where, row.seen) for key, row in head.sources.items()},
        weakest_share=head.weakest_share,
        gate_level=head.gate_level,
        attested_months=head.attested_months,
        volume=_factors(head.bands.volume),
        gap=_factors(head.bands.gap),
        assumed_band=head.bands.assumed,
        dependency=Dependency(head.dependency.area, head.dependency.on, head.dependency.lead),
        not_practised=NotPractised(
            head.not_practised.area, head.not_practised.stays_rated, head.not_practised.refused_by
        ),
    )


def _factors(written: dict[Band, float]) -> dict[Band, float]:
    return {band: written.get(band, 1.0) for band in Band}
