"""A CAP 1.2 file to a message, or to a list of what is wrong with it, each with its line. Pure, and safe against hostile files.

The file is decoded and looked over before the XML parser sees it: nothing larger than `LARGEST`, no document type (so no entity, no
DTD, nothing from outside), no alphabet but a few, no flood of elements or attributes. What is left goes to lxml with everything off
that reaches beyond the file, and then through the schema of the standard, which stands in `schema/` unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

from lxml import etree

from callbox.operations.cap.geometry import points
from callbox.operations.cap.vocabulary import NAMESPACE, Area, Circle, Info, Message, Pair, Reference, Resource
from callbox.operations.cap.words import Problem

#: Bytes of a file.
LARGEST: Final = 2_000_000
#: Elements, and quoted values, of a file.
MOST_PARTS: Final = 20_000
#: Problems that are told; the rest is the same again.
TOLD: Final = 20
_OTHER_VERSION: Final = re.compile(r"urn:oasis:names:tc:emergency:cap:(\d\.\d)|http://www\.incident\.com/cap/(\d\.\d)")
_DECLARED: Final = re.compile(r"""\A<\?xml\s[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]{0,80}\?>""")
_DECLARATION: Final = re.compile(r"\A<\?xml\s[^>]{0,200}\?>")
_QUOTED: Final = re.compile(r"""=\s*["']""")
#: Alphabets that are read, as Python names them.
_ALPHABETS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1", "latin1": "latin-1",
    "windows-1252": "cp1252", "iso-8859-15": "iso8859-15", "utf-16": "utf-16",
}  # fmt: skip
_Q: Final = f"{{{NAMESPACE}}}"
_CIRCLE: Final = re.compile(r"(\S+)\s+(\d{1,7}(?:\.\d{1,20})?)")


