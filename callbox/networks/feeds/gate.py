"""Who a feed's bytes must get past before anything reads their meaning. Pure.

A feed is some dozen entries of plain markup. What no feed needs is refused while it is being read (reliability T-49): entities of its
own, absurd depth, elements or attributes without number. What is merely broken is mended, as readers of feeds always had to.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final, cast

from lxml import etree

MAX_DEPTH: Final = 60
MAX_ELEMENTS: Final = 60_000
MAX_ATTRIBUTES: Final = 40
#: Entries that are read of one feed, the first ones: the newest, as feeds are written.
MAX_ENTRIES: Final = 300
#: Letters of one element's text that are kept, and bytes of one tag.
LONGEST_TEXT: Final = 60_000
LONGEST_TAG: Final = 2**15
_CHUNK: Final = 2**15
_LONG_TAG: Final = re.compile(rb"<[A-Za-z][^<>]{%d}" % LONGEST_TAG)
_SIGN: Final = re.compile(rb"&(#?[A-Za-z0-9]{1,31};)")
_XML_OWN: Final = {b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"}
_ROOTS: Final = {"feed", "rss", "RDF"}
_ENTRIES: Final = {"entry", "item"}


class NoFeedError(Exception):
    """What came is no feed, or none that is safe to read. The text says why, for people."""


def let_in(data: bytes, *, charset: str = "") -> bytes:
    """Return the feed as sound UTF-8 without any document type, with its first entries alone.

    charset: what the server said, believed only where the feed itself says nothing.

    Raises:
        NoFeedError: it is no feed, or holds what no feed needs.
    """
    if _LONG_TAG.search(data.replace(b"\0", b"")):
        raise NoFeedError("one of its tags does not end, so it is no feed")
    root = _tree(_SIGN.sub(_numbered, data) if b"\0" not in data[:64] else data, charset)
    if _name(root) not in _ROOTS:
        raise NoFeedError("what came is no feed")
    try:
        _shorten(root)
        return cast(bytes, etree.tostring(root, encoding="utf-8", xml_declaration=True))
    except ValueError as error:  # mended into signs that there are none of
        raise NoFeedError("what came could not be read as a feed") from error


def _shorten(root: etree._Element) -> None:
    """Leave the first entries, and of every text its beginning."""
    entries = [each for each in root.iter() if _name(each) in _ENTRIES]
    for each in entries[MAX_ENTRIES:]:
        parent = each.getparent()
        if parent is not None:
            parent.remove(each)
    for each in root.iter():
        if each.text and len(each.text) > LONGEST_TEXT:
            each.text = each.text[:LONGEST_TEXT]


def _tree(data: bytes, charset: str) -> etree._Element:
    """Parse it, counting as it grows."""
    try:
        parser = _parser(charset if _says_nothing(data) else "")
    except LookupError:  # the server named an encoding that nobody knows
        parser = _parser("")
    depth = elements = 0
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                elements += event == "start"
                _check(element, depth, elements)
        root = parser.close()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NoFeedError(f"what came could not be read as a feed: {str(error)[:120]}") from error
    if root is None:
        raise NoFeedError("what came is no feed")
    _check(root, 0, elements)
    return root


def _parser(charset: str) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=("start", "end"),
        encoding=charset or None,
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )


def _check(element: etree._Element, depth: int, elements: int) -> None:
    if depth > MAX_DEPTH:
        raise NoFeedError(f"it is nested more than {MAX_DEPTH} levels deep, so it is no feed")
    if elements > MAX_ELEMENTS:
        raise NoFeedError(f"it holds more than {MAX_ELEMENTS:,} elements, so it is no feed")
    if len(element.attrib) > MAX_ATTRIBUTES:
        raise NoFeedError(f"one of its elements has more than {MAX_ATTRIBUTES} attributes, so it is no feed")
    if depth <= 1:
        kind = element.getroottree().docinfo.internalDTD
        if kind is not None and any(True for _ in kind.iterentities()):
            raise NoFeedError("it defines entities of its own, which no feed needs")


def _numbered(found: re.Match[bytes]) -> bytes:
    """Return a sign that HTML has a name for by its number, which XML knows too; a number that is no sign's as U+FFFD."""
    name = found[1].decode("ascii")
    if name.startswith("#"):
        return found[0] if _is_sign(name[1:-1].lower()) else b"&#xFFFD;"
    signs = html5.get(name, "") if found[1] not in _XML_OWN else ""
    return "".join(f"&#{ord(sign)};" for sign in signs).encode() or found[0]


def _is_sign(number: str) -> bool:
    try:
        value = int(number[1:], 16) if number.startswith("x") else int(number)
    except ValueError:
        return False
    return 0 < value < 0xD800 or 0xE000 <= value <= 0x10FFFF


def _says_nothing(data: bytes) -> bool:
    """Whether neither a mark at the beginning nor a declaration tells the encoding."""
    head = data[:200].lstrip()
    return (
        not head.startswith((b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")) and b"encoding" not in head.partition(b"?>")[0]
    )


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
