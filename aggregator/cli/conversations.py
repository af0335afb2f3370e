"""`veille conversations`: threads, who answers whom, and how soon one answered."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from babel.numbers import format_percent

from aggregator.cli.commands import COMMANDS
from aggregator.cli.lists import limit_type, moment_type
from aggregator.cli.running import Run, json_option, print_json, rfc3339, running
from aggregator.domain.conversations.comments import CommentId, Kind, State
from aggregator.domain.conversations.listed import ListedComment, ListedThread
from aggregator.domain.conversations.metrics import Metrics
from aggregator.domain.conversations.trees import grown
from aggregator.services.conversations import listing
from aggregator.translations import N_

STATE_WORDS: Final = {
    State.WAITING: N_("waits for an answer"),
    State.SENT: N_("answer sent, to be confirmed"),
    State.ANSWERED: N_("answered"),
    State.HANDLED: N_("filed away"),
    State.SNOOZED: N_("put off"),
    State.HIDDEN: N_("hidden by you"),
}

_DEEPEST: Final = 6
_LONGEST_LINE: Final = 100


@click.command(help=COMMANDS["conversations"].says)
@click.option(
    "--limit",
    type=limit_type,
    metavar="N",
    default=100,
    show_default=True,
    help=N_("At most this many threads; 0 means all."),
)
@click.option("--source", metavar="URL", help=N_("Only of this source."))
@click.option(
    "--since",
    type=moment_type,
    metavar=N_("DAY"),
    help=N_("Only comments since this day or moment."),
)
@click.option(
    "--state",
    type=click.Choice([state.value for state in State]),
    help=N_("Only comments in this state."),
)
@json_option
def conversations(
    *,
    limit: int,
    source: str | None,
    since: datetime | None,
    state: str | None,
    as_json: bool,
) -> None:
    """List conversations."""
    with running() as run:
        if since is not None and since.tzinfo is None:
            since = since.replace(tzinfo=ZoneInfo(run.timezone))
        found = listing.conversations(
            run.context,
            limit=limit,
            source=source,
            since=since,
            state=State(state) if state else None,
        )
        if as_json:
            print_json(
                {
                    "metrics": metrics_json(found.metrics),
                    "threads": [thread_json(thread) for thread in found.threads],
                }
            )
            return
        click.echo(_metrics_line(run, found.metrics))
        for thread in found.threads:
            click.echo(f"\n{thread.title} — {thread.source_name}")
            for line in _lines(run, thread):
                click.echo(line)


def metrics_json(metrics: Metrics) -> dict[str, Any]:
    """Write figures as `veille conversations --json` does."""
    return {
        "received": metrics.received,
        "answered": metrics.answered,
        "answer_rate": metrics.answer_rate,
        "median_s": _whole(metrics.delays.median_s),
        "mean_s": _whole(metrics.delays.mean_s),
        "longest_s": _whole(metrics.delays.longest_s),
        "first_comment_after_s": _whole(metrics.first_comment_after_s),
    }


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def thread_json(thread: ListedThread) -> dict[str, Any]:
    """Write a thread as `veille conversations --json` does."""
    by_id = {comment.id: comment for comment in thread.comments}
    return {
        "entry_url": thread.url,
        "entry_title": thread.title,
        "comments": [_comment_json(comment, by_id) for comment in thread.comments],
    }


def _comment_json(
    comment: ListedComment, by_id: Mapping[CommentId, ListedComment]
) -> dict[str, Any]:
    # of what was answered, how its answer was found
    paired = by_id[comment.answered_by] if comment.answered_by is not None else comment
    return {
        "id": comment.id,
        "key": comment.key,
        "author": comment.author,
        "author_url": comment.author_url,
        "published_at": rfc3339(comment.published_at),
        "parent": comment.parent_id,
        "kind": comment.kind.value,
        "mine": comment.mine is not None,
        "state": comment.state.value,
        "answered_by": comment.answered_by,
        "pairing": paired.pairing.value if paired.pairing else None,
        "text": comment.text,
    }


def _metrics_line(run: Run, metrics: Metrics) -> str:
    said = [
        run.words.gettext("received: %(count)s") % {"count": metrics.received},
        run.words.gettext("answered: %(count)s") % {"count": metrics.answered},
    ]
    if metrics.answer_rate is not None:
        rate = format_percent(metrics.answer_rate, locale=run.language)
        said[-1] += f" ({rate})"
    times = {
        N_("median delay: %(time)s"): metrics.delays.median_s,
        N_("mean: %(time)s"): metrics.delays.mean_s,
        N_("longest: %(time)s"): metrics.delays.longest_s,
        N_("first comment after: %(time)s"): metrics.first_comment_after_s,
    }
    said += [
        run.words.gettext(label) % {"time": _span(run, seconds)}
        for label, seconds in times.items()
        if seconds is not None
    ]
    return " · ".join(said)


def _span(run: Run, seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return run.words.gettext("%(count)s min") % {"count": minutes}
    return run.words.gettext("%(hours)s h %(minutes)s") % {
        "hours": hours,
        "minutes": f"{minutes:02}",
    }


def _lines(run: Run, thread: ListedThread) -> Iterator[str]:
    """Write the comments of a thread in the order in which one reads them, answers indented."""
    by_id = {comment.id: comment for comment in thread.comments}
    tree = grown((comment.id, comment.parent_id) for comment in thread.comments)
    depths: dict[int | None, int] = {None: 0}
    for comment_id in tree.order:
        comment = by_id[comment_id]
        depth = depths[comment_id] = depths[tree.parents[comment_id]] + 1
        said = " · ".join(_marks(run, comment))
        start = "  " * min(depth, _DEEPEST)
        told = run.said_of(said, _excerpt(comment.text))
        yield f"{start}{run.moment(comment.published_at)}  {told}"


def _marks(run: Run, comment: ListedComment) -> Iterator[str]:
    yield _excerpt(comment.author)
    if comment.mine:
        yield run.words.gettext("me")
    if comment.kind is Kind.PINGBACK:
        yield run.words.gettext("pingback")
    if comment.state in STATE_WORDS:
        yield run.words.gettext(STATE_WORDS[comment.state])


def _excerpt(text: str) -> str:
    # What a terminal would obey is not told it.
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1].rstrip()}…"
