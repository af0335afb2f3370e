"""Stored markup of entries, as it is shown.

Pictures are stored without `src`, as `<img data-src="…" …>`, so that a stored entry loads
nothing; `data-src` is always the first attribute, is written by `ingest.sanitise` alone, and
is always a web address. `<` and `>` stand in stored markup only as the ends of tags.
"""

import re
from typing import Final

STORED_IMAGE: Final = '<img data-src="'
_SHOWN_IMAGE: Final = '<img src="'
_IMAGE: Final = re.compile(r'<img data-src="[^"]*"([^>]*)>')
_ALT: Final = re.compile(r' alt="([^"]*)"')
_LINKED_IMAGE: Final = re.compile(r'(<a\b[^>]*>\s*<img\b[^>]*?) alt="\s*"([^>]*>\s*</a>)')
_HEADING: Final = re.compile(r"<(/?)h([1-6])\b")
_TABLE: Final = re.compile(r"<table\b|</table>")
_PRE: Final = re.compile(r"<pre\b")
_DEEPEST: Final = 6


def with_images(content_html: str) -> str:
    """Let the pictures of stored content load: to be done only where the reader allows them."""
    return content_html.replace(STORED_IMAGE, _SHOWN_IMAGE)


def has_images(content_html: str) -> bool:
    """Tell whether there is a picture to ask the reader about."""
    return STORED_IMAGE in content_html


def count_images(content_html: str) -> int:
    """Count the pictures to ask the reader about."""
    return content_html.count(STORED_IMAGE)


def named_images(content_html: str, unnamed: str) -> str:
    """Give the pictures of stored content words: `unnamed` where their author wrote none.

    An empty description says that a picture only adorns: it stays empty, but where the
    picture is all that a link holds. `unnamed` is written as it is.
    """
    if STORED_IMAGE not in content_html:
        return content_html
    named = _IMAGE.sub(lambda found: _with_alt(found, unnamed), content_html)
    return _LINKED_IMAGE.sub(rf'\1 alt="{unnamed}"\2', named)


def _with_alt(found: re.Match[str], unnamed: str) -> str:
    if _ALT.search(found[1]):
        return found[0]
    return found[0].removesuffix(">") + f' alt="{unnamed}">'


def words_for_images(content_html: str) -> str:
    """Put the description of each picture in its place; those that only adorn go.

    To be done after `named_images`.
    """
    if STORED_IMAGE not in content_html:
        return content_html
    return _IMAGE.sub(_words, content_html)


def _words(found: re.Match[str]) -> str:
    alt = _ALT.search(found[1])
    words = alt[1].strip() if alt else ""
    return f'<span class="picture-words">{words}</span>' if words else ""


def headings_from(content_html: str, level: int) -> str:
    """Number the headings of content anew, from `level` down and none left out.

    Feeds begin with any level; a page reads right only where each heading is at most one
    deeper than the one before it.
    """
    used = sorted({int(found[2]) for found in _HEADING.finditer(content_html)})
    rank = {old: level + place for place, old in enumerate(used)}
    last = level - 1
    open_levels: list[int] = []

    def renumber(found: re.Match[str]) -> str:
        nonlocal last
        if found[1]:
            ending = open_levels.pop() if open_levels else last
            return f"</h{ending}"
        last = min(rank[int(found[2])], last + 1, _DEEPEST)
        open_levels.append(last)
        return f"<h{last}"

    return _HEADING.sub(renumber, content_html) if used else content_html


def scrollable(content_html: str, table: str) -> str:
    """Let wide tables and code scroll inside the text, by keyboard too.

    `table` names such a place to who cannot see it, and is written as it is.
    """
    if "<pre" in content_html:
        content_html = _PRE.sub('<pre tabindex="0"', content_html)
    if "<table" not in content_html:
        return content_html
    depth = 0

    def wrap(found: re.Match[str]) -> str:
        nonlocal depth
        if found[0] == "</table>":
            depth -= 1
            return "</table></div>" if depth == 0 else "</table>"
        depth += 1
        opening = f'<div class="wide" role="group" aria-label="{table}" tabindex="0">'
        return f"{opening}<table" if depth == 1 else "<table"

    return _TABLE.sub(wrap, content_html)
