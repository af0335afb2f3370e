"""What slips into a line when one types YAML by hand, and the line that was meant."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from aggregator.subscriptions.text.findings import Finding, Lines
from aggregator.translations import N_

ODD_SPACES: Final = "\u00a0\u202f\u2007\u2009\u3000\t"
"""No-break and other spaces that keyboards and word processors put, and the tabulator."""

_MOST_MENDS: Final = 4
_LONGEST: Final = 2_000
_MOST_LINES: Final = 20_000
_LOOK_BACK: Final = 50
_ANY: Final = rf"[ {ODD_SPACES}]"
_LEAD: Final = re.compile(
    rf"(?P<indent>{_ANY}*)(?P<dash>(?:-{_ANY}+)*)"
    rf"(?:(?P<key>\w[\w-]*){_ANY}*:(?P<gap>{_ANY}+|$))?(?P<value>.*)"
)
_NO_SPACE: Final = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>\w[\w-]*):(?P<value>[^ /].*)")
_COMMENT: Final = re.compile(r"(?<! ) +#.*$")
_NO_CONTENT: Final = ("#", "---", "%YAML")
_CLOSED: Final = re.compile(r"""(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{.*\})""")
_BLOCK_HEAD: Final = re.compile(r"[|>][-+0-9]{0,2}\s*")
_FLOW_WORD: Final = re.compile(
    r"""(?:(?<=[\[{,])|(?<=: )) *(?P<word>[@&*%!`#][^,\[\]{}"']*|"""
    r"""[^,\[\]{}"'\s#$]*\$\{\w+\}[^,\[\]{}"'#]*)"""
)
_ADDRESS: Final = re.compile(r"(?P<indent> *)(?P<address>https?://\S+)\s*")

SPACE: Final = N_(
    "a no-break space (some keyboards type it) stands where an ordinary space must be"
)
TAB: Final = N_("a tab stands where ordinary spaces must be")
DASH: Final = N_("a space is missing after the dash")
COLON: Final = N_("a space is missing after the colon")
QUOTES: Final = N_("this text needs quotes, because of the sign “%(sign)s” in it")
APOSTROPHE: Final = N_("the quotes end before the text does")
HASH: Final = N_("all that follows a # is ignored, unless it stands in quotes")
NO_DASH: Final = N_("each address needs a dash and a space before it")
SECRET: Final = N_("a ${NAME} inside braces needs quotes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, the keys known here, and the lines above it, the nearest first."""

    text: str
    keys: Collection[str]
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The line that was meant, why, and the sign that was in the way."""

    text: str
    why: str
    sign: str = ""


def quoted(text: str) -> str:
    """Put a text into the quotes that change it least."""
    text = text.strip()
    if '"' in text and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def find_slips(lines: Lines, numbers: Iterable[int], keys: Collection[str]) -> dict[int, Mended]:
    """Look for slips in some lines; the answer gives for each line what was meant.

    `keys` are the words that may stand before a colon.
    """
    found: dict[int, Mended] = {}
    for number in islice(numbers, _MOST_LINES):
        text = lines[number]
        if not text or len(text) > _LONGEST or text.lstrip(" ").startswith(_NO_CONTENT):
            continue
        nearest = range(number - 1, max(number - _LOOK_BACK, 0), -1)
        above = tuple(lines[n] for n in nearest) if _ADDRESS.fullmatch(text) else ()
        if mended := _mend(Line(text=text, keys=keys, above=above)):
            found[number] = mended
    return found


def mended_text(lines: Lines, slips: dict[int, Mended]) -> str:
    """Put the lines that were meant in place of those that are there."""
    numbers = range(1, len(lines) + 1)
    return "\n".join(slips[n].text if n in slips else lines[n] for n in numbers)


def slip_finding(lines: Lines, number: int, mended: Mended) -> Finding:
    """Tell a slip where the line begins to differ from what was meant."""
    pairs = zip(lines[number], mended.text, strict=False)
    same = next((i for i, (is_, meant) in enumerate(pairs) if is_ != meant), None)
    at = min(len(lines[number]), len(mended.text)) if same is None else same
    return Finding(
        offset=lines.start(number) + at,
        message=mended.why,
        params={"sign": mended.sign},
        meant=mended.text,
    )


def _mend(line: Line) -> Mended | None:
    """Mend a line, which may hold more than one slip; the first gives the reason."""
    first: Mended | None = None
    for _ in range(_MOST_MENDS):
        mended = next((found for rule in _RULES if (found := rule(line))), None)
        if mended is None or mended.text == line.text:
            break
        first = first or mended
        line = replace(line, text=mended.text)
    return Mended(text=line.text, why=first.why, sign=first.sign) if first else None


def _dash_above(line: Line) -> int | None:
    """Give the column of the nearest dash above, looking no further than the list's key."""
    for text in line.above:
        if text.lstrip(" ").startswith("- "):
            return len(text) - len(text.lstrip(" "))
        if text.rstrip().endswith(":") and not text.startswith(" "):
            return None
    return None


def _listed(line: Line) -> bool:
    """Tell whether an address alone on this line is no continuation of a `url:` above."""
    for above in line.above:
        text = _COMMENT.sub("", above).strip()
        if text and not text.startswith("#"):
            return not text.endswith(":") or text in {"sources:", "sites:", "- sources:"}
    return False


def _spaces(line: Line) -> Mended | None:
    found = _LEAD.fullmatch(line.text)
    if found is None:
        return None
    indent, dash, key, gap = (found[name] or "" for name in ("indent", "dash", "key", "gap"))
    head = line.text[: found.start("value")]
    if not any(odd in head for odd in ODD_SPACES):
        return None
    value = found["value"]
    indent = "".join("  " if sign == "\t" else " " for sign in indent)
    dash = "- " * dash.count("-")
    key = f"{key}:" + (" " if gap and value else "") if key else ""
    text = indent + dash + key + value if dash + key + value else ""
    return Mended(text=text.rstrip(" "), why=TAB if "\t" in head else SPACE)


def _no_space_after_dash(line: Line) -> Mended | None:
    found = re.fullmatch(r"( *)-([^ \-].*)", line.text)
    return Mended(text=f"{found[1]}- {found[2]}", why=DASH) if found else None


def _no_space_after_colon(line: Line) -> Mended | None:
    found = _NO_SPACE.fullmatch(line.text)
    if found is None or found["key"].lower() not in line.keys:
        return None
    return Mended(text=f"{found['lead']}{found['key']}: {found['value']}", why=COLON)


def _no_dash(line: Line) -> Mended | None:
    found = _ADDRESS.fullmatch(line.text)
    if found is None or not _listed(line):
        return None
    dash_at = _dash_above(line)
    indent = found["indent"] if dash_at is None else " " * dash_at
    return Mended(text=f"{indent}- {found['address']}", why=NO_DASH)


def _sign(line: Line) -> Mended | None:
    """Quote a text that begins with a sign that means something to YAML."""
    head, value, tail = _parts(line.text)
    if not value:
        return None
    if value.startswith(("[", "{")):
        cut = not _CLOSED.fullmatch(value) and _CLOSED.match(value)
        return Mended(text=head + quoted(value) + tail, why=QUOTES, sign=value[0]) if cut else None
    special = value[0] in "@&*!%`" or (value[0] in "|>" and not _BLOCK_HEAD.fullmatch(value))
    if not special and not (value.startswith("- ") and _key(line.text)):
        return None
    return Mended(text=head + quoted(value) + tail, why=QUOTES, sign=value[0])


def _apostrophe(line: Line) -> Mended | None:
    head, value, tail = _parts(line.text)
    if not value.startswith(("'", '"')) or _CLOSED.fullmatch(value):
        return None
    inner = value[1:-1] if len(value) > 1 and value[-1] == value[0] else value
    if inner is value and not _CLOSED.match(value):
        return None
    return Mended(text=head + quoted(inner) + tail, why=APOSTROPHE)


def _colon(line: Line) -> Mended | None:
    head, value, tail = _parts(line.text)
    plain = value[:1] not in {"'", '"', "[", "{", "|", ">", ""}
    if not plain or not _key(line.text) or not re.search(r":(?: |$)", value):
        return None
    return Mended(text=head + quoted(value) + tail, why=QUOTES, sign=":")


def _flow(line: Line) -> Mended | None:
    """Quote words inside brackets or braces that begin with a sign, or are a `${NAME}`."""
    head, value, _ = _parts(line.text)
    if not value.startswith(("[", "{")):
        return None
    value = line.text[len(head) :]
    found = next(_FLOW_WORD.finditer(value), None)
    if found is None:
        return None
    word = found["word"].rstrip()
    start, end = found.start("word"), found.start("word") + len(word)
    text = head + value[:start] + quoted(word) + value[end:]
    if "${" in word:
        return Mended(text=text, why=SECRET)
    return Mended(text=text, why=HASH if word[0] == "#" else QUOTES, sign=word[0])


def _parts(text: str) -> tuple[str, str, str]:
    """Divide a line into what leads to the value, the value, and the comment."""
    found = _LEAD.fullmatch(text)
    if found is None:
        return text, "", ""
    value = found["value"]
    closed = _CLOSED.match(value)
    comment = _COMMENT.search(value, closed.end() if closed else 0)
    tail = comment[0] if comment else ""
    return text[: found.start("value")], value.removesuffix(tail).rstrip(), tail


def _key(text: str) -> str | None:
    found = _LEAD.fullmatch(text)
    return found["key"] if found else None


_RULES: Final[tuple[Callable[[Line], Mended | None], ...]] = (
    _spaces,
    _no_space_after_dash,
    _no_space_after_colon,
    _no_dash,
    _flow,
    _sign,
    _apostrophe,
    _colon,
)
