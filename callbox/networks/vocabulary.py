"""The words every network shares: what an author wrote, what one account will show of it, what a network answered, what arrived.

Plain values without a database and without a network. A rendition is everything the public will see of one message on one account;
its digest is what an approval is bound to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from callbox.core.plain import canonical
from callbox.core.text import Reason

type MediaKind = Literal["image", "video"]
#: How something reached the agency, as the ledger's `contacts.door` says it.
type Door = Literal["comment", "mention", "message", "enquiry"]


@dataclass(frozen=True, slots=True)
class Media:
    """One image or video. sha256: of the bytes that will be sent.  type: MIME.  size: bytes.  alt: what it shows, for those who
    cannot see it.  captions: SHA-256 of the WebVTT file of a video, empty without one.  width, height: pixels, 0 when unknown.
    """

    sha256: str
    kind: MediaKind
    type: str
    size: int
    alt: str = ""
    captions: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """The same words in another language (BCP 47). source: SHA-256 of the words it was made from, `translations.source_of`."""

    language: str
    text: str
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One language version as the public sees it. behind: it does not hold the newest correction."""

    language: str
    text: str
    title: str = ""
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What an author wrote, once, for every account.

    title: heading where a network has one (newsroom, e-mail).  language: BCP 47.  link: an address shown with it.
    own: account -> text where one account says it in other words.  urgent: danger to life, missing, suspect at large, evacuation.
    corrects: address of the public post this corrects, empty for any other message.
    beats: short names of those whose subscribers get its letters, with everybody who wants news of the whole area; empty for everybody.
    translations: linked to these words, approved with them.  speaks: account -> language it says this in; else as it was written.
    """

    text: str
    title: str = ""
    language: str = "en"
    link: str = ""
    media: tuple[Media, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False
    corrects: str = ""
    beats: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()
    speaks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Content:
        """Return what a saved version holds."""
        return cls(
            **{
                **plain,
                "media": tuple(Media(**each) for each in plain.get("media", ())),
                "beats": tuple(plain.get("beats", ())),
                "translations": tuple(Translation(**each) for each in plain.get("translations", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class Rendition:
    """All that the public will see of one message on one account ("<network>:<handle>").

    text: exactly as it will be published, link and notice of correction included where the network shows them in the text.
    reply_to: the network's id of what it answers, empty when it answers nothing.  beats: of a letter, those whose subscribers get it.
    translations: language versions that are shown beside it, in the newsroom.
    """

    account: str
    text: str
    title: str = ""
    language: str = "en"
    link: str = ""
    media: tuple[Media, ...] = ()
    reply_to: str = ""
    urgent: bool = False
    beats: tuple[str, ...] = ()
    translations: tuple[Wording, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values, in a fixed order."""
        return without_unused(json.loads(json.dumps(asdict(self))))  # tuples become lists

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Rendition:
        """Return what `plain` wrote."""
        media = tuple(Media(**each) for each in plain.get("media", ()))
        versions = tuple(Wording(**each) for each in plain.get("translations", ()))
        return cls(**{**plain, "media": media, "beats": tuple(plain.get("beats", ())), "translations": versions})

    def worded(self, language: str) -> Wording:
        """Return it in a language (a tag, its region does not matter), or as it was written where there is no such version."""
        wanted = language.partition("-")[0].lower()
        versions = (Wording(self.language, self.text, self.title), *self.translations)
        return next((each for each in versions if each.language.partition("-")[0].lower() == wanted), versions[0])

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, media by their own digests."""
        return hashlib.sha256(canonical(self.plain())).hexdigest()


#: Fields that came later.
_LATER = frozenset({"beats", "translations", "speaks"})


def without_unused(plain: dict[str, Any]) -> dict[str, Any]:
    """Leave out later fields that hold nothing: what was written before they existed keeps its digest."""
    return {name: value for name, value in plain.items() if value or name not in _LATER}


@dataclass(frozen=True, slots=True)
class Preview:
    """What `publish` would send, and why it may not be sent yet.

    length, limit: in `unit`, as this network counts (limit 0: none).  problems: stop it from being submitted.  hints: do not.
    """

    rendition: Rendition
    length: int
    limit: int
    unit: Literal["characters", "graphemes"]
    problems: tuple[Reason, ...] = ()
    hints: tuple[Reason, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether nothing stops it."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a network answered. remote_id: its own id, needed to edit, withdraw and find replies.  url: where people see it."""

    remote_id: str
    url: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a network says we are. handle: without the network's name.  followers: None where it does not tell."""

    handle: str
    name: str = ""
    url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One public post or message as a network gives it: something that reached the agency, or (own) a post of the account itself.

    thread: id of the first post of its thread, its own id when alone.  parent: what it answers, empty for nothing.
    author: handle with its network's name for it.  images_described: images with an alternative text that says something.
    revision: changes when the author edits it; empty where the network has no edits.
    automatic: a machine wrote it (an absence notice, a letter that came back), so it is nobody's question.
    """

    remote_id: str
    at: datetime
    text: str
    author: str
    author_name: str = ""
    own: bool = False
    door: Door = "mention"
    thread: str = ""
    parent: str = ""
    url: str = ""
    language: str = ""
    images: int = 0
    images_described: int = 0
    videos: int = 0
    videos_captioned: int = 0
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    repost: bool = False
    revision: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A page of what a network holds for us. cursor: where to go on, kept only after every item of this page is stored."""

    seen: tuple[Seen, ...]
    cursor: str
    more: bool = False
