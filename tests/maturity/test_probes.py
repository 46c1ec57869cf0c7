"""Every measure of the catalogue is computed, with the unit, statistic and window that the catalogue states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callbox.core.measure import Window
from callbox.maturity.model import catalogue
from callbox.maturity.scoring import probes
from callbox.maturity.tables import SCHEMAS
from callbox.networks.ledger import Ledger
from tests.networks.measures.record import NOW, answer, contact, ledger, post

FULL = ledger(
    [post(day, likes=1, reposts=1, images=1, images_described=1, videos=1, videos_captioned=1) for day in range(170)]
    + [answer(2)],
    contacts=[contact(3, timedelta(hours=1)) for _ in range(40)],
)


def test_every_key_of_the_catalogue_has_a_figure_and_every_figure_a_known_name() -> None:
    figures = probes.measure_all(FULL)
    keys = dict(catalogue.keys())
    assert keys.keys() | probes.SHOWN.keys() == figures.keys()
    assert not probes.SHOWN.keys() & keys.keys()
    assert all(figure.name == key for key, figure in figures.items())


def test_figures_are_what_the_catalogue_says_they_are() -> None:
    for record in (FULL, ledger(), Ledger("nobody", datetime(2000, 1, 1, tzinfo=UTC))):
        figures = probes.measure_all(record)
        for key, spec in list(catalogue.keys()):
            figure = figures[key]
            assert (figure.unit, figure.statistic) == (spec.unit, spec.statistic), key
            assert figure.window == Window.trailing(record.as_of, days=spec.window_days), key
            assert set(spec.tables) <= set(figure.tables), key
            assert figure.shown or figure.reason is not None, key


def test_what_is_computed_does_not_await_its_tables_and_the_rest_does() -> None:
    computed = probes.SCORED.keys() | probes.TIMED.keys()
    for name, spec in catalogue.CATALOGUE.items():
        if not spec.awaits:
            assert name in computed, name
        if name in computed:
            assert set(spec.tables) <= SCHEMAS.keys(), name


def test_a_figure_that_waits_names_the_table() -> None:
    figure = probes.measure_all(FULL)["moderation_logged"]
    assert figure.reason is not None
    assert figure.reason.sentence == "this record has no table of moderation"


def test_the_tables_a_figure_reads_do_not_depend_on_the_record() -> None:
    for record in (FULL, ledger(), ledger(carries=[])):
        for key, figure in probes.measure_all(record).items():
            assert set(figure.tables) == probes.tables()[key], key


def test_no_measure_looks_further_back_than_the_lookback() -> None:
    old = [post(days, likes=5, urgent=True, language="en", release="x") for days in (180.5, 300, 1000)]
    recent = [post(days, likes=3) for days in (1, 50, 100, 179)]
    with_old, without = (probes.measure_all(ledger([*posts])) for posts in (recent + old, recent))
    assert with_old == without
    assert NOW - timedelta(days=probes.LOOKBACK_DAYS) < NOW


def test_every_figure_that_is_only_shown_has_its_words() -> None:
    assert catalogue.SHOWN.keys() == probes.SHOWN.keys()
