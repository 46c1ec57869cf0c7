"""Queries of watches: words, phrases and how they are joined.

    fire station            both, in any order (AND may be written)
    fire OR flood           one of them at least; AND, OR and NOT count in capitals only
    fire NOT drill          without that; -drill says the same
    "road closed"           these words in this order
    evacuat*                every word that begins so, also as the last of a phrase
    fire ~5 station         at most five words from one to the other; NEAR/5 says the same
    (fire OR blaze) AND station

Case, diacritics, width of letters and invisible signs make no difference (`tokens.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from callbox.core.text import Reason
from callbox.intelligence.engine import tokens

#: Bounds of one query: signs, words and phrases (once nearness is spelled out), parentheses within each other, words of nearness.
MOST_SIGNS: Final = 10_000
MOST_TERMS: Final = 500
MOST_DEPTH: Final = 20
MOST_APART: Final = 50
_LEAST_PREFIX: Final = 2


class QueryError(ValueError):
    """A query that cannot be used. reason: why, for people.  at: the place of the first sign that is wrong, counted from 0."""

    def __init__(self, code: str, at: int, **values: object) -> None:
        self.reason = Reason(code, {"place": at + 1, **values})
        self.at = at
        super().__init__(self.reason.sentence)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several in this order; `prefix`: the last of them may go on."""

    words: tuple[str, ...]
    prefix: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' if " " in self.text else self.text

    @property
    def text(self) -> str:
        """Return it as written, without quotation marks; a prefix ends with a star."""
        return tokens.written(self.words) + "*" * self.prefix


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms that do not overlap, from the last word of one to the first of the other at most `apart` words, in either order."""

    left: Term
    right: Term
    apart: int

    def __str__(self) -> str:
        return f"{self.left} ~{self.apart} {self.right}"


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """One of them at least."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, And) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """That not."""

    part: Node

    def __str__(self) -> str:
        return f"NOT ({self.part})" if isinstance(self.part, And | Or) else f"NOT {self.part}"


type Node = Term | Near | And | Or | Not


@dataclass(frozen=True)
class Query:
    """A query as understood; `str` writes it in one way, which reads as the same query."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)

    @cached_property
    def words(self) -> frozenset[str]:
        """Return the words and phrases that may bring a hit, folded; a prefix ends with a star. What NOT shuts out is not among them."""
        return frozenset(term.text for term in _terms(self.root, wanted_only=True))


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it cannot be read, is too large, or would find what holds none of its words; it says why and where.
    """
    if len(text) > MOST_SIGNS:
        raise QueryError("query_long", MOST_SIGNS, most=MOST_SIGNS)
    root = _Reader(text).whole()
    if sum(1 for _ in _terms(root)) > MOST_TERMS:
        raise QueryError("query_many", 0, most=MOST_TERMS)
    if _without_words(root):
        raise QueryError("query_only_not", 0)
    return Query(root)


def leaves(node: Node) -> Iterator[Term | Near]:
    """Yield what a query is made of, one for each time it stands there."""
    match node:
        case Not():
            yield from leaves(node.part)
        case And() | Or():
            for part in node.parts:
                yield from leaves(part)
        case _:
            yield node


_QUOTES: Final = '"“”„«»'
_PIECE: Final = re.compile(
    rf"""\s*(?:
    (?P<open>\() | (?P<close>\))
    | (?P<near>(?:~|NEAR/)(?P<apart>\d{{1,9}}))(?=[\s({_QUOTES}]|$)
    | (?P<operator>AND|OR|NOT)(?=[\s(){_QUOTES}]|$)
    | (?P<minus>[-−–](?=\S))
    | [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]?)
    | (?P<word>[^\s(){_QUOTES}]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of a query: "(", ")", AND, OR, NOT, NEAR or TERM."""

    kind: str
    at: int
    text: str = ""
    apart: int = 0
    term: Term | None = None


def _pieces(text: str) -> Iterator[_Piece]:
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _PIECE.match(text, place)
        assert found is not None  # noqa: S101 - the last branch takes whatever the others leave
        place = found.end()
        kind = found.lastgroup or ""
        at = (
            found.start("phrase") - 1 if kind in {"phrase", "end"} else found.start("near" if kind == "apart" else kind)
        )
        yield _piece(found, at)


def _piece(found: re.Match[str], at: int) -> _Piece:
    held = found.groupdict()
    if held["phrase"] is not None:
        if not held["end"]:
            raise QueryError("query_quote", at)
        return _Piece("TERM", at, term=_term(held["phrase"], at))
    if held["word"]:
        return _Piece("TERM", at, term=_term(held["word"], at))
    if held["near"]:
        apart = int(held["apart"])
        if not 1 <= apart <= MOST_APART:
            raise QueryError("query_apart", at, most=MOST_APART)
        return _Piece("NEAR", at, held["near"], apart)
    return _Piece("NOT", at, held["minus"]) if held["minus"] else _Piece(found[0].strip(), at, found[0].strip())


def _term(raw: str, at: int) -> Term:
    raw = raw.strip()
    body = raw.removesuffix("*")
    if "*" in body:
        raise QueryError("query_star", at)
    found = tuple(tokens.words(body))
    if not found:
        raise QueryError("query_no_word", at, text=raw[:40])
    prefix = body != raw and not tokens.unspaced(found[-1])
    if prefix and len(found[-1]) < _LEAST_PREFIX:
        raise QueryError("query_prefix", at, least=_LEAST_PREFIX)
    return Term(found, prefix)


class _Reader:
    """Reads the pieces of one query from left to right. NEAR binds most, then NOT, AND, OR."""

    def __init__(self, text: str) -> None:
        self._pieces = [*_pieces(text)]
        self._next = 0
        self._end = len(text.rstrip())

    def whole(self) -> Node:
        if not self._pieces:
            raise QueryError("query_empty", 0)
        root = self._either(0)
        if self._kind == ")":
            raise QueryError("query_unopened", self._pieces[self._next].at)
        return root

    @property
    def _kind(self) -> str:
        return self._pieces[self._next].kind if self._next < len(self._pieces) else ""

    def _take(self, kind: str) -> bool:
        if self._kind != kind:
            return False
        self._next += 1
        return True

    def _either(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self._take("OR"):
            parts.append(self._all(depth))
        return _joined(Or, parts)

    def _all(self, depth: int) -> Node:
        parts = [self._signed(depth)]
        while self._take("AND") or self._kind in {"TERM", "(", "NOT"}:
            parts.append(self._signed(depth))
        return _joined(And, parts)

    def _signed(self, depth: int) -> Node:
        negative = False
        while self._take("NOT"):
            negative = not negative
        node = self._nearby(depth)
        if not negative:
            return node
        return node.part if isinstance(node, Not) else Not(node)

    def _nearby(self, depth: int) -> Node:
        left = self._operand(depth)
        pairs: list[Node] = []
        while self._take("NEAR"):
            piece = self._pieces[self._next - 1]
            right = self._operand(depth)
            pairs.append(_near(left, right, piece))
            left = right
        return _joined(And, pairs) if pairs else left

    def _operand(self, depth: int) -> Node:
        piece = self._pieces[self._next] if self._next < len(self._pieces) else None
        if piece is not None and piece.term is not None:
            self._next += 1
            return piece.term
        if piece is None or piece.kind != "(":
            raise self._missing(piece)
        if depth == MOST_DEPTH:
            raise QueryError("query_deep", piece.at, most=MOST_DEPTH)
        self._next += 1
        node = self._either(depth + 1)
        if not self._take(")"):
            raise QueryError("query_unclosed", piece.at)
        return node

    def _missing(self, piece: _Piece | None) -> QueryError:
        before = self._pieces[self._next - 1] if self._next else None
        if before is not None and before.kind not in {"TERM", "(", ")"}:
            return QueryError("query_operator", before.at, word=before.text)
        if piece is None:
            return QueryError("query_unclosed", before.at if before else 0)
        if piece.kind == ")":
            return QueryError("query_nothing_inside" if before else "query_unopened", piece.at)
        return QueryError("query_operator", piece.at, word=piece.text)


def _joined(kind: type[And | Or], parts: list[Node]) -> Node:
    """Return the parts as one node, those of the same kind opened, each once."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def _near(left: Node, right: Node, piece: _Piece) -> Node:
    sides = [node.parts if isinstance(node, Or) else (node,) for node in (left, right)]
    if len(sides[0]) * len(sides[1]) > MOST_TERMS:
        raise QueryError("query_many", piece.at, most=MOST_TERMS)
    pairs: list[Node] = []
    for one in sides[0]:
        for other in sides[1]:
            if not (isinstance(one, Term) and isinstance(other, Term)):
                raise QueryError("query_near", piece.at, word=piece.text)
            pairs.append(Near(one, other, piece.apart))
    return _joined(Or, pairs)


def _terms(node: Node, *, shut_out: bool = False, wanted_only: bool = False) -> Iterator[Term]:
    """Yield the terms of a query, one for each time it stands there; `wanted_only`: only those whose presence may bring a hit."""
    match node:
        case Term():
            if not (shut_out and wanted_only):
                yield node
        case Near():
            if not (shut_out and wanted_only):
                yield from (node.left, node.right)
        case Not():
            yield from _terms(node.part, shut_out=not shut_out, wanted_only=wanted_only)
        case And() | Or():
            for part in node.parts:
                yield from _terms(part, shut_out=shut_out, wanted_only=wanted_only)


def _without_words(node: Node) -> bool:
    """Say whether a post with none of the words would be a hit."""
    match node:
        case Not():
            return not _without_words(node.part)
        case And():
            return all(_without_words(part) for part in node.parts)
        case Or():
            return any(_without_words(part) for part in node.parts)
        case _:
            return False
