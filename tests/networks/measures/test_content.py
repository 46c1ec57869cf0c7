"""What posts do, who can perceive them, in which languages they are, how far they travel, how accounts are held."""

from __future__ import annotations

from typing import Any

import pytest

from callbox.core.measure import Measure, wilson_lower
from callbox.networks.measures import access, accounts, languages, mix, reach
from tests.networks.measures.record import MAIN, WINDOW, Row, account, ago, answer, ledger, post


def code(figure: Measure) -> str | None:
    return figure.reason.code if figure.reason else None


# what posts do


def coding(posts: list[Row], useful: dict[str, list[bool]]) -> list[Row]:
    """Return codings: of each coder, one statement a post."""
    return [
        {"account": row["account"], "post": row["post"], "coder": coder, "prevention": said, "services": False}
        for coder, statements in useful.items()
        for row, said in zip(posts, statements, strict=True)
    ]


def test_usefulness_is_not_shown_before_two_people_coded_a_sample() -> None:
    posts = [post(2, prevention=True, services=False, labelled_by="machine") for _ in range(60)]
    assert code(mix.useful_share(ledger(posts), WINDOW)) == "no_coded_sample"
    one_coder = coding(posts, {"ann": [True] * 60})
    assert code(mix.useful_share(ledger(posts, codings=one_coder), WINDOW)) == "no_coded_sample"
    too_few = coding(posts[:29], {"ann": [True] * 29, "ben": [True] * 29})
    assert code(mix.useful_share(ledger(posts, codings=too_few), WINDOW)) == "no_coded_sample"


def test_two_coders_who_agree_too_little_are_not_believed() -> None:
    posts = [post(2) for _ in range(40)]
    codings = coding(posts, {"ann": [True, False] * 20, "ben": [True, True, False, False] * 10})
    figure = mix.useful_share(ledger(posts, codings=codings), WINDOW)
    assert figure.reason is not None
    assert figure.reason.code == "kappa_too_low"
    assert figure.reason.values["kappa"] == pytest.approx(0)


def test_with_good_agreement_the_labels_count_and_so_do_answers() -> None:
    useful = [True] * 20 + [False] * 20
    posts = [post(2, prevention=False, services=said, labelled_by="machine") for said in useful]
    posts += [answer(3, prevention=False, services=False) for _ in range(10)]
    posts += [post(2, action="repost", prevention=True, services=True), post(2)]
    codings = coding(posts[:40], {"ann": useful, "ben": useful})
    figure = mix.useful_share(ledger(posts, codings=codings), WINDOW)
    assert (figure.value, figure.n) == (0.6, 50)
    assert figure.bound == wilson_lower(30, 50)
    assert figure.beside["kappa"] == 1


def test_without_labels_the_coded_posts_count_where_both_coders_said_so() -> None:
    posts = [post(2) for _ in range(40)]
    ann, ben = [True] * 20 + [False] * 20, [True] * 18 + [False] * 22
    codings = coding(posts, {"ann": ann, "ben": ben})
    figure = mix.useful_share(ledger(posts, codings=codings), WINDOW)
    assert (figure.beside["successes"], figure.n, figure.beside["basis"]) == (18, 40, "coded sample")


def test_an_old_sample_speaks_for_the_labels_but_is_itself_no_part_of_the_window() -> None:
    posts = [post(200) for _ in range(40)]
    codings = coding(posts, {"ann": [True, False] * 20, "ben": [True, False] * 20})
    assert code(mix.useful_share(ledger(posts, codings=codings), WINDOW)) == "no_labels"


def test_the_three_kinds_are_shares_of_the_labelled_posts() -> None:
    kinds = ["inform"] * 25 + ["engage"] * 10 + ["gather"] * 5
    record = ledger([*(post(2, kind=kind, labelled_by="machine") for kind in kinds), post(2)])
    figures = [probe(record, WINDOW) for probe in (mix.inform_share, mix.engage_share, mix.gather_share)]
    assert [figure.value for figure in figures] == [0.625, 0.25, 0.125]
    assert all(figure.n == 40 for figure in figures)
    assert code(mix.inform_share(ledger([post(2)]), WINDOW)) == "no_kinds"


# who can perceive them


def test_images_and_videos_are_counted_over_posts_of_which_the_record_says_so() -> None:
    posts = [post(2, images=4, images_described=3, videos=1, videos_captioned=1) for _ in range(10)]
    posts += [post(2, images=9), post(2), post(2, action="repost", images=9, images_described=0)]
    record = ledger(posts)
    images = access.described_images(record, WINDOW)
    assert (images.value, images.n) == (0.75, 40)
    assert access.captioned_videos(record, WINDOW).value == 1
    missing = access.undescribed_media(record, WINDOW)
    assert (missing.value, missing.bound, missing.n) == (10, 10, 50)


