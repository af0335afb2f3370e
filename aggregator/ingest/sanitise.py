"""Markup of strangers made safe to show, and the words in it.

`<` and `>` stand for themselves only as the ends of tags in what nh3 writes, in attributes
too; the patterns below rest on that, and a test holds it.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Final, Literal

import nh3

from aggregator.domain.markup import STORED_IMAGE, with_images

RULES_VERSION: Final = 1
"""To be raised with every change of these rules, so that they can be applied again."""

MOST_CHARACTERS: Final = 512 * 1024
MOST_DEPTH: Final = 512
"""Of markup; beyond, only its words are kept: nh3 takes time by the square of the depth."""

_PLAIN_TAGS: Final = """
abbr acronym address article aside b bdi big br caption center cite code dd del details dfn
    div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i ins kbd main mark
    ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td
    tfoot th thead tr tt u ul var wbr blockquote colgroup col time li
"""
_ATTRIBUTES: Final = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "audio": {"src"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "width", "height"},
}
_AFTER: Final = {
    "img": ' loading="lazy" referrerpolicy="no-referrer"',
    "audio": ' controls="" preload="none"',
    "video": ' controls="" preload="none"',
}
"""Attributes of ours. nh3 would write them in an order that differs from one run to the next."""

_DROPPED_WHOLE: Final = """
applet button canvas embed frameset iframe math noembed noframes object script select style
    svg template textarea title
"""
_NOSCRIPT: Final = re.compile(r"</?noscript\b[^<>]*>", re.IGNORECASE)
_IFRAME: Final = re.compile(
    r"""<iframe\b[^<>]*?\ssrc\s*=\s*["']?\s*((?:https?:)?//([^"'\s<>]+))[^<>]*>""", re.IGNORECASE
)
_SCRIPT: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK: Final = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fig\w+|footer"
    r"|h[1-6r]|header|hgroup|li|main|ol|p|pre|section|summary|table|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_LIKELY_TAG: Final = re.compile(r"</[a-zA-Z]|<[a-zA-Z]+\s[^<>]*=|<br\b", re.IGNORECASE)
_ANY_TAG: Final = re.compile(r"<[/!?a-zA-Z][^<>]*>")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Control characters, and those that turn the direction of the words around them."""

_MEDIA: Final = re.compile(r"<(img|audio|video)\b([^>]*)>")
_PRE: Final = re.compile(r"(<pre\b[^>]*>)\n+")
_BLANKS: Final = " \t\r\n"
_ATTRIBUTE: Final = re.compile(r' ([a-z]+)="([^"]*)"')
_PIXEL: Final = re.compile(r"\s*0*[01](?:\.\d*)?(?:px)?\s*")
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_UNNESTED_NAMES: Final = """
area base br col embed hr img input link meta param source track wbr
    dd dt li option p tbody td tfoot th thead tr
