"""What letters to single residents say, and the links in them. The worker hands these to whoever sends."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from callbox.people.models import Agency
from callbox.portal.plane import URLCONF
from callbox.portal.subscribe.views import words_of
from callbox.trust.services.letters import Words
from callbox.trust.services.subscriptions import Choice


def confirmation(agency: Agency, wish: Choice, secret: str) -> Words:
    """Return the letter that asks the owner of an address whether they want news."""
    with translation.override(wish.language):
        values = {
            "agency": agency.name,
            "wish": words_of(agency, wish),
            "link": link("portal_subscription", agency, secret=secret),
        }
        words = _written("confirm", values)
    return Words(words.subject, words.body, one_click(agency, secret, wish.language))


def answered(agency: Agency, language: str, secret: str) -> Words:
    """Return the letter that tells a resident that their question has an answer."""
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return _written("answered", {"agency": agency.name, "link": link("portal_question", agency, secret=secret)})


def one_click(agency: Agency, secret: str, language: str) -> dict[str, str]:
    """Return the headers by which a mail program ends a subscription (RFC 8058; the second by https alone)."""
    address = unsubscribe_link(agency, secret, language)
    found = {"List-Unsubscribe": f"<{address}>"}
    return found | ({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if address.startswith("https://") else {})


def unsubscribe_link(agency: Agency, secret: str, language: str) -> str:
    """Return the address that ends a subscription."""
    with translation.override(language):
        return link("portal_unsubscribe", agency, secret=secret)


def link(name: str, agency: Agency, **kwargs: str) -> str:
    """Return the whole address of a page of the portal, in the language that is active."""
    return settings.PORTAL_URL + reverse(name, urlconf=URLCONF, kwargs={"agency": agency.slug, **kwargs})


def _written(name: str, values: dict[str, str]) -> Words:
    text = render_to_string(f"portal/letters/{name}.txt", values, using="portal")
    subject, _blank, body = text.partition("\n")
    return Words(subject.strip(), body.strip() + "\n")
