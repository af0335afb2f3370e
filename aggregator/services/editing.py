"""feeds.yaml changed for its owner: each act reads it now, splices, checks, writes, uses it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from aggregator.domain.exchange import Subscription
from aggregator.domain.following import FollowList, Problem
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.sources import source as one_source
from aggregator.storage import sources
from aggregator.subscriptions import template
from aggregator.subscriptions.addresses import compared_address
from aggregator.subscriptions.edit import acts
from aggregator.subscriptions.edit.changes import Change
from aggregator.subscriptions.edit.text import Edited, NewLine, by_hand, edited
from aggregator.subscriptions.files import alone, write_atomically
from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.encoding import decoded
from aggregator.subscriptions.text.findings import Path as YamlPath
from aggregator.translations import N_, Language, system_language

_LOCK: Final = "feeds.lock"
_FIRST: Final = timedelta(days=7)
"""So much before now a new source is due: ahead of all that wait for their turn."""

Make = Callable[[Any, FollowList], Sequence[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an act will write: the new lines, and the digest of the file it was made of."""

    lines: tuple[NewLine, ...]
    digest: str


def draft_of_following(context: Context, wanted: Sequence[Subscription]) -> Draft:
    """Show the lines that following would add, writing nothing.

    Raises:
        InvalidInputError: feeds.yaml is broken, or cannot be changed without harm.
    """
    content = _content(context)
    made = _made(context, content, _following(wanted), touched=())
    return Draft(lines=made.lines, digest=digest_of(content))


def digest(context: Context) -> str:
    """Tell feeds.yaml as it is now from what it was."""
    return digest_of(_content(context))


def follow(context: Context, wanted: Sequence[Subscription]) -> tuple[SourceId, ...]:
    """Add sources to feeds.yaml, which is made where there is none; they are polled first.

    Raises:
        InvalidInputError: feeds.yaml is broken, cannot be written, or cannot be changed.
    """
    if _content(context).strip():
        _edit(context, _following(wanted), touched=())
    else:
        language = context.settings.language or system_language()
        if problems := write_first(context, first_text(wanted, language)):
            raise _not_understood(problems)
    addresses = {compared_address(one.url) for one in wanted}
    with context.database.write() as session:
        listed = sources.listed(session, floor_s=0)
        new = [one.id for one in listed if compared_address(one.url) in addresses]
        for source_id in new:
            sources.ask(session, source_id, at=context.clock() - _FIRST)
    return tuple(new)


def pause(context: Context, source_id: SourceId) -> SourceHealth:
    """Leave a source alone until it is resumed; give it as it was.

    Raises:
        NotFoundError: it is not followed (any more).
        InvalidInputError: feeds.yaml is broken, cannot be written, or cannot be changed.
    """
    return edit_source(context, source_id, lambda path, _source: acts.pausing(path))


def resume(context: Context, source_id: SourceId) -> SourceHealth:
    """Follow a source again that was retired, else one that was paused; give it as it was.

    Raises:
        NotFoundError: no feeds.yaml names it (any more).
        InvalidInputError: feeds.yaml is broken, cannot be written, or cannot be changed.
    """

    def change(path: YamlPath, source: SourceHealth) -> list[Change]:
        return acts.resuming(path, retired=source.retired_since is not None)

    return edit_source(context, source_id, change)


def retire(context: Context, source_id: SourceId, why: str | None) -> SourceHealth:
    """Stop following a source from today on, keeping its archive; give it as it was.

    Raises:
        NotFoundError: it is not followed (any more).
        InvalidInputError: feeds.yaml is broken, cannot be written, or cannot be changed.
    """
    zone = ZoneInfo(following.current(context).list.preferences.timezone)
    today = context.clock().astimezone(zone).date()
    return edit_source(
        context, source_id, lambda path, _source: acts.retiring(path, since=today, why=why)
    )


def describe(context: Context, source_id: SourceId, purpose: str | None) -> SourceHealth:
    """Write what a source is for, or nothing; give it as it was.

    Raises:
        NotFoundError: it is not followed (any more).
        InvalidInputError: feeds.yaml is broken, cannot be written, or cannot be changed.
    """
    return edit_source(context, source_id, lambda path, _source: acts.describing(path, purpose))


def set_settings(context: Context, values: Mapping[str, str | None]) -> None:
    """Set keys of `settings:` in feeds.yaml; None takes one away.

    Raises:
        InvalidInputError: feeds.yaml is broken, cannot be written, or refuses a value.
    """
    _edit(context, lambda _value, _follow: acts.setting(values), touched=None)


def first_text(wanted: Sequence[Subscription], language: Language) -> str:
    """Write what a first feeds.yaml that follows `wanted` would be."""
    return template.first_text(wanted, language)


