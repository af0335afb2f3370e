"""What was found wrong in a text, before it is said in somebody's language."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aggregator.domain.following import Problem
from aggregator.translations import N_, Language, translator

Path = tuple[str | int, ...]
"""The way to a value: keys, and indexes from 0."""

MOST_SHOWN: Final = 160
"""Characters of a line that a sentence repeats."""

_USER_INFO: Final = re.compile(r"(?<=//)[^/\s@\"']+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found at `offset` of the text.

    `message` is a gettext id whose places `params` fill; `meant` is the line that should stand
    there; `about` names the source it is in. Each is None where it is not known or would say
    nothing.
    """

    offset: int
    message: str
    path: Path = ()
    params: Mapping[str, str | int] = field(default_factory=dict)
    level: str = "error"
    meant: str | None = None
    about: str | None = None


class Lines:
    """The lines of a text, and where an offset lies in them; lines count from 1."""

    def __init__(self, text: str) -> None:
        self._texts = text.split("\n")
        self._starts = [0]
        for line in self._texts[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, number: int) -> str:
        return self._texts[number - 1]

    def start(self, number: int) -> int:
        """Give the offset at which a line begins."""
        return self._starts[number - 1]

    def number(self, offset: int) -> int:
        """Give the line of an offset."""
        return bisect_right(self._starts, max(offset, 0))

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset, both from 1, never outside the text."""
        number = self.number(offset)
        column = min(offset - self.start(number), len(self[number]))
        return number, max(column, 0) + 1


def shown(line: str) -> str:
    """Shorten a line for a sentence, and leave a name and password in an address out of it."""
    line = _USER_INFO.sub("…@", line.strip())
    return line if len(line) <= MOST_SHOWN else line[:MOST_SHOWN] + "…"


def problem(finding: Finding, lines: Lines, *, file: str, language: Language) -> Problem:
    """Say a finding in `language`."""
    line, column = lines.place(finding.offset)
    words = translator(language)
    message = words.gettext(finding.message) % finding.params
    if finding.meant and finding.meant.strip():
        write = words.gettext(N_("%(sentence)s; write `%(line)s`"))
        message = write % {"sentence": message, "line": shown(finding.meant)}
    if finding.about and finding.about not in message:
        message = f"{message} ({finding.about})"
    return Problem(
        file=file,
        line=line,
        column=column,
        path=".".join(str(part) for part in finding.path),
        message=message,
        level=finding.level,
    )
