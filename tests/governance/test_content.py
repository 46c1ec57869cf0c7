from datetime import UTC, datetime, timedelta

import pytest

from callbox.governance.content import Earlier, hints, problems, reading_grade
from callbox.networks.alt import described
from callbox.networks.vocabulary import Content, Media

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCOUNT = "paper:harbour"


def picture(alt: str = "Two officers on the ferry", kind: str = "image", captions: str = "") -> Media:
    return Media("a" * 64, kind, "image/png", 9, alt=alt, captions=captions)  # type: ignore[arg-type]


def stopped(content: Content, *, due: datetime | None = None, expires: datetime | None = None) -> list[str]:
    found = problems(content, accounts=[ACCOUNT], due=due, expires=expires, now=NOW, described=described)
    return [reason.code for reason in found]


def asked(text: str, *, tags: tuple[str, ...] = (), earlier: tuple[Earlier, ...] = (), **more: object) -> list[str]:
    content = Content(text, **more)  # type: ignore[arg-type]
    found = hints(content, accounts=[ACCOUNT], due=None, now=NOW, earlier=earlier, closed_tags=tags)
    return [reason.code for reason in found]


def test_a_whole_message_may_leave() -> None:
    content = Content("Route 7 is open again.", link="https://harbour.example/7", media=(picture(),))
    assert stopped(content, due=NOW + HOUR, expires=NOW + 2 * HOUR) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Content("  \n "), "no_words"),
        (Content("Hi", media=(picture(alt=""),)), "alt_missing"),
        (Content("Hi", media=(picture(alt="IMG_2034.jpg"),)), "alt_missing"),
        (Content("Hi", media=(picture(alt="photo 2"),)), "alt_missing"),
        (Content("Hi", media=(picture(kind="video"),)), "captions_missing"),
        (Content("Hi", link="javascript:alert(1)"), "link_bad"),
        (Content("Hi", link="harbour.example"), "link_bad"),
        (Content("Hi", link="https://a b"), "link_bad"),
    ],
)
def test_what_lacks_stops_it(content: Content, code: str) -> None:
    assert stopped(content) == [code]


def test_its_hours_must_be_ahead_and_in_order() -> None:
    assert stopped(Content("Hi"), due=NOW) == ["due_past"]
    assert stopped(Content("Hi"), due=NOW + HOUR, expires=NOW + HOUR) == ["due_after_expiry"]
    assert stopped(Content("Hi"), expires=NOW - HOUR) == ["due_after_expiry"]


def test_no_account_stops_it() -> None:
    found = problems(Content("Hi"), accounts=[], due=None, expires=None, now=NOW, described=described)
    assert [reason.code for reason in found] == ["no_account_chosen"]


# Sentences as press offices write them: what is asked about, and what is not.
ASKED = [
    ("The man is armed and dangerous. Stay inside.", "claim_unsourced"),
    ("The suspect fled on foot.", "claim_unsourced"),
    ("There is a bomb in the station.", "claim_unsourced"),
    ("Look out for a blue van, plate AB12 CDE.", "maybe_plate"),
    ("Look out for a grey Skoda, SU 12345.", "maybe_plate"),
    ("It is a black BMW, M-AB 1234.", "maybe_plate"),
    ("The car is a Ford, 7ABC123.", "maybe_plate"),
    ("Call his mother on 555 010 4477.", "maybe_phone"),
    ("Her number is +47 22 12 34 56.", "maybe_phone"),
    ("Reach him at (555) 010-4477.", "maybe_phone"),
    ("He was last seen at 14 Harbour View Road.", "maybe_address"),
    ("She lives at 221b Baker Street.", "maybe_address"),
    ("We look for Anna Berg, 14, from the west side.", "maybe_minor"),
    ("We look for Anna Berg (14).", "maybe_minor"),
    ("The 9-year-old boy Tom Fisher is missing.", "maybe_minor"),
    ("Jonas Lie, aged 16, was arrested.", "maybe_minor"),
    ("Read more: http://harbour.example/7", "link_plain"),
]
QUIET = [
    "Investigators confirm that the man is armed. Stay inside.",
    "According to witnesses the suspect fled on foot.",
    "Route 7 is closed at the bridge until 18:30 on 28.03.2026.",
    "Call 911 if you see fire. For anything else call 311.",
    "The parade has 1,200 guests and 40 officers on duty.",
    "Unit 12 met 14 children at the fair in Market Square.",
    "We found 3 bicycles. Case 2026-0412 is open.",
    "On Saturday at 10 we open the doors of Station 4.",
    "Officer Kim Dale joined us 12 years ago.",
    "Coffee with a cop: Tuesday, 09:00-11:00, Harbour Library.",
    "Read more: https://harbour.example/7",
    "The road race starts in 2 hours. Roads open 14-18.",
]


