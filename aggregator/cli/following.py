"""`veille sources add|test|retire` and `veille opml import`: what is followed, changed."""

import sys
from pathlib import Path
from typing import Any

import click

from aggregator.cli.running import Run, json_option, print_json, rfc3339, running
from aggregator.domain.exchange import Subscription
from aggregator.domain.faults import Fault
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import editing, finding, importing
from aggregator.settings import read_settings
from aggregator.translations import N_, translator


@click.command("add", help=N_("Follow an address: its feed is found and written to feeds.yaml."))
@click.argument("url")
@click.option("--page", metavar=N_("NAME"), help=N_("The page it stands on; else the first."))
@click.option("--name", metavar=N_("NAME"), help=N_("Its name; else the title of the feed."))
def add(*, url: str, page: str | None, name: str | None) -> None:
    """Find the feeds of an address and follow the best; exit 1 if there is none."""
    with running(follow=_is_there()) as run:
        found = finding.find(run.context, url)
        _refuse_empty(run, found)
        feed = found.usable[0]
        if there := importing.already(run.context, [found.address, feed.url]):
            raise InvalidInputError(
                N_("%(url)s is followed already, as “%(name)s” on the page “%(page)s”."),
                url=feed.url,
                name=there.name,
                page=there.page_name,
            )
        wanted = Subscription(url=feed.url, name=name or feed.title, page=page)
        editing.follow(run.context, [wanted])
        run.say(N_("%(name)s is followed: %(url)s"), name=wanted.name or feed.url, url=feed.url)
        for other in (*found.usable[1:], *found.others):
            run.say(N_("There is also: %(name)s %(url)s"), name=other.title or "", url=other.url)


@click.command("test", help=N_("Find the feeds of an address and say what each gives."))
@click.argument("url")
@json_option
def try_(*, url: str, as_json: bool) -> None:
    """Try an address, storing nothing; exit 1 if it has no feed."""
    with running(follow=_is_there()) as run:
        found = finding.find(run.context, url, everywhere=True, keep=False)
        if as_json:
            print_json(_found_json(found))
        else:
            for feed in found.usable:
                _say_feed(run, feed)
            _refuse_empty(run, found)
    if not found.usable:
        sys.exit(1)


@click.command("retire", help=N_("Stop following a source; what came of it is kept."))
@click.argument("url")
@click.option("--why", metavar=N_("REASON"), help=N_("Why it is no longer followed."))
def retire(*, url: str, why: str | None) -> None:
    """Write `retired:` to a source of feeds.yaml."""
    with running() as run:
        source = importing.already(run.context, [url])
        if source is None:
            raise NotFoundError(N_("No source in feeds.yaml has this address."))
        editing.retire(run.context, source.id, why)
        run.say(N_("%(name)s is no longer followed."), name=source.name)


@click.command("import", help=N_("Follow what a list names: OPML, bookmarks or addresses."))
@click.argument("file", type=click.File("rb"))
def import_(*, file: Any) -> None:
    """Add what a list names to feeds.yaml, and say what was left out."""
    with running(follow=_is_there()) as run:
        read = importing.read_list(run.context, file.read(importing.MOST_BYTES + 1))
        for one in read.left_out:
            why = run.words.gettext(one.why)
            run.say(N_("%(url)s: left out, %(why)s"), url=one.address, why=why)
        if not read.new and not read.followed:
            raise InvalidInputError(N_("No address that can be followed was found in it."))
        if read.new:
            editing.follow(run.context, read.new)
        message = run.words.ngettext(
            "%(new)s source added, %(followed)s followed already, %(left_out)s left out.",
            "%(new)s sources added, %(followed)s followed already, %(left_out)s left out.",
            len(read.new),
        )
        counts = {
            "new": len(read.new),
            "followed": len(read.followed),
            "left_out": len(read.left_out),
        }
        click.echo(message % counts)


def _is_there() -> bool:
    """Tell whether there is a feeds.yaml to take in: the first one may be about to be written."""
    path: Path = read_settings().feeds_path
    return path.exists()


def _refuse_empty(run: Run, found: finding.Found) -> None:
    if not found.usable:
        fault = found.fault or Fault(code="not-a-feed")
        run.say_of(found.address, fault.sentence(run.words, typed=True), err=True)
        if found.more:
            hint = run.words.gettext(N_("“veille sources test %(url)s” looks in more places."))
            click.echo(hint % {"url": found.address}, err=True)
        sys.exit(1)


def _say_feed(run: Run, feed: finding.FoundFeed) -> None:
    kind = run.words.gettext(N_("comments")) if feed.of_comments else ""
    click.echo("  ".join(part for part in (feed.url, feed.title, kind) if part))
    for entry in feed.latest:
        click.echo(f"  {run.moment(entry.published_at)}  {entry.title}")


def _found_json(found: finding.Found) -> dict[str, Any]:
    return {
        "ok": bool(found.usable),
        "url": found.address,
        **_fault_json(found.fault),
        "feeds": [
            {
                "url": feed.url,
                "title": feed.title,
                "kind": "comments" if feed.of_comments else "entries",
                "entries": feed.entries,
                **_fault_json(feed.fault),
                "latest": [
                    {"title": entry.title, "published_at": rfc3339(entry.published_at)}
                    for entry in feed.latest
                ],
            }
            for feed in found.feeds
        ],
    }


def _fault_json(fault: Fault | None) -> dict[str, str | None]:
    return {
        "error": fault.sentence(translator("en"), typed=True) if fault else None,
        "error_code": fault.code if fault else None,
    }
