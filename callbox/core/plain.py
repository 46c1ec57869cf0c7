"""Pure values to plain JSON values and back, checked on the way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import TypeAdapter

#: Building one takes tens of milliseconds; every kind is built once.
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def to_plain(value: Any) -> Any:
    """Return a dataclass as plain JSON values; infinity becomes the text "Infinity"."""
    return json.loads(_adapter(type(value)).dump_json(value))


def from_plain[T](kind: type[T], data: Any) -> T:
    """Read what `to_plain` wrote.

    Raises:
        pydantic.ValidationError: the data does not fit `kind`; it names the place.
    """
    found: T = _adapter(kind).validate_python(data)
    return found


def canonical(value: object) -> bytes:
    """Return JSON values as bytes that are the same everywhere, to be hashed: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
