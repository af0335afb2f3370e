"""feeds.yaml: read what people wrote, or say what is wrong with it, line by line."""

import codecs
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final

from pydantic import ValidationError

from aggregator.domain.following import FollowList, Problem
from aggregator.subscriptions.follow_list import follow_list
from aggregator.subscriptions.shape.model import FeedsFile
from aggregator.subscriptions.shape.sentences import finding_of
from aggregator.subscriptions.shape.words import ALL_KEYS
from aggregator.subscriptions.text.document import Document, look_over
from aggregator.subscriptions.text.encoding import decoded
from aggregator.subscriptions.text.findings import Finding, Lines, problem
from aggregator.subscriptions.text.remarks import remarks, suspicious_lines
from aggregator.subscriptions.text.slips import (
    SPACE,
    TAB,
    Mended,
    find_slips,
    mended_text,
    slip_finding,
)
from aggregator.subscriptions.text.unreadable import fault_finding
from aggregator.translations import Language, known_language

FLOOR: Final = timedelta(minutes=15)
_MOST_PROBLEMS: Final = 100
_LANGUAGE: Final = re.compile(
    r"^settings:[^\n]*\n(?:[ \t#][^\n]*\n|\n)*?[ \t]+language:[ \t]*[\"']?(fr|en)\b", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a feeds.yaml says; `follow` is None where a problem is an error."""

    follow: FollowList | None
    problems: tuple[Problem, ...]


def read(content: bytes, *, file: str, language: Language, floor: timedelta = FLOOR) -> Reading:
    """Read a feeds.yaml; nothing is raised, whatever the bytes are.

    `file` is how the problems call it. They are in line order, and in `language` unless the
    file itself says another in `settings.language`, as far as that can be read. Where a line
    has a slip of typing, the line that was meant is read in its place, so that what else is
    wrong is told at once.
    """
    text, unsaved = decoded(content)
    if unsaved is not None:
        spoken = problem(unsaved, Lines(text), file=file, language=_language(text) or language)
        return Reading(follow=None, problems=(spoken,))
    written = Document(text)
    slips = _slips(written)
    document = Document(mended_text(written.lines, slips)) if slips else written
    follow, findings = _understood(document, floor)
    spoken_language = _language_of(document) or language
    findings.sort(key=lambda finding: finding.offset)
    untouched = (each for each in findings if document.lines.number(each.offset) not in slips)
    problems = [
        _slip_problem(written, document, number, mended, file, spoken_language)
        for number, mended in islice(slips.items(), _MOST_PROBLEMS)
    ]
    problems += [
        problem(finding, document.lines, file=file, language=spoken_language)
        for finding in islice(untouched, _MOST_PROBLEMS)
    ]
    problems = _in_order(problems)
    if any(each.level == "error" for each in problems):
        follow = None
    return Reading(follow=follow, problems=tuple(problems))


def mended(content: bytes) -> bytes | None:
    """Put ordinary spaces where no-break spaces and tabs break the text; None if none do.

    A person cannot see these spaces, and so can hardly mend them alone. Nothing else changes.
    """
    text, unsaved = decoded(content)
    document = Document(text)
    spaces = {n: slip for n, slip in _slips(document).items() if slip.why in {SPACE, TAB}}
    if unsaved is not None or not spaces:
        return None
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    end = "\r\n" if b"\r\n" in content else "\n"
    return mark + mended_text(document.lines, spaces).replace("\n", end).encode()


def _slips(document: Document) -> dict[int, Mended]:
    """Look for slips of typing: everywhere if the text is no YAML, else where it looks odd."""
    if document.fault is not None:
        return find_slips(document.lines, range(1, len(document.lines) + 1), ALL_KEYS)
    return find_slips(document.lines, suspicious_lines(document, ALL_KEYS), ALL_KEYS)


def _understood(document: Document, floor: timedelta) -> tuple[FollowList | None, list[Finding]]:
    """Make of a document what is followed, and tell what its values have wrong."""
    if document.fault is not None:
        return None, [fault_finding(document.fault, document)]
    findings = look_over(document)
    try:
        file = FeedsFile.model_validate(document.value if document.value is not None else {})
    except ValidationError as error:
        findings += [
            finding_of(each, document) for each in error.errors(include_url=False)[:_MOST_PROBLEMS]
        ]
        follow = None
    else:
        follow, more = follow_list(file, document, floor=floor)
        findings += more
    told = {finding.path for finding in findings}
    findings += [remark for remark in remarks(document) if remark.path not in told]
    return follow, findings


def _slip_problem(
    written: Document,
    document: Document,
    number: int,
    mended: Mended,
    file: str,
    language: Language,
) -> Problem:
    """Say a slip, with the path and source that its line has once it is mended."""
    finding = slip_finding(written.lines, number, mended)
    line, column = written.lines.place(finding.offset)
    path = document.path_at(line, column)
    named = Finding(
        offset=finding.offset,
        message=finding.message,
        path=path,
        params=finding.params,
        meant=finding.meant,
        about=document.about(path),
    )
    return problem(named, written.lines, file=file, language=language)


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Sort by place, tell nothing twice, and stop where nobody reads on."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda each: (each.line, each.column, each.path))[:_MOST_PROBLEMS]


def _language_of(document: Document) -> Language | None:
    spot = document.spots.get(("settings", "language"))
    if spot is not None and spot.node.kind == "text":
        return known_language(spot.node.text) if spot.node.text in {"fr", "en"} else None
    return _language(document.text) if document.fault is not None else None


def _language(text: str) -> Language | None:
    found = _LANGUAGE.search(text)
    return known_language(found[1]) if found else None
