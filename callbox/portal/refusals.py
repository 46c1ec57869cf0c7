"""What services of other rooms tell a resident when they take nothing: listed here so that the portal's catalogues hold it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

#: tests/portal/test_languages.py holds this list against the services.
REFUSALS: Final = (
    # tips
    gettext_noop("Nothing was written, so nothing was sent. Write what you know."),
    gettext_noop("This is longer than %(most)d characters and was not sent. Send it in two parts."),
    gettext_noop("This agency cannot take tips here yet. Nothing was sent. Call it instead."),
    gettext_noop("This conversation is full. Send a new tip and say that it goes on from an earlier one."),
    # questions
    gettext_noop("Nothing was written, so nothing was sent. Write your question."),
    gettext_noop("This is longer than %(most)d characters and was not sent. Make it shorter."),
    # hidden comments
    gettext_noop("Write between 1 and %(most)d characters in all. Nothing was sent."),
    gettext_noop("This was decided already. Read the decision on this page."),
    # news by e-mail
    gettext_noop("This link is older than two days, so nothing was changed. Please subscribe once more."),
    gettext_noop("Something else was asked for meanwhile, so nothing was changed. Please read it again."),
)
