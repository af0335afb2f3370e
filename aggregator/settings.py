"""How this installation runs: `VEILLE_<FIELD>` variables, read once at the start."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aggregator.errors import InvalidInputError
from aggregator.translations import N_, Language

_REFUSALS: Mapping[str, str] = {
    "int_parsing": N_("%(name)s cannot be used as it is set: it must be a whole number."),
    "float_parsing": N_("%(name)s cannot be used as it is set: it must be a number."),
    "greater_than_equal": N_("%(name)s cannot be used as it is set: it must be at least %(ge)s."),
    "less_than_equal": N_("%(name)s cannot be used as it is set: it must be at most %(le)s."),
    "literal_error": N_("%(name)s cannot be used as it is set: it must be one of %(expected)s."),
    "duration": N_("%(name)s cannot be used as it is set: a duration is 20s, 15m, 1h or 2d."),
    "nothing": N_("%(name)s cannot be used as it is set: it must be longer than nothing."),
    "kept": N_("%(name)s cannot be used as it is set: it must be at least 30d."),
    "token": N_(
        "%(name)s cannot be used as it is set: it must be at least 16 letters, digits or signs, "
        "without spaces."
    ),
    "contact": N_(
        "%(name)s cannot be used as it is set: it must be a web or e-mail address, without spaces."
    ),
    "network": N_("%(name)s cannot be used as it is set: a network is written 192.168.1.0/24."),
    "public_url": N_(
        "%(name)s cannot be used as it is set: it must be the whole address of the dashboard, as "
        "in https://example.org/veille."
    ),
}
"""What is said of each kind of pydantic's refusals, and of ours."""

OWN_HOSTS: Final = ("127.0.0.1", "localhost", "::1")
"""Where only this machine reaches the dashboard."""
EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - told apart, not bound
"""What stands for every address of this machine, and names none."""

