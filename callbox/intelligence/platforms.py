"""Platforms nobody listens to here, and the terms that say why, read from platforms.yaml. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform without a kind of source. hosts: where it lives.  clause: of its terms."""

    id: str
    title: str
    hosts: frozenset[str]
    clause: str
    source: str


@cache
def barred() -> tuple[Platform, ...]:
    """Return them, as written."""
    rows = yaml.safe_load(files(__package__).joinpath("platforms.yaml").read_text("utf-8"))
    return tuple(
        Platform(row["id"], row["title"], frozenset(row["hosts"].split()), row["clause"], row["source"]) for row in rows
    )


def barred_at(host: str) -> Platform | None:
    """Return the platform that lives at `host` or above it; None where nothing bars it."""
    labels = host.lower().rstrip(".").split(".")
    above = {".".join(labels[i:]) for i in range(len(labels))}
    return next((platform for platform in barred() if platform.hosts & above), None)
