"""Lists of entries to work through: of what, in which order, and places in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.sources import PageId, PageTab, SourceId


class Show(StrEnum):
    """Which entries of a list one wants to see."""

    UNREAD = "unread"
    ALL = "all"


class Order(StrEnum):
    """In which order; one per source gives the newest of each, newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ONE_PER_SOURCE = "one-per-source"


class Age(StrEnum):
    """How old entries must be to be read off at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


AGES: Final = {
    Age.DAY: timedelta(days=1),
    Age.WEEK: timedelta(days=7),
    Age.MONTH: timedelta(days=30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a list is of: a page, a source, or what is kept; nothing said means everything."""

    page_slug: str | None = None
    source_id: SourceId | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A list as it is asked for."""

    scope: Scope
    show: Show = Show.UNREAD
    order: Order = Order.NEWEST

    @property
    def only_unread(self) -> bool:
        """Tell whether read entries stay out; what is kept is shown read or not."""
        return self.show is Show.UNREAD and not self.scope.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A scope as it is stored: a page, a source, what is kept, or all that one sees."""

    page_id: PageId | None = None
    source_id: SourceId | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a list: of an entry there, whether or not it still is."""

    published_at: datetime
    id: EntryId


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSource:
    """A source as a leaf of the tree."""

    id: SourceId
    name: str
    unread: int
    page_slug: str
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """All one can read: pages with the sources of the open one, and how many are kept.

    `open_page` is the slug of the page whose sources these are, None where none is open.
    `kept` counts entries and comments.
    """

    pages: tuple[PageTab, ...]
    open_page: str | None
    sources: tuple[TreeSource, ...]
    kept: int

    @property
    def unread(self) -> int:
        """Count what is unread on all pages one sees."""
        return sum(page.unread for page in self.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryList:
    """A piece of a list.

    `page` and `source` are what it is of. `next` is where it goes on, None at its end.
    `upto` is the greatest entry id there was: "all read" goes no further. `begins_later`
    tells that it begins at an entry that was asked for, and not at its top.
    """

    wanted: Wanted
    page: PageTab | None
    source: TreeSource | None
    rows: tuple[EntryRow, ...]
    next: Place | None
    upto: EntryId
    unread: int
    begins_later: bool = False


def place_of(row: EntryRow) -> Place:
    """Tell the place of an entry."""
    return Place(published_at=row.published_at, id=row.id)


def comes_before(one: EntryRow, other: EntryRow, order: Order) -> bool:
    """Tell whether an entry stands above another in a list."""
    first, second = (one.published_at, one.id), (other.published_at, other.id)
    return first < second if order is Order.OLDEST else first > second


def with_row(rows: Sequence[EntryRow], row: EntryRow, order: Order) -> tuple[EntryRow, ...]:
    """Put an entry at its place among those of a list."""
    above = [each for each in rows if comes_before(each, row, order)]
    return (*above, row, *rows[len(above) :])


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LONGEST: Final = 18


def write_place(place: Place) -> str:
    """Write a place for an address: microseconds since 1970, a dash, the id."""
    return f"{(place.published_at - _EPOCH) // _MICROSECOND}-{place.id}"


def read_place(text: str) -> Place | None:
    """Read a place back; None where the text is none."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    moment, dash, number = digits.partition("-")
    if not dash or not all(
        part.isascii() and part.isdecimal() and len(part) <= _LONGEST for part in (moment, number)
    ):
        return None
    try:
        published_at = _EPOCH + sign * int(moment) * _MICROSECOND
    except OverflowError:
        return None
    return Place(published_at=published_at, id=EntryId(int(number)))


def write_wanted(wanted: Wanted) -> str:
    """Write which list it is in one word, as `page:veille/unread/newest` or `kept/all/oldest`."""
    scope = wanted.scope
    if scope.source_id is not None:
        of = f"source:{scope.source_id}"
    elif scope.page_slug is not None:
        of = f"page:{scope.page_slug}"
    else:
        of = "kept" if scope.kept else "everything"
    return f"{of}/{wanted.show.value}/{wanted.order.value}"


def read_wanted(text: str) -> Wanted | None:
    """Read which list it is; None where the text says no such thing."""
    of, _, ways = text.partition("/")
    show, _, order = ways.partition("/")
    scope = _read_scope(of)
    if scope is None or show not in {*Show} or order not in {*Order}:
        return None
    return Wanted(scope=scope, show=Show(show), order=Order(order))


def _read_scope(text: str) -> Scope | None:
    kind, _, argument = text.partition(":")
    match kind:
        case "page" if argument:
            return Scope(page_slug=argument)
        case "source" if argument.isascii() and argument.isdecimal() and len(argument) <= _LONGEST:
            return Scope(source_id=SourceId(int(argument)))
        case "kept" | "everything" if not argument:
            return Scope(kept=kind == "kept")
        case _:
            return None
