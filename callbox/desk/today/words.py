"""What each kind of waiting thing says, why it matters, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from callbox.flows.review import Fact, Kind
from callbox.people.models import Agency


@dataclass(frozen=True, slots=True)
class Words:
    """title: with %(n)d.  why: one sentence.  many: the address of all of them, one: of a single one (takes its number)."""

    title: Promise
    why: str | Promise
    many: str
    one: str = ""


WORDS: Final[dict[Kind, Words]] = {
    Kind.LAPSED: Words(
        ngettext_lazy(
            "Call dispatch: %(n)d escalation was not acknowledged",
            "Call dispatch: %(n)d escalations were not acknowledged",
            "n",
        ),
        _("Nobody there has said that they have it. Take the telephone, and write down what became of it."),
        "incidents",
        "escalation",
    ),
    Kind.ALONE: Words(
        ngettext_lazy(
            "Review %(n)d message that one person sent alone", "Review %(n)d messages that one person sent alone", "n"
        ),
        _("It went out in an emergency without a second pair of eyes. Say now what yours find."),
        "sent_alone",
        "message",
    ),
    Kind.DANGER: Words(
        ngettext_lazy(
            "Look at %(n)d message that speaks of danger", "Look at %(n)d messages that speak of danger", "n"
        ),
        _("People report emergencies where nobody watches. Read it now; whether it is one, only you can tell."),
        "inbox",
        "conversation",
    ),
    Kind.TIPS: Words(
        ngettext_lazy("Open %(n)d tip", "Open %(n)d tips", "n"),
        _("A tip may speak of a life. Nobody knows before it is opened."),
        "tips",
    ),
    Kind.KEYS: Words(
        ngettext_lazy("Compare %(n)d new key of tips", "Compare %(n)d new keys of tips", "n"),
        _("Whoever holds it reads every tip from then on, so a second person lets it in, or refuses it."),
        "tip_keys",
    ),
    Kind.STUCK: Words(
        ngettext_lazy("Settle %(n)d message that hangs", "Settle %(n)d messages that hang", "n"),
        _("It is unclear, held or late. Nothing is sent a second time before you have looked."),
        "messages",
        "message",
    ),
    Kind.REFUSED: Words(
        ngettext_lazy("Let us back into %(n)d account", "Let us back into %(n)d accounts", "n"),
        _("The network no longer accepts our token: nothing leaves there, and nothing that people write arrives."),
        "connections",
        "connection",
    ),
    Kind.ALERTS: Words(
        ngettext_lazy("Approve or send back %(n)d alert", "Approve or send back %(n)d alerts", "n"),
        _("Two people who did not write it must let it go."),
        "alerts",
        "alert",
    ),
    Kind.EVENTS: Words(
        ngettext_lazy("Look at %(n)d new event", "Look at %(n)d new events", "n"),
        _("Watches noticed it. Whether it is so, a person finds out and writes down."),
        "events",
        "event",
    ),
    Kind.ARRIVALS: Words(
        ngettext_lazy(
            "Take over or decline %(n)d message of a partner", "Take over or decline %(n)d messages of partners", "n"
        ),
        _("They wait for your answer, and your residents may need it."),
        "arrivals",
        "arrival",
    ),
    Kind.SIGNING: Words(
        ngettext_lazy("Sign or refuse %(n)d watch", "Sign or refuse %(n)d watches", "n"),
        _("Its words touch protest, faith, party, union or press. Without your reason in law it never listens."),
        "watches",
        "watch",
    ),
    Kind.WATCHES: Words(
        ngettext_lazy("Allow or refuse %(n)d watch", "Allow or refuse %(n)d watches", "n"),
        _("Nothing listens before somebody who did not write it has allowed it."),
        "watches",
        "watch",
    ),
    Kind.APPROVE: Words(
        ngettext_lazy("Approve or send back %(n)d message", "Approve or send back %(n)d messages", "n"),
        _("A colleague wrote it and waits for a second pair of eyes."),
        "messages",
        "message",
    ),
    Kind.ANSWER: Words(
        ngettext_lazy("Answer %(n)d resident", "Answer %(n)d residents", "n"),
        _("More than half of the time they can expect to wait is over."),
        "inbox",
        "conversation",
    ),
    Kind.APPEALS: Words(
        ngettext_lazy("Decide %(n)d objection to a hidden comment", "Decide %(n)d objections to hidden comments", "n"),
        _("Its author has a right to a decision within five working days, by somebody who did not hide it."),
        "moderation",
        "hiding",
    ),
    Kind.SILENCE: Words(
        ngettext_lazy("Say something", "Say something", "n"),
        _("The agency has been silent for long, and nothing is planned. A sentence that helps somebody is enough."),
        "write",
    ),
    Kind.REVIEW: Words(
        ngettext_lazy("Review %(n)d piece of evidence", "Review %(n)d pieces of evidence", "n"),
        _("Evidence counts once somebody other than its owner has looked at it."),
        "evidence",
        "attestation",
    ),
    Kind.EXPIRING: Words(
        ngettext_lazy("Renew %(n)d piece of evidence", "Renew %(n)d pieces of evidence", "n"),
        _("After its last day it no longer counts, and its practice falls."),
        "evidence",
        "attestation",
    ),
    Kind.GOALS: Words(
        ngettext_lazy("Look at %(n)d goal", "Look at %(n)d goals", "n"),
        _("Its day has come: has the figure moved, and what follows from it?"),
        "goals",
        "goal",
    ),
    Kind.ACCOUNTS: Words(
        ngettext_lazy("Say who holds %(n)d account", "Say who holds %(n)d accounts", "n"),
        _(
            "Stolen accounts had a second factor that lapsed unnoticed. Every 90 days somebody looks and says how it stands."
        ),
        "accounts",
    ),
    Kind.PURGED: Words(
        ngettext_lazy("Read %(n)d certificate of last night", "Read %(n)d certificates of last night", "n"),
        _("What was past its days is gone. The certificate says what and how much."),
        "disposals",
    ),
    Kind.HOLDS: Words(
        ngettext_lazy("Ask whether %(n)d hold is still needed", "Ask whether %(n)d holds are still needed", "n"),
        _("It has stood for half a year. What it covers is kept longer than its rule says."),
        "holds",
    ),
}


def title(fact: Fact) -> str:
    """Return what to do, with how many of it."""
    return str(WORDS[fact.kind].title % {"n": fact.count})


def place(fact: Fact, agency: Agency) -> str:
    """Return the address where it is done: of the one, where it is one alone."""
    words = WORDS[fact.kind]
    if fact.about is not None and words.one:
        return reverse(words.one, kwargs={"agency": agency.slug, "pk": fact.about})
    return reverse(words.many, kwargs={"agency": agency.slug})


def more(count: int) -> str:
    """Return that further things wait behind the five."""
    return ngettext("One more thing waits behind these.", "%(n)d more things wait behind these.", count) % {"n": count}
