"""Reads settings from the environment, typed, and collects every mistake so that all of them are told at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: Variables that start with CALLBOX_ and are read elsewhere than in the settings.
READ_ELSEWHERE = ("CALLBOX_SHARED_DATA", "CALLBOX_TEST_DATABASE")

YES = {"1", "true", "yes", "on"}
NO = {"", "0", "false", "no", "off"}


class Environment:
    """The variables of one process. Every reading method returns a usable value and notes what was wrong in `problems`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.problems: list[str] = []
        self.known: set[str] = set(READ_ELSEWHERE)

    def text(self, name: str, default: str = "") -> str:
        """Return a text without surrounding blanks."""
        self.known.add(name)
        return self.variables.get(name, default).strip()

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in YES | NO:
            self.problems.append(f"{name} must be 1 or 0, not {value!r}.")
        return value in YES

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number between `least` and `most`, both included."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self.problems.append(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
            return default
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        """Return a list written with commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def secret(self, name: str) -> str:
        """Return a secret from NAME, or from the file that NAME_FILE names; empty when neither is set."""
        value, file = self.text(name), self.text(f"{name}_FILE")
        if value and file:
            self.problems.append(f"Set {name} or {name}_FILE, not both.")
        if not file:
            return value
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE names {file}, which cannot be read: {error.__class__.__name__}.")
            return ""

    def url(self, name: str, schemes: tuple[str, ...]) -> SplitResult | None:
        """Return a parsed address such as smtp://host:587, or None when it is not set or not usable. May hold a password."""
        value = self.secret(name)
        if not value:
            return None
        parts = _parsed(value, schemes)
        if parts is None:
            self.problems.append(
                f"{name} must look like {schemes[0]}://user:password@host:port; the value is not shown here."
            )
        return parts

    def urls(self, name: str, schemes: tuple[str, ...]) -> list[str]:
        """Return the addresses of several servers, written with commas; empty when it is not set or not usable. May hold passwords."""
        values = [value.strip() for value in self.secret(name).split(",") if value.strip()]
        if any(_parsed(value, schemes) is None for value in values):
            self.problems.append(
                f"{name} must look like {schemes[0]}://host:port, several of them with commas; the value is not shown here."
            )
            return []
        return values

    def refuse(self) -> None:
        """Refuse to start when anything was wrong or an unknown CALLBOX_ variable is set.

        Raises:
            ImproperlyConfigured: one sentence a mistake.
        """
        for name in sorted(self.variables):
            if name.startswith("CALLBOX_") and name not in self.known:
                near = difflib.get_close_matches(name, self.known, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                self.problems.append(f"{name} is not a setting of Callbox.{hint}")
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"Callbox does not start, because its settings are not right:\n{lines}")


def _parsed(value: str, schemes: tuple[str, ...]) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        place = parts.hostname or "host=/" in parts.query  # a database may listen on a socket: ?host=/folder
        usable = parts.scheme in schemes and bool(place) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if usable else None