@pytest.mark.parametrize(
    ("carries", "expected"),
    [
        (["replies"], "no_media_information"),
        (["media"], "no_alt_text"),
        (["media", "alt_text", "captions"], "no_media"),
    ],
)
def test_a_record_without_media_says_which_word_is_missing(carries: list[str], expected: str) -> None:
    record = ledger([post(2)], carries=carries)
    assert code(access.described_images(record, WINDOW)) == expected
    assert code(access.undescribed_media(record, WINDOW)) == expected


# languages


def urgent(minutes: float, release: str | None, language: str, **values: Any) -> Row:
    return post(at=ago(10, minutes=-minutes), release=release, language=language, urgent=True, **values)


ADOPTED = [{"language": "en"}, {"language": "es"}]


def test_a_message_reaches_everyone_when_all_adopted_languages_are_out_within_half_an_hour() -> None:
    posts = [
        urgent(0, "a", "en"),
        urgent(30, "a", "es"),
        urgent(0, "b", "en"),
        urgent(31, "b", "es"),
        urgent(0, "c", "es"),
    ]
    posts += [urgent(0, None, "en"), urgent(5, "c", "fr")]
    figure = languages.urgent_language_reach(ledger(posts, languages=ADOPTED), WINDOW)
    assert (figure.beside["successes"], figure.n, figure.beside["unlinked"]) == (1, 3, 1)


def test_a_release_in_another_language_completes_a_message() -> None:
    releases = [{"release": "a", "language": "es", "at": ago(10, minutes=-3), "urgent": True}]
    record = ledger([urgent(0, "a", "en")], languages=ADOPTED, releases=releases)
    assert languages.urgent_language_reach(record, WINDOW).value == 1


def test_messages_of_the_last_half_hour_and_of_before_the_window_are_left_out() -> None:
    def at(days: float, minutes: float, release: str, language: str) -> Row:
        return post(at=ago(days, minutes=minutes), release=release, language=language, urgent=True)

    posts = [at(0, 29, "young", "en"), at(90, 5, "old", "en"), at(89.999, 0, "old", "es")]
    assert code(languages.urgent_language_reach(ledger(posts, languages=ADOPTED), WINDOW)) == "no_urgent"


def test_language_reach_that_cannot_be_told_says_why() -> None:
    one = [post(10, urgent=True, release="a")]
    assert code(languages.urgent_language_reach(ledger(one), WINDOW)) == "no_adopted_languages"
    assert code(languages.urgent_language_reach(ledger(one, languages=ADOPTED), WINDOW)) == "no_languages"
    assert code(languages.urgent_language_reach(ledger([post(2)], languages=ADOPTED), WINDOW)) == "no_urgent"


def test_translations_nobody_checked_are_counted_and_originals_are_not() -> None:
    def release(minutes: float, language: str, checked: bool | None) -> Row:
        at = ago(10, minutes=-minutes)
        return {"release": "a", "language": language, "at": at, "urgent": True, "checked": checked}

    record = ledger(
        releases=[release(0, "en", None), release(1, "es", True), release(2, "fr", None), release(3, "ar", False)]
    )
    figure = languages.unchecked_translations(record, WINDOW)
    assert (figure.value, figure.n) == (2, 3)
    silent = ledger(releases=[release(0, "en", None), release(1, "es", None)])
    assert code(languages.unchecked_translations(silent, WINDOW)) == "no_checks"


def test_languages_are_counted_as_the_record_states_them() -> None:
    figure = languages.languages_stated(
        ledger([post(2, language="no"), post(2, language="no"), post(2, language="en"), post(2)]), WINDOW
    )
    assert figure.beside == {"posts": {"no": 2, "en": 1}, "unstated": 1}
    assert code(languages.languages_stated(ledger([post(2)]), WINDOW)) == "no_languages"


# reach


def test_reposts_of_others_and_by_others() -> None:
    record = ledger([post(2, reposts=0), post(2, reposts=9), post(2), post(2, action="repost", reposts=5000)])
    assert reach.repost_share(record, WINDOW).value == 0.25
    figure = reach.reposts_per_post(record, WINDOW)
    assert (figure.value, figure.n, figure.beside["unknown"]) == (4.5, 2, 1)
    assert code(reach.reposts_per_post(ledger([post(2)]), WINDOW)) == "no_engagement"


# accounts


def test_an_account_counts_once_and_only_when_no_source_denies_it() -> None:
    rows = [
        account("a", linked=True, admins=2, second_factor=True),
        account("a", admins=3),
        account("b", linked=True, admins=1),
        account("b", linked=False),
        account("c"),
        account("d", linked=True, admins=2),
        account("fan", linked=False, official=False),
    ]
    record = ledger(accounts=rows)
    linked = accounts.accounts_linked(record, WINDOW)
    assert (linked.value, linked.n, linked.beside["unknown"]) == (0.5, 4, 1)
    secured = accounts.accounts_secured(record, WINDOW)
    assert (secured.value, secured.beside["unknown"]) == (0.25, 2)


def test_accounts_of_which_nobody_said_anything_are_unknown() -> None:
    assert code(accounts.accounts_linked(ledger(accounts=[account(MAIN)]), WINDOW)) == "no_account_details"
