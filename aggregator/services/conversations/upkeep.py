"""What conversations need now and then: old threads put in order, and sleepers woken."""

import logging
from typing import Final

from aggregator.clock import seconds
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.arranging import rearrange
from aggregator.storage.conversations import arranging, pending

log = logging.getLogger(__name__)

AT_ONCE: Final = 50
"""Threads put in order in one transaction: others may write in between."""


def catch_up(context: Context, *, patience_s: float | None = None) -> bool:
    """Put threads in order that a change of feeds.yaml concerns; tell whether all are.

    What `patience_s` leaves undone is done at the next call, even after a restart.
    """
    until_s = None if patience_s is None else seconds() + patience_s
    while True:
        with context.database.read() as session:
            if pending.some(session, most=1) is None:
                return True
        if until_s is not None and seconds() > until_s:
            return False
        me = following.current(context).list.me
        with context.database.write() as session:
            found = pending.some(session, most=AT_ONCE)
            if found is not None:
                rearrange(session, found, me=me)
                pending.done(session, found)
                log.info("threads put in order count=%d", len(found))


def wake(context: Context) -> None:
    """Have comments that were put off wait again once their moment has come."""
    now = context.clock()
    with context.database.read() as session:
        if not arranging.sleepers(session, now):
            return
    with context.database.write() as session:
        woken = arranging.wake(session, now)
    log.info("comments wait again threads=%d", len(woken))
