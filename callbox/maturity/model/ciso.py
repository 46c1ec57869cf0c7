"""The model as a framework library for CISO Assistant (intuitem/ciso-assistant-community).

The form follows its published libraries (backend/library/libraries) and what its importer checks: `StoredLibrary.store_library_content`
in backend/core/models.py and `LibraryImporter`, `FrameworkImporter`, `RequirementNodeImporter` in backend/library/utils.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from callbox.maturity.model.practices import Area, Model, Practice

#: Who gives and who packs the library, as CISO Assistant shows it.
PROVIDER = "Callbox"
_SPACE = "urn:callbox:risk"
#: The same for every version: CISO Assistant updates a library of the same URN when its version number is higher.
_SLUG = "police-social-media-maturity"


def ciso_assistant(model: Model) -> str:
    """Return the model as YAML text that CISO Assistant imports as a custom framework: one requirement a practice, scored 0 to 5.

    Gates, ranges and the dependency are Callbox's own reckoning and are told in words; CISO Assistant averages scores.
    """
    words = {
        "ref_id": _SLUG.upper(),
        "name": model.name,
        "description": (
            f"{model.name}, version {model.version}. Five areas, {len(model.practices)} practices. Score each practice with the "
            "highest level whose conditions, and those of the levels below, are all met. A gate caps its area."
        ),
    }
    library = {
        "urn": f"{_SPACE}:library:{_SLUG}",
        "locale": model.language,
        **words,
        "copyright": "Apache-2.0",
        "version": _number(model.version),
        "publication_date": model.dated,
        "provider": PROVIDER,
        "packager": PROVIDER,
        "objects": {
            "framework": {
                "urn": f"{_SPACE}:framework:{_SLUG}",
                **words,
                "min_score": 0,
                "max_score": len(model.levels),
                "scores_definition": list(_scores(model)),
                "implementation_groups_definition": [
                    {"ref_id": area.id, "name": area.name, "description": area.asks, "default_selected": True}
                    for area in model.areas
                ],
                "requirement_nodes": [node for area in model.areas for node in _nodes(area, model)],
            }
        },
    }
    return yaml.safe_dump(library, sort_keys=False, allow_unicode=True, width=110)


def _number(version: str) -> int:
    """Return the whole number of a version, which CISO Assistant orders versions by."""
    found = re.search(r"\d+", version)
    return max(1, int(found[0])) if found else 1


def _scores(model: Model) -> Iterator[dict[str, Any]]:
    yield {"score": 0, "name": "Not shown", "description": "No evidence yet."}
    for level in model.levels:
        yield {"score": level.number, "name": level.name, "description": level.test}


def _nodes(area: Area, model: Model) -> Iterator[dict[str, Any]]:
    parent = f"{_SPACE}:req_node:{_SLUG}:{area.id.lower()}"
    yield {
        "urn": parent,
        "assessable": False,
        "depth": 1,
        "ref_id": area.id.upper(),
        "name": area.name,
        "description": area.asks,
        "implementation_groups": [area.id],
    }
    for practice in area.practices:
        yield {
            "urn": f"{_SPACE}:req_node:{_SLUG}:{practice.id.lower()}",
            "assessable": True,
            "depth": 2,
            "parent_urn": parent,
            "ref_id": practice.id,
            "name": practice.name,
            "description": _description(practice, model),
            "annotation": _annotation(practice, model),
            "typical_evidence": _evidence(practice),
            "implementation_groups": [area.id],
        }


def _description(practice: Practice, model: Model) -> str:
    lines = [practice.question]
    for level in model.levels:
        says = " ".join(row.says for row in practice.at(level.number))
        lines.append(f"Level {level.number}, {level.name}: {says}")
    return "\n".join(lines)


def _annotation(practice: Practice, model: Model) -> str:
    gate = (
        f"\nGate: caps its area. Below level {model.gate_level} the model asks to do without: {practice.switch}"
        if practice.switch
        else ""
    )
    return f"{practice.why}\nGood looks like this: {practice.good}{gate}"


def _evidence(practice: Practice) -> str:
    measures = dict.fromkeys(row.measure for row in practice.conditions if row.measure)
    documents = sum(row.measure is None for row in practice.conditions)
    parts = [f"Measured from the record: {', '.join(measures)}."] if measures else []
    if documents:
        parts.append(f"Documents or links, reviewed by a second person: {documents}.")
    return " ".join(parts)