class UnreadableError(Exception):
    """The file is no CAP 1.2 alert. problems: everything that was found, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(each.sentence for each in self.problems))


def read(data: bytes) -> Message:
    """Return the message in a file.

    Raises:
        UnreadableError: it holds none; it says why, with the lines.
    """
    root = _parsed(_text(data))
    schema = _schema()
    if not schema.validate(root):
        raise UnreadableError(_schema_problems(schema.error_log))
    return _message(root)


def _text(data: bytes) -> str:
    """Return the file as text, decoded as it says, looked over for what no alert has."""
    if len(data) > LARGEST:
        raise UnreadableError([Problem("too_large", values={"limit": LARGEST})])
    text = _decoded(data).lstrip("\ufeff")
    if max(text.count("<"), sum(1 for _each in _QUOTED.finditer(text))) > MOST_PARTS:
        raise UnreadableError([Problem("too_many_parts", values={"limit": MOST_PARTS})])
    body = _DECLARATION.sub("", text, count=1)
    if _declares_type(body):
        raise UnreadableError([Problem("has_doctype")])
    return "\n" * (text[: len(text) - len(body)].count("\n")) + body  # the lines stay where they were


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    else:
        declared = _DECLARED.match(data[:300].removeprefix(b"\xef\xbb\xbf").decode("latin-1"))
        name = declared[1].lower() if declared else "utf-8"
    alphabet = _ALPHABETS.get(name)
    if alphabet is None:
        raise UnreadableError([Problem("odd_encoding", values={"name": name})])
    try:
        return data.decode(alphabet)
    except UnicodeDecodeError:
        raise UnreadableError([Problem("bad_encoding")]) from None


def _declares_type(body: str) -> bool:
    """Whether a document type stands before the first element; comments and instructions may."""
    place = 0
    while True:
        while place < len(body) and body[place].isspace():
            place += 1
        if body.startswith("<!--", place):
            end, skip = body.find("-->", place + 4), 3
        elif body.startswith("<?", place):
            end, skip = body.find("?>", place + 2), 2
        else:
            return body.startswith("<!", place)
        if end < 0:
            return False  # the parser will say what is wrong
        place = end + skip


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        said = str(error.msg or "").partition(", line ")[0][:200]
        raise UnreadableError([Problem("not_xml", f"line {error.lineno}", {"said": said or "it is empty"})]) from None
    if root.tag == f"{_Q}alert":
        return root
    name = etree.QName(root)
    version = _OTHER_VERSION.match(name.namespace or "")
    if version is not None and name.localname == "alert":
        raise UnreadableError([Problem("other_version", values={"version": version[1] or version[2]})])
    raise UnreadableError([Problem("not_cap", f"line {root.sourceline}", {"name": name.localname[:60]})])


@cache
def _schema() -> etree.XMLSchema:
    """Return the schema of the standard."""
    data = files(__package__).joinpath("schema", "CAP-v1.2.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(data))


def _schema_problems(log: Any) -> list[Problem]:
    found: dict[tuple[int, str], Problem] = {}
    for entry in log:
        said = re.sub(r"\{[^}]*\}", "", entry.message).replace("Element ", "").strip().rstrip(".")[:300]
        place = re.match(r"'\w+'", said)
        key = entry.line, place[0] if place else said  # the pattern and the type say the same of one value
        found.setdefault(key, Problem("against_schema", f"line {entry.line}", {"said": said}))
    return list(found.values())[:TOLD]


def _message(root: etree._Element) -> Message:
    found: list[Problem] = []
    said = _said(root)
    message = Message(
        identifier=said.get("identifier", ""),
        sender=said.get("sender", ""),
        sent=_needed(_when(root, "sent", found)),
        status=cast("Any", said.get("status", "")),
        kind=cast("Any", said.get("msgType", "")),
        scope=cast("Any", said.get("scope", "")),
        source=said.get("source", ""),
        restriction=said.get("restriction", ""),
        addresses=said.get("addresses", ""),
        codes=_all(root, "code"),
        note=said.get("note", ""),
        references=_references(root, found),
        incidents=said.get("incidents", ""),
        infos=tuple(_info(each, found) for each in root.iterchildren(f"{_Q}info")),
    )
    if found:
        raise UnreadableError(found[:TOLD])
    return message


def _info(place: etree._Element, found: list[Problem]) -> Info:
    said = _said(place)
    return Info(
        language=said.get("language", "") or "en-US",  # the default of the standard
        category=cast("Any", _all(place, "category")),
        event=said.get("event", ""),
        response=cast("Any", _all(place, "responseType")),
        urgency=cast("Any", said.get("urgency", "")),
        severity=cast("Any", said.get("severity", "")),
        certainty=cast("Any", said.get("certainty", "")),
        audience=said.get("audience", ""),
        event_codes=_pairs(place, "eventCode"),
        effective=_when(place, "effective", found),
        onset=_when(place, "onset", found),
        expires=_when(place, "expires", found),
        sender_name=said.get("senderName", ""),
        headline=said.get("headline", ""),
        description=said.get("description", ""),
        instruction=said.get("instruction", ""),
        web=said.get("web", ""),
        contact=said.get("contact", ""),
        parameters=_pairs(place, "parameter"),
        resources=tuple(_resource(each) for each in place.iterchildren(f"{_Q}resource")),
        areas=tuple(_area(each, found) for each in place.iterchildren(f"{_Q}area")),
    )


def _area(place: etree._Element, found: list[Problem]) -> Area:
    said, polygons = _said(place), []
    for each in place.iterchildren(f"{_Q}polygon"):
        try:
            polygons.append(points(each.text or ""))
        except ValueError as error:
            found.append(error.args[0].within(f"line {each.sourceline}"))
    circles = [_circle(each, found) for each in place.iterchildren(f"{_Q}circle")]
    return Area(
        description=said.get("areaDesc", ""),
        polygons=tuple(ring for ring in polygons if ring),
        circles=tuple(each for each in circles if each is not None),
        geocodes=_pairs(place, "geocode"),
        altitude=_number(said.get("altitude", "")),
        ceiling=_number(said.get("ceiling", "")),
    )


def _circle(place: etree._Element, found: list[Problem]) -> Circle | None:
    text = (place.text or "").strip()
    match = _CIRCLE.fullmatch(text)
    try:
        centre = points(match[1]) if match else ()
    except ValueError:
        centre = ()
    if match is None or len(centre) != 1:
        found.append(Problem("bad_circle", f"line {place.sourceline}", {"text": text[:60]}))
        return None
    return Circle(*centre[0], float(match[2]))


def _resource(place: etree._Element) -> Resource:
    said = _said(place)
    size = said.get("size", "")
    return Resource(
        description=said.get("resourceDesc", ""),
        type=said.get("mimeType", ""),
        size=int(size) if size and len(size) < 19 else None,
        uri=said.get("uri", ""),
        digest=said.get("digest", ""),
    )


def _references(root: etree._Element, found: list[Problem]) -> tuple[Reference, ...]:
    known = []
    element = root.find(f"{_Q}references")
    for word in (element.text or "").split() if element is not None else ():
        parts = word.split(",")
        if len(parts) != 3 or not all(parts):
            found.append(Problem("bad_reference", f"line {element.sourceline}", {"text": word[:120]}))
            continue
        known.append(Reference(*parts))
    return tuple(known)


def _when(place: etree._Element, name: str, found: list[Problem]) -> datetime | None:
    element = place.find(f"{_Q}{name}")
    if element is None:
        return None
    text = (element.text or "").strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # the schema knows offsets that no clock has
        found.append(Problem("bad_time", f"line {element.sourceline}", {"text": text[:40]}))
        return None


def _needed(moment: datetime | None) -> datetime:
    return (
        moment if moment is not None else datetime.min.replace(tzinfo=UTC)
    )  # the problem is told, so nobody sees this


def _pairs(place: etree._Element, name: str) -> tuple[Pair, ...]:
    pairs = (_said(each) for each in place.iterchildren(f"{_Q}{name}"))
    return tuple((pair.get("valueName", ""), pair.get("value", "")) for pair in pairs)


def _all(place: etree._Element, name: str) -> tuple[str, ...]:
    return tuple((each.text or "").strip() for each in place.iterchildren(f"{_Q}{name}"))


def _said(place: etree._Element) -> dict[str, str]:
    """Return the words of each child that stands there, the first of a name, in one pass."""
    found: dict[str, str] = {}
    for child in place.iterchildren(f"{_Q}*"):
        found.setdefault(child.tag[len(_Q) :], (child.text or "").strip())
    return found


def _number(text: str) -> float | None:
    return float(text) if text else None
