"""Hosts that hang hold nobody else up."""

import threading
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue

from aggregator.domain.polls import SourceReport
from aggregator.domain.schedule import Outcome
from aggregator.ingest.fetch import Fetcher
from aggregator.services import polling
from aggregator.services.storing import Report
from tests.ingest.test_guard import Names
from tests.scripted_server import Answer
from tests.world import World, feed, item

QUICK, HANGING = 150, 50


def test_fifty_hosts_that_hang_do_not_keep_the_others_from_being_stored(
    world: World, make_fetcher: Callable[..., Fetcher]
) -> None:
    fetcher = make_fetcher(resolver=Names("127.0.0.1"), timeout_s=60)
    context = replace(world.context, fetcher=fetcher)
    port = world.web.address.rpartition(":")[2]
    world.web.answer("/hangs", Answer(held=True))
    world.web.answer("/answers", feed(item(1)))
    # those that hang first, so that the others have to pass them
    hanging = [f"http://hangs{number}.example:{port}/hangs" for number in range(HANGING)]
    quick = [f"http://answers{number}.example:{port}/answers" for number in range(QUICK)]
    world.follow(*hanging, *quick)
    stored: SimpleQueue[Report] = SimpleQueue()
    stop = threading.Event()
    polls = threading.Thread(
        target=polling.poll_due,
        args=(context,),
        kwargs={"progress": stored.put, "stopping": stop.is_set},
    )
    polls.start()
    try:
        reports = [stored.get(timeout=30) for _ in quick]
    finally:
        stop.set()
        polls.join()
    asked = {
        (report.url, report.outcome) for report in reports if isinstance(report, SourceReport)
    }
    assert asked == {(url, Outcome.CHANGED) for url in quick}
    assert world.web.paths.count("/hangs") == HANGING
