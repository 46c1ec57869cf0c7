"""E16: there is no search for a person, no face search and no score of a person; their absence is tested, not promised."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from callbox.intelligence.models import Sighting
from callbox.intelligence.services import trying
from tests.intelligence.events import rows
from tests.intelligence.watches.hands import make_room, said
from tests.people import Cast, signed_in

ROOT = Path(__file__).resolve().parents[3] / "callbox"
SOURCES = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)
#: Libraries that compare faces or voices, or find accounts of a person.
NEVER = {
    "face_recognition",
    "deepface",
    "insightface",
    "dlib",
    "cv2",
    "mediapipe",
    "facenet_pytorch",
    "retinaface",
    "sherlock",
    "maigret",
    "holehe",
}
#: What a person would be looked for by.
PERSON = re.compile(r"author|handle|username|screen_?name|person|suspect|face|did$")


def _patterns(found: list[URLPattern | URLResolver]) -> list[URLPattern]:
    flat: list[URLPattern] = []
    for each in found:
        flat += _patterns(each.url_patterns) if isinstance(each, URLResolver) else [each]
    return flat


def test_no_address_of_events_or_watches_takes_anything_but_the_number_of_a_row() -> None:
    taken = {
        (pattern.name, name): type(converter).__name__
        for pattern in _patterns(get_resolver().url_patterns)
        for name, converter in pattern.pattern.converters.items()
        if re.match(r"callbox\.desk\.(events|watches|sources)\b", getattr(pattern.callback, "__module__", ""))
    }
    assert taken
    assert {kind for (_name, argument), kind in taken.items() if argument != "agency"} <= {"IntConverter"}


def test_no_page_reads_a_person_from_its_address() -> None:
    asked = {
        (path.relative_to(ROOT).as_posix(), node.args[0].value)
        for path in SOURCES
        if path.is_relative_to(ROOT / "desk/events")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr in {"GET", "POST"}
        and isinstance(node.args[0], ast.Constant)
    }
    assert {name for _path, name in asked} == {"show", "page", "quarter", "verdict", "decision"}


def test_no_query_of_the_product_selects_posts_by_a_pseudonym_or_by_what_is_sealed() -> None:
    chosen = re.compile(r"^(sightings?__)?(pseudonym|sealed|author)(__\w+)?$")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.is_relative_to(ROOT / "intelligence") or path.is_relative_to(ROOT / "desk/events")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"filter", "get", "get_or_404"}
        if "pk" not in {keyword.arg for keyword in node.keywords}  # a row that is known already is not searched for
        for keyword in node.keywords
        if keyword.arg and chosen.match(keyword.arg)
    ]
    # One: a network said that an account is gone, so its posts are emptied by the listener, which shows them to nobody.
    assert found == ["intelligence/services/listening.py"]
    callers = {path.relative_to(ROOT).as_posix() for path in SOURCES if re.search(r"\bours\(", path.read_text("utf-8"))}
    assert callers == {"intelligence/services/listening.py", "intelligence/pipeline/listener.py"}


def test_no_row_scores_ranks_or_describes_a_person() -> None:
    models = apps.get_app_config("intelligence").get_models()
    named = {f"{model.__name__}.{field.name}" for model in models for field in model._meta.get_fields()}
    people = {name for name in named if PERSON.search(name.partition(".")[2])}
    assert people == {"Event.authors"}  # how many, as a number
    scored = {name for name in named if re.search(r"score|rank|risk|threat", name)}
    assert scored == {"Event.score"}
    assert not {
        model.__name__ for model in apps.get_models() if re.search(r"Face|Person|Profile|Suspect", model.__name__)
    }


def test_nothing_that_compares_faces_or_finds_accounts_is_imported() -> None:
    imported = {
        name.partition(".")[0]
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & NEVER


@pytest.mark.django_db
def test_asking_the_board_for_a_name_finds_nothing_and_changes_nothing(cast: Cast) -> None:
    gina = rows.staff(cast).gina
    rows.event(rows.sighting(rows.source(cast.agency, gina), "Clara says the river rises", author="clara"))
    client: Client = signed_in(gina)
    plain = _main(client, f"/a/{cast.agency.slug}/events/")
    pseudonym = Sighting.objects.get().pseudonym
    for query in (
        f"q={pseudonym}",
        "q=clara",
        "author=clara",
        f"pseudonym={pseudonym}",
        "search=clara",
        "person=clara",
    ):
        assert _main(client, f"/a/{cast.agency.slug}/events/?{query}") == plain


def _main(client: Client, address: str) -> str:
    """Return the content of a page, without the frame around it, which remembers its address."""
    page = client.get(address).content.decode()
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.django_db
def test_a_trial_of_words_finds_nobody_by_the_pseudonym_that_stands_for_them(cast: Cast) -> None:
    room = make_room(cast)
    place = rows.source(cast.agency, cast.bob)
    rows.sighting(place, "the flood is at the bridge, says @pabcdefghijklmnop")
    tried = trying.try_words(agency=cast.agency, said=said(room, "pabcdefghijklmnop OR flood"), by=room.hanna)
    assert (tried.looked_at, tried.found, [each.words for each in tried.samples]) == (1, 1, [("flood",)])
    alone = trying.try_words(agency=cast.agency, said=said(room, "pabcdefghijklmnop"), by=room.hanna)
    assert (alone.looked_at, alone.found) == (1, 0)
