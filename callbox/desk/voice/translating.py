"""The fields for other languages in the form of a message: the same words in each, and which account speaks which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callbox.networks.translations import behind, source_of
from callbox.networks.vocabulary import Content, Translation
from callbox.people.models import Agency

#: These show every language at once, so none is chosen for them.
_EVERY_LANGUAGE = ("newsroom:", "email:")


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one language. behind: the words were changed since; then `fits` is asked."""

    code: str
    name: str
    title: forms.BoundField
    text: forms.BoundField
    fits: forms.BoundField | None


def name_of(code: str) -> str:
    """Return a language in the reader's words, its tag where we have none."""
    return str(dict(settings.LANGUAGES).get(code, code))


def _codes(agency: Agency, content: Content) -> list[str]:
    known = [*(agency.languages or []), *(each.language for each in content.translations)]
    return [code for code in dict.fromkeys(known) if code != content.language]


def add(form: forms.Form, agency: Agency, content: Content, accounts: list[str]) -> None:
    """Add the fields; none for an agency of one language whose message has no translation."""
    known = {each.language: each for each in content.translations}
    codes = _codes(agency, content)
    for code in codes:
        found = known.get(code)
        form.fields[f"tr:{code}:title"] = forms.CharField(
            label=_("Title"), max_length=200, required=False, initial=found.title if found else "",
            widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
        )  # fmt: skip
        form.fields[f"tr:{code}:text"] = forms.CharField(
            label=_("Words"), max_length=20_000, required=False, initial=found.text if found else "",
            widget=forms.Textarea(attrs={"rows": 4, "lang": code, "dir": "auto"}),
        )  # fmt: skip
        if found is not None and behind(content, found):
            form.fields[f"tr:{code}:fits"] = forms.BooleanField(label=_("It still says the same"), required=False)
    choices = [("", _("as written")), *((code, name_of(code)) for code in codes)]
    for account in accounts if codes else ():
        if not account.startswith(_EVERY_LANGUAGE):
            form.fields[f"speaks:{account}"] = forms.ChoiceField(
                label=account, choices=choices, required=False, initial=content.speaks.get(account, "")
            )


def blocks(form: forms.Form) -> Iterator[Block]:
    """Yield the fields of each language."""
    for name in form.fields:
        if name.startswith("tr:") and name.endswith(":text"):
            code = name.split(":")[1]
            fits = f"tr:{code}:fits"
            yield Block(
                code, name_of(code), form[f"tr:{code}:title"], form[name], form[fits] if fits in form.fields else None
            )


def speakers(form: forms.Form) -> list[tuple[str, forms.BoundField]]:
    """Return each account that speaks one language, with its field."""
    return [(name.partition(":")[2], form[name]) for name in form.fields if name.startswith("speaks:")]


def written(form: forms.Form, content: Content, before: Content) -> Content:
    """Return `content` with what was typed; a translation nobody touched keeps the words it was made from.

    before: what stood in the form when it was opened.
    """
    known = {each.language: each for each in before.translations}
    found = [_one(form.cleaned_data, block.code, known.get(block.code)) for block in blocks(form)]
    offered = {each.language for each in found}
    kept = [each for each in before.translations if each.language not in offered]
    speaks = {account: form.cleaned_data[field.name] for account, field in speakers(form)}
    now = source_of(content)
    return replace(
        content,
        translations=tuple(
            replace(each, source=each.source or now)
            for each in (*found, *kept)
            if each.text and each.language != content.language
        ),
        speaks={account: language for account, language in speaks.items() if language not in {"", content.language}},
    )


def _one(typed: dict[str, Any], code: str, before: Translation | None) -> Translation:
    text, title = typed[f"tr:{code}:text"].replace("\r\n", "\n"), typed[f"tr:{code}:title"]
    same = before is not None and (before.text, before.title) == (text, title)
    source = before.source if before is not None and same and not typed.get(f"tr:{code}:fits") else ""
    return Translation(code, text, title, source)
