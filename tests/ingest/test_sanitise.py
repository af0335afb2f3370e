"""Markup of strangers, made safe."""

import time
from collections.abc import Callable

import pytest

from aggregator.ingest.sanitise import (
    MOST_CHARACTERS,
    as_markup,
    plain_line,
    plain_text,
    sanitise,
    shortened,
)

REL = 'rel="noopener noreferrer nofollow"'
LAZY = 'loading="lazy" referrerpolicy="no-referrer"'
BASE = "https://cwm.example/blog/feed"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x20type='text/javascript'>javascript:alert(1);</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    '<img src="x" srcset="javascript:alert(1) 1x, //evil.example/a 2x">',
    '<img src=" &#14; javascript:alert(1);">',
    "<img src=`javascript:alert(1)`>",
    '<img """><script>alert(1)</script>">',
    "<img src=x:alert(alt) onerror=eval(src) alt=0>",
    '<img alt="><script>alert(1)</script>" src="a.png">',
    '<a title="<img data-src=" href="https://a.example/ onerror=alert(1)">x</a>',
    '<a title="<img src=x onerror=alert(1)>" lang=">">x</a>',
    '<img data-src="javascript:alert(1)">',
    '<img data-src="x" src="javascript:alert(1)" onload=alert(1)>',
    "<svg onload=alert(1)>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><script>alert(1)</script></svg>",
    '<svg><animate onbegin=alert(1) attributeName=x dur=1s><use href="data:x">',
    '<math><a xlink:href="javascript:alert(1)">x</a></math>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=1&gt;'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href="&#106;&#97;vascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="feed:javascript:alert(1)">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="http://x" onclick="alert(1)" style="position:fixed" target=_top>x</a>',
    '<a href="//evil.example" hx-get="/x" data-x=1 id=x class=y>x</a>',
    '<form action="javascript:alert(1)"><input type="submit"></form>',
    '<form><button formaction="javascript:alert(1)">x</button></form>',
    '<input type=image src="javascript:alert(1)">',
    "<input onfocus=alert(1) autofocus>",
    '<video poster="javascript:alert(1)"></video>',
    "<video src=x onerror=alert(1) autoplay></video>",
    "<audio src='javascript:alert(1)' onloadstart=alert(1)></audio>",
    "<video><source onerror=alert(1) src='javascript:alert(1)'></video>",
    '<iframe src="javascript:alert(1)"></iframe>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<iframe src="https://video.example/1&quot;onload=&quot;alert(1)"></iframe>',
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code=x></applet>",
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<link rel=stylesheet href="javascript:alert(1)">',
    "<base href='javascript:alert(1)//'>",
    "<style>@import 'javascript:alert(1)';</style>",
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<table background="javascript:alert(1)"><tr><td background="javascript:alert(1)">x</table>',
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea></textarea><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?><?xml-stylesheet href='javascript:alert(1)'?>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<x onclick=alert(1)>x</x>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    "<p/onclick=alert(1)>x",
    "<<img src=x onerror=alert(1)//<",
    '"><script>alert(1)</script>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<" * 1000 + "script>alert(1)</script>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_stranger_can_act(
    payload: str, assert_harmless: Callable[[str], None]
) -> None:
    for markup in (payload, f"<p>before {payload} after</p>", f"<table><tr><td>{payload}"):
        clean = sanitise(markup, BASE)
        assert_harmless(clean)
        assert sanitise(clean, BASE) == clean


def test_the_check_of_these_tests_can_fail(assert_harmless: Callable[[str], None]) -> None:
    harmful = ["<script>", "<p onclick=a>", '<a href="javascript:a">', "<!--x-->", "<svg>"]
    for markup in [*harmful, '<img data-src="mailto:a@b.example">']:
        with pytest.raises(AssertionError):
            assert_harmless(markup)


@pytest.mark.parametrize(
    ("markup", "clean"),
    [
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
        ("<p>un<p>deux", "<p>un</p><p>deux</p>"),
        ('<p class="x" id="y" style="z">a</p>', "<p>a</p>"),
        ("Un &amp; deux", "Un &amp; deux"),
        ("1 > 0 & co", "1 &gt; 0 &amp; co"),
        ("Un\n\ndeux", "<p>Un</p><p>deux</p>"),
        ("<font color=red>a</font>", "a"),
        ("<script>a</script>b<style>c</style>", "b"),
        (
            '<a href="../x?a=1&b=2">x</a>',
            '<a href="https://cwm.example/x?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a>',
        ),
        (
            '<a href="mailto:cwm@example.org">x</a>',
            '<a href="mailto:cwm@example.org" rel="noopener noreferrer nofollow">x</a>',
        ),
        (
            '<img src="a.png" alt="a &gt; b" srcset="b.png 2x" width="10">',
            f'<img data-src="https://cwm.example/blog/a.png" alt="a &gt; b" width="10" {LAZY}>',
        ),
        (
            '<img data-src="late.png" src="data:image/gif;base64,AA">',
            f'<img data-src="https://cwm.example/blog/late.png" {LAZY}>',
        ),
        (
            '<noscript><img src="/n.png"></noscript>',
            f'<img data-src="https://cwm.example/n.png" {LAZY}>',
        ),
        ('<img src="c.gif" width="1" height="1">', ""),
        ('<img src="c.gif" height="0">', ""),
        ('<img src="mailto:a@b.example">', ""),
        ("<img alt='none'>", ""),
        ('<img src="">', ""),
        ("<pre>\n\n a\n</pre>", "<pre> a\n</pre>"),
        ("&nbsp;a", "&nbsp;a"),
        ("<xmp>&nbsp;</xmp>\n\na", "<p>&amp;nbsp;</p><p>a</p>"),
        (
            '<video src="a.mp4" autoplay></video>',
            '<video src="https://cwm.example/blog/a.mp4" controls="" preload="none"></video>',
        ),
        (
            '<iframe width="1" src="//video.example/e?a=1">no frames</iframe>',
            f'<p><a href="https://video.example/e?a=1" {REL}>video.example/e?a=1</a></p>',
        ),
    ],
)
def test_markup_becomes_what_may_be_shown(markup: str, clean: str) -> None:
    assert sanitise(markup, BASE) == clean
    assert sanitise(clean, BASE) == clean


