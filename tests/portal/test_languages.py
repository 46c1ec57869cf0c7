"""Every word of the portal stands in English, Spanish, French and Arabic, and each page says its language and direction."""

from __future__ import annotations

import ast
import gettext
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation.template import templatize

from callbox.governance.moderation.grounds import grounds
from callbox.portal.front import agency_front
from callbox.portal.refusals import NOTICES, REFUSALS
from tests.people import Cast

ROOM = Path(__file__).parents[2] / "callbox" / "portal"
MARKS = {"_", "gettext", "gettext_lazy", "N_", "gettext_noop"}
_CALL = re.compile(r"""\b(?:_|gettext)\(u?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\)""")


def words() -> set[str]:
    """Return every sentence that code and templates of the portal mark for translation."""
    found: set[str] = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS and node.args:
                found.add(ast.literal_eval(node.args[0]))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"ngettext", "ngettext_lazy"}:
                found.add(ast.literal_eval(node.args[0]))
    for path in (*ROOM.rglob("*.html"), *ROOM.rglob("*.txt")):
        code = templatize(path.read_text(encoding="utf-8"))
        found |= {(one or two).encode().decode("unicode_escape").encode("latin-1").decode()
                  for one, two in _CALL.findall(code)}  # fmt: skip
    return found


def test_the_words_are_found() -> None:
    known = words()
    assert "News" in known
    assert "In danger now? Call %(emergency)s." in known
    assert len(known) > 80


def test_what_services_refuse_residents_is_in_the_catalogues_too() -> None:
    """Services lie in other rooms, whose words no catalogue of the portal collects by itself."""
    room = ROOM.parent / "trust"
    said: set[str] = set()
    for path in (room / "tips" / "intake.py", room / "services" / "hearing.py", room / "services" / "subscriptions.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RefusedError":
                said |= {ast.literal_eval(each.args[0]) for each in ast.walk(node)
                         if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "_"}  # fmt: skip
    assert len(said) > 5
    assert said - set(REFUSALS) == set()


def test_the_notice_of_a_hidden_comment_and_its_grounds_are_in_the_catalogues_too() -> None:
    code = ast.parse((ROOM.parent / "trust" / "services" / "appeals.py").read_text(encoding="utf-8"))
    notice = next(each for each in code.body if isinstance(each, ast.FunctionDef) and each.name == "notice_text")
    said = {
        each.value for each in ast.walk(notice) if isinstance(each, ast.Constant) and "%(address)s" in str(each.value)
    }
    assert len(said) == 2
    assert said | {ground.title for ground in grounds().values()} == set(NOTICES)


@pytest.mark.parametrize("language", ["es", "fr", "ar"])
def test_every_word_of_the_portal_is_translated(language: str) -> None:
    with (ROOM / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    marks = re.compile(r"%\(\w+\)\w")
    known: dict[object, str] = catalogue._catalog  # type: ignore[attr-defined]  # the only way to ask what is there
    missing = sorted(word for word in words() if not (known.get(word) or known.get((word, 0))))
    assert missing == [], "add them to callbox/portal/locale, then `make messages`"
    # a language may leave a plural's number out, never another value
    wrong = [word for word in words() if word in known and set(marks.findall(word)) != set(marks.findall(known[word]))]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prefix", "language", "direction", "word"),
    [("", "en", "ltr", "News"), ("/es", "es", "ltr", "Noticias"), ("/fr", "fr", "ltr", "Actualités"), ("/ar", "ar", "rtl", "الأخبار")],
)  # fmt: skip
def test_the_language_is_in_the_address_and_nowhere_else(
    cast: Cast, prefix: str, language: str, direction: str, word: str
) -> None:
    answer = Client(headers={"accept-language": "de", "cookie": "django_language=fr"}).get(f"{prefix}/p/harbour/")
    page = answer.content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert word in page
    assert f'href="{prefix}/p/harbour/news/"' in page
    assert answer["Content-Language"] == language
    assert "Accept-Language" not in answer.get("Vary", "")
    assert 'hreflang="ar" href="/ar/p/harbour/"' in page


@pytest.mark.django_db
def test_a_language_nobody_translated_is_no_address() -> None:
    assert Client().get("/de/p/").status_code in {302, 404}
    assert agency_front is not None


def test_an_hour_is_written_as_each_language_writes_it() -> None:
    at = datetime(2026, 11, 23, 16, 19, tzinfo=UTC)
    said = {}
    for language in ("en", "es", "fr", "ar"):
        with translation.override(language):
            said[language] = date_format(at, "DATETIME_FORMAT")
    assert said == {
        "en": "Nov. 23, 2026, 4:19 p.m.",
        "es": "23 de noviembre de 2026 a las 16:19",
        "fr": "23 novembre 2026 16:19",
        "ar": "23 نوفمبر، 2026، 4:19 م",
    }
