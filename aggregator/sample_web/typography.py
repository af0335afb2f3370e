"""From plain writing to HTML: paragraphs, and in French its spaces and apostrophes."""

import re
from typing import Final

_BLOCK: Final = re.compile(r"<(?:blockquote|figure|h[1-6]|ol|p|pre|table|ul)\b")
_TAG: Final = re.compile(r"(<[^>]*>)")
_NARROW: Final = "\u202f"  # before ; ! ? and inside the guillemets
_WIDE: Final = "\u00a0"  # before :


def html(text: str, language: str) -> str:
    """Make HTML of blocks parted by empty lines; a block that is no HTML is a paragraph."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text.strip()))
    whole = "\n".join(block if _BLOCK.match(block) else f"<p>{block}</p>" for block in blocks)
    return "".join(
        piece if piece.startswith("<") else spaced(piece, language) for piece in _TAG.split(whole)
    )


def spaced(text: str, language: str) -> str:
    """Set a plain text as its language wants it: curly apostrophes, no lonely punctuation."""
    curly = text.replace("'", "\u2019")
    if language != "fr":
        return curly
    narrow = re.sub(r" (?=[;!?»])|(?<=«) ", _NARROW, curly)
    return narrow.replace(" :", f"{_WIDE}:")


def plain(markup: str) -> str:
    """Take the tags out of HTML of ours."""
    return " ".join(_TAG.sub("", markup).split())
