"""Two versions of the model: what changed, and what an old assessment becomes under the new one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from callbox.maturity.model.changes import diff
from callbox.maturity.model.loader import FOLDER, load
from callbox.maturity.model.practices import Model
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.rebase import Move, apart, moves, rebase
from tests.maturity.figures import V1, document, figures, scored

#: How the invented version before version 1 differs from it: file, what version 1 says, what it said.
EARLIER = (
    ("model.yaml", "version: v1\n", "version: v0\n"),
    ("model.yaml", "{practices: 30, gates: 9,", "{practices: 29, gates: 8,"),
    ("model.yaml", "attested: 3}", "attested: 2}"),
    ("model.yaml", "weakest_share: 0.3", "weakest_share: 0.2"),
    ("voice.yaml", "No silence longer than 14 days.", "No silence of more than two weeks."),
    ("voice.yaml", "measure: longest_gap, at_most: 7 d", "measure: longest_gap, at_most: 10 d"),
    ("voice.yaml", "measure: posts_per_week, at_least: 6,", "measure: posts_per_week, at_least: 4,"),
    ("voice.yaml", "measure: engagement_steady, at_least: 0.9", "measure: engagement_steady, at_least: 0.8"),
    (
        "voice.yaml",
        "V3.5.tested, says: How often the agency posts was tuned by a test.",
        "V3.5.trial, says: It was tried out.",
    ),
    ("voice.yaml", "gate: yes\n    switches_off: Media without a second person's look.\n", "gate: no\n"),
)


@pytest.fixture(scope="module")
def v0(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = Path(shutil.copytree(FOLDER / "v1", tmp_path_factory.mktemp("models") / "v0"))
    for file, now, then in EARLIER:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(now) == 1, now
        (folder / file).write_text(text.replace(now, then), encoding="utf-8")
    last = folder / "collaboration.yaml"  # it had no practice C6
    text = last.read_text(encoding="utf-8")
    last.write_text(text[: text.index("  - id: C6\n")], encoding="utf-8")
    return load(folder)


def test_a_version_does_not_differ_from_itself() -> None:
    assert diff(V1, V1) == ()


def test_every_change_is_one_sentence(v0: Model) -> None:
    assert [change.reason.sentence for change in diff(v0, V1)] == [
        "weakest_share is 0.3 instead of 0.2",
        "V3.1.gap reads “No silence longer than 14 days.” instead of “No silence of more than two weeks.”",
        "V3.2.gap asks at most 7 days, scaled by gap instead of at most 10 days, scaled by gap",
        "V3.3.posts asks at least 6, scaled by volume instead of at least 4, scaled by volume",
        "V3.4.engagement asks at least 0.9 instead of at least 0.8",
        "V3.5.trial was taken out: It was tried out.",
        "V3.5.tested was added: How often the agency posts was tuned by a test.",
        "V5: below its gate the model now asks to do without “Media without a second person's look.”, before “nothing”",
        "C6 was added: Volunteers and mutual aid",
    ]


def test_the_way_back_is_said_the_other_way_round(v0: Model) -> None:
    codes = [change.reason.code for change in diff(V1, v0)]
    assert codes == [
        "rule_changed",
        "wording_changed",
        "threshold_changed",
        "threshold_changed",
        "threshold_changed",
        "condition_removed",
        "condition_added",
        "gate_changed",
        "practice_removed",
    ]


def test_an_old_assessment_is_judged_anew_by_its_own_figures(v0: Model) -> None:
    # 5 posts a week and a gap of 3 days: under v0 level 3 asks 4 posts, under v1 it asks 6.
    old = scored(figures(posts_per_week=5, longest_gap=3), model=v0)
    again = rebase(old, Standing(), v0, V1)
    assert (old.practice("V3").shown, again.profile.practice("V3").shown) == (3, 2)
    assert Move("V3", (3, 3), (2, 2)) in again.moves
    assert Move("C6", (None, None), (0, 5)) in again.moves
    assert (again.profile.as_of, again.profile.measures) == (old.as_of, old.measures)


def test_what_the_model_moved_is_told_from_what_the_agency_moved(v0: Model) -> None:
    # Earlier: 5 posts a week, 3 under v0. Re-based to v1: 2. Later: 8 posts a week, 3 under v1.
    # Seen alone the level stayed at 3; in truth the model took one level and the agency won it back.
    earlier = scored(figures(posts_per_week=5, longest_gap=3), model=v0)
    later = scored(figures(posts_per_week=8, longest_gap=3))
    ways = apart(earlier, Standing(), later, old=v0, new=V1)
    assert Move("V3", (3, 3), (2, 2)) in ways.by_model
    assert ways.by_agency == (Move("V3", (2, 2), (3, 3)),)


def test_evidence_of_a_condition_that_is_gone_is_said_and_not_lost(v0: Model) -> None:
    standing = Standing(attestations=(document("C6.1.plan"),))
    new = scored(standing=standing)
    back = rebase(new, standing, V1, v0)
    assert [reason.code for reason in back.profile.remarks] == ["band_unknown", "evidence_unplaced"]


def test_an_assessment_of_another_version_is_refused(v0: Model) -> None:
    with pytest.raises(ValueError, match="made with model v1, not with v0"):
        rebase(scored(), Standing(), v0, V1)


def test_nothing_moves_between_a_profile_and_itself() -> None:
    assert moves(scored(), scored()) == ()