def write_first(context: Context, text: str) -> tuple[Problem, ...]:
    """Write the first feeds.yaml as a person has it, and use it; or give what is wrong with it.

    Raises:
        InvalidInputError: there is one by now, or it cannot be written.
    """
    path = context.settings.feeds_path
    content = text.replace("\r\n", "\n").encode()
    reading = following.judged(content, context.settings)
    if reading.follow is None:
        return reading.problems
    with lock(context):
        if path.exists() and path.read_bytes().strip():
            raise InvalidInputError(
                N_("%(path)s is there already and stays as it is."), path=str(path)
            )
        _make_folder(path.parent)
        write_atomically(path, content, keep_previous=False)
        following.refresh(context)
    return ()


def write_again(context: Context) -> None:
    """Write the list in use to feeds.yaml where that has been deleted.

    Raises:
        InvalidInputError: there is no list in use, or it cannot be written.
    """
    path = context.settings.feeds_path
    with lock(context):
        content = _content(context)
        if content and not path.exists():
            _make_folder(path.parent)
            write_atomically(path, content, keep_previous=False)
        following.refresh(context)


def edit_source(
    context: Context,
    source_id: SourceId,
    change: Callable[[YamlPath, SourceHealth], Sequence[Change]],
) -> SourceHealth:
    """Change what feeds.yaml says of a source; give it as it was.

    Raises:
        NotFoundError: it is not followed (any more).
        InvalidInputError: feeds.yaml is broken, cannot be written, or cannot be changed.
    """
    source = one_source(context, source_id)

    def make(value: Any, _follow: FollowList) -> Sequence[Change]:
        path = acts.source_path(value, source.url)
        if path is None:
            raise NotFoundError(N_("This source is not followed (any more)."))
        return change(path, source)

    _edit(context, make, touched=(source.url,))
    return source


def _following(wanted: Sequence[Subscription]) -> Make:
    return lambda value, follow: acts.following(value, follow, wanted)


def _edit(context: Context, make: Make, *, touched: Sequence[str] | None) -> None:
    path = context.settings.feeds_path
    with lock(context):
        if path.exists():
            following.refresh(context)  # refuses a file that is not this database's
        content = _content(context)
        made = _made(context, content, make, touched=touched)
        if made.content == content and path.exists():
            return
        _make_folder(path.parent)
        write_atomically(path, made.content, keep_previous=True)
        following.refresh(context)


def _made(
    context: Context, content: bytes, make: Make, *, touched: Sequence[str] | None
) -> Edited:
    """Change a text; `touched` are the sources that may change, None where settings do."""
    before = _usable(context, content)
    changes = make(Document(decoded(content)[0]).value, before)
    made = edited(content, changes)
    after = _usable(context, made.content)
    if not _only_meant(before, after, touched):
        raise InvalidInputError(
            N_(
                "Veille cannot change feeds.yaml here without changing more than you asked for. "
                "Put this in by hand:\n%(lines)s"
            ),
            lines=by_hand(changes),
        )
    return made


def _usable(context: Context, content: bytes) -> FollowList:
    reading = following.judged(content, context.settings)
    if reading.follow is None:
        raise _not_understood(reading.problems)
    return reading.follow


def _not_understood(problems: Sequence[Problem]) -> InvalidInputError:
    return InvalidInputError(
        N_("Nothing was written, because feeds.yaml would not be understood: %(problem)s"),
        problem=str(next(each for each in problems if each.level == "error")),
    )


def _only_meant(before: FollowList, after: FollowList, touched: Sequence[str] | None) -> bool:
    """Tell whether what was not to change reads as before: the rule of every edit."""
    if touched is None:
        return replace(after, preferences=before.preferences, unused=()) == replace(
            before, unused=()
        )
    kept = {source.url: source for source in after.sources}
    pages = [page for page in after.pages if page in before.pages]
    return (
        all(one.url in touched or kept.get(one.url) == one for one in before.sources)
        and (not before.sources or pages == list(before.pages))
        and (after.me, after.preferences) == (before.me, before.preferences)
    )


def _content(context: Context) -> bytes:
    """Read feeds.yaml as it is now; where it is not there, what is in use of it."""
    if context.settings.feeds_path.exists():
        return following.read_now(context.settings.feeds_path)
    with context.database.read() as session:
        return (following.text_in_use(session) or "").encode()


def digest_of(content: bytes) -> str:
    """Tell a text of feeds.yaml from any other."""
    return hashlib.sha256(content).hexdigest()[:16]


@contextmanager
def lock(context: Context) -> Iterator[None]:
    """Let nobody else change feeds.yaml until the block ends."""
    with alone(context.database.path.parent / _LOCK):
        yield


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(
            N_("The folder %(path)s cannot be made: %(why)s."),
            path=str(folder),
            why=error.strerror or str(error),
        ) from error
