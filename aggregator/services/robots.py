"""robots.txt obeyed: asked before what Veille looks for by itself.

A feed that a person follows, or that its page announces, is read whatever robots.txt says:
a person asked for it, as with a browser. Icons, guessed addresses, later pages and
replacements nobody asked for.
"""

import logging
from concurrent.futures import Future
from functools import partial

from aggregator.errors import FetchError
from aggregator.ingest import robots as rules_of_sites
from aggregator.ingest.answers import Permit
from aggregator.ingest.fetch import Fetched, FetchRequest
from aggregator.ingest.robots import RobotsFile
from aggregator.services.context import Context
from aggregator.storage import robots

log = logging.getLogger(__name__)


def may_fetch(context: Context, url: str, *, found_at: str | None = None) -> bool:
    """Tell whether an address may be asked for, asking its site for robots.txt if need be.

    `found_at` is as in `FetchRequest`.
    """
    known = permission(context, url)
    if known is None:
        return keep(context, ask(context, url, found_at=found_at).result(), url)
    return known


def permission(context: Context, url: str) -> bool | None:
    """Tell the same without asking the site; None where that must be done first."""
    try:
        origin = rules_of_sites.origin_of(url)
    except FetchError:
        return False
    with context.database.read() as session:
        rules = robots.rules_of(session, origin, now=context.clock())
    return None if rules is None else rules_of_sites.allows(rules, url)


def ask(
    context: Context, url: str, *, found_at: str | None = None, permit: Permit | None = None
) -> Future[RobotsFile]:
    """Begin to ask the site of an address for its robots.txt.

    The future gives no `FetchError`; `found_at` and `permit` are as in `FetchRequest`.
    """
    origin = rules_of_sites.origin_of(url)
    request = FetchRequest(
        url=rules_of_sites.place(origin),
        max_bytes=rules_of_sites.MOST_BYTES,
        found_at=found_at,
        permit=permit,
    )
    told: Future[RobotsFile] = Future()
    context.fetcher.submit(request).add_done_callback(partial(_tell, told, origin))
    return told


def keep(context: Context, file: RobotsFile, url: str) -> bool:
    """Keep what a site said for a day, and tell whether it lets the address be asked for."""
    allowed = rules_of_sites.allows(file.rules, url)
    if file.lasts:
        with context.database.write() as session:
            robots.keep(session, file.origin, file.rules, at=context.clock())
    if not allowed:
        log.info("robots.txt forbids what was to be asked of %s", file.origin)
    return allowed


def _tell(told: Future[RobotsFile], origin: str, done: Future[Fetched]) -> None:
    if done.cancelled():
        told.cancel()
        told.set_running_or_notify_cancel()
        return
    error = done.exception()
    if error is None:
        told.set_result(rules_of_sites.read(origin, done.result().body or b""))
    elif isinstance(error, FetchError):
        told.set_result(rules_of_sites.without(origin, error))
    else:
        told.set_exception(error)
