"""The bounds inside which a container is read. Real exports lie far below every one of them."""

from __future__ import annotations

from typing import Final

#: Members of one container. A police account posts a few thousand pictures a year.
MAX_MEMBERS: Final = 250_000
#: Bytes of a zip's table of contents for one member, on average.
MAX_DIRECTORY: Final = 192
#: How many bytes may come out for one that goes in (deflate reaches 1,032; indented JSON about 30), beside a first allowance.
MAX_RATIO: Final = 200
ALLOWANCE: Final = 64 * 2**20
#: Folders inside folders of an unpacked archive.
MAX_DEPTH: Final = 32
#: Bytes asked of a tar at once: no honest header is larger.
MAX_HEADER: Final = 2**20
#: Small members of a tar are kept from its one listing pass, so that opening them does not unpack it again.
KEPT_MEMBER: Final = 2**16
KEPT_TOTAL: Final = 2**22
#: Bytes of a member that is read as a whole (profiles, manifests).
MAX_WHOLE: Final = 2**24


def too_many(name: str) -> str:
    """Return the sentence about a container with more members than any export has."""
    return f"{name} holds more than {MAX_MEMBERS:,} files: no network's export does, so it was not read"
