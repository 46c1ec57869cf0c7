"""Our own rules beyond the schema: names, what is followed, hours, languages, exercises; and the words to start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callbox.operations.cap import checking
from callbox.operations.cap.checking import Setting
from callbox.operations.cap.templates import begun, ended, templates
from callbox.operations.cap.vocabulary import Area, Content, Info, Message, Reference
from callbox.operations.cap.words import SENTENCES
from tests.operations.cap.samples import BAD_RINGS, HOME, NOW, SETTING, SQUARE, info, message

FIRST = Reference("harbour@example.org", "harbour-1", "2026-11-22T10:00:00-00:00")
SECOND = Reference("harbour@example.org", "harbour-2", "2026-11-22T11:00:00-00:00")
LINE = replace(SETTING, before=(FIRST, SECOND))
PRACTICE = replace(SETTING, exercise=True)


def codes(found: Message, setting: Setting = SETTING) -> list[str]:
    return [each.code for each in checking.problems(found, setting)]


def test_a_sound_alert_has_no_problems() -> None:
    assert codes(message()) == []
    data, found = checking.finished(message(), SETTING)
    assert (checking.valid(data), found) == (True, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identifier": "a b"}, "bad_name"),
        ({"identifier": "a,b"}, "bad_name"),
        ({"identifier": "a<b"}, "bad_name"),
        ({"sender": "a&b"}, "bad_name"),
        ({"sender": ""}, "bad_name"),
        ({"status": "Test"}, "status_refused"),
        ({"status": "Draft"}, "status_refused"),
        ({"status": "Exercise"}, "actual_as_exercise"),
        ({"kind": "Ack"}, "kind_refused"),
        ({"kind": "Error"}, "kind_refused"),
        ({"kind": "Update"}, "no_reference"),
        ({"kind": "Cancel"}, "no_reference"),
        ({"references": (FIRST,)}, "needless_reference"),
        ({"scope": "Private"}, "scope_refused"),
        ({"infos": ()}, "no_info"),
        ({"headline": " "}, "missing"),
        ({"headline": "x" * 161}, "too_long"),
        ({"headline": "EXERCISE – all well"}, "actual_marked"),
        ({"headline": "Keep away from [place]"}, "blank_left"),
        ({"description": ""}, "missing"),
        ({"description": "a\x00b"}, "bad_text"),
        ({"instruction": ""}, "missing"),
        ({"event": ""}, "missing"),
        ({"category": ()}, "missing"),
        ({"expires": None}, "missing"),
        ({"expires": NOW}, "expired"),
        ({"expires": NOW - timedelta(days=1)}, "expired"),
        ({"onset": NOW + timedelta(hours=4)}, "expires_early"),
        ({"effective": NOW + timedelta(hours=5)}, "expires_early"),
        ({"expires": NOW + timedelta(days=8)}, "expires_late"),
        ({"web": "javascript:alert(1)"}, "bad_web"),
        ({"areas": ()}, "no_area"),
        ({"areas": (Area("", (SQUARE,)),)}, "area_unnamed"),
        ({"areas": (Area("x"),)}, "area_unshaped"),
        ({"areas": (Area("x", (BAD_RINGS["bow-tie"][0],)),)}, "crosses_itself"),  # type: ignore[arg-type]
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_rule_refuses_what_it_is_for(change: dict[str, Any], code: str) -> None:
    assert codes(message(**change)) == [code]
    data, found = checking.finished(message(**change), SETTING)
    assert data == b""
    assert found[0].sentence


def test_an_update_names_published_alerts_of_its_line_and_the_newest_among_them() -> None:
    assert codes(message(kind="Update", references=(FIRST, SECOND)), LINE) == []
    assert codes(message(kind="Cancel", references=(SECOND,), instruction=""), LINE) == []
    assert codes(message(kind="Update", references=(FIRST,)), LINE) == ["not_newest"]
    other = replace(FIRST, sent="2026-11-22T10:00:00+00:00")  # the same moment, other letters: no receiver finds it
    assert codes(message(kind="Cancel", references=(other, SECOND)), LINE) == ["unknown_reference"]
    assert codes(message(), LINE) == ["needless_reference"]


def test_an_exercise_is_marked_in_every_language_and_says_what_it_is_for() -> None:
    spanish = info(language="es", headline="Evite el puente")
    content = checking.marked(Content((info(), spanish)), exercise=True)
    assert [each.headline for each in content.infos] == [
        "EXERCISE – Keep away from the bridge",
        "SIMULACRO – Evite el puente",
    ]
    assert checking.marked(content, exercise=True) == content
    sound = message(status="Exercise", note="Practice", infos=content.infos)
    assert codes(sound, PRACTICE) == []
    assert codes(replace(sound, note=""), PRACTICE) == ["exercise_unnoted"]
    assert codes(replace(sound, status="Actual"), PRACTICE) == ["exercise_as_actual"]
    assert codes(replace(sound, infos=(info(),)), PRACTICE) == ["exercise_unmarked"]
    assert "actual_marked" in codes(replace(sound, status="Actual"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"headline": ""}, "half_translated"),
        ({"instruction": ""}, "half_translated"),
        ({"urgency": "Future"}, "languages_differ"),
        ({"expires": NOW + timedelta(hours=5)}, "languages_differ"),
        ({"areas": (Area("El puente", (SQUARE,)),)}, "languages_differ"),
        ({"language": "EN"}, "same_language"),
    ],
)
def test_no_language_is_told_half_or_something_else(change: dict[str, Any], code: str) -> None:
    spanish = info(**{"language": "es", "headline": "Evite", **change})
    assert code in codes(message(infos=(info(), spanish)))


def test_an_area_of_the_same_shape_has_a_name_of_its_own_in_each_language() -> None:
    there = replace(info().areas[0], description="El puente")
    assert codes(message(infos=(info(), info(language="es", areas=(there,))))) == []


@pytest.mark.parametrize("name", templates())
def test_no_template_comes_without_its_correction_in_any_of_its_languages(name: str) -> None:
    template = templates()[name]
    assert {"en", "es", "fr", "ar"} == set(template.words)
    for words in template.words.values():
        assert all((words.event, words.headline, words.instruction, words.over, words.wrong))
    content = begun(template, ["es", "en-GB", "pl"], now=NOW)
    assert [each.language for each in content.infos] == ["es", "en-GB"]
    over = ended(content, now=NOW)
    assert [each.description for each in over.infos] == [template.words["es"].over, template.words["en"].over]
    assert {each.urgency for each in over.infos} == {"Past"}
    assert begun(template, ["pl"], now=NOW).infos[0].language == "en"


@pytest.mark.parametrize("name", templates())
def test_a_template_whose_blanks_are_filled_can_leave(name: str) -> None:
    content = begun(templates()[name], ["en", "es", "fr", "ar"], now=NOW)
    filled = tuple(_filled(each) for each in content.infos)
    assert codes(message(infos=filled)) == []
    raw = tuple(replace(each, areas=info().areas) for each in content.infos)
    assert set(codes(message(infos=raw))) == {"blank_left"}
    assert replace(SETTING, home=HOME) == SETTING


def test_every_sentence_is_whole() -> None:
    for code, sentence in SENTENCES.items():
        assert sentence[0].islower() or sentence[0] in "“%EC", code
        assert not sentence.endswith("."), code


def _filled(words: Info) -> Info:
    """Return the words of a template with its blanks filled in, and an area."""

    def said(text: str) -> str:
        return text.replace("[", "").replace("]", "")

    return replace(
        words,
        headline=said(words.headline),
        description=said(words.description),
        instruction=said(words.instruction),
        areas=info().areas,
    )
