"""The lives of the rows in this room."""

from __future__ import annotations

from callbox.core.state import Graph

#: An assessment. A draft gathers files; `waiting` and `measuring` belong to the worker; nothing leaves `frozen`.
ASSESSMENT = Graph(
    start="draft",
    edges={
        "draft": ("waiting", "measured", "frozen", "withdrawn"),  # frozen at once: an imported proof pack
        "waiting": ("measuring", "withdrawn"),
        "measuring": ("measured", "failed", "waiting"),
        "failed": ("waiting", "withdrawn"),
        "measured": ("in review", "withdrawn", "waiting"),  # waiting: live rows are measured anew
        "in review": ("measured", "frozen"),
        "frozen": (),
        "withdrawn": ("draft", "measured"),
    },
)

#: An attestation is replaced, never edited. Withdrawing can be undone.
ATTESTATION = Graph(
    start="proposed",
    edges={
        "proposed": ("reviewed", "refused", "withdrawn"),
        "reviewed": ("withdrawn", "replaced", "expired"),
        "refused": (),
        "withdrawn": ("proposed", "reviewed"),
        "replaced": (),
        "expired": (),
    },
)

#: An exemption counts only while it is approved and its end lies ahead.
EXEMPTION = Graph(
    start="requested",
    edges={
        "requested": ("approved", "refused", "withdrawn"),
        "approved": ("withdrawn",),
        "refused": (),
        "withdrawn": (),
    },
)
