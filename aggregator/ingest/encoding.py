"""From bytes to UTF-8: what a document is written in, whatever it says of itself."""

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = (
    (re.compile(rb"\s*<\x00\x00\x00", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<", re.DOTALL), "utf-32-be"),
    (re.compile(rb"(?:\s\x00)*<\x00[^\x00]\x00", re.DOTALL), "utf-16-le"),
    (re.compile(rb"(?:\x00\s)*\x00<\x00[^\x00]", re.DOTALL), "utf-16-be"),
)
_EBCDIC: Final = b"\x4c\x6f\xa7\x94"
_DECLARED: Final = re.compile(
    rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']\s*([\w.:-]+)|<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_HTTP: Final = re.compile(r"""\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_PAIR: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_LOOK: Final = 2048
"""Bytes in which a document says what it is written in (HTML Standard: 1024)."""

_SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
"""What writers mean by a name (WHATWG Encoding Standard §4.2)."""

_NOT_FOR_DOCUMENTS: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "mbcs"}
)
_UTF8: Final = "utf-8"
_DECLARATION: Final = re.compile(rb"\A\s*<\?xml\b[^>]*>")
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NO_CHARACTERS: Final = tuple(map(str.encode, "\ufeff\ufffe\uffff"))
_REFERENCE: Final = re.compile(  # to control characters, and what may be one to no character
    rb"&#(?:(0*(?:[0-8]|1[124-9]|2\d|3[01])|\d{5,})"
    rb"|[xX](0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|[0-9a-fA-F]{4,}));"
)


def to_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """Write a document in UTF-8, without control characters and blanks around it.

    No byte is refused and none spoils the others. A byte order mark decides what it was
    written in; else what is UTF-8 in the main is UTF-8, in which a stray byte becomes one
    wrong character; else the charset of the answer, that of the document, windows-1252.
    """
    return _tidy(_decode(body, content_type).encode(_UTF8, "replace"))


def _decode(body: bytes, content_type: str | None) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for shape, name in _WIDE:
        if shape.match(body):
            return body.decode(name, "replace")
    if body.startswith(_EBCDIC):
        return body.decode("cp037", "replace")
    return _decode_narrow(body, _declared(body, content_type))


def _decode_narrow(body: bytes, declared: tuple[str, ...]) -> str:
    other = next((name for name in declared if name not in {_UTF8, "cp1252"}), None)
    if other is not None and other.startswith(("iso2022", "hz")):
        # written in ASCII bytes only, so that it always passes for UTF-8
        return body.decode(other, "replace")
    try:
        return body.decode(_UTF8)
    except UnicodeDecodeError:
        pass
    good = len(_PAIR.findall(body))
    bad = body.decode(_UTF8, "replace").count("\ufffd") - body.count(b"\xef\xbf\xbd")
    # what says that it is something else has to be UTF-8 clearly to be read as such
    if good > bad * 20 or (good >= bad and other is None):
        return body.decode(_UTF8, "veille-stray-byte")
    return body.decode(other or "cp1252", "replace")


def _declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    """List the encodings that the answer and then the document name, as Python knows them."""
    names = [found[1] for found in _HTTP.finditer(content_type or "")]
    if found := _DECLARED.search(body, 0, _LOOK):
        names.append((found[1] or found[2]).decode("ascii", "replace"))
    return tuple(known for name in names if (known := _known(name)))


def _known(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        b"".decode(codec)  # refuses what is no encoding of text
    except (LookupError, ValueError):
        return None
    if codec in _NOT_FOR_DOCUMENTS or codec.startswith(("utf-16", "utf-32")):
        return None
    return _SUPERSETS.get(codec, codec)


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """Read one byte that is not UTF-8 as windows-1252, and the rest of a cut letter as U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    # C2 and C3 begin the accented letters of UTF-8: one that was cut, not a capital of Latin-1
    alone = len(stray) == 1 and stray not in {b"\xc2", b"\xc3"}
    return (stray.decode("cp1252", "replace") if alone else "\ufffd"), error.end


codecs.register_error("veille-stray-byte", _stray_byte)


def _tidy(document: bytes) -> bytes:
    """Drop what no XML document may hold: control characters, in person or by reference."""
    document = document.translate(None, _CONTROLS)
    for absent in _NO_CHARACTERS:
        document = document.replace(absent, b"")
    return _REFERENCE.sub(_reference, document).strip()


def _reference(found: re.Match[bytes]) -> bytes:
    digits = found[1] or found[2]
    # the number of a character is short; Python refuses to read a very long one
    code = int(digits, 10 if found[1] else 16) if len(digits) <= 10 else 0
    kept = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found[0] if kept else b""


def declare_utf8(document: bytes) -> bytes:
    """Let an XML document say that it is written in UTF-8."""
    return b'<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub(b"", document, 1)
