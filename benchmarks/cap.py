"""`callbox bench cap`: alerts a second written and checked, and the corpus of bad shapes refused whole.

One process. `Callbox` writes an alert, reads its bytes back through the schema of CAP 1.2, holds it against our own profile (names, what
it follows, hours, languages, shapes) and signs it: all that publishing does beside the database. The shapes have 5, 40 and 200 points,
the alerts two languages. `capvalidator` checks the same bytes against the schema alone; it parses the schema anew for every alert, so
`lxml` with the schema parsed once stands beside it as the floor. Then every bad shape of the tests goes through the three of them.
Goal: 1,000 alerts a second, every bad shape refused (cap-composer issue 67: self-crossing polygons went out).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import capvalidator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lxml import etree

from callbox.core.signing import SigningKey
from callbox.operations.cap import checking, geometry
from callbox.operations.cap.vocabulary import Area, Message
from callbox.operations.cap.writing import write
from tests.operations.cap.samples import BAD_CIRCLES, BAD_RINGS, HOME, NESTED, SETTING, info, message

GOAL: Final = 1_000
POINTS: Final = (5, 40, 200)
#: Seconds a slow peer is measured for.
LONGEST: Final = 5.0


def run(rows: Sequence[int] = (2_000,)) -> dict[str, Any]:
    """Measure with each number of alerts, for shapes of each number of points."""
    key = SigningKey(Ed25519PrivateKey.generate())
    results = [_measure(count, points, key) for count in rows for points in POINTS]
    return {"bench": "cap", "what": __doc__, "goal": GOAL, "results": results, "corpus": _corpus()}


def _measure(count: int, points: int, key: SigningKey) -> dict[str, Any]:
    alerts = [_alert(number, points) for number in range(count)]
    files_ = [write(each) for each in alerts]

    def ours(number: int) -> bool:
        data, found = checking.finished(alerts[number], SETTING)
        key.sign(data)
        return not found

    schema = etree.XMLSchema(etree.fromstring(_schema()))
    return {
        "alerts": count,
        "points": points,
        "bytes": len(files_[0]),
        "callbox": _rate(ours, count),
        "capvalidator": _rate(lambda number: bool(capvalidator.check_schema(files_[number]).passed), count),
        "lxml": _rate(lambda number: bool(schema.validate(etree.fromstring(files_[number]))), count),
    }


def _rate(check: Callable[[int], bool], count: int) -> dict[str, float]:
    """Return how many a second of processor time passed, and how many did not pass."""
    begun, wall, bad, done = time.process_time(), time.monotonic(), 0, 0
    for number in range(count):
        bad += not check(number)
        done += 1
        if time.monotonic() - wall > LONGEST:
            break
    return {"per_cpu_second": done / (time.process_time() - begun), "done": done, "refused": bad}


def _alert(number: int, points: int) -> Message:
    """Return a sound alert of two languages, its shape a ring of `points` corners, no two alerts the same."""
    south, west = 51.5 + number % 40 / 1_000, -0.1 + number // 40 / 1_000
    around = [2 * math.pi * step / (points - 1) for step in range(points - 1)]
    ring = [(south + 0.02 * math.sin(angle), west + 0.03 * math.cos(angle)) for angle in around]
    area = Area("The harbour", (geometry.rounded([*ring, ring[0]]),))
    words = info(areas=(area,))
    spanish = replace(words, language="es", areas=(replace(area, description="El puerto"),))
    return message(identifier=f"harbour-20261122-{number}", infos=(words, spanish))


def _corpus() -> dict[str, Any]:
    areas = {f"outline: {name}": Area("x", (ring,)) for name, (ring, _code) in BAD_RINGS.items()}  # type: ignore[arg-type]
    areas |= {f"circle: {name}": Area("x", (), (circle,)) for name, (circle, _code) in BAD_CIRCLES.items()}
    areas |= {f"nested: {name}": Area("x", rings) for name, rings in NESTED.items()}
    through = [name for name, area in areas.items() if not geometry.problems([area], home=_home(name))]
    schema = [name for name, area in areas.items() if _passes(area)]
    return {"shapes": len(areas), "callbox_let_through": through, "capvalidator_let_through": schema}


def _home(name: str) -> geometry.Box | None:
    return None if "180" in name or "pole" in name else HOME


def _passes(area: Area) -> bool:
    try:
        data = write(message(areas=(area,)))
    except ValueError:  # three numbers a point cannot even be written
        return False
    return bool(capvalidator.check_schema(data).passed)


def _schema() -> bytes:
    return files("callbox.operations.cap").joinpath("schema", "CAP-v1.2.xsd").read_bytes()


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = [f"CAP alerts a second of processor time; goal: {result['goal']} written, checked and signed"]
    for one in result["results"]:
        lines.append(f"\n{one['points']} points, {one['bytes']} bytes")
        lines += [
            f"  {name:13} {one[name]['per_cpu_second']:9.0f} a second   {one[name]['refused']:.0f} of {one[name]['done']:.0f} refused"
            for name in ("callbox", "capvalidator", "lxml")
        ]
    corpus = result["corpus"]
    lines.append(f"\nBad shapes: {corpus['shapes']}")
    for name in ("callbox", "capvalidator"):
        let = corpus[f"{name}_let_through"]
        lines.append(f"  {name:13} lets {len(let)} through{': ' + ', '.join(let) if 0 < len(let) < 4 else ''}")
    return "\n".join(lines)
