"""How sources are doing, as JSON and in words: each in the list, and one looked at closely."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from aggregator.cli.running import Run, json_option, print_json, print_table, rfc3339, running
from aggregator.domain.faults import Fault
from aggregator.domain.health import CommentFeedLine, PollRecord, Proposal, SourceSheet
from aggregator.domain.sources import STATE_WORDS, SourceHealth, state_of
from aggregator.errors import NotFoundError
from aggregator.services import health, importing
from aggregator.translations import N_, translator

_SHOWN_POLLS = 10


@click.command("show", help=N_("Say how one source is doing: polls, rhythm, use, proposals."))
@click.argument("url")
@json_option
def show(*, url: str, as_json: bool) -> None:
    """Look at one source closely."""
    with running() as run:
        found = importing.already(run.context, [url])
        if found is None:
            raise NotFoundError(N_("No source in feeds.yaml has this address."))
        sheet, now = health.sheet(run.context, found.id), run.context.clock()
        if as_json:
            print_json(sheet_json(sheet, now=now))
        else:
            _say(run, sheet, now)


def source_json(
    source: SourceHealth, *, now: datetime, proposal: Proposal | None
) -> dict[str, Any]:
    """Write a source as `veille sources --json` does; `proposal` is the latest it has."""
    return {
        "url": source.url,
        "feed_url": source.feed_url,
        "name": source.name,
        "site_url": source.site_url,
        "page": source.page_name,
        "state": state_of(source, now=now).value,
        "next_poll_at": rfc3339(source.next_poll_at),
        "next_because": source.next_because,
        "last_polled_at": rfc3339(source.last_polled_at),
        "last_success_at": rfc3339(source.last_success_at),
        "last_new_at": rfc3339(source.last_new_at),
        "usual_gap_s": source.usual_gap_s,
        "dormant_from": rfc3339(source.dormant_from),
        "http_status": source.http_status,
        **_fault(source.fault),
        "interval_s": source.interval_s,
        "entries": source.entries,
        "comments_url": source.comments_url,
        "comments_state": source.comments.state.value,
        **_fault(source.comments.fault, "comments_"),
        "mine": source.mine,
        "proposal": proposal.url if proposal else None,
    }


def sheet_json(sheet: SourceSheet, *, now: datetime) -> dict[str, Any]:
    """Write a source as `veille sources show --json` does: what the list says, and more."""
    proposal = next(iter(sheet.proposals), None)
    return {
        **source_json(sheet.health, now=now, proposal=proposal),
        "polls": [_poll(poll) for poll in sheet.polls],
        "weeks": [{"from": day.isoformat(), "entries": count} for day, count in sheet.rhythm],
        "use": {
            "arrived": sheet.use.arrived,
            "opened": sheet.use.opened,
            "starred": sheet.use.starred,
            "last_opened_at": rfc3339(sheet.use.last_opened_at),
            "counted_since": rfc3339(sheet.use.counted_since),
        },
        "hints": {
            "ttl_s": sheet.hints.ttl_s,
            "update_every_s": sheet.hints.update_every_s,
            "skip_hours": sorted(sheet.hints.skip_hours),
            "skip_days": sorted(sheet.hints.skip_days),
            "fresh_s": sheet.fresh_s,
        },
        "remarks": list(sheet.remarks),
        "proposals": [
            {
                "url": each.url,
                "kind": each.kind.value,
                "title": each.title,
                "found_at": rfc3339(each.found_at),
            }
            for each in sheet.proposals
        ],
        "duplicates": [each.url for each in sheet.duplicates],
        "comment_feed_count": sheet.comment_feed_count,
        "comment_feeds": [_comment_feed(line) for line in sheet.comment_feeds],
        "sample": None
        if sheet.sample is None
        else {
            "fetched_at": rfc3339(sheet.sample.fetched_at),
            "url": sheet.sample.url,
            "content_type": sheet.sample.content_type,
            "bytes": sheet.sample.size,
            "text": sheet.sample.text,
        },
    }


def _fault(fault: Fault | None, prefix: str = "") -> dict[str, str | None]:
    return {
        f"{prefix}error": fault.sentence(translator("en")) if fault else None,
        f"{prefix}error_code": fault.code if fault else None,
    }


def _poll(poll: PollRecord) -> dict[str, Any]:
    return {
        "polled_at": rfc3339(poll.polled_at),
        "outcome": poll.outcome.value,
        "http_status": poll.http_status,
        **_fault(poll.fault),
        "bytes": poll.bytes_received,
        "took_ms": poll.took_ms,
        "entries_new": poll.entries_new,
        "entries_changed": poll.entries_changed,
    }


def _comment_feed(line: CommentFeedLine) -> dict[str, Any]:
    return {
        "url": line.url,
        "entry_title": line.entry_title,
        "state": line.state.value,
        **_fault(line.fault),
        "last_polled_at": rfc3339(line.last_polled_at),
        "next_poll_at": rfc3339(line.next_poll_at),
    }


def _say(run: Run, sheet: SourceSheet, now: datetime) -> None:
    source, words = sheet.health, run.words
    click.echo(source.name)
    if source.fault:
        click.echo(source.fault.sentence(words))
    print_table(
        [
            (words.gettext(label), value)
            for label, value in (
                (N_("address"), source.url),
                (N_("feed"), source.feed_url or "–"),
                (N_("state"), words.gettext(STATE_WORDS[state_of(source, now=now)])),
                (N_("last checked"), run.moment(source.last_polled_at)),
                (N_("next check"), run.moment(source.next_poll_at)),
                (N_("newest entry"), run.moment(source.last_entry_at)),
                (N_("entries"), str(source.entries)),
                (N_("came in 90 days"), str(sheet.use.arrived)),
                (N_("opened in 90 days"), str(sheet.use.opened)),
                (N_("kept"), str(sheet.use.starred)),
            )
        ]
    )
    for sentence in _sentences(run, sheet):
        click.echo(sentence)
    click.echo()
    print_table([_poll_row(run, poll) for poll in sheet.polls[:_SHOWN_POLLS]])


def proposed_words(run: Run, proposal: Proposal) -> str:
    """Say which address is proposed."""
    return run.words.gettext(N_("Proposed address: %(url)s")) % {"url": proposal.url}


def _sentences(run: Run, sheet: SourceSheet) -> Iterator[str]:
    for proposal in sheet.proposals:
        yield proposed_words(run, proposal)
    for other in sheet.duplicates:
        yield run.words.gettext(N_("Gives the same feed: %(url)s")) % {"url": other.url}
    yield from sheet.remarks


def _poll_row(run: Run, poll: PollRecord) -> tuple[str, ...]:
    if poll.fault:
        came = poll.fault.sentence(run.words)
    else:
        came = run.words.ngettext("%(num)s new", "%(num)s new", poll.entries_new) % {
            "num": poll.entries_new
        }
    status = str(poll.http_status or "–")
    return run.moment(poll.polled_at), status, f"{poll.took_ms} ms", came
