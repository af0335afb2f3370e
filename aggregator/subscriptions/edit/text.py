"""Change a feeds.yaml and make sure of it: nothing else may read otherwise afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.errors import InvalidInputError
from aggregator.subscriptions.edit.changes import (
    Append,
    Change,
    cleaned,
    intended,
    same_values,
)
from aggregator.subscriptions.edit.placing import UnplacedError, placed
from aggregator.subscriptions.edit.splices import Splice, applied
from aggregator.subscriptions.edit.writing import STEP, item_lines, map_lines
from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.encoding import decoded
from aggregator.translations import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line that was put in or changed, by its number in the new text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The new bytes of a file, and the lines that are new in it."""

    content: bytes
    lines: tuple[NewLine, ...]


def edited(content: bytes, changes: Sequence[Change]) -> Edited:
    """Splice changes into a feeds.yaml, read it again and compare it with what was meant.

    Raises:
        InvalidInputError: the text is written in a way that cannot be spliced; the sentence
            holds the lines to put in by hand.
    """
    text, unsaved = decoded(content)
    document = Document(text)
    wanted = [cleaned(change) for change in changes]
    if unsaved is not None or document.fault is not None:
        raise _by_hand(wanted, 1)
    try:
        splices = [splice for change in wanted for splice in placed(document, change)]
    except UnplacedError as error:
        raise _by_hand(wanted, document.lines.number(error.offset)) from error
    made = applied(content, splices)
    again = Document(decoded(made)[0])
    if again.fault is not None or not same_values(again.value, intended(document.value, wanted)):
        raise _by_hand(wanted, document.lines.number(splices[0].start) if splices else 1)
    return Edited(content=made, lines=tuple(_new_lines(again, splices)))


def by_hand(changes: Sequence[Change]) -> str:
    """Write the lines of changes as they are put in by hand."""
    return "\n".join(line for change in changes for line in _lines(change))


def _lines(change: Change) -> Iterator[str]:
    if isinstance(change, Append):
        yield f"{change.at[-1]}:"
        for item in change.items:
            yield from item_lines(item, STEP, dash=STEP)
        return
    values = {key: value for key, value in change.values.items() if value is not None}
    if change.at and isinstance(change.at[-1], str):
        yield from map_lines({change.at[-1]: values}, 0, dash=STEP)
    else:
        yield from map_lines(values, 0, dash=STEP)


def _by_hand(changes: Sequence[Change], line: int) -> InvalidInputError:
    added = by_hand(changes)
    taken = [
        key
        for change in changes
        if not isinstance(change, Append)
        for key, value in _values(change.values)
        if value is None
    ]
    if not added:
        return InvalidInputError(
            N_(
                "feeds.yaml is written here (line %(line)s) in a way that Veille cannot change "
                "without touching your text. Take out by hand: %(keys)s"
            ),
            line=line,
            keys=", ".join(taken),
        )
    return InvalidInputError(
        N_(
            "feeds.yaml is written here (line %(line)s) in a way that Veille cannot change "
            "without touching your text. Put this in by hand:\n%(lines)s"
        ),
        line=line,
        lines=added,
    )


def _values(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    yield from values.items()


def _new_lines(again: Document, splices: Sequence[Splice]) -> Iterator[NewLine]:
    """Find the lines that splices made: those that each wrote into."""
    grown = 0
    told: set[int] = set()
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        start = splice.start + grown
        grown += len(splice.new) - (splice.end - splice.start)
        if not splice.new:
            continue
        skipped = len(splice.new) - len(splice.new.lstrip("\n"))
        first = again.lines.number(start + skipped)
        last = again.lines.number(start + len(splice.new.rstrip("\n")))
        for number in range(first, last + 1):
            if number not in told:
                told.add(number)
                yield NewLine(number=number, text=again.lines[number])