@pytest.mark.parametrize("base", ["http://[x/", "http://a>b.example/", "http://a:b/", "feed", ""])
def test_relative_addresses_lead_nowhere_without_a_base(base: str) -> None:
    assert sanitise('<a href="x">y</a>', base) == f"<a {REL}>y</a>"


def test_angles_in_attributes_are_written_as_entities() -> None:
    # the patterns that find pictures in clean markup rest on it
    clean = sanitise('<a title="<img src=&quot;x&quot;>">x</a>', BASE)
    assert 'title="&lt;img src=&quot;x&quot;&gt;"' in clean


@pytest.mark.parametrize(
    "markup",
    [
        "<p>words</p>" + "x" * MOST_CHARACTERS,
        "<div>" * 20_000 + "words" + "</div>" * 20_000,
        "<div></x>" * 20_000 + "words",
        "<b><i></b>" * 2_000 + "words",
    ],
)
def test_markup_beyond_measure_keeps_its_words(markup: str) -> None:
    clean = sanitise(markup + "<script>alert(1)</script>", BASE)
    assert "words" in plain_text(clean)
    assert "alert" not in clean
    assert len(clean) < MOST_CHARACTERS + 100
    assert sanitise(clean, BASE) == clean or len(clean) > MOST_CHARACTERS


def test_many_short_paragraphs_are_not_deep() -> None:
    assert sanitise("<p>a<br>" * 2_000, BASE).count("<p>") == 2_000


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a",
        "<iframe ",
        "<iframe src=//",
        "<noscript",
        "<script>",
        "<img src='",
        "&",
        "</",
        "<!--",
    ],
)
def test_no_markup_takes_time_by_the_square(piece: str) -> None:
    markup = piece * (MOST_CHARACTERS // len(piece))
    begun = time.process_time()
    plain_text(sanitise(markup, BASE))
    plain_line(markup, markup=True)
    assert time.process_time() - begun < 5


def test_plain_text_keeps_the_words_and_the_paragraphs() -> None:
    html = (
        "<h1>Titre</h1>\n<p>Un <b>deux</b>&nbsp;trois<br>quatre</p><ul><li>a</li><li>b</li></ul>"
    )
    assert plain_text(html) == "Titre\nUn deux trois\nquatre\na\nb"
    assert plain_text("1 &lt; 2 &amp;amp; 3") == "1 < 2 &amp; 3"
    assert plain_text("") == ""


def test_plain_text_becomes_paragraphs() -> None:
    assert (
        as_markup("Un < deux\ntrois\n\n \nquatre") == "<p>Un &lt; deux<br>trois</p><p>quatre</p>"
    )
    assert as_markup(" \n ") == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Quantité ou qualité ?", "Quantité ou qualité ?"),
        ("  un\n deux\t trois ", "un deux trois"),
        ("L'&eacute;t&eacute;", "L'été"),
        ("AT&T &amp; co &copy=1", "AT&T & co &copy=1"),
        ("Un <b>gras</b>", "Un gras"),
        ("<img src=x onerror=alert(1)>", ""),
        ("How to use <b> in HTML", "How to use <b> in HTML"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("a\x00b\u202ec\u2066d\x85e\ufeff", "abcde"),
    ],
)
def test_a_title_is_one_plain_line(text: str, line: str) -> None:
    assert plain_line(text) == line


def test_markup_in_a_title_is_dropped_where_it_is_declared() -> None:
    assert plain_line("<b>Un &amp;amp; deux", markup=True) == "Un & deux"


def test_a_long_title_is_cut_at_a_word() -> None:
    assert len(plain_line("mot " * 100_000)) <= 1_000
    assert shortened("un deux trois quatre", 14) == "un deux trois…"
    assert shortened("un deux trois, quatre", 16) == "un deux trois…"
    assert shortened("x" * 20, 10) == "x" * 9 + "…"
