"""`callbox bench match`: posts a processor second against thousands of watches, beside daachorse and PostgreSQL.

Real posts of crises with noise, watches made of other posts (`benchmarks.listening`). daachorse (an Aho-Corasick automaton in Rust) finds
the same terms and leaves the same deciding to the same code, so what differs is the dictionary. PostgreSQL holds the watches in a table by
their anchor and verifies with tsquery, 200 posts at a time; its own processor time is not seen from here, so its rate is by wall time.
All must give the same answers for the first thousand posts. Median of three.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.listening import rate, stream, watches
from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.matching import Hit, Matcher
from callbox.intelligence.engine.query import And, Near, Node, Not, Or, Query, Term, parse
from callbox.intelligence.engine.terms import Key, Usual

ROWS: Final = (1_000, 10_000, 100_000)
GOALS: Final = {1_000: 100_000, 10_000: 70_000, 100_000: 30_000}
_POSTS: Final = 10_000
_SAME: Final = 1_000
_BATCH: Final = 200


class AutomatonMatcher(Matcher):
    """The same with its terms found by daachorse."""

    def build(self) -> None:
        """Make the automaton of all terms: anew for every change."""
        from daachorse import CharwiseDoubleArrayAhoCorasick  # noqa: PLC0415

        self._keys = list(self._terms)
        texts = [
            key if isinstance(key, str) else " ".join(map(str, key))
            for key in self._keys
            if isinstance(key, str | tuple)
        ]
        self._automaton = CharwiseDoubleArrayAhoCorasick([f" {text} " for text in texts])

    def match(self, text: str, language: str = "") -> list[Hit]:
        padded = f" {' '.join(tokens.words(text))} "
        found = {self._keys[number] for _, _, number in self._automaton.find_overlapping(padded)}
        return self._decide(found, language)


class Postgres:
    """The same in PostgreSQL."""

    def __init__(self, address: str, queries: Sequence[Query], texts: Sequence[str]) -> None:
        import psycopg  # noqa: PLC0415

        usual = Usual()
        for text in texts:
            usual.learns(tokens.words(text))
        self._server = psycopg.connect(address, autocommit=True)
        self._server.execute("SET jit = off")  # compiling costs more than it brings to queries this short
        self._server.execute("CREATE TEMP TABLE watch (anchor text, key int, query tsquery)")
        with self._server.cursor().copy("COPY watch FROM STDIN") as copy:
            for key, query in enumerate(queries):
                for anchor in usual.rarest(query.root)[1]:
                    word = anchor if isinstance(anchor, str) else max(map(str, _words(anchor)), key=len)
                    copy.write_row((word, key, _tsquery(query.root)))
        self._server.execute("CREATE INDEX ON watch (anchor)")
        self._server.execute("ANALYZE watch")

    def match(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the keys that each text matches."""
        found: list[list[int]] = []
        for first in range(0, len(texts), _BATCH):
            batch = [_tsvector(text) for text in texts[first : first + _BATCH]]
            hits = self._server.execute(
                "WITH post AS MATERIALIZED (SELECT n, v::tsvector AS v FROM unnest(%s::text[]) WITH ORDINALITY AS given(v, n)) "
                "SELECT DISTINCT n, key FROM post, unnest(tsvector_to_array(v)) AS word "
                "JOIN watch ON anchor = word WHERE v @@ query ORDER BY n, key",
                [batch],
            )
            lists: list[list[int]] = [[] for _ in batch]
            for number, key in hits:
                lists[number - 1].append(key)
            found += lists
        return found


def run(rows: Sequence[int] = ROWS) -> dict[str, Any]:
    """Match real posts against each number of watches."""
    from tests.postgres import start  # noqa: PLC0415 - starts a server

    texts = stream().texts
    texts = list(texts[:: max(1, len(texts) // _POSTS)])[:_POSTS]
    address = start()
    return {
        "bench": "match",
        "what": __doc__,
        "posts": len(texts),
        "results": [_one(count, texts, address) for count in rows],
    }


def _one(count: int, texts: list[str], address: str) -> dict[str, Any]:
    queries = [parse(text) for text in watches(count)]
    own, automaton, postgres = Matcher(), AutomatonMatcher(), Postgres(address, queries, texts[:2_000])
    begins = time.process_time()
    for key, query in enumerate(queries):
        own.add(key, query)
    added = time.process_time() - begins
    for key, query in enumerate(queries):
        automaton.add(key, query)
    begins = time.process_time()
    automaton.build()
    built = time.process_time() - begins
    answers = [[hit.key for hit in own.match(text)] for text in texts[:_SAME]]
    same = answers == [[hit.key for hit in automaton.match(text)] for text in texts[:_SAME]]
    same = same and answers == postgres.match(texts[:_SAME])
    hits = sum(len(own.match(text)) for text in texts)  # and what is rare is learnt
    automaton._entries, automaton._rules = own._entries, own._rules
    wall = time.perf_counter()
    postgres.match(texts[:_SAME])
    return {
        "watches": count,
        "goal": GOALS.get(count),
        "same_answers": same,
        "hits_a_post": hits / len(texts),
        "microseconds_to_add_one": added / count * 1e6,
        "seconds_to_build_automaton": built,
        "callbox": rate(len(texts), lambda: [own.match(text) for text in texts]),
        "daachorse": rate(len(texts), lambda: [automaton.match(text) for text in texts]),
        "postgresql_wall": _SAME / (time.perf_counter() - wall),
    }


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines for people."""
    lines = [
        f"{'watches':>9} {'callbox':>10} {'goal':>9} {'daachorse':>10} {'PostgreSQL':>11}   posts a processor second"
    ]
    for one in result["results"]:
        lines.append(
            f"{one['watches']:>9,} {one['callbox']:>10,.0f} {one['goal'] or 0:>9,} {one['daachorse']:>10,.0f} "
            f"{one['postgresql_wall']:>11,.0f}   {one['hits_a_post']:.2f} hits a post, "
            f"{'the same answers' if one['same_answers'] else 'DIFFERENT ANSWERS'}"
        )
        lines.append(
            f"{'':9} {one['callbox'] / one['daachorse']:.2f} of daachorse; one watch more takes "
            f"{one['microseconds_to_add_one']:.0f} us, the automaton is built anew in {one['seconds_to_build_automaton']:.2f} s"
        )
    return "\n".join([*lines, "PostgreSQL: posts a second by the clock."])


def _tsvector(text: str) -> str:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(tokens.words(text), 1):
        places.setdefault(word, []).append(place)
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())


def _tsquery(node: Node) -> str:
    match node:
        case Term():
            return "(" + " <-> ".join(f"'{word}'" for word in node.words) + ")"
        case And():
            return "(" + " & ".join(map(_tsquery, node.parts)) + ")"
        case Or():
            return "(" + " | ".join(map(_tsquery, node.parts)) + ")"
        case Not():
            return f"!{_tsquery(node.part)}"
        case Near():
            raise ValueError("the watches of this bench have no nearness")


def _words(key: Key) -> Sequence[str]:
    assert isinstance(key, tuple)
    return key
