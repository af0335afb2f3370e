"""What stays fresh on a board: the head of the page, the heads of its boxes, their lines.

A box keeps its lines: what has come is counted in its head, and shown when one asks for it.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import request

from aggregator.domain.boards import Box
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.errors import NotFoundError
from aggregator.services import reading
from aggregator.web import boxes
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.live import Asked, gone, instead
from aggregator.web.numbers import read_id
from aggregator.web.pages import head_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A box as the page has it; see `boxes.marks_of`."""

    source_id: SourceId
    upto: EntryId
    marks: str
    token: str


def head_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the head of a page again where its counts have changed."""
    for part in asked:
        slug, _, upto = part.argument.rpartition("-")
        since = EntryId(read_id(upto) or 0)
        with suppress(NotFoundError):  # a page that left feeds.yaml while it was looked at
            news = reading.board_news(context(), slug, since, _shown_since())
            values = head_values(news.page, since, news.news)
            if values["head_seen"] != part.token:
                yield instead("pages/_head.html", **values)


def _shown_since() -> dict[SourceId, EntryId]:
    """Read which boxes were shown again after their page, and up to which id."""
    found = {}
    for field in request.args.getlist("shown"):
        source_id, upto = map(read_id, field.partition("-")[::2])
        if source_id is not None and upto is not None:
            found[SourceId(source_id)] = EntryId(upto)
    return found


def boxes_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show again what has changed in boxes; where its source has gone, the box goes too."""
    shown = [box for box in map(_read, asked) if box is not None]
    since = {box.source_id: EntryId(0) if "w" in box.marks else box.upto for box in shown}
    now = reading.boxes(context(), since, excerpts=choice("excerpts") == "on")
    for was in shown:
        box = now.get(was.source_id)
        if box is None:
            yield gone(f"box-{was.source_id}")
        elif was.token != boxes.both_tokens(box):
            yield from _changed(was, box)


def _read(part: Asked) -> Shown | None:
    source_id, _, rest = part.argument.partition("-")
    upto, _, marks = rest.partition("-")
    known, seen_upto = read_id(source_id), read_id(upto)
    if known is None or seen_upto is None:
        return None
    return Shown(source_id=SourceId(known), upto=EntryId(seen_upto), marks=marks, token=part.token)


def _changed(was: Shown, box: Box) -> Iterator[str]:
    """Give what is to be put in its place: only where no line can move, the whole box."""
    folded = "f" in was.marks
    has_trouble = "t" in was.marks
    if "w" in was.marks or (has_trouble and not folded):
        yield instead("pages/_box.html", box=box, holds_place="w" in was.marks)
        return
    more = "m" in was.marks
    values = {"box": box, "folded": folded, "marks": was.marks}
    yield instead("pages/_box_head.html", **values)
    if folded:
        return
    if was.token.rpartition("-")[2] != boxes.lines_token(box):
        yield instead("pages/_lines.html", **values)
    if more:
        yield instead("pages/_more.html", **values)
