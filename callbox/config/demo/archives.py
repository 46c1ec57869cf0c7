"""Writes the invented record as the force would download it: an X and a Mastodon archive, a Facebook page export, the table of an inbox."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callbox.config.demo.record import Post, Record

HANDLE = "RivertonPolice"
PAGE = "Riverton Police"
_ACTOR = "https://social.riverton.example/users/police"
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def write(folder: Path, record: Record) -> list[Path]:
    """Write three archives and a table into an existing folder and return their paths. The same record gives the same bytes."""
    day = record.until.date()
    x, mastodon, facebook, inbox = (
        folder / f"twitter-{day}-riverton.zip",
        folder / f"mastodon-archive-{day}-riverton.tar.gz",
        folder / f"facebook-rivertonpolice-{day}-riverton.zip",
        folder / f"inbox-{day}-riverton.csv",
    )
    _x(x, record)
    _mastodon(mastodon, record)
    _facebook(facebook, record)
    _inbox(inbox, record)
    return [x, mastodon, facebook, inbox]


def _zip(path: Path, members: dict[str, str], at: datetime) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)


def _x(path: Path, record: Record) -> None:
    posts = [post for post in record.posts if post.network == "x"]
    stated = record.until.astimezone(UTC)
    manifest = {
        "userInfo": {"accountId": "4242", "userName": HANDLE, "displayName": PAGE},
        "archiveInfo": {"generationDate": stated.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "isPartialArchive": False},
        "dataTypes": {"tweets": {"files": [{"fileName": "data/tweets.js", "globalName": "YTD.tweets.part0", "count": str(len(posts))}]}},
    }  # fmt: skip
    account = [{"account": {"username": HANDLE, "accountId": "4242", "accountDisplayName": PAGE,
                            "createdAt": "2012-05-02T09:00:00.000Z", "createdVia": "web", "email": "press@riverton.example"}}]  # fmt: skip
    _zip(
        path,
        {
            "data/manifest.js": "window.__THAR_CONFIG = " + json.dumps(manifest, indent=2),
            "data/account.js": "window.YTD.account.part0 = " + json.dumps(account, indent=2),
            "data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps([{"tweet": _tweet(post)} for post in posts], indent=2),
        },
        stated,
    )  # fmt: skip


def _tweet(post: Post) -> dict[str, Any]:
    text = (
        f"RT @RivertonCity: {post.text}"
        if post.repost
        else f"@{post.answers} {post.text}"
        if post.answers
        else post.text
    )
    tweet: dict[str, Any] = {
        "id_str": str(post.id),
        "id": str(post.id),
        "created_at": post.at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "full_text": text,
        "lang": "en",
        "favorite_count": str(post.likes),
        "retweet_count": str(post.reposts),
        "retweeted": False,
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
    }
    if post.answers:
        tweet |= {"in_reply_to_screen_name": post.answers, "in_reply_to_user_id_str": str(9000 + int(post.answers[8:]))}
    if post.follows:
        tweet |= {
            "in_reply_to_screen_name": HANDLE,
            "in_reply_to_user_id_str": "4242",
            "in_reply_to_status_id_str": str(post.follows),
        }
    if post.picture or post.video:
        kind = "photo" if post.picture else "video"
        tweet["extended_entities"] = {
            "media": [{"type": kind, "id_str": str(post.id + 1), "media_url": "https://pbs.example/a"}]
        }
    return tweet


def _mastodon(path: Path, record: Record) -> None:
    posts = [post for post in record.posts if post.network == "mastodon"]
    outbox = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "outbox.json",
        "type": "OrderedCollection",
        "totalItems": len(posts),
        "orderedItems": [_activity(post) for post in posts],
    }
    actor = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": _ACTOR,
        "type": "Person",
        "preferredUsername": "police",
        "name": PAGE,
        "url": "https://social.riverton.example/@police",
        "published": "2023-01-01T00:00:00Z",
    }
    stamp = int(record.until.timestamp())
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        for name, value in (("actor.json", actor), ("outbox.json", outbox)):
            content = json.dumps(value, ensure_ascii=False).encode()
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), stamp
            archive.addfile(member, io.BytesIO(content))


def _activity(post: Post) -> dict[str, Any]:
    address = f"{_ACTOR}/statuses/{post.id}"
    stamp = post.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    frame = {
        "id": f"{address}/activity",
        "actor": _ACTOR,
        "published": stamp,
        "to": [_PUBLIC],
        "cc": [f"{_ACTOR}/followers"],
    }
    if post.repost:
        return {**frame, "type": "Announce", "object": "https://social.riverton.example/users/city/statuses/1"}
    answered = f"https://elsewhere.example/users/{post.answers}"
    above = f"{answered}/statuses/1" if post.answers else f"{_ACTOR}/statuses/{post.follows}" if post.follows else None
    media = "image/jpeg" if post.picture else "video/mp4" if post.video else None
    note = {
        "id": address,
        "type": "Note",
        "summary": None,
        "inReplyTo": above,
        "published": stamp,
        "url": f"https://social.riverton.example/@police/{post.id}",
        "attributedTo": _ACTOR,
        "to": [_PUBLIC],
        "cc": [f"{_ACTOR}/followers"],
        "sensitive": False,
        "content": f"<p>{post.text}</p>",
        "contentMap": {"en": f"<p>{post.text}</p>"},
        "attachment": [
            {
                "type": "Document",
                "mediaType": media,
                "url": f"/media_attachments/files/{post.id}.jpg",
                "name": post.picture if post.described else None,
            }
        ]
        if media
        else [],
        "tag": [{"type": "Mention", "href": answered, "name": f"@{post.answers}@elsewhere.example"}]
        if post.answers
        else [],
    }
    return {**frame, "type": "Create", "object": note}


def _facebook(path: Path, record: Record) -> None:
    root = "this_profile's_activity_across_facebook"
    posts = [post for post in record.posts if post.network == "facebook"]
    profile = {"profile_v2": {"name": {"full_name": PAGE}, "profile_uri": "https://www.facebook.com/rivertonpolice"}}
    members = {
        "personal_information/profile_information/profile_information.json": json.dumps(profile),
        f"{root}/posts/profile_posts_1.json": json.dumps(
            [_page_post(post) for post in posts if not post.answers], indent=1
        ),
        f"{root}/comments_and_reactions/comments.json": json.dumps(
            {"comments_v2": [_comment(post) for post in posts if post.answers]}, indent=1
        ),
    }
    _zip(path, members, record.until.astimezone(UTC))


def _page_post(post: Post) -> dict[str, Any]:
    value: dict[str, Any] = {
        "timestamp": int(post.at.timestamp()),
        "data": [{"post": post.text}],
        "title": f"{PAGE} updated their status.",
    }
    if post.picture or post.video:
        ending = "jpg" if post.picture else "mp4"
        uri = f"this_profile's_activity_across_facebook/posts/media/{post.id}.{ending}"
        value["attachments"] = [{"data": [{"media": {"uri": uri, "creation_timestamp": int(post.at.timestamp())}}]}]
    return value


def _comment(post: Post) -> dict[str, Any]:
    stamp = int(post.at.timestamp())
    inner = {"timestamp": stamp, "comment": post.text, "author": PAGE}
    return {
        "timestamp": stamp,
        "data": [{"comment": inner}],
        "title": f"{PAGE} replied to Resident {(post.answers or '')[8:]}'s comment.",
    }


def _inbox(path: Path, record: Record) -> None:
    """Write the page's messages as the inbox tool exports them, with the label that somebody of the force gave each."""
    said = {True: "yes", False: "no", None: ""}
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(
            ["Item ID", "Conversation ID", "Received at", "Channel", "Message", "Answerable", "First reply at",
             "Auto reply at", "Account", "Network"]
        )  # fmt: skip
        for message in record.messages:
            times = [at.isoformat(timespec="seconds") if at else "" for at in (message.answered, message.acknowledged)]
            table.writerow(
                [f"m{message.conversation}", f"c{message.conversation}", message.at.isoformat(timespec="seconds"),
                 "Private message", message.text, said[message.answerable], *times, "rivertonpolice", "Facebook"]
            )  # fmt: skip
