"""From the model of feeds.yaml to what is followed, with the checks that span the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aggregator.domain.following import (
    ANSWER_WITHIN,
    FollowedPage,
    FollowedSource,
    FollowList,
    Me,
    Preferences,
    Retirement,
    WorkingHours,
)
from aggregator.subscriptions.addresses import compared_address, shown_address
from aggregator.subscriptions.shape.model import WEEKDAYS, FeedsFile, OfficeHoursPart
from aggregator.subscriptions.shape.sources import SourcePart
from aggregator.subscriptions.shape.words import did_you_mean
from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.findings import Finding, Path, shown
from aggregator.translations import N_

ONLY_PAGE: Final = "Veille"
"""The page of a list that names none."""

_LATER: Final[tuple[Path, ...]] = (
    ("settings", "follow_commenters"),
    ("bridges",),
    ("watches",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A source with its path, and the page it is nested in."""

    path: Path
    source: SourcePart
    nested_in: str | None = None


def follow_list(
    file: FeedsFile, document: Document, *, floor: timedelta
) -> tuple[FollowList, list[Finding]]:
    """Make the list of what is followed, and tell what is wrong between its parts.

    A source without a page stands on the first; an unknown page is created after those
    declared. Where the findings hold an error, the list is not to be used.
    """
    found = [*_pages_twice(file, document), *_bridges(file, document)]
    found += _addresses_twice(file, document)
    pages = {page.name: _page(page.name, page.columns, page.hidden) for page in file.pages}
    for placed in _placed(file):
        found += _about_source(placed, document, floor=floor, pages=tuple(pages))
        if (name := placed.source.page) and name not in pages and placed.source.url:
            pages[name] = _page(name)
    if not pages:
        pages[ONLY_PAGE] = _page(ONLY_PAGE)
    first = next(iter(pages))
    followed = FollowList(
        me=Me(names=file.me.names, sites=file.me.sites, emails=file.me.emails),
        preferences=Preferences(
            language=file.settings.language,
            timezone=file.settings.timezone,
            answer_within=file.settings.answer_within or ANSWER_WITHIN,
            office_hours=_hours(file.settings.office_hours),
            choices=file.settings.choices,
        ),
        sources=tuple(_followed(placed, first) for placed in _placed(file) if placed.source.url),
        pages=tuple(pages.values()),
        unused=_unused(file, document),
    )
    if not any(True for _ in _placed(file)):
        found.append(_empty(document))
    return followed, found


def _hours(part: OfficeHoursPart | None) -> WorkingHours:
    if part is None:
        return WorkingHours()
    days = tuple(WEEKDAYS.index(day) for day in part.days)
    return WorkingHours(days=days, begin=part.begin, end=part.end)


def _page(name: str, columns: int = 3, hidden: bool = False) -> FollowedPage:  # noqa: FBT001, FBT002 - read from the model
    return FollowedPage(name=name, columns=columns, hidden=hidden)


def _placed(file: FeedsFile) -> Iterator[Placed]:
    for index, source in enumerate(file.sources):
        yield Placed(path=("sources", index), source=source)
    for number, page in enumerate(file.pages):
        for index, source in enumerate(page.sources):
            path = ("pages", number, "sources", index)
            yield Placed(path=path, source=source, nested_in=page.name)


def _followed(placed: Placed, first_page: str) -> FollowedSource:
    source = placed.source
    address = source.url or ""
    retired = source.retired
    return FollowedSource(
        url=shown_address(address),
        address=address,
        name=source.name,
        page=placed.nested_in or source.page or first_page,
        mine=source.mine,
        comments=source.comments,
        every=source.every,
        tags=source.tags,
        purpose=source.purpose,
        paused=source.paused,
        retired=Retirement(since=retired.since, why=retired.why) if retired else None,
    )


