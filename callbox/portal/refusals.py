"""What services of other rooms tell residents: listed here so that the portal's catalogues hold it."""

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
#: The notice to the author of a hidden comment, in the comment's language, and the grounds it names.
NOTICES: Final = (
    gettext_noop("We put your comment out of sight. The ground: %(ground)s. Why, and how to object: %(address)s"),
    gettext_noop(
        "Your comment falls under a ground on which we hide comments: %(ground)s. Why, and how to object: %(address)s"
    ),
    gettext_noop("True threat"),
    gettext_noop("Incitement"),
    gettext_noop("Private data of a person"),
    gettext_noop("Obscenity"),
    gettext_noop("Illegal trade or spam"),
    gettext_noop("Somebody else’s work"),
    gettext_noop("Sealed by a court, or names a victim"),
    gettext_noop("Harmful programs and phishing"),
)
