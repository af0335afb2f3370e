"""What stays fresh in the reader: counts, lines that turn read, the news of what has come."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from flask import Flask

from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.lists import read_wanted
from aggregator.errors import NotFoundError
from aggregator.services import lists
from aggregator.web import hx
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.live import Asked, changed, instead
from aggregator.web.numbers import read_id
from aggregator.web.reader import address, open_base, tree_counts


def furnish(app: Flask) -> None:
    """Give the templates the tokens of what stays fresh."""
    app.jinja_env.filters.update(lines_token=lines_token, shown_token=hx.seen)


def counts_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the counts of the tree and of the list again: nothing else of them moves."""
    for part in asked:
        if (wanted := read_wanted(part.argument)) is None:
            continue
        with suppress(NotFoundError):
            unread = lists.unread(context(), wanted.scope)
            counts = tree_counts(lists.tree(context(), None), unread)
            token = hx.seen(counts)
            if token != part.token:
                yield instead("reader/_counted.html", list_key=part.argument, tree_seen=token)
                for name, count in counts.items():
                    yield instead("reader/_count.html", name=name, count=count)


def leaves_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the sources of an open page again where a count has changed."""
    for part in asked:
        slug, _, here = part.argument.partition(":")
        with suppress(NotFoundError):
            leaves = lists.sources_of(context(), slug)
            values = {"slug": slug, "leaves": leaves, "here": read_id(here)}
            yield changed(part, hx.seen(leaves), "reader/_leaves.html", **values)


def lines_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show lines again that were read, kept or commented; none comes and none goes."""
    for part in asked:
        key, _, written = part.argument.partition("@")
        if (wanted := read_wanted(key)) is None:
            continue
        ids = [read_id(each) for each in written.split(",")]
        known = [EntryId(each) for each in ids if each is not None]
        rows = lists.lines(context(), known, excerpts=choice("excerpts") == "on")
        values = {"rows": rows, "list_key": key, "open_base": open_base(wanted)}
        yield changed(part, lines_token(rows), "reader/_lines.html", **values)


def lines_token(rows: Sequence[EntryRow]) -> str:
    """Make the token of lines: what may change in them while one looks at them."""
    return hx.seen(
        [(row.id, row.read, row.starred, row.comment_count, row.waiting_comments) for row in rows]
    )


def news_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Say how many entries have come into a list since it was shown."""
    for part in asked:
        key, _, upto = part.argument.partition("@")
        if (wanted := read_wanted(key)) is None:
            continue
        with suppress(NotFoundError):
            since = EntryId(read_id(upto) or 0)
            news = lists.count_new(context(), wanted.scope, since=since)
            values = {"news": news, "argument": part.argument, "list_address": address(wanted)}
            yield changed(part, str(news), "reader/_news.html", **values)
