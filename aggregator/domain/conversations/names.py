"""Names as people write them, made comparable: `Chloé`, `chloe` and `@CHLOE` are one."""

import re
from collections.abc import Callable, Iterable
from typing import Final
from unicodedata import normalize

_UNHEARD: Final = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD: Final = re.compile(r"[^\W_]+")
_ADDRESS: Final = re.compile(r"://|[\w.]@\w|^\W?www\.")


def fold(text: str) -> str:
    """Drop case, accents and what is not seen; write every run of blanks as one space."""
    if not text.isascii():
        text = _UNHEARD.sub("", normalize("NFKD", text))
    return " ".join(text.casefold().split())


def words(text: str) -> list[str]:
    """Give the words of a text, folded."""
    return _WORD.findall(fold(text))


def squeeze(name: str) -> str:
    """Make a name comparable without its spaces: `Philippe B` and `@philippeB` are one."""
    return "".join(words(name))


def naming(names: Iterable[str]) -> Callable[[str], bool]:
    """Give what tells whether a text names one of these, as a whole word.

    A name inside an address, or joined to another by a hyphen, names somebody else.
    """
    folded = {fold(name).lstrip("@ ") for name in names} - {""}
    if not folded:
        return lambda _: False
    any_of = "|".join(re.escape(name) for name in sorted(folded, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?<!\w[-.])(?:{any_of})(?!\w)(?![-.]\w)")

    def names_one(text: str) -> bool:
        said = fold(text)
        if pattern.search(said) is None:
            return False
        spoken = (word for word in said.split() if _ADDRESS.search(word) is None)
        return pattern.search(" ".join(spoken)) is not None

    return names_one
