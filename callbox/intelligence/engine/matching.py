"""Which watches a post matches: every query at once, by a dictionary of terms.

A post is split into words once; its words and its runs of two and three words are looked up among the terms of all queries. A query is
looked at only when one of the words it cannot do without is there (its anchor: the rarest clause of it), and is then decided on the set of
terms found. What the dictionary cannot hold (longer phrases, words that may go on, nearness) is checked in the text, and only where what
leads to it was found. One query more costs some microseconds; nothing is built anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Final, NamedTuple

from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.query import And, Near, Node, Not, Or, Query, Term, leaves
from callbox.intelligence.engine.terms import Key, Terms, Usual, key_of


class Hit(NamedTuple):
    """One query that a post matches. key: its name.  words: the terms that decided, in the order of the query."""

    key: int
    words: tuple[str, ...]


_BY_KEY: Final = itemgetter(0)  # no two hits have the same


class Matcher:
    """Queries by number, and which of them a text matches."""

    def __init__(self) -> None:
        self._rules: dict[int, _Rule] = {}
        self._terms = Terms()
        self._entries: dict[Key, _Entry] = {}
        self._usual = Usual()

    def __len__(self) -> int:
        return len(self._rules)

    def add(self, key: int, query: Query, languages: Iterable[str] = frozenset()) -> None:
        """Add a query, or put it in the place of the one of that key.

        `languages` (BCP 47) narrows it to texts of these languages; a text whose language nobody states is not shut out by them.
        """
        self.remove(key)
        rule = _Rule(key, query.root, frozenset(map(_primary, languages)))
        for leaf in rule.terms:
            self._terms.use(leaf)
        self._rules[key] = rule
        self._anchor(rule)

    def remove(self, key: int) -> None:
        """Take a query away; of an unknown key, do nothing."""
        rule = self._rules.pop(key, None)
        if rule is None:
            return
        self._lift(rule)
        for leaf in rule.terms:
            self._terms.drop(leaf)

    def match(self, text: str, language: str = "") -> list[Hit]:
        """Return every query that `text` matches, by key. `language`: BCP 47 as stated, empty when not."""
        words = tokens.words(text)
        if self._usual.learns(words):
            for rule in self._rules.values():
                self._lift(rule)
                self._anchor(rule)
        return self._decide(self._terms.find(words), _primary(language) if language else "")

    def _decide(self, found: set[Key], spoken: str) -> list[Hit]:
        """Return the hits of a text in which these terms were found."""
        hits: list[Hit] = []
        several = False
        entries = self._entries
        for key in found:
            entry = entries.get(key)
            if entry is None:
                continue
            if entry.ready:
                hits.extend(entry.ready.values())
            for rule in entry.rules.values():
                if (
                    rule.required <= found
                    and rule.forbidden.isdisjoint(found)
                    and (rule.simple or rule.holds(found, spoken))
                ):
                    hits.append(rule.hit or rule.decided(found))
                    several = several or rule.several
        if several:
            hits = list({hit.key: hit for hit in hits}.values())
        hits.sort(key=_BY_KEY)
        return hits

    def _anchor(self, rule: _Rule) -> None:
        """Put `rule` where it is looked at: with the terms of its rarest clause."""
        rule.anchors = self._usual.rarest(rule.root)[1]
        rule.several = len(rule.anchors) > 1
        for key in rule.anchors:
            entry = self._entries.setdefault(key, _Entry())
            if rule.hit is not None and rule.simple and not rule.forbidden and rule.required == {key}:
                entry.ready[rule.key] = rule.hit
            else:
                entry.rules[rule.key] = rule

    def _lift(self, rule: _Rule) -> None:
        for key in rule.anchors:
            entry = self._entries[key]
            entry.ready.pop(rule.key, None)
            entry.rules.pop(rule.key, None)
            if not entry.ready and not entry.rules:
                del self._entries[key]


class _Entry:
    """What is looked at when one term is found. ready: queries of this term alone, decided by it.  rules: the others."""

    __slots__ = ("ready", "rules")

    def __init__(self) -> None:
        self.ready: dict[int, Hit] = {}
        self.rules: dict[int, _Rule] = {}


class _Rule:
    """A query taken apart for sets: all of `required`, none of `forbidden`, one of each of `choices`, and `rest` node by node."""

    __slots__ = (
        "anchors", "choices", "forbidden", "hit", "key", "languages", "required", "rest", "root", "several", "simple", "terms"
    )  # fmt: skip

    def __init__(self, key: int, root: Node, languages: frozenset[str]) -> None:
        self.key, self.root, self.languages = key, root, languages
        self.terms = frozenset(map(key_of, leaves(root)))
        self.anchors: tuple[Key, ...] = ()
        self.several = False
        required: list[Key] = []
        forbidden: list[Key] = []
        choices: list[frozenset[Key]] = []
        rest: list[Node] = []
        for part in root.parts if isinstance(root, And) else (root,):
            match part:
                case Term() | Near():
                    required.append(key_of(part))
                case Not(Term() | Near() as inner):
                    forbidden.append(key_of(inner))
                case Or() if all(isinstance(one, Term | Near) for one in part.parts):
                    choices.append(frozenset(key_of(one) for one in part.parts if isinstance(one, Term | Near)))
                case _:
                    rest.append(part)
        self.required, self.forbidden = frozenset(required), frozenset(forbidden)
        self.choices, self.rest = tuple(choices), tuple(rest)
        self.simple = not (choices or rest or languages)
        self.hit = None if choices or rest else self.decided(self.required)

    def holds(self, found: set[Key], language: str) -> bool:
        """Say whether everything but `required` and `forbidden` holds."""
        return (
            not (self.languages and language and language not in self.languages)
            and not any(choice.isdisjoint(found) for choice in self.choices)
            and all(_holds(node, found) for node in self.rest)
        )

    def decided(self, found: Iterable[Key]) -> Hit:
        """Return the hit with the terms that made it one."""
        return Hit(self.key, tuple(dict.fromkeys(_deciding(self.root, frozenset(found)))))


def _holds(node: Node, found: AbstractSet[Key]) -> bool:
    match node:
        case And():
            return all(_holds(part, found) for part in node.parts)
        case Or():
            return any(_holds(part, found) for part in node.parts)
        case Not():
            return not _holds(node.part, found)
        case _:
            return key_of(node) in found


def _deciding(node: Node, found: AbstractSet[Key]) -> Iterator[str]:
    """Yield the terms by which a node holds; what is there only because something else is missing decides nothing."""
    match node:
        case And():
            for part in node.parts:
                yield from _deciding(part, found)
        case Or():
            for part in node.parts:
                if _holds(part, found):
                    yield from _deciding(part, found)
        case Term():
            yield node.text
        case Near():
            yield node.left.text
            yield node.right.text
        case Not():
            pass


def _primary(language: str) -> str:
    """Return the language itself of a BCP 47 tag: "en" of "en-GB"."""
    return language.split("-", 1)[0].lower()