"""
_UNNESTED: Final = frozenset(_UNNESTED_NAMES.split())
"""Tags that have no end, or end where the next one begins."""


def sanitise(html: str, base: str) -> str:
    """Make markup safe to show; relative addresses are resolved against `base`.

    What comes out has our tags and attributes only, http(s) addresses (and mailto in links),
    pictures as `domain.markup` says. A second pass leaves it as it is, but for what a reader
    of HTML would rearrange (a heading begun in a table that began in a heading).
    """
    if "<" not in html:
        return _without_tags(html)
    if len(html) > MOST_CHARACTERS or _too_deep(html):
        return as_markup(plain_text(_SCRIPT.sub("", html))[:MOST_CHARACTERS])
    html = with_images(html)  # what is stored may be made safe again by better rules
    if "<iframe" in html or "<IFRAME" in html:
        html = _IFRAME.sub(r'<p><a href="\1">\2</a></p>\g<0>', html)
    if "noscript" in html:  # what it holds is for us: we run no scripts
        html = _NOSCRIPT.sub("", html)
    clean = _cleaner(base).clean(html)
    if "<img" in clean or "<audio" in clean or "<video" in clean:
        itself = escape(base)
        clean = _MEDIA.sub(lambda found: _medium(found, itself), clean)
    if "<pre" in clean:  # a line end there is dropped by whoever reads it next
        clean = _PRE.sub(r"\1", clean)
    return clean.strip(_BLANKS) if "<" in clean else _without_tags(clean)


def _without_tags(html: str) -> str:
    """Write markup that has no tag; words with empty lines between were never meant as markup."""
    text = unescape(html).strip(_BLANKS)
    return as_markup(text) if "\n\n" in text else _escaped(text)


def as_markup(text: str) -> str:
    """Write plain text as markup: empty lines part paragraphs."""
    paragraphs = re.split(r"\n\s*\n", _escaped(text).strip(_BLANKS))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


def _escaped(text: str) -> str:
    """Escape as nh3 does, so that a second pass changes nothing."""
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


@lru_cache(maxsize=16)
def _cleaner(base: str) -> nh3.Cleaner:
    try:
        return _cleaner_with(("rewrite_with_base", base))
    except ValueError:  # no base that nh3 can read: what is relative leads nowhere
        return _cleaner_with("deny")


def _cleaner_with(
    url_relative: Literal["deny"] | tuple[Literal["rewrite_with_base"], str],
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*_PLAIN_TAGS.split(), *_ATTRIBUTES} - {"*"},
        clean_content_tags=set(_DROPPED_WHOLE.split()),
        attributes=_ATTRIBUTES,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
        url_relative=url_relative,
    )


def _medium(found: re.Match[str], itself: str) -> str:
    """Write a picture as it is stored, sound and film so that they wait for a click.

    A picture of a single pixel only counts readers, and is dropped; so is one without an
    address, which then seems to be the document `itself`.
    """
    name: str = found[1]
    if name != "img":
        return f"<{name}{found[2]}{_AFTER[name]}>"
    given = dict(_ATTRIBUTE.findall(found[2]))
    source = given.pop("src", "")
    if source == itself or not source.startswith(("http://", "https://")):
        return ""
    if any(_PIXEL.fullmatch(given.get(side, "")) for side in ("width", "height")):
        return ""
    rest = "".join(f' {attribute}="{value}"' for attribute, value in given.items())
    return f'{STORED_IMAGE}{source}"{rest}{_AFTER[name]}>'


def plain_text(html: str) -> str:
    """Give the words of markup, one line a paragraph."""
    text = _BLOCK.sub("\n", html.replace("\n", " "))
    lines = unescape(_ANY_TAG.sub("", text)).split("\n")
    return "\n".join(line for words in lines if (line := " ".join(words.split())))


def plain_line(text: str, *, most: int = 1_000, markup: bool = False) -> str:
    """Give the words of a title or a name, on one line of `most` characters at most.

    Tags are dropped from what is `markup`, and from what clearly is though it says not.
    """
    text = text[: most * 10]
    if markup or _LIKELY_TAG.search(text):
        text = unescape(_ANY_TAG.sub("", text))
    if "&" in text:  # escaped once too often
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return shortened(" ".join(_UNSEEN.sub("", text).split()), most)


def shortened(text: str, most: int) -> str:
    """Cut a line at a word, and show that it was cut."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > most // 2 else cut).rstrip(" ,;:.-") + "…"


def _too_deep(html: str) -> bool:
    if html.count("<") <= MOST_DEPTH:
        return False
    # counted by name: an end tag of another name closes nothing
    depth = 0
    is_open: dict[str, int] = {}
    for ending, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _UNNESTED:
            continue
        if not ending:
            is_open[tag] = is_open.get(tag, 0) + 1
            depth += 1
            if depth > MOST_DEPTH:
                return True
        elif is_open.get(tag):
            is_open[tag] -= 1
            depth -= 1
    return False
