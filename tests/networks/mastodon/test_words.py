"""HTML of many servers to plain words."""

from __future__ import annotations

import pytest

from callbox.networks.mastodon.words import same_words, text_of


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One</p><p>Two<br />three</p>", "One\n\nTwo\nthree"),
        ("One<br><br>two<br>", "One\n\ntwo"),
        ("<p>Tom &amp; Jerry &lt;b&gt; &#39;s</p>", "Tom & Jerry <b> 's"),
        (
            '<p><a href="https://a.example/y"><span class="invisible">https://</span><span>a.example/y</span></a> now</p>',
            "https://a.example/y now",
        ),
        ('<a href="https://a.example/x">here</a>', "here (https://a.example/x)"),
        ('<a href="https://a.example/long/way">a.example/long…</a>', "https://a.example/long/way"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<span class="h-card"><a href="https://b.example/@bob">@<span>bob</span></a></span> hi', "@bob hi"),
        ('<a href="https://b.example/tags/traffic">#<span>traffic</span></a>', "#traffic"),
        ("<script>alert(1)</script><p onclick=x>safe</p>", "safe"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<p>broken <b>tag <p>and &unknown; more", "broken tag\n\nand &unknown; more"),
        ("", ""),
    ],
)
def test_text_of(content: str, text: str) -> None:
    assert text_of(content) == text


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("Closed https://a.example/x\n\nUse *Mill*", '<p>Closed <a href="https://a.example/x">a.example/x</a></p>Use <em>Mill</em>'),
        ("second & <b> é", "second & <b> é<br>"),  # a server that leaves tags as they were written
        ("@bob@b.example:8001 yes", '<p><a href="https://b.example/@bob">@bob</a> yes</p>'),
        ("#traffic now", '<p><a href="https://b.example/tags/traffic">#<span>traffic</span></a> now</p>'),
    ],
)  # fmt: skip
def test_what_we_wrote_is_known_again(written: str, content: str) -> None:
    assert same_words(written, content)


def test_other_words_are_not_ours() -> None:
    assert not same_words("Road closed until noon", "<p>Road closed until one</p>")
    assert not same_words("Road closed", "<p>Road closed again</p>")
