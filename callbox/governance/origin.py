"""From which address the person at work came; known on the staff plane alone, and written into every event of a person there.

Source: CJIS Security Policy AU-3 (an event says where it came from). The public plane sets none, so none of its events can hold one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str] = ContextVar("callbox_staff_address", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Mark what happens inside as done by somebody at `address`."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def address() -> str:
    """Return the address of the request being answered for a member of staff, empty outside one."""
    return _address.get()
