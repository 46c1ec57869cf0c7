"""The page of the model and its export are what the model says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from callbox.maturity.model.ciso import ciso_assistant
from callbox.maturity.model.page import page
from tests.maturity.figures import V1

PAGE = Path(__file__).resolve().parents[2] / "docs" / "model.md"


def test_the_committed_page_is_made_from_the_model() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(V1), "run: python -m callbox.maturity.model.page > docs/model.md"


def test_the_page_names_every_practice_and_every_condition() -> None:
    text = page(V1)
    for practice in V1.practices:
        assert f"### {practice.id} {practice.name}" in text
    for row in V1.conditions:
        assert f"`{row.id}`" in text


# The rules that CISO Assistant's importer enforces, as read in intuitem/ciso-assistant-community:
# backend/core/models.py (StoredLibrary.REQUIRED_FIELDS, store_library_content) and backend/library/utils.py
# (URN_REGEX, LibraryImporter, FrameworkImporter, RequirementNodeImporter).
URN = re.compile(
    r"^urn:([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+)(?::([a-zA-Z0-9_-]+))?:([0-9A-Za-z\[\]\(\)\-\._:]+)$"
)


@pytest.fixture(scope="module")
def library() -> dict[str, Any]:
    found = yaml.safe_load(ciso_assistant(V1).encode())
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def framework(library: dict[str, Any]) -> dict[str, Any]:
    found = library["objects"]["framework"]
    assert isinstance(found, dict)
    return found


def test_the_library_has_what_the_store_asks_for(library: dict[str, Any]) -> None:
    assert {"urn", "name", "version", "objects"} <= set(library)  # StoredLibrary.REQUIRED_FIELDS
    assert {"ref_id", "urn", "locale", "objects", "version"} <= set(library)  # LibraryImporter.REQUIRED_FIELDS
    assert int(library["version"]) == 1
    assert list(library["objects"]) == ["framework"]  # never both framework and frameworks
    for word in ("name", "ref_id", "provider", "packager"):
        assert len(library[word]) <= 100  # the width of its columns


def test_the_framework_has_a_score_for_every_level(framework: dict[str, Any]) -> None:
    assert {"ref_id", "urn", "requirement_nodes"} <= set(framework)  # FrameworkImporter.REQUIRED_FIELDS, is_empty
    assert 0 <= framework["min_score"] < framework["max_score"] == 5
    assert [row["score"] for row in framework["scores_definition"]] == [0, 1, 2, 3, 4, 5]
    assert [row["name"] for row in framework["scores_definition"]][1:] == [level.name for level in V1.levels]


def test_every_urn_is_well_formed_lower_case_and_used_once(library: dict[str, Any], framework: dict[str, Any]) -> None:
    urns = [library["urn"], framework["urn"], *(node["urn"] for node in framework["requirement_nodes"])]
    assert len(set(urns)) == len(urns)
    for urn in urns:
        assert URN.match(urn), urn
        assert urn == urn.lower()  # the importer lowers them and looks parents up by the lowered form


def test_every_practice_stands_under_its_area_after_it(framework: dict[str, Any]) -> None:
    seen: set[str] = set()
    groups = {row["ref_id"] for row in framework["implementation_groups_definition"]}
    for node in framework["requirement_nodes"]:
        assert node["assessable"] is ("parent_urn" in node)
        assert node.get("parent_urn") is None or node["parent_urn"] in seen
        assert node["depth"] == (2 if "parent_urn" in node else 1)
        assert set(node["implementation_groups"]) <= groups
        seen.add(node["urn"])
    assessable = [node["ref_id"] for node in framework["requirement_nodes"] if node["assessable"]]
    assert assessable == [practice.id for practice in V1.practices]


def test_every_condition_is_told_in_its_practice(framework: dict[str, Any]) -> None:
    told = {node["ref_id"]: node["description"] for node in framework["requirement_nodes"]}
    for practice in V1.practices:
        for row in practice.conditions:
            assert row.says in told[practice.id]
