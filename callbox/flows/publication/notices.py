"""The word that tells the public that something is corrected, in the language of the message. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from callbox.networks.translations import behind, source_of
from callbox.networks.vocabulary import Content, Translation

#: BCP 47 primary tag -> how newsrooms of that language head a correction.
NOTICES: Final[dict[str, str]] = {
    "ar": "تصحيح",
    "da": "Rettelse",
    "de": "Berichtigung",
    "en": "Correction",
    "es": "Corrección",
    "fi": "Korjaus",
    "fr": "Rectificatif",
    "it": "Rettifica",
    "nb": "Rettelse",
    "nl": "Correctie",
    "nn": "Retting",
    "no": "Rettelse",
    "pl": "Sprostowanie",
    "pt": "Correção",
    "sv": "Rättelse",
    "uk": "Виправлення",
}

#: ... and how they head what is new of an alert, and its end; such words say for themselves that something changed.
UPDATES: Final[dict[str, str]] = {
    "ar": "تحديث",
    "de": "Aktualisierung",
    "en": "Update",
    "es": "Actualización",
    "fr": "Mise à jour",
}
ENDS: Final[dict[str, str]] = {
    "ar": "انتهى",
    "de": "Beendet",
    "en": "Ended",
    "es": "Finalizado",
    "fr": "Terminé",
}


def noticed(content: Content) -> Content:
    """Return `content` with the notice before all of its words; words that begin with it, or as an update or end, keep what they have."""
    tag = content.language.partition("-")[0].lower()
    word = NOTICES.get(tag, NOTICES["en"])
    if content.text.startswith(tuple(f"{words.get(tag, words['en'])}: " for words in (UPDATES, ENDS))):
        return content
    headed = replace(
        content,
        text=_headed(content.text, word),
        title=_headed(content.title, word) if content.title else "",
        own={account: _headed(text, word) for account, text in content.own.items()},
    )
    return replace(headed, translations=tuple(_in_its_language(each, content, headed) for each in content.translations))


def _in_its_language(translation: Translation, before: Content, headed: Content) -> Translation:
    """Head a translation that holds the correction; one that stayed behind says nothing new, so nothing announces it."""
    if behind(before, translation):
        return translation
    word = NOTICES.get(translation.language.partition("-")[0].lower(), NOTICES["en"])
    title = _headed(translation.title, word) if translation.title else ""
    return replace(translation, text=_headed(translation.text, word), title=title, source=source_of(headed))


def _headed(text: str, word: str) -> str:
    return text if text.strip().casefold().startswith(word.casefold()) else f"{word}: {text.strip()}"
