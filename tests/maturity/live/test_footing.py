"""What each of the thirty practices rests on: live figures, documents, or nothing yet and then why."""

from __future__ import annotations

import pytest

from callbox.core.text import SENTENCES
from callbox.maturity.footing import Footing, footings
from callbox.maturity.model import catalogue
from callbox.maturity.model.wording import words_of
from callbox.maturity.origin import KEY
from callbox.maturity.scoring import probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.services import assessments, measuring
from tests.maturity import packed
from tests.maturity.figures import V1
from tests.people import Cast, signed_in

#: Practices of which live rows carry at least one figure, and those of documents alone; the rest waits for work that writes it down.
LIVE = {
    *("V2", "V3", "V4", "V5", "V6", "T1", "T2", "T3", "T4", "C1", "C2", "C3"),
    *("I2", "I3", "I4", "I5", "O1", "O2", "O3", "O4", "O5", "O6"),
}
DOCUMENTS = {"V1", "C6", "I1"}


@pytest.fixture(scope="module")
def rows() -> dict[str, Footing]:
    """What the practices of an agency rest on whose own rows fill every table."""
    ledger = packed.record()
    counts = {name: table.collect().height for name, table in ledger.tables.items()}
    figures = probes.measure_all(ledger)
    profile = scoring.score(V1, figures, Standing(), agency="x", as_of=ledger.as_of, record={KEY: counts})
    return {each.result.id: each for each in footings(profile, words_of(V1))}


def test_every_practice_is_live_or_by_documents_or_says_what_is_missing(rows: dict[str, Footing]) -> None:
    assert len(rows) == 30
    for name, row in rows.items():
        computed = {figure.name for figure in row.figures} & (probes.SCORED.keys() | probes.TIMED.keys())
        assert bool(computed) is (name in LIVE), name
        assert bool(row.figures) is (name not in DOCUMENTS), name
        for figure in row.figures:
            assert figure.known or figure.why is not None, figure.name
            if figure.name not in computed:
                assert figure.why is not None
                assert figure.why.code == catalogue.CATALOGUE[figure.name].missing


def test_the_live_ones_show_value_number_and_window(rows: dict[str, Footing]) -> None:
    for name in LIVE:
        known = [figure for figure in rows[name].figures if figure.known]
        assert known, name
        assert {figure.origin for figure in known} == {"own"}
        assert all(figure.n > 0 and figure.days in {90, 365} for figure in known if figure.name not in _MAY_BE_NONE), (
            name
        )
        assert (rows[name].ground == "own") is any(figure.why is None for figure in known), name
    assert {name for name in LIVE if rows[name].ground != "own"} == {"C2"}  # one urgent message is too few to judge
    assert {rows[name].ground for name in rows.keys() - LIVE} == {"nothing"}


#: Counts that are known to be 0 where there is nothing to count.
_MAY_BE_NONE = {"unchecked_translations"}


def test_whatever_waits_has_a_sentence_of_its_own() -> None:
    for name, spec in catalogue.CATALOGUE.items():
        assert spec.awaits is (name not in probes.SCORED | probes.TIMED), name
        assert not spec.awaits or spec.missing in SENTENCES, name


@pytest.mark.django_db
def test_the_page_says_it_of_all_thirty(cast: Cast) -> None:
    client = signed_in(cast.alice)
    place = "/a/harbour/practices/grounds/"
    assert "Nothing was assessed yet" in client.get(place).text
    assessments.start_from_own_record(agency=cast.agency, title="Our record", by=cast.alice)
    measuring.measure_waiting()
    page = client.get(place).text
    for practice in V1.practices:
        assert f"{practice.id} {practice.name}" in page.replace("&#x27;", "'"), practice.id
    assert "no record says who was trained" in page
    assert place in client.get("/a/harbour/practices/").text
