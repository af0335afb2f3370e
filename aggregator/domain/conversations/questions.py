"""Whether a comment asks something: by its signs or its first word, in French and English."""

import re
from typing import Final
from unicodedata import normalize

_ADDRESS: Final = re.compile(r"https?://\S+")
_GREETING: Final = re.compile(
    r"^(?:(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|cher|chère|merci|thanks|thank you)"
    r"\b[^,.!:;?\n]{0,40}[,.!:;\n]+\s*)+",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"(?:comment|pourquoi|où|combien|quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s|qui|quoi|"
    r"est-ce|qu'est-ce|qu'en|que (?:pens|fai|fau|dev|pouv|veu|vou|signifi|do)\w*|"
    r"quand(?= (?!j'|je |tu |il |elle |on |nous |vous |ils |elles |même ))|"
    r"\w+-(?:t-)?(?:tu|il|elle|on|vous|ils|elles|je|ce)|"
    r"how|why|when(?= (?!i |you |he |she |it |we |they ))|where|who|whose|whom|which|"
    r"what(?! a )|(?:is|are|was|were|do|does|did|can|could|would|will|should|have|has)"
    r" (?:i|you|he|she|it|we|they|there|this|that|these|those|anyone|anybody|someone)\b)"
    r"(?![\w'])",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile("[?\uff1f\u061f]")


def is_question(text: str) -> bool:
    """Tell whether a text holds a question mark outside addresses, or begins as a question."""
    plain = _ADDRESS.sub(" ", normalize("NFC", text)).replace("’", "'").strip(" \t\n«»\"'–-")
    return bool(_SIGNS.search(plain) or _OPENING.match(_GREETING.sub("", plain)))
