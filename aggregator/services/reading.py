"""Reading: the boards, one entry, and the acts on entries."""

from collections.abc import Mapping, Sequence
from typing import Final

from aggregator.domain.boards import Act, Acted, Board, BoardNews, Box
from aggregator.domain.items import Article, EntryId, EntryRow
from aggregator.domain.sources import PageTab, SourceId
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.services.conversations import widgets
from aggregator.storage import actions, boards, pages, reading, sources
from aggregator.storage.engine import Session
from aggregator.translations import N_

LINES: Final = 8
"""Lines of a box."""

EARLIER: Final = 5
LOOKED_AT: Final = 200
"""Earlier entries shown below an entry, and looked at to find them."""


def tabs(context: Context) -> tuple[PageTab, ...]:
    """List the pages one sees, in the order of feeds.yaml."""
    with context.database.read() as session:
        return _visible(session)


def board(
    context: Context,
    slug: str | None,
    *,
    rows: int = LINES,
    excerpts: bool = False,
    known: Sequence[PageTab] | None = None,
) -> Board:
    """Show a page, the first one if `slug` is None: its boxes with their latest entries.

    `known` are the pages one sees, where they were listed already.

    Raises:
        NotFoundError: there is no such page, or no page at all.
    """
    with context.database.read() as session:
        page = _page(_visible(session) if known is None else known, slug)
        shown = sources.followed(session, floor_s=_floor_s(context), page_id=page.id)
        upto = reading.greatest_id(session)
        latest = boards.latest(session, shown, most=rows, upto=upto, excerpts=excerpts)
        boxes = tuple(
            Box(source=source, rows=latest.get(source.id, ()), upto=upto) for source in shown
        )
        own = any(source.mine for source in shown)
        others, lacks_answers = widgets.of_page(session, page.id, own=own)
        return Board(
            page=page, boxes=boxes, upto=upto, widgets=others, lacks_answers=lacks_answers
        )


def board_news(
    context: Context, slug: str, upto: EntryId, shown: Mapping[SourceId, EntryId]
) -> BoardNews:
    """Count what has come to a page since the id it shows; to some boxes since one of theirs.

    Raises:
        NotFoundError: there is no such page.
    """
    with context.database.read() as session:
        page = _page(_visible(session), slug)
        ids = sources.ids_of_page(session, page.id)
        since = {source_id: shown.get(source_id, upto) for source_id in ids}
        return BoardNews(page=page, news=sum(boards.count_news(session, since).values()))


def box(
    context: Context, source_id: SourceId, *, rows: int = LINES, excerpts: bool = False
) -> Box:
    """Show one source with its latest entries.

    Raises:
        NotFoundError: it is not in feeds.yaml (any more).
    """
    with context.database.read() as session:
        found = sources.listed(session, floor_s=_floor_s(context), source_id=source_id)
        if not found:
            raise NotFoundError(N_("This source is not followed (any more)."))
        upto = reading.greatest_id(session)
        latest = boards.latest(session, found, most=rows, upto=upto, excerpts=excerpts)
        return Box(source=found[0], rows=latest.get(source_id, ()), upto=upto)


def boxes(
    context: Context,
    since: Mapping[SourceId, EntryId],
    *,
    rows: int = LINES,
    excerpts: bool = False,
) -> dict[SourceId, Box]:
    """Show boxes as they are up to the id that each was shown with, and count what came after.

    With the id 0 a box is shown as it is now. A source that is no longer followed has none.
    """
    with context.database.read() as session:
        found = sources.followed(session, floor_s=_floor_s(context), source_ids=tuple(since))
        greatest = reading.greatest_id(session)
        uptos = {source.id: since[source.id] or greatest for source in found}
        news = boards.count_news(session, uptos)
        shown: dict[SourceId, Box] = {}
        for upto in set(uptos.values()):
            group = [source for source in found if uptos[source.id] == upto]
            latest = boards.latest(session, group, most=rows, upto=upto, excerpts=excerpts)
            for source in group:
                lines = latest.get(source.id, ())
                shown[source.id] = Box(
                    source=source, rows=lines, upto=upto, news=news.get(source.id, 0)
                )
        return shown


def article(context: Context, entry_id: EntryId) -> Article:
    """Open an entry. It stays unread: marking it is an act.

    Raises:
        NotFoundError: no such entry is stored.
    """
    with context.database.read() as session:
        found = reading.article(session, entry_id)
    if found is None:
        raise NotFoundError(N_("There is no such entry."))
    return found


def earlier(context: Context, opened: Article) -> tuple[EntryRow, ...]:
    """List up to five earlier entries of the author of an entry, or of its source."""
    with context.database.read() as session:
        return reading.earlier(session, opened.row, most=EARLIER, looked_at=LOOKED_AT)


def note_opened(context: Context, entry_id: EntryId) -> None:
    """Note that an entry was opened to be read, here or at its source: what is used is told by it.

    To mark entries as read, one or all, is not to open them.
    """
    with context.database.write() as session:
        actions.note_opened(session, [entry_id], at=context.clock())


def act(
    context: Context,
    what: Act,
    entry_ids: Sequence[EntryId],
    *,
    undoable: bool = True,
    opened: bool = False,
) -> Acted:
    """Do something to entries; those that are so already do not count.

    `opened`: it is done because they were opened to be read.
    """
    with context.database.write() as session:
        if opened:
            actions.note_opened(session, entry_ids, at=context.clock())
        changed = actions.act_on(session, what, entry_ids)
        if not undoable:
            return Acted(action_id=None, act=what, count=len(changed))
        return _remembered(session, context, what, changed)


def mark_all_read(
    context: Context,
    *,
    upto: EntryId,
    page_slug: str | None = None,
    source_id: SourceId | None = None,
) -> Acted:
    """Mark read all that is unread on a page or in a source, up to the id one has seen.

    Raises:
        NotFoundError: there is no such page.
    """
    with context.database.write() as session:
        page_id = None
        if page_slug is not None:
            ids = {tab.slug: tab.id for tab in pages.tabs(session)}
            if page_slug not in ids:
                raise NotFoundError(N_("There is no such page."))
            page_id = ids[page_slug]
        changed = actions.read_all(session, upto=upto, page_id=page_id, source_id=source_id)
        return _remembered(session, context, Act.READ, changed)


def _remembered(
    session: Session, context: Context, what: Act, changed: Sequence[EntryId]
) -> Acted:
    action_id = actions.remember(session, what, changed, now=context.clock())
    return Acted(action_id=action_id, act=what, count=len(changed))


def _page(tabs: Sequence[PageTab], slug: str | None) -> PageTab:
    page = next((tab for tab in tabs if slug in {None, tab.slug}), None)
    if page is None:
        raise NotFoundError(N_("There is no such page."))
    return page


def _visible(session: Session) -> tuple[PageTab, ...]:
    return tuple(tab for tab in pages.tabs(session) if not tab.hidden)


def _floor_s(context: Context) -> int:
    return int(context.settings.floor.total_seconds())