LEAST_KEPT: Final = timedelta(days=30)
"""A slip of typing must not throw away what came this month."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: object) -> object:
    """Read `20s`, `15m`, `1h` or `2d`; anything else is left for pydantic to judge."""
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{1,5})\s*([smhd])", text.strip())):
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    if isinstance(text, str):
        raise PydanticCustomError("duration", "a duration is written 20s, 15m, 1h or 2d")
    return text


def _network(name: str) -> None:
    try:
        ip_network(name, strict=False)
    except ValueError as error:
        raise PydanticCustomError("network", "a network is written 192.168.1.0/24") from error


def _comma_separated(text: object) -> object:
    if isinstance(text, str):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _something(wait: timedelta) -> timedelta:
    if not wait:
        raise PydanticCustomError("nothing", "it must be longer than nothing")
    return wait


def _long(kept: timedelta) -> timedelta:
    if kept < LEAST_KEPT:
        raise PydanticCustomError("kept", "it must be at least 30d")
    return kept


def _unguessable(token: SecretStr) -> SecretStr:
    if not re.fullmatch("[!-~]{16,}", token.get_secret_value()):  # it comes in a header
        raise PydanticCustomError("token", "it must be at least 16 characters")
    return token


def _sendable(contact: str) -> str:
    if not re.fullmatch("[!-~]+", contact):  # it goes into a header
        raise PydanticCustomError("contact", "it must be an address")
    return contact


def _public(url: str) -> str:
    """Give a public address without its last slash; its path is what the dashboard is under."""
    try:
        parts = urlsplit(url.strip())
        named = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        parts, named = urlsplit(""), False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if not named or not plain or not re.fullmatch(r"(/[\w.~-]+)*/?", parts.path, re.ASCII):
        raise PydanticCustomError("public_url", "it must be a web address")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


Duration = Annotated[timedelta, BeforeValidator(duration)]
Time = Annotated[Duration, AfterValidator(_something)]
PublicUrl = Annotated[str, AfterValidator(_public)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_separated)]


class Settings(BaseSettings):
    """Every setting of an installation. `docs/settings.md` is made from these descriptions."""

    model_config = SettingsConfigDict(env_prefix="VEILLE_", frozen=True, extra="ignore")

    data: Path = Field(
        default_factory=lambda: user_data_path("veille"),
        description="Folder of the database and of the nightly copies of the list.",
    )
    feeds: Path | None = Field(
        default=None,
        description="The feeds.yaml in use; else `feeds.yaml` in the working folder, "
        "else in the data folder.",
    )
    database_url: str | None = Field(
        default=None, description="The database; else SQLite in the data folder."
    )
    example: str | None = Field(
        default=None,
        description="An address that the page for following proposes to try; `veille demo` "
        "sets it.",
    )
    host: str = Field(default="127.0.0.1", description="Address the dashboard listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port of the dashboard.")
    trusted_hosts: Names = Field(
        default=(),
        description="Further host names under which the dashboard may be asked for, "
        "comma-separated; 127.0.0.1, localhost, ::1, a name given in VEILLE_HOST and that of "
        "VEILLE_PUBLIC_URL always are.",
    )
    public_url: PublicUrl | None = Field(
        default=None,
        description="Address under which others reach the dashboard, with its path where it "
        "has one: `https://example.org/veille`. It needs a password.",
    )
    trusted_proxies: Annotated[int, Field(ge=0, le=9)] = Field(
        default=0,
        description="Reverse proxies in front of the dashboard; with 0 what they say in "
        "X-Forwarded headers is not believed. Others than 0 need a password.",
    )
    allow_private: Names = Field(
        default=(),
        description="Hosts and networks that may be fetched though private, comma-separated.",
    )
    contact: Annotated[str, AfterValidator(_sendable)] = Field(
        default="https://veille.invalid/contact",
        description="Address put into the User-Agent, so that sites can reach you.",
    )
    host_delay: Annotated[float, Field(ge=0)] | None = Field(
        default=None,
        description="Seconds between two requests to one host; else 1, or 0 for hosts "
        "opened by VEILLE_ALLOW_PRIVATE.",
    )
    host_concurrency: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="Requests at once to one host; else 1, or 8 for hosts opened by "
        "VEILLE_ALLOW_PRIVATE.",
    )
    concurrency: int = Field(default=256, ge=1, description="Requests at once over all hosts.")
    floor: Time = Field(
        default=timedelta(minutes=15),
        description="Least time between two scheduled polls of a source.",
    )
    manual_floor: Duration = Field(
        default=timedelta(minutes=5),
        description="Least time between two polls of a source that a person asked for.",
    )
    fetch_timeout: Time = Field(
        default=timedelta(seconds=30),
        description="Longest time one fetch may take, redirects and all.",
    )
    parse_timeout: Time = Field(
        default=timedelta(seconds=20), description="Longest time reading one document may take."
    )
    parsers: int = Field(default=2, ge=1, le=64, description="Processes that read documents.")
    tick: Time = Field(
        default=timedelta(seconds=5),
        description="How often the poller looks for what is due and for changes of feeds.yaml.",
    )
    keep: Annotated[Duration, AfterValidator(_long)] | None = Field(
        default=None,
        description="How long entries and conversations are kept that nothing holds, `365d` for "
        "instance and `30d` at least; else for ever. [What holds them](operations.md"
        "#throwing-away).",
    )
    metrics_token: Annotated[SecretStr, AfterValidator(_unguessable)] | None = Field(
        default=None,
        description="Secret with which a program may read `/metrics` of a dashboard that has a "
        "password; 16 characters at least.",
    )
    language: Language | None = Field(
        default=None,
        description="Language of the command line, fr or en; else that of feeds.yaml, "
        "else the system's.",
    )
    log: Literal["text", "json"] = Field(default="text", description="Form of the log lines.")
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        default=None,
        description="Least level of the log lines; else `info` for `veille serve` and "
        "`warning` for commands that end by themselves.",
    )

    @field_validator("allow_private")
    @classmethod
    def _networks(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if "/" in name:
                _network(name)
        return names

    @property
    def feeds_path(self) -> Path:
        """The feeds.yaml in use, absolute; it may not exist yet."""
        if self.feeds is not None:
            return self.feeds.expanduser().absolute()
        here = Path("feeds.yaml").absolute()
        return here if here.exists() else self.data.expanduser().absolute() / "feeds.yaml"

    @property
    def database(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{self.data.expanduser().absolute() / 'veille.db'}"

    @property
    def is_reachable(self) -> bool:
        """Whether others than this machine may reach the dashboard: then it needs a password."""
        away = self.host not in OWN_HOSTS
        return away or self.public_url is not None or self.trusted_proxies > 0

    @property
    def reached_at(self) -> str:
        """Where others reach the dashboard, or where it listens."""
        return self.public_url or self.host

    @property
    def known_hosts(self) -> tuple[str, ...]:
        """The names under which the dashboard may be asked for."""
        public = urlsplit(self.public_url or "").hostname
        listens = None if self.host in EVERYWHERE else self.host
        more = (name for name in (listens, public) if name)
        return tuple(dict.fromkeys((*OWN_HOSTS, *more, *self.trusted_hosts)))

    @property
    def prefix(self) -> str:
        """The path that the dashboard is under, without a last slash; empty at the top."""
        return urlsplit(self.public_url or "").path


def read_settings(**given: Any) -> Settings:
    """Read the settings; what is `given` (by an option) goes before the environment.

    Raises:
        InvalidInputError: a value is wrong; the sentence names the variable.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "VEILLE_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        message = _REFUSALS.get(
            first["type"], N_("%(name)s cannot be used as it is set: %(why)s.")
        )
        places = {
            key: str(value).replace(" or ", ", ") for key, value in first.get("ctx", {}).items()
        }
        raise InvalidInputError(message, name=name, why=first["msg"], **places) from error


def environment() -> Mapping[str, str]:
    """Give the variables that `${NAME}` in feeds.yaml may name."""
    return os.environ
