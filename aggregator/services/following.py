"""feeds.yaml in use: picked up when it changes, the last good version kept."""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from aggregator.domain.faults import Fault
from aggregator.domain.following import FollowedSource, FollowList, Problem
from aggregator.errors import FetchError, InvalidInputError, SourceError
from aggregator.ingest.fetch import FetchRequest
from aggregator.ingest.urls import host_of, without_user_info
from aggregator.services.context import Context
from aggregator.services.secrets import Secrets
from aggregator.settings import Settings
from aggregator.storage import (
    duplicates,
    habits,
    installation,
    pages,
    polls,
    readdressing,
    sources,
)
from aggregator.storage.conversations import pending
from aggregator.storage.engine import Database, Session
from aggregator.subscriptions import feeds_yaml
from aggregator.subscriptions.feeds_yaml import Reading
from aggregator.subscriptions.files import read_start, write_atomically
from aggregator.subscriptions.kept import dump, load
from aggregator.subscriptions.template import starting_text
from aggregator.subscriptions.text.encoding import MOST_BYTES
from aggregator.translations import N_, Language, system_language, translator

log = logging.getLogger(__name__)

ONLINE_AT_ONCE: Final = 16

FACT: Final = "feeds_yaml"
_LIST_FACT: Final = "feeds_yaml_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """The list in use. `problems` say why the file's present text is not in use, or warn."""

    list: FollowList
    problems: tuple[Problem, ...]
    path: Path
    exists: bool

    @property
    def broken(self) -> bool:
        """Whether the file as it is now cannot be used."""
        return any(problem.level == "error" for problem in self.problems)


def check(settings: Settings) -> Reading:
    """Read and judge feeds.yaml as it is now, without using it.

    Raises:
        InvalidInputError: there is no such file, or it cannot be read.
    """
    return judged(read_now(settings.feeds_path), settings)


def start_file(path: Path, language: Language) -> None:
    """Write a commented feeds.yaml to start from.

    Raises:
        InvalidInputError: there is a file already, which is left as it is, or the folder
            cannot be written.
    """
    if path.exists():
        raise InvalidInputError(
            N_("%(path)s is there already and stays as it is."), path=str(path)
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, starting_text(language).encode(), keep_previous=False)
    except OSError as error:
        raise InvalidInputError(
            N_("%(path)s cannot be written: %(why)s."), path=str(path), why=error.strerror or "?"
        ) from error


def current(context: Context) -> Following:
    """Give the list in use: the last good version of feeds.yaml, an empty one if there is none."""
    path = context.settings.feeds_path
    with context.database.read() as session:
        kept = _kept(session)
    used = kept.get("used")
    return Following(
        list=_in_use(context.database, used) if used else FollowList(),
        problems=tuple(Problem(**problem) for problem in kept.get("problems", ())),
        path=path,
        exists=path.exists(),
    )


def refresh(context: Context, *, adopt: bool = False) -> Following:
    """Put feeds.yaml in use if it changed and is good; else keep what was, and say why.

    Raises:
        InvalidInputError: there is no feeds.yaml and never was one, or the database belongs
            to another one (unless `adopt`).
    """
    path = context.settings.feeds_path
    with context.database.read() as session:
        kept = _kept(session)
    named = path.exists() or context.settings.feeds is not None
    if kept.get("used") and kept["path"] != str(path) and named and not adopt:
        raise InvalidInputError(
            N_(
                "This database follows %(known)s, not %(other)s. To have it follow this file "
                "from now on, run “veille poll --adopt” or “veille serve --adopt”; else give "
                "another folder in VEILLE_DATA."
            ),
            known=kept["path"],
            other=str(path),
        )
    if not path.exists() and kept.get("used"):
        return current(context)
    try:
        content = read_now(path)
        if not content.strip() and kept.get("used"):
            # Many editors empty a file before they write it: it may be full in a moment.
            raise InvalidInputError(N_("%(path)s is empty."), path=str(path))  # noqa: TRY301 - it is told below
    except InvalidInputError as error:
        if not kept.get("used"):
            raise
        _tell_unreadable(context, error, kept)
        return current(context)
    digest = hashlib.sha256(content).hexdigest()
    if (digest, str(path)) != (kept.get("digest"), kept.get("path")):
        _take_in(context, content, kept | {"path": str(path), "digest": digest})
    return current(context)


def _take_in(context: Context, content: bytes, fact: dict[str, Any]) -> None:
    reading = judged(content, context.settings)
    for problem in reading.problems:
        log.info("%s", problem)
    fact["problems"] = [asdict(problem) for problem in reading.problems]
    before = current(context).list
    with context.database.write() as session:
        if reading.follow is not None:
            in_use = {"text": content.decode("utf-8-sig"), "list": dump(reading.follow)}
            installation.keep_fact(session, _LIST_FACT, in_use)
            fact["used"] = fact["digest"]
            mine_before = pending.owned(session)
            _use(session, reading.follow, context)
            known = {(one.url, one.address) for one in before.sources}
            written = {(one.url, one.address) for one in reading.follow.sources}
            changed = {url for url, _ in written - known}
            sources.ask_refused(session, changed, at=context.clock())
            if reading.follow.me != before.me:
                pending.note(session)
            elif turned := mine_before ^ pending.owned(session):
                pending.note(session, turned)
            log.info("feeds.yaml is in use sources=%d", len(reading.follow.sources))
        installation.keep_fact(session, FACT, fact)


