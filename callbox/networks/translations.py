"""A message in several languages: which words an account says, and which translation stayed behind the words it was made from. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from callbox.core.plain import canonical
from callbox.networks.vocabulary import Content, Translation, Wording

#: How a language calls itself, in a letter that holds several. Any other stands by its tag.
OWN_NAMES: Final = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "pl": "Polski",
    "pt": "Português",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


def source_of(content: Content) -> str:
    """Return the SHA-256 of the words that are translated: title and text."""
    return hashlib.sha256(canonical([content.title.strip(), content.text.strip()])).hexdigest()


def behind(content: Content, translation: Translation) -> bool:
    """Whether the words were changed since this was translated, and nobody said that it still fits."""
    return translation.source != source_of(content)


def wordings(content: Content) -> tuple[Wording, ...]:
    """Return every translation as it will be shown, each with whether it stayed behind."""
    return tuple(
        Wording(each.language, each.text, each.title, behind=behind(content, each)) for each in content.translations
    )


def translated(content: Content, language: str) -> Translation | None:
    """Return the translation into a language, None where there is none."""
    return next((each for each in content.translations if each.language == language), None)


def as_spoken_on(content: Content, account: str) -> Content:
    """Return what this account says: in the language chosen for it where that is translated, else as it was written."""
    found = translated(content, content.speaks.get(account, ""))
    if found is None:
        return content
    return replace(content, text=found.text, title=found.title, language=found.language, translations=(), speaks={})


def spoken(content: Content) -> tuple[str, ...]:
    """Return every language in which the words are up to date, the one they were written in first."""
    return (content.language, *(each.language for each in content.translations if not behind(content, each)))


def one_after_another(content: Content, account: str) -> str:
    """Return what `account` says in every language that is up to date, each under its own name: a letter several people can read."""
    parts = [(content.own.get(account) or content.text).strip()]
    for each in content.translations:
        if not behind(content, each):
            name = OWN_NAMES.get(each.language, each.language)
            parts.append("\n\n".join(filter(None, [f"— {name} —", each.title.strip(), each.text.strip()])))
    return "\n\n".join(parts)
