"""How what came of a source began, as text that is safe to look at and never interpreted."""

import re
from dataclasses import dataclass
from typing import Final

KEPT_BYTES: Final = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a poll keeps of a body: where it came from, its size, and how it starts, as text."""

    url: str
    content_type: str | None
    size: int
    start: str


_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED: Final = re.compile(
    rb"(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_TEXTS: Final = re.compile(
    r"utf[-_]?(?:8|16|32)(?:[-_]?(?:le|be))?|(?:us-)?ascii|latin-?1|"
    r"(?:iso|windows|cp|koi8|shift|euc|gb|big5)[\w-]*",
    re.IGNORECASE,
)
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_AT: Final = re.compile(r"@|&#0*64;|&#x0*40;|&commat;|%40", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_IN_NAMES: Final = frozenset("._+-'=~&%#!$*^`{|}")
_MAIL: Final = "…@…"
_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_SPACE: Final = 0x20


def readable(body: bytes, content_type: str | None) -> str:
    """Decode the beginning of a body as it says it is; what cannot be seen is made visible.

    Control characters become their pictures (␀, ␛), what turns the direction of writing or
    has no width its number, as ⟨U+202E⟩; bytes that are no letters become
    the sign of what cannot be read (U+FFFD).
    """
    text = body.decode(_encoding(body, content_type), "replace").replace("\r\n", "\n")
    return _UNSEEN.sub(_seen, text)


def without_mail(text: str) -> str:
    """Take e-mail addresses out of a text: they are compared while it is read, and never kept."""
    pieces, done = [], 0
    for found in _AT.finditer(text):
        start = found.start()
        while start > done and (text[start - 1].isalnum() or text[start - 1] in _IN_NAMES):
            start -= 1
        host = _HOST.match(text, found.end())
        if start < found.start() and host:
            pieces += [text[done:start], _MAIL]
            done = host.end()
    return "".join([*pieces, text[done:]])


def _seen(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < _SPACE:
        return chr(_PICTURES + code)
    return "␡" if code == _DELETE else f"⟨U+{code:04X}⟩"


def _encoding(body: bytes, content_type: str | None) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    declared = _DECLARED.search(body[:1_024])
    told = _CHARSET.search(content_type or "")
    named = told[1] if told else declared[1].decode("ascii", "replace") if declared else ""
    # Python also knows codecs that are no text, such as zip
    if not _TEXTS.fullmatch(named):
        return "utf-8"
    try:
        "".encode(named)
    except LookupError:
        return "utf-8"
    return named
