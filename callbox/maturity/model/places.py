"""YAML with its places: plain values, and for each of them the line and column it was written at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: The C parser where PyYAML was built with it: five times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_scalars = yaml.constructor.SafeConstructor()

type Trail = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a model file. line and column count from 1."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


class ModelError(Exception):
    """The model cannot be used. The message is one line a problem, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Document:
    """One YAML file read: `data` are its plain values; `at` finds the place of a value by its path."""

    file: str
    data: Any = None
    _values: dict[Trail, tuple[int, int]] = field(default_factory=dict)
    _keys: dict[Trail, tuple[int, int]] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def problem(self, path: Sequence[str | int], sentence: str, *, at_key: bool = False) -> Problem:
        """Return a problem at the value (or its key) that stands at `path`, or at the nearest thing around it."""
        places = self._keys if at_key else self._values
        full = tuple(path)
        for length in range(len(full), -1, -1):
            place = places.get(full[:length]) or self._values.get(full[:length])
            if place is not None:
                return Problem(self.file, *place, sentence)
        return Problem(self.file, 1, 1, sentence)

    def plain(self, node: Node, path: Trail = ()) -> Any:
        """Return a node and all beneath it as plain values, keeping their places."""
        self._values[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if id(node) in self._seen:
            raise ModelError([self.problem(path, "write the value out instead of pointing to another place (*)")])
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(child, (*path, number)) for number, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Trail) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, child in node.value:
            if not isinstance(name, ScalarNode):
                raise ModelError([self.problem(path, "a name must be a plain word")])
            word = str(name.value)
            place = (name.start_mark.line + 1, name.start_mark.column + 1)
            if word in values:
                raise ModelError([Problem(self.file, *place, f"“{word}” stands here twice")])
            self._keys[*path, word] = place
            values[word] = self.plain(child, (*path, word))
        return values

    def _scalar(self, node: Node, path: Trail) -> Any:
        try:
            return _scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            raise ModelError([self.problem(path, f"“{node.value}” cannot be read as a value")]) from error


#: No model nests deeper; the C parser would crash on a file made to nest without end.
_DEPTH = 20


def _too_deep(content: bytes) -> bool:
    depth = 0
    for event in yaml.parse(content, Loader=_Loader):
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if depth > _DEPTH:
            return True
    return False


def read(path: Path, file: str | None = None) -> Document:
    """Read one YAML file with its places; `file` is its name in messages.

    Raises:
        ModelError: it is missing, no YAML, holds a name twice or points from one place to another.
    """
    document = Document(file or path.name)
    try:
        content = path.read_bytes()
        if _too_deep(content):
            raise ModelError([Problem(document.file, 1, 1, "this file nests too deeply for a model")])
        node = yaml.compose(content, Loader=_Loader)
    except OSError as error:
        raise ModelError([Problem(document.file, 1, 1, f"this file cannot be read: {error.strerror}")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ModelError([Problem(document.file, line, column, f"this is no YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise ModelError([Problem(document.file, 1, 1, "this is no YAML text")]) from error
    if node is None:
        raise ModelError([Problem(document.file, 1, 1, "this file is empty")])
    document.data = document.plain(node)
    return document
