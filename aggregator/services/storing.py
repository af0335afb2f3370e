"""What polls came to, stored: a batch in one transaction, and the reports of it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from aggregator.domain.changes import Changes, decide
from aggregator.domain.conversations.feeds import (
    BROKEN_AFTER,
    GIVEN,
    CommentsReport,
    PolledComments,
)
from aggregator.domain.counters import tally
from aggregator.domain.following import Me
from aggregator.domain.items import EntryId
from aggregator.domain.polls import Polled, SourceReport
from aggregator.domain.retention import unburied
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import SourceId
from aggregator.errors import InvalidInputError
from aggregator.ingest.sanitise import RULES_VERSION
from aggregator.services import coming_back
from aggregator.services.context import Context
from aggregator.services.conversations import outcomes
from aggregator.services.conversations.planning import plan_after_bodies, plan_sources
from aggregator.services.conversations.taking_in import adopt, take_in
from aggregator.services.visits import unstorable
from aggregator.storage import (
    counters,
    entries,
    habits,
    moves,
    pauses,
    polls,
    readings,
    samples,
    tombstones,
)
from aggregator.storage.conversations import candidates, feeds
from aggregator.storage.dialect import index
from aggregator.storage.engine import Session

log = logging.getLogger(__name__)

Done = Polled | PolledComments
Report = SourceReport | CommentsReport


def store(context: Context, done: Sequence[Done], *, me: Me) -> list[Report]:
    """Store polls together with what they brought; tell what came of each."""
    try:
        return _write(context, done, me)
    except InvalidInputError:
        raise  # the database is at fault, and would be for each source
    except Exception:
        # Whatever cannot be stored must not keep the others out: one at a time.
        log.exception("a batch was not stored at once polls=%d", len(done))
        return [report for polled in done for report in _write_alone(context, polled, me)]


def _write_alone(context: Context, polled: Done, me: Me) -> list[Report]:
    try:
        return _write(context, [polled], me)
    except Exception:
        if isinstance(polled, PolledComments):
            log.exception("comments not stored source=%s", polled.feed.source_url)
            return _write(context, [outcomes.unstorable(polled)], me)
        log.exception("source not stored url=%s", polled.source.url)
        return _write(context, [unstorable(polled)], me)


def _write(context: Context, done: Sequence[Done], me: Me) -> list[Report]:
    of_sources = [polled for polled in done if isinstance(polled, Polled)]
    of_comments = [polled for polled in done if isinstance(polled, PolledComments)]
    with context.database.write() as session:
        reports: list[Report] = []
        if of_sources:
            reports += _write_sources(session, context, of_sources, me)
        if of_comments:
            # after the entries, so that comments find their articles
            reports += _write_comments(session, context, of_comments, me)
        _leave_alone(session, context, done)
        counters.add(session, tally(done, reports))
    return reports


@dataclass(slots=True)
class _Stored:
    """What the documents of a batch brought: ids of new entries, and of all that each names."""

    new: list[EntryId] = field(default_factory=list)
    renewed: list[EntryId] = field(default_factory=list)
    told: dict[SourceId, list[EntryId]] = field(default_factory=dict)


def _write_sources(
    session: Session, context: Context, done: Sequence[Polled], me: Me
) -> list[SourceReport]:
    """Store entries, validators and poll records together."""
    brought = _Stored()
    stored: list[tuple[Polled, int, int]] = []
    for polled in done:
        if polled.outcome is Outcome.SKIPPED:
            stored.append((polled, 0, 0))
            continue
        changes, ids = _apply(session, polled, brought)
        changed = sum(altered.seen for altered in changes.altered)
        outcome = Outcome.CHANGED if _is_change(polled, changes) else polled.outcome
        planned = coming_back.plan(session, context, polled, outcome, brought_new=bool(ids))
        stored.append((planned, len(ids), changed))
    index(session, brought.new)
    _record(session, stored)
    readings.keep(session, done)
    if brought.renewed:
        adopt(session, brought.renewed, me=me)
    if brought.told:
        plan_after_bodies(session, brought.told, now=context.clock(), floor=context.settings.floor)
    return [_report(*one) for one in stored]


def _record(session: Session, stored: Sequence[tuple[Polled, int, int]]) -> None:
    """Store what polls came to; of one that was not made, only when it will be."""
    made = [one for one in stored if one[0].outcome is not Outcome.SKIPPED]
    polls.record(session, made)
    polls.put_back(session, [one[0] for one in stored if one[0].outcome is Outcome.SKIPPED])
    samples.keep(session, [(one[0].source.id, one[0].polled_at, one[0].body) for one in made])
    habits.learn(session, [polled.source.id for polled, new, _ in made if new])
    for polled, _, _ in made:
        if polled.moved_to is not None:
            moves.settle(
                session, polled.source, polled.moved_to, host=polled.host, at=polled.polled_at
            )
            log.info("source moved url=%s to=%s", polled.source.url, polled.moved_to)


def _leave_alone(session: Session, context: Context, done: Sequence[Done]) -> None:
    """Keep what hosts asked for, and have what is planned at them wait as long."""
    now = context.clock()
    pauses.keep(session, [polled.pause for polled in done if polled.pause], now=now)
    hosts = {_host(polled) for polled in done} | {one.pause.host for one in done if one.pause}
    pauses.put_off(session, hosts, now=now)


def _host(polled: Done) -> str:
    return polled.host or polled.source.host if isinstance(polled, Polled) else polled.host


def _apply(
    session: Session, polled: Polled, brought: _Stored
) -> tuple[Changes, tuple[EntryId, ...]]:
    if polled.document is None:
        return Changes(new=(), altered=()), ()
    items, same_keys = polled.document.items, polled.document.same_keys
    known = entries.known(session, polled.source.id, items, same_keys)
    changes = _without_buried(session, polled, decide(items, known, same_keys))
    ids = entries.apply(
        session,
        source_id=polled.source.id,
        page_id=polled.source.page_id,
        changes=changes,
        now=polled.polled_at,
        rules=RULES_VERSION,
    )
    brought.new += ids
    brought.renewed += [*ids, *(altered.id for altered in changes.altered if altered.seen)]
    brought.told[polled.source.id] = [*ids, *(entry.id for entry in known)]
    return changes, ids


def _without_buried(session: Session, polled: Polled, changes: Changes) -> Changes:
    """Leave out what was thrown away once; asked for only where something is new."""
    if not changes.new or polled.document is None:
        return changes
    stones = tombstones.of_items(session, polled.source.id, changes.new)
    named = {*(item.key for item in polled.document.items), *polled.document.same_keys}
    return replace(changes, new=unburied(changes.new, stones, named=named))


def _report(polled: Polled, entries_new: int, entries_changed: int) -> SourceReport:
    return SourceReport(
        url=polled.source.url,
        outcome=polled.outcome,
        http_status=polled.http_status,
        fault=polled.fault,
        entries_new=entries_new,
        entries_changed=entries_changed,
        next_poll_at=polled.next_poll_at,
    )


def _is_change(polled: Polled, changes: Changes) -> bool:
    """Tell whether a poll brought something; a first success always does."""
    first = polled.document is not None and polled.source.validators.body_hash is None
    return bool(changes) or first


def _write_comments(
    session: Session, context: Context, done: Sequence[PolledComments], me: Me
) -> list[CommentsReport]:
    """Store comments, and the polls that brought them."""
    skipped = [polled for polled in done if polled.outcome is Outcome.SKIPPED]
    feeds.put_back(session, skipped)
    done = [_checked(session, one) for one in done if one.outcome is not Outcome.SKIPPED]
    reports = []
    for polled in done:
        feed, new = polled.feed, 0
        if polled.document is not None:
            taken = take_in(
                session,
                polled.document,
                source_id=feed.source_id,
                entry_id=feed.entry_id,
                me=me,
                now=polled.polled_at,
                misses=True,
                only_named=polled.origin == GIVEN,
            )
            new = len(taken.new)
        reports.append(CommentsReport(url=feed.source_url, comments_new=new, fault=polled.fault))
    feeds.record(session, done)
    _plan_again(session, context, done)
    return reports


def _checked(session: Session, polled: PolledComments) -> PolledComments:
    """Refuse the articles of a source where somebody gave their address for its comments."""
    if polled.document is None or polled.origin != GIVEN:
        return polled
    keys = {item.key for item in polled.document.items}
    if not candidates.are_articles(session, polled.feed.source_id, keys):
        return polled
    return outcomes.unstorable(polled, code="not-comments")


def _plan_again(session: Session, context: Context, done: Iterable[PolledComments]) -> None:
    """Plan articles' own comments anew where the feed of a whole site begins or ceases to work.

    Where it works, what it left out is looked for under the articles that announce more.
    """
    of_sites = [one for one in done if one.feed.article is None and one.origin != GIVEN]
    turned = {one.feed.source_id for one in of_sites if _works(one) != _worked(one)}
    same = {one.feed.source_id for one in of_sites if one.fault is None} - turned
    now, floor = context.clock(), context.settings.floor
    for source_ids, whole in ((turned, True), (same, False)):
        if source_ids:
            plan_sources(session, source_ids, now=now, floor=floor, whole=whole)


def _worked(polled: PolledComments) -> bool | None:
    """Tell whether a comment feed worked before; None: it had not been tried."""
    feed = polled.feed
    if not feed.read_before and not feed.failures:
        return None
    return feed.read_before and feed.failures < BROKEN_AFTER


def _works(polled: PolledComments) -> bool:
    if polled.fault is None:
        return True
    return polled.feed.read_before and polled.failures < BROKEN_AFTER
