"""What feeds.yaml says: who I am, which sources, on which pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Final

from aggregator.translations import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who I am: names and sites as written, e-mails only ever compared."""

    names: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


ANSWER_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """When one works; `days` count from Monday = 0. An `end` of 00:00 is that of the day."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    begin: time = time(9)
    end: time = time(18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The `settings:` of feeds.yaml that are in use; None means: not said.

    `answer_within` is how soon a comment is to be answered. `choices` are those about the
    screens that the file makes, by name: `theme`, `density` …
    """

    language: Language | None = None
    timezone: str = "Europe/Paris"
    answer_within: timedelta = ANSWER_WITHIN
    office_hours: WorkingHours = field(default_factory=WorkingHours)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """Since when, and why, a source is no longer followed."""

    since: date
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedSource:
    """One source of the list.

    `address` is exactly what is written, with `${NAME}` not expanded and user info still in
    it: it is used to fetch and for nothing else. `url` is the same without user info and
    fragment: the name by which the source is known and shown.
    """

    url: str
    address: str
    name: str | None = None
    page: str | None = None
    mine: bool = False
    comments: str = "auto"
    every: timedelta | None = None
    tags: tuple[str, ...] = ()
    purpose: str | None = None
    paused: bool = False
    retired: Retirement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPage:
    """A page of the dashboard; the sources name the page they stand on."""

    name: str
    columns: int = 3
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowList:
    """All of feeds.yaml that is in use, in its order.

    `pages` holds every page that a source stands on, those it creates included, and every
    source's `page` names one of them. `unused` lists the paths kept for a later feature.
    """

    me: Me = field(default_factory=Me)
    preferences: Preferences = field(default_factory=Preferences)
    sources: tuple[FollowedSource, ...] = ()
    pages: tuple[FollowedPage, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in a file that people edit, at a place, in a sentence.

    `line` and `column` count from 1; `path` is like `sources.2.name`, counted from 0, empty
    for the whole file. `message` is already in the reader's language. `level` is `error`
    (the file cannot be used) or `warning`.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    level: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
