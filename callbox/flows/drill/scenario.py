"""What happens in a drill: read from a file, checked before anything is begun. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_STRICT: Final = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Said(BaseModel):
    """Something invented people write. after: seconds from the beginning.  author: an invented name."""

    model_config = _STRICT
    after: Annotated[int, Field(ge=0, le=86_400)]
    author: Annotated[str, Field(pattern=r"^[a-z0-9.]{1,40}$")]
    text: Annotated[str, Field(min_length=1, max_length=450)]


class Listening(BaseModel):
    """The watch that should notice it."""

    model_config = _STRICT
    title: str
    purpose: str
    basis: str
    query: str


class Handover(BaseModel):
    """What dispatch is told."""

    model_config = _STRICT
    what: str
    where: str
    urgency: Literal["life", "soon", "routine"]


class Opened(BaseModel):
    """The incident."""

    model_config = _STRICT
    title: str
    critical: bool


class Words(BaseModel):
    """A message to the public."""

    model_config = _STRICT
    title: str
    text: Annotated[str, Field(min_length=1, max_length=480)]


class Scenario(BaseModel):
    """One drill. verdict: what checking finds.  escalate: nothing where there is nothing for dispatch.  alert: a template of CAP alerts,
    empty for none.
    """

    model_config = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z-]{1,40}$")]
    title: Annotated[str, Field(max_length=160)]
    says: str
    place: str
    watch: Listening
    posts: Annotated[Sequence[Said], Field(min_length=2, max_length=200)]
    comments: Annotated[Sequence[Said], Field(min_length=1, max_length=200)]
    verdict: Literal["confirmed", "refuted"]
    finding: str
    escalate: Handover | None = None
    incident: Opened
    message: Words
    correction: Words
    alert: str = ""

    @property
    def lines(self) -> tuple[tuple[str, Said], ...]:
        """Everything that is said, in its order: `post` in public, `comment` to us."""
        said = [("post", each) for each in self.posts] + [("comment", each) for each in self.comments]
        return tuple(sorted(said, key=lambda one: one[1].after))


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Return every scenario by its id.

    Raises:
        ValueError: a file is not as it should be; the message says where.
    """
    reader = TypeAdapter(Scenario)
    found = (each for each in (files(__package__) / "scenarios").iterdir() if each.name.endswith(".yaml"))
    read = (reader.validate_python(yaml.safe_load(each.read_text(encoding="utf-8"))) for each in found)
    return {each.id: each for each in sorted(read, key=lambda one: one.id)}
