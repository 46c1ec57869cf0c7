"""The stops of the tour: what to click, as whom, what to see and why it matters. docs/tour.md says the same on paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.people.roles import Role


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop. who: the role that is signed in for it, None on the public page.  opens: name of the address it begins at."""

    title: str | Promise
    who: Role | None
    opens: str
    do: tuple[str | Promise, ...]
    see: str | Promise
    why: str | Promise
    resident: bool = False
    key_file: bool = False


STOPS: tuple[Stop, ...] = (
    Stop(
        _("Where the day begins"),
        Role.CHIEF,
        "agency_home",
        (
            _("Sign in as the chief and read the first page."),
            _("Open one of the things that wait, and go back."),
        ),
        _("What a small agency should do in its half hour today, each with the practice of the model it supports."),
        _("Maturity is work done on ordinary days, not a questionnaire once a year."),
    ),
    Stop(
        _("Write once for every account"),
        Role.PRESS_OFFICER,
        "write",
        (
            _(
                "Write two sentences about a closed road and a title, tick both paper accounts and the newsroom,"
                " and press “Show preview”."
            ),
            _("Press “Save and ask for approval”."),
        ),
        _("What each account will show, counted as that network counts. An image without a description stops it."),
        _("One text, seen before it leaves, and never a picture that a blind resident cannot read."),
    ),
    Stop(
        _("A second person lets it go"),
        Role.APPROVER,
        "messages",
        (
            _("Open the message that waits for approval; make the window as narrow as a phone."),
            _("Approve it and wait a few seconds."),
        ),
        _(
            "The message leaves for every account. Had anybody changed a letter after the approval, it would have stayed."
        ),
        _("The approval is bound to exactly what residents will see."),
    ),
    Stop(
        _("A correction that keeps its trace"),
        None,
        "portal_news",
        (
            _("Look for the message you just approved."),
            _("Open “Bridge Street closed until 20:00” and what it said before."),
        ),
        _("The corrected text, the earlier one with its hour, feeds, and a signature that anyone can check."),
        _("A police agency that hides its corrections is not believed the next time."),
    ),
    Stop(
        _("Stop everything"),
        Role.PRESS_OFFICER,
        "messages",
        (
            _("Press “Freeze” at the top of the page and say why."),
            _(
                "Come back here, sign in as the approver with the third stop, and lift the freeze from the bar on every page."
            ),
        ),
        _("Nothing leaves while it stands; what became due waits for a person afterwards."),
        _("In a bad hour a funny post does more harm than silence."),
    ),
    Stop(
        _("A resident answers"),
        Role.OFFICER,
        "inbox",
        (
            _("Let a resident answer with the button here, then sign in as the officer."),
            _("Claim the conversation, answer it, and label whether it held a question."),
        ),
        _("Words of danger on top, then the longest wait. Once claimed, nobody else can answer the same person."),
        _("Being heard within the hour is what residents remember. Only a person’s label counts in the figures."),
        resident=True,
    ),
    Stop(
        _("A question without an account"),
        None,
        "portal_ask",
        (
            _("Ask something as a resident and keep the address of the page you get."),
            _("Answer it as the officer, then open that address again."),
        ),
        _("No account, no cookie, no script: the secret address is all a resident needs."),
        _("Those who are not on any network, or do not want to be seen there, live here too."),
    ),
    Stop(
        _("A tip that only its reader opens"),
        None,
        "portal_tip",
        (_("Send a tip and write down its nine words."),),
        _("Words of danger come first, nine words come back. No address, no cookie, no hour is kept."),
        _("A stolen database tells nothing: the tip is sealed before it is stored."),
    ),
    Stop(
        _("The key never leaves the officer’s machine"),
        Role.ANALYST,
        "tips",
        (
            _("Sign in as the analyst, open the newest tip, press “Read it” and choose the key file."),
            _("Answer, then read your answer on the public page with the nine words."),
        ),
        _("The letters open in your browser. That you read them was in the trail before they were shown."),
        _("Whoever runs the machine cannot read along, and whoever reads is known."),
        key_file=True,
    ),
    Stop(
        _("A watch is a permission"),
        Role.ANALYST,
        "watches",
        (
            _(
                "Open the watch that was refused and the one that waits for the legal adviser: each says which word stopped it."
            ),
            _("Begin a watch with a purpose, a basis and an end, and ask for it; the commander allows it, not you."),
        ),
        _("Nothing listens without purpose, basis, area, words, a second person, a start and an end."),
        _("Listening is lawful only where somebody answers for it beforehand. A person cannot be searched for at all."),
    ),
    Stop(
        _("Something is noticed"),
        Role.ANALYST,
        "events",
        (
            _("Open the event on top: read why these posts stand together and why they stand first."),
            _("Take it, go through the checklist, grade it, and confirm or refute it."),
        ),
        _("Only what a watch matched is there, authors as pseudonyms, near-copies folded, gaps of the sources named."),
        _("A machine may put posts in order. Whether it is true, a person says, and writes down why."),
    ),
    Stop(
        _("It becomes action"),
        Role.COMMANDER,
        "incidents",
        (
            _("Open the incident: who was called and when they acknowledged, the first official word, the alert."),
            _("Look at Alerts: the real one with its update, and the exercise beside it."),
        ),
        _(
            "Dispatch acknowledges by a signed call, or it lapses loudly. An alert needs two people who did not write it."
        ),
        _("An exercise can never leave as real, and a cancel can never begin a new alert."),
    ),
    Stop(
        _("A drill with its times"),
        Role.COMMANDER,
        "drills",
        (_("Open the drill that was held, and read its times from detecting to correcting."),),
        _("An invented incident went through the real code, on paper accounts that exist for drills alone."),
        _("Systems that were never tried together fail together."),
    ),
    Stop(
        _("Two forces share"),
        Role.PRESS_OFFICER,
        "partners",
        (
            _("Read whom to approach next, and why."),
            _("Open “Shared by us”: Millbrook adapted a message and has not taken over its correction yet."),
        ),
        _("What may be shared, for what purpose and until when stands in an agreement; without one nothing crosses."),
        _("People hear a warning from those they already follow, and a correction must reach every copy."),
    ),
    Stop(
        _("What moved"),
        Role.CHIEF,
        "profile",
        (
            _("Open the profile, then a practice of Trust, down to its figures."),
            _("Look at the roadmap: the cheapest next steps, in hours."),
        ),
        _("Every level with the figures that show it, how many cases they rest on, and what is not shown."),
        _("No level is claimed that the record does not show; anyone can recompute it from the proof pack."),
    ),
    Stop(
        _("Check the trail"),
        Role.AUDITOR,
        "audit",
        (
            _("Find what you did on this tour."),
            _("Press “Verify now”."),
        ),
        _("Every step with its name and hour, chained: a change to any of it would show."),
        _("Trust in all other stops rests on this one."),
    ),
)
