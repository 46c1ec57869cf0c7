"""The servers of others are installed by what they hash to, from wherever the machine gets its packages."""

from __future__ import annotations

import json

from tests.servers.atproto import SOURCES


def test_every_package_is_locked_by_its_hash_and_bound_to_no_host() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["dependencies"] == {"@atproto/dev-env": "0.6.7"}
    assert len(packages) > 500
    assert [name for name, package in packages.items() if not package.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
