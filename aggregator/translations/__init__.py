"""French and English: the compiled catalogues, for whoever has to say a sentence.

The source texts are English; `fr/LC_MESSAGES/messages.po` holds the French ones.
"""

import gettext
import os
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, Protocol, get_args

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FOLDER: Final = Path(__file__).parent


class Translator(Protocol):
    """What says a message in one language."""

    def gettext(self, message: str, /) -> str:
        """Say `message`."""

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        """Say the form that fits `n`."""


def N_(message: str) -> str:  # noqa: N802 - the name every gettext tool knows
    """Mark a message for translation where it stands; it is translated where it is said."""
    return message


@lru_cache
def translator(language: Language) -> Translator:
    """Load the catalogue of `language`; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("messages", FOLDER, languages=[language])


def known_language(tag: str | None) -> Language | None:
    """Find the language we speak that a tag such as `fr_FR.UTF-8` or `en-GB` means."""
    wanted = (tag or "").replace("_", "-").split("-")[0].split(".")[0].lower()
    return next((language for language in LANGUAGES if language == wanted), None)


def system_language() -> Language:
    """Read the language of the system from its locale variables; English if it is another."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return known_language(value) or "en"
    return "en"