def _tell_unreadable(context: Context, error: InvalidInputError, fact: dict[str, Any]) -> None:
    """Keep the list in use, and why the file is not: once, however often it is looked at."""
    chosen = current(context).list.preferences.language or _language(context.settings)
    message = translator(chosen).gettext(error.message) % error.params
    name = context.settings.feeds_path.name
    told = [asdict(Problem(file=name, line=1, column=1, path="", message=message))]
    if fact.get("problems") != told:
        log.warning("%s", message)
        with context.database.write() as session:
            installation.keep_fact(session, FACT, fact | {"problems": told, "digest": None})


def _use(session: Session, follow: FollowList, context: Context) -> None:
    now = context.clock()
    moved = readdressing.follow_moves(session, {one.url for one in follow.sources}, at=now)
    for old, new in moved:
        log.info("a source is followed at its new address old=%s new=%s", old, new)
    feed_urls = sources.feed_urls(session)
    page_ids = pages.follow(session, follow.pages)
    hosts = {
        source.url: _host(feed_urls.get(source.url) or source.url) for source in follow.sources
    }
    comments = {source.url: without_user_info(source.comments) for source in follow.sources}
    sources.follow(session, follow.sources, page_ids=page_ids, hosts=hosts, comments=comments)
    polls.plan_first(session, at=now)
    habits.count_from(session, now)
    duplicates.come_forward(session, at=now)


def _host(url: str) -> str:
    try:
        return host_of(url)
    except FetchError:  # a `${NAME}` altogether: what it stands for is not to be stored
        return url


def _kept(session: Session) -> dict[str, Any]:
    kept: dict[str, Any] = installation.fact(session, FACT) or {}
    return kept


def read_now(path: Path) -> bytes:
    """Read the bytes of feeds.yaml as they are now.

    Raises:
        InvalidInputError: there is no such file, or it cannot be read.
    """
    try:
        return read_start(path, MOST_BYTES + 1)
    except FileNotFoundError:
        raise InvalidInputError(
            N_("There is no %(path)s yet: “veille init” writes one to start from."),
            path=str(path),
        ) from None
    except OSError as error:
        raise InvalidInputError(
            N_("%(path)s cannot be read: %(why)s."), path=str(path), why=error.strerror or "?"
        ) from error


def judged(content: bytes, settings: Settings) -> Reading:
    """Judge what a feeds.yaml says, or would say."""
    return feeds_yaml.read(
        content,
        file=settings.feeds_path.name,
        language=_language(settings),
        floor=settings.floor,
    )


@lru_cache(maxsize=4)
def _in_use(database: Database, _used: str) -> FollowList:
    """Read the list in use; by its digest, so that a process reads each but once."""
    with database.read() as session:
        kept = installation.fact(session, _LIST_FACT)
    # A list of a thousand sources takes half a second to read from its text.
    follow = load(kept["list"])
    if follow is None:
        follow = feeds_yaml.read(kept["text"].encode(), file="feeds.yaml", language="en").follow
    return follow or FollowList()


def text_in_use(session: Session) -> str | None:
    """Give the text of the list in use as the person wrote it, None if there is none yet."""
    text: str | None = (installation.fact(session, _LIST_FACT) or {}).get("text")
    return text


def digest_in_use(session: Session) -> str | None:
    """Tell the list in use from those before it."""
    digest: str | None = _kept(session).get("used")
    return digest


def _language(settings: Settings) -> Language:
    return settings.language or system_language()


def try_online(context: Context, follow: FollowList) -> tuple[Problem, ...]:
    """Ask every source that is polled once, storing nothing; say as warnings which fail."""
    polled = {
        number: source
        for number, source in enumerate(follow.sources)
        if not (source.paused or source.retired)
    }
    with ThreadPoolExecutor(ONLINE_AT_ONCE) as threads:
        faults = threads.map(lambda source: _fault(context, source), polled.values())
        found = [pair for pair in zip(polled.items(), faults, strict=True) if pair[1]]
    path = context.settings.feeds_path
    lines = read_now(path).decode("utf-8-sig", "replace").splitlines()
    words = translator(follow.preferences.language or _language(context.settings))
    return tuple(
        Problem(
            file=path.name,
            line=next((n for n, line in enumerate(lines, 1) if source.address in line), 1),
            column=1,
            path=f"sources.{number}",
            message=fault.sentence(words),
            level="warning",
        )
        for (number, source), fault in found
        if fault
    )


def _fault(context: Context, source: FollowedSource) -> Fault | None:
    secrets = Secrets(address=source.address, environment=context.environment)
    try:
        context.fetcher.fetch(FetchRequest(url=secrets.written()))
    except SourceError as error:
        return secrets.hidden_fault(error)
    return None
