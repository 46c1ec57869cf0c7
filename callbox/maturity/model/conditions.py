"""From a condition as it is written to a condition that can be judged, with every complaint about it."""

from __future__ import annotations

from collections.abc import Callable

from callbox.maturity.model import catalogue, quantities
from callbox.maturity.model.practices import Comparison, Condition, Kind, Scale
from callbox.maturity.model.written import WrittenCondition

#: The word of a condition that is wrong, and what is wrong with it.
type Complaint = tuple[str, str]
#: Called with the two.
type Complain = Callable[[str, str], None]


def condition(written: WrittenCondition, level: int) -> tuple[Condition, list[Complaint]]:
    """Return the condition and everything wrong with it; the condition is only good when nothing is."""
    complaints: list[Complaint] = []

    def complain(word: str, sentence: str) -> None:
        complaints.append((word, sentence))

    spec = None if written.kind is Kind.ATTESTED else _spec(written, complain)
    unit = spec.unit if spec else _attested_unit(written, complain)
    comparison, threshold = _threshold(written, unit, complain)
    key = _key(written, spec, threshold, complain) if spec else None
    _check_shape(written, comparison, complain)
    made = Condition(
        id=written.id,
        level=level,
        says=written.says,
        kind=written.kind,
        measure=written.measure,
        key=key,
        known=written.known,
        comparison=comparison,
        threshold=threshold,
        unit=unit,
        scale=written.scale,
        basis=written.basis,
        sources=written.sources,
        document=written.document or written.id,
        unless=written.unless_no_law or written.unless_none,
        unless_law=written.unless_no_law is not None,
    )
    return made, complaints


def _spec(written: WrittenCondition, complain: Complain) -> catalogue.Spec | None:
    if written.measure is None:
        complain("kind", f"a {written.kind} condition names its measure")
        return None
    spec = catalogue.CATALOGUE.get(written.measure)
    if spec is None:
        complain("measure", f"the catalogue has no measure “{written.measure}”")
    elif spec.statistic.value != written.kind.value:
        complain("kind", f"“{written.measure}” is judged as {spec.statistic}, not as {written.kind}")
    return spec


def _attested_unit(written: WrittenCondition, complain: Complain) -> str | None:
    if written.unit is not None and written.unit not in quantities.UNITS:
        complain("unit", f"the unit must be one of {', '.join(quantities.UNITS)}")
        return None
    return written.unit


def _threshold(
    written: WrittenCondition, unit: str | None, complain: Complain
) -> tuple[Comparison | None, float | None]:
    found = [(way, getattr(written, way.value)) for way in Comparison if getattr(written, way.value) is not None]
    if len(found) > 1:
        complain(found[1][0].value, "one condition compares with one threshold; write two conditions")
    if not found:
        return (Comparison.AT_MOST, 0.0) if written.kind is Kind.ZERO and not written.known else (None, None)
    way, figure = found[0]
    if unit is None:
        if written.kind is Kind.ATTESTED:
            complain(way.value, "an attested figure says its unit")
        return way, None
    try:
        return way, quantities.read(figure, unit)
    except ValueError as error:
        complain(way.value, str(error))
        return way, None


def _key(written: WrittenCondition, spec: catalogue.Spec, threshold: float | None, complain: Complain) -> str:
    if not spec.limits:
        return spec.name
    if threshold is None or int(threshold) not in spec.limits or written.at_most is None:
        limits = ", ".join(quantities.show(limit, "minutes") for limit in spec.limits)
        complain("at_most" if written.at_most else "measure", f"“{spec.name}” is judged at most at one of {limits}")
        return spec.keys[0]
    return catalogue.key(spec.name, int(threshold))


def _check_shape(written: WrittenCondition, comparison: Comparison | None, complain: Complain) -> None:
    """Refuse words that do not go together."""
    attested = written.kind is Kind.ATTESTED
    if attested and (written.measure or written.known):
        complain("measure" if written.measure else "known", "an attested condition has no measure")
    if not attested and written.document is not None:
        complain("document", "only an attested condition rests on a document")
    if not attested and written.unit is not None:
        complain("unit", "the unit of a measure stands in the catalogue")
    if not attested and written.known == (comparison is not None):
        complain("known", "a measured condition has either a threshold or “known: true”")
    if comparison is not None and written.basis is None:
        complain("id", f"the threshold of {written.id} does not say its basis")
    if written.scale is not Scale.NONE and (written.basis == "law" or comparison is None):
        complain("scale", "only a threshold that is no right of anyone follows the size of the agency")
    if written.kind is Kind.ZERO and comparison is Comparison.AT_MOST and written.at_most not in {None, 0}:
        complain("at_most", "breaches are counted against zero")
    if written.unless_none and written.unless_no_law:
        complain("unless_no_law", "one condition has one exception")
