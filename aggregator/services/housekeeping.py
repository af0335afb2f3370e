"""Keeping the house: what nobody needs any more, the list's nightly copy, the heartbeat."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from aggregator.services import exporting, following, heartbeats, retention
from aggregator.services.context import Context
from aggregator.services.kept_answers import KEPT
from aggregator.storage import habits, icons, kept_answers, pauses, polls, robots
from aggregator.subscriptions.files import write_atomically

log = logging.getLogger(__name__)

KEPT_COPIES: Final = 30
"""Nights of which a copy of the list is kept."""


def beat(context: Context) -> None:
    """Note that the poller is alive."""
    heartbeats.beat(context)


def last_beat(context: Context) -> datetime | None:
    """Tell when the poller was last alive, None if never."""
    return heartbeats.last_beat(context)


def keep(context: Context) -> None:
    """Drop old poll records, icons and entries; write today's copy of the list."""
    with context.database.write() as session:
        dropped = polls.forget_old(session)
        icons.forget_unused(session)
        habits.count_from(session, context.clock())
        habits.learn_unknown(session)
        pauses.forget_old(session, now=context.clock())
        robots.forget_old(session, now=context.clock())
        kept_answers.forget_before(session, context.clock() - KEPT)
    copied = copy_list(context)
    thrown_away = retention.throw_away(context)
    log.info(
        "housekeeping polls_dropped=%d copied=%s entries_thrown_away=%d",
        *(dropped, bool(copied), thrown_away),
    )


def copy_list(context: Context) -> tuple[Path, ...]:
    """Copy the list beside the database, as OPML and as YAML, once a day (UTC).

    The YAML is the text in use, as the person wrote it; a secret stands in it only as
    `${NAME}`. Thirty days are kept.
    """
    folder = context.database.path.parent / "lists"
    day = f"{context.clock():%Y-%m-%d}"
    with context.database.read() as session:
        text = following.text_in_use(session)
    if not text or (folder / f"veille-{day}.yaml").exists():
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    copies = {
        folder / f"veille-{day}.opml": exporting.opml(context).content,
        folder / f"veille-{day}.yaml": text.encode(),
    }
    for path, content in copies.items():
        write_atomically(path, content, keep_previous=False)
    for ending in ("opml", "yaml"):
        for old in sorted(folder.glob(f"veille-*.{ending}"))[:-KEPT_COPIES]:
            old.unlink()
    return tuple(copies)