def _about_source(
    placed: Placed, document: Document, *, floor: timedelta, pages: tuple[str, ...]
) -> Iterator[Finding]:
    source, path = placed.source, placed.path
    if source.every is not None and source.every < floor:
        minutes = max(int(floor.total_seconds() // 60), 1)
        yield _finding(
            document,
            (*path, "every"),
            N_("shorter than the floor: this source is asked every %(minutes)s minutes"),
            level="warning",
            meant=document.line_with(document.spots[*path, "every"].node, f"{minutes}m"),
            minutes=minutes,
        )
    if placed.nested_in is not None and source.page not in {None, placed.nested_in}:
        yield _finding(
            document,
            (*path, "page"),
            N_("this source stands under the page '%(page)s' already: delete this line"),
            page=placed.nested_in,
        )
    elif source.page is not None and source.page not in pages and source.url:
        yield _created(document, (*path, "page"), source.page, pages)


def _created(document: Document, path: Path, name: str, pages: tuple[str, ...]) -> Finding:
    near = did_you_mean(name, pages, {})
    message = (
        N_("the page '%(page)s' is not in 'pages' and is created; did you mean '%(near)s'?")
        if near
        else N_("the page '%(page)s' is not in 'pages' and is created")
    )
    return _finding(document, path, message, level="warning", page=name, near=near or "")


def _addresses_twice(file: FeedsFile, document: Document) -> Iterator[Finding]:
    seen: dict[str, Path] = {}
    for placed in _placed(file):
        source = placed.source
        named = f"bridge:{source.bridge}/{source.name}"
        same = compared_address(source.url) if source.url else named
        path = (
            placed.path if (*placed.path, "url") not in document.spots else (*placed.path, "url")
        )
        first = seen.setdefault(same, path)
        if first is path:
            continue
        yield _finding(
            document,
            path,
            N_("this address stands on line %(line)s already: keep one of them"),
            line=_line(document, first),
        )


def _pages_twice(file: FeedsFile, document: Document) -> Iterator[Finding]:
    seen: dict[str, Path] = {}
    for number, page in enumerate(file.pages):
        path = ("pages", number, "name")
        if (first := seen.setdefault(page.name, path)) is not path:
            yield _finding(
                document,
                path,
                N_("a page of this name stands on line %(line)s already: give it another name"),
                line=_line(document, first),
            )


def _bridges(file: FeedsFile, document: Document) -> Iterator[Finding]:
    for placed in _placed(file):
        name = placed.source.bridge
        if name is None or name in file.bridges:
            continue
        near = did_you_mean(name, file.bridges, {})
        message = (
            N_("no bridge has this name; did you mean '%(near)s'?")
            if near
            else N_("no bridge has this name: describe it under 'bridges'")
        )
        yield _finding(document, (*placed.path, "bridge"), message, near=near or "")


def _unused(file: FeedsFile, document: Document) -> tuple[str, ...]:
    """List, in the order of the file, what is kept for a later feature."""
    paths: list[Path] = [path for path in _LATER if _written(document, path)]
    paths += [(*placed.path, "bridge") for placed in _placed(file) if placed.source.bridge]
    paths.sort(key=lambda path: document.spots[path].start)
    return tuple(".".join(str(part) for part in path) for path in paths)


def _written(document: Document, path: Path) -> bool:
    spot = document.spots.get(path)
    return spot is not None and not spot.node.empty


def _empty(document: Document) -> Finding:
    spot = document.spots.get(("sources",))
    return Finding(
        offset=spot.start if spot else 0,
        message=N_("nothing is followed yet: add an address below `sources:`"),
        path=("sources",) if spot else (),
        level="warning",
        meant="- https://example.org/blog",
    )


def _line(document: Document, path: Path) -> int:
    return document.lines.number(document.spots[path].start)


def _finding(
    document: Document,
    path: Path,
    message: str,
    *,
    level: str = "error",
    meant: str | None = None,
    **params: str | int,
) -> Finding:
    node = document.spots[path].node
    known: Mapping[str, str | int] = {
        key: shown(value) if isinstance(value, str) else value for key, value in params.items()
    }
    return Finding(
        offset=node.start,
        message=message,
        path=path,
        params=known,
        level=level,
        meant=meant,
        about=document.about(path),
    )
