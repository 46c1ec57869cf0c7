"""Pure values to plain JSON values and back, checked on the way in."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter


def to_plain(value: Any) -> Any:
    """Return a dataclass as plain JSON values; infinity becomes the text "Infinity"."""
    return json.loads(TypeAdapter(type(value)).dump_json(value))


def from_plain[T](kind: type[T], data: Any) -> T:
    """Read what `to_plain` wrote.

    Raises:
        pydantic.ValidationError: the data does not fit `kind`; it names the place.
    """
    return TypeAdapter(kind).validate_python(data)
