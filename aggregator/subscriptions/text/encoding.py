"""From the bytes of a file to its text, or to a sentence about how it was saved."""

import codecs
import re
from typing import Final

from aggregator.subscriptions.text.findings import Finding, Lines, shown
from aggregator.translations import N_

MOST_BYTES: Final = 1_000_000
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NUL_SHARE: Final = 4
"""One byte in so many is zero: UTF-16 without its mark has nearly every second one."""

INVISIBLE: Final = re.compile(
    "[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\x85]"
)
"""What YAML 1.2 §5.1 does not print, and the line ends that no editor shows as such."""


def decoded(content: bytes) -> tuple[str, Finding | None]:
    r"""Read UTF-8, with or without its mark, into a text whose lines end in `\n`.

    Where the bytes are something else, the finding says so and the text holds what could be
    read of it, so that the place of the finding can be told.
    """
    if len(content) > MOST_BYTES:
        return "", Finding(
            offset=0,
            message=N_("this file is larger than %(most)s kB: is it a list of sources?"),
            params={"most": MOST_BYTES // 1000},
        )
    if content.startswith(_UTF16) or content.count(b"\0") * _NUL_SHARE > len(content):
        return "", Finding(offset=0, message=_SAVED_AS_UTF16)
    try:
        text = _plain_ends(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _windows_1252(content, error.start)
    if found := INVISIBLE.search(text):
        return text, Finding(
            offset=found.start(),
            message=N_("an invisible character (%(code)s) stands here: delete it"),
            params={"code": f"U+{ord(found[0]):04X}"},
        )
    return text, None


_SAVED_AS_UTF16: Final = N_(
    "this file is saved as UTF-16: save it as UTF-8 (in Notepad: File, Save as, Encoding UTF-8)"
)


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _windows_1252(content: bytes, at: int) -> tuple[str, Finding]:
    """Point at the first letter that is no UTF-8, and show its line as Windows would read it."""
    before = _plain_ends(content[:at].decode("utf-8-sig", errors="replace"))
    text = before + _plain_ends(content[at:].decode("cp1252", errors="replace"))
    lines = Lines(text)
    return text, Finding(
        offset=len(before),
        message=N_(
            "this file is saved as windows-1252 (ANSI): save it as UTF-8 "
            "(in Notepad: File, Save as, Encoding UTF-8), so that this line is read `%(line)s`"
        ),
        params={"line": shown(lines[lines.number(len(before))])},
    )