@pytest.mark.parametrize(("text", "code"), ASKED)
def test_what_may_harm_someone_is_asked_about(text: str, code: str) -> None:
    assert code in asked(text)


@pytest.mark.parametrize("text", QUIET)
def test_everyday_messages_ask_nothing(text: str) -> None:
    assert asked(text) == []


def test_a_hint_names_its_words_and_changes_nothing() -> None:
    content = Content("Call 555 010 4477.", own={ACCOUNT: "Ring 555 010 9999."})
    found = hints(content, accounts=[ACCOUNT], due=None, now=NOW)
    assert [reason.sentence for reason in found] == [
        "“555 010 4477” may be a private telephone number",
        "“555 010 9999” may be a private telephone number",
    ]
    assert content.text == "Call 555 010 4477."


def test_a_hashtag_of_a_closed_appeal_is_asked_about() -> None:
    assert asked("Thank you all. #FindAnna #harbour", tags=("#findanna",)) == ["closed_tag"]


def test_the_same_words_and_the_same_hour_are_asked_about() -> None:
    same = Earlier(ACCOUNT, "Route 7: is closed!", NOW - 9 * HOUR)
    assert asked("Route 7 is closed", earlier=(same,)) == ["same_words"]
    assert asked("Route 8 is closed", earlier=(same,)) == []
    near = Earlier(ACCOUNT, "Anything", NOW + timedelta(minutes=59))
    assert asked("Route 8 is closed", earlier=(near,)) == ["same_hour"]
    assert asked("Route 8 is closed", earlier=(Earlier(ACCOUNT, "Anything", NOW + HOUR),)) == []
    assert asked("Route 7 is closed", earlier=(Earlier("paper:other", "Route 7 is closed", NOW),)) == []


HARD = (
    "Pursuant to the aforementioned municipal regulations, vehicular circulation throughout the metropolitan "
    "jurisdiction will be comprehensively prohibited until the responsible authorities communicate the termination "
    "of the extraordinary precautionary measures implemented yesterday evening."
)
EASY = (
    "The bridge is shut. Do not drive on Route 7. Use the ferry if you can. We will tell you when it is open. "
    "Stay home if you do not have to go out. Call us if you need help to get to work."
)


def test_a_hard_text_is_hinted_at_in_english_alone() -> None:
    assert asked(HARD) == ["hard_to_read"]
    assert asked(HARD, language="en-GB") == ["hard_to_read"]
    assert asked(HARD, language="de") == []
    assert asked(EASY) == []


def test_the_grade_is_near_that_of_its_formula() -> None:
    # 44 words in 6 sentences and 50 syllables, counted by hand: 0.39 * 44/6 + 11.8 * 50/44 - 15.59 = 0.7
    text = (
        "The bridge is shut today. Do not drive on Route Seven. Use the ferry if you can. "
        "We will tell you when it is open. Stay at home if you do not have to travel. Call us if you need help now."
    )
    grade = reading_grade(text)
    assert grade is not None
    assert grade == pytest.approx(0.7, abs=1.0)
    hard = reading_grade(HARD)
    assert hard is not None
    assert hard > 16
    assert reading_grade("Too short to be judged.") is None
