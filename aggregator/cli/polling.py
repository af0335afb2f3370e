"""`veille poll`: one round, then a summary."""

import sys
from typing import Any

import click
from babel.numbers import format_decimal

from aggregator.cli.commands import COMMANDS
from aggregator.cli.running import Run, json_option, print_json, running
from aggregator.domain.conversations.feeds import CommentsReport
from aggregator.domain.polls import RoundSummary, SourceReport
from aggregator.domain.schedule import Outcome
from aggregator.services import polling
from aggregator.translations import N_, translator


@click.command(help=COMMANDS["poll"].says)
@click.option("--source", metavar="URL", help=N_("Only this source, due or not."))
@click.option("--force", is_flag=True, help=N_("Every source, whether it is due or not."))
@click.option(
    "--adopt", is_flag=True, help=N_("Make the database follow this feeds.yaml from now on.")
)
@json_option
def poll(*, source: str | None, force: bool, adopt: bool, as_json: bool) -> None:
    """Run one round; exit 1 only when the source that was named failed."""
    with running(adopt=adopt) as run:
        progress = None if as_json or not sys.stderr.isatty() else _Progress(run)
        if source is None:
            summary = polling.poll_due(run.context, force=force, progress=progress)
        else:
            summary = polling.poll_source(run.context, source, force=force, progress=progress)
        if as_json:
            print_json(summary_json(summary))
        else:
            _say(run, summary)
    if source is not None and summary.count(Outcome.FAILED):
        sys.exit(1)


class _Progress:
    """One line on the terminal that moves while sources and comments come in."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._count = 0

    def __call__(self, report: SourceReport | CommentsReport) -> None:
        self._count += 1
        click.echo(f"\r\x1b[K{self._count}  {report.url[:60]}", nl=False, err=True)


def _say(run: Run, summary: RoundSummary) -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    for report in summary.sources:
        if report.fault is not None:
            run.say_of(report.url, report.fault.sentence(run.words))
        elif report.outcome is Outcome.SKIPPED and report.next_poll_at is not None:
            run.say(
                N_("%(url)s: not polled; it may be polled again at %(moment)s."),
                url=report.url,
                moment=run.moment(report.next_poll_at),
            )
        elif report.outcome is Outcome.SKIPPED:
            run.say(
                N_("%(url)s: not polled; it is paused, retired, gone or being polled already."),
                url=report.url,
            )
    message = run.words.ngettext(
        "%(polled)s source polled: %(changed)s changed, %(failed)s failed; "
        "new entries: %(new)s, new comments: %(comments)s (%(seconds)s s).",
        "%(polled)s sources polled: %(changed)s changed, %(failed)s failed; "
        "new entries: %(new)s, new comments: %(comments)s (%(seconds)s s).",
        summary.polled,
    )
    counts = {
        "polled": summary.polled,
        "changed": summary.count(Outcome.CHANGED),
        "failed": summary.count(Outcome.FAILED),
        "new": summary.entries_new,
        "comments": summary.comments_new,
        "seconds": format_decimal(summary.took_s, "0.0", locale=run.language),
    }
    click.echo(message % counts)


def summary_json(summary: RoundSummary) -> dict[str, Any]:
    """Write a round as `veille poll --json` does."""
    english = translator("en")
    return {
        "polled": summary.polled,
        "unchanged": summary.count(Outcome.UNCHANGED),
        "changed": summary.count(Outcome.CHANGED),
        "failed": summary.count(Outcome.FAILED),
        "entries_new": summary.entries_new,
        "entries_changed": summary.entries_changed,
        "comments_new": summary.comments_new,
        "took_s": summary.took_s,
        "sources": [
            {
                "url": report.url,
                "outcome": report.outcome.value,
                "http_status": report.http_status,
                "error": report.fault.sentence(english) if report.fault else None,
                "error_code": report.fault.code if report.fault else None,
                "entries_new": report.entries_new,
                "comments_new": report.comments_new,
            }
            for report in summary.sources
        ],
    }
