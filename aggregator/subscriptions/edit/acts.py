"""What people do to their list, as changes of its text: follow, pause, retire, say, set."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aggregator.domain.exchange import Subscription
from aggregator.domain.following import FollowList
from aggregator.subscriptions.addresses import shown_address
from aggregator.subscriptions.edit.changes import Append, Change, Put
from aggregator.subscriptions.edit.writing import Tree, clean
from aggregator.subscriptions.text.findings import Path


def following(
    value: Mapping[str, Any] | None, follow: FollowList, wanted: Sequence[Subscription]
) -> list[Change]:
    """Add sources, each to the page it names; `value` is what the file holds.

    A page that holds its own sources gets them there. A page that is not in `pages` is added;
    where no page is, those that stand already come first, so that no other source moves.
    """
    held = value or {}
    declared = [page for page in held.get("pages") or () if isinstance(page, dict)]
    first = follow.pages[0].name if follow.pages and follow.sources else None
    if declared:
        first = str(declared[0].get("name"))
    owners = {str(page["name"]): n for n, page in enumerate(declared) if page.get("sources")}
    listed: list[Tree] = []
    nested: dict[str, list[Tree]] = {}
    for subscription in wanted:
        if subscription.page in owners:
            nested.setdefault(str(subscription.page), []).append(_item(subscription, None))
        else:
            page = None if subscription.page == first else subscription.page
            listed.append(_item(subscription, page))
    changes: list[Change] = [
        Append(at=("pages", owners[page], "sources"), items=items)
        for page, items in nested.items()
    ]
    if listed:
        changes.append(Append(at=("sources",), items=listed))
    if pages := list(_new_pages(follow, wanted, declared)):
        changes.append(Append(at=("pages",), items=[{"name": name} for name in pages]))
    return changes


def _new_pages(
    follow: FollowList, wanted: Sequence[Subscription], declared: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    there = [page.name for page in follow.pages] if follow.sources or declared else []
    new = dict.fromkeys(one.page for one in wanted if one.page and one.page not in there)
    if new and not declared:
        yield from there
    yield from (page for page in new if page)


def _item(subscription: Subscription, page: str | None) -> Tree:
    item = {"name": clean(subscription.name or ""), "url": subscription.url, "page": page}
    kept = {key: value for key, value in item.items() if value}
    return kept if len(kept) > 1 else subscription.url


def source_path(value: Mapping[str, Any] | None, url: str) -> Path | None:
    """Find a source by its address as it is shown; None if the file has no such one."""
    held = value or {}
    lists: list[tuple[Path, Sequence[Any]]] = [(("sources",), held.get("sources") or ())]
    for number, page in enumerate(held.get("pages") or ()):
        lists.append((("pages", number, "sources"), page.get("sources") or ()))
    for path, sources in lists:
        for index, source in enumerate(sources):
            written = source if isinstance(source, str) else source.get("url")
            if isinstance(written, str) and shown_address(written) == url:
                return (*path, index)
    return None


def readdressing(path: Path, address: str) -> list[Change]:
    """Give a source another address."""
    return [Put(at=path, values={"url": address})]


def pausing(path: Path) -> list[Change]:
    """Leave a source alone for now."""
    return [Put(at=path, values={"paused": True})]


def resuming(path: Path, *, retired: bool) -> list[Change]:
    """Follow a source again that was retired, or else was paused."""
    return [Put(at=path, values={"retired" if retired else "paused": None})]


def retiring(path: Path, *, since: date, why: str | None) -> list[Change]:
    """Stop following a source, and keep it in the archive."""
    said: dict[str, Tree] = {"since": since.isoformat()}
    if why and (reason := clean(why)):
        said["why"] = reason
    return [Put(at=path, values={"retired": said})]


def describing(path: Path, purpose: str | None) -> list[Change]:
    """Say what a source is for; None or nothing takes that away."""
    return [Put(at=path, values={"purpose": clean(purpose or "") or None})]


def setting(values: Mapping[str, str | None]) -> list[Change]:
    """Set keys of `settings`; None takes one away."""
    return [Put(at=("settings",), values=values)]
