"""The kinds of values that feeds.yaml holds, each with its rule and its JSON Schema.

A rule that fails raises a code; `sentences` says it in words and offers what was meant.
"""

import re
from datetime import date, time, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Strict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from aggregator.subscriptions.addresses import can_be_asked

_LONGEST_TEXT: Final = 500
_LONGEST_ADDRESS: Final = 4_000
_ADDRESS: Final = (
    r"^([hH][tT][tT][pP][sS]?://[^\s/?#]\S*|\$\{[A-Z0-9_]+\}\S*)$"  # said to editors only
)
_DURATION: Final = "^[0-9]{1,5} ?[smhd]$"
_TIME: Final = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def refuse(code: str, **params: str | int) -> PydanticCustomError:
    """Make the error of a rule that failed; `code` is a key of `sentences`."""
    return PydanticCustomError(code, code, params)


def _address(text: str) -> str:
    if not can_be_asked(text):
        raise refuse("address")
    return text


def _comments(text: str) -> str:
    if text not in {"auto", "off"} and not can_be_asked(text):
        raise refuse("comments")
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise refuse("email")
    return text


def _duration(value: Any) -> timedelta:
    if not isinstance(value, str) or not re.fullmatch(_DURATION, value):
        raise refuse("duration")
    return timedelta(**{_UNITS[value[-1]]: int(value[:-1])})


def _time(value: Any) -> time:
    if not isinstance(value, str) or not re.fullmatch(_TIME, value):
        raise refuse("time")
    return time.fromisoformat(value)


def _date(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(_DATE, value):
        raise refuse("date")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise refuse("date") from error


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise refuse("timezone") from error
    return text


def _version(number: int) -> int:
    if number != 1:
        raise refuse("version")
    return number


def _on_off(value: Any) -> Any:
    return ("on" if value else "off") if isinstance(value, bool) else value


def _parameter(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


_LETTERS = StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_TEXT)
_LINE = StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_ADDRESS)
_TEXT_SCHEMA: Final[dict[str, Any]] = {
    "type": ["string", "number"],
    "pattern": r"\S",
    "maxLength": _LONGEST_TEXT,
}


def _schema(pattern: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern} | more)


Text = Annotated[str, _LETTERS, WithJsonSchema(_TEXT_SCHEMA)]
"""Any text; a number such as 20 is a name like any other."""

Address = Annotated[
    str, _LINE, AfterValidator(_address), _schema(_ADDRESS, maxLength=_LONGEST_ADDRESS)
]
Comments = Annotated[
    str,
    _LINE,
    AfterValidator(_comments),
    WithJsonSchema(
        {"anyOf": [{"enum": ["auto", "off"]}, {"type": "string", "pattern": _ADDRESS}]}
    ),
]
Email = Annotated[str, _LETTERS, AfterValidator(_email), _schema(r"^[^@\s]+@[^@\s]+$")]
Duration = Annotated[timedelta, BeforeValidator(_duration), _schema(_DURATION)]
TimeOfDay = Annotated[time, BeforeValidator(_time), _schema(_TIME)]
Day = Annotated[date, BeforeValidator(_date), _schema(_DATE, format="date")]
Timezone = Annotated[str, _LETTERS, AfterValidator(_timezone), WithJsonSchema({"type": "string"})]
Truth = Annotated[bool, Strict()]
OnOff = Annotated[
    Literal["on", "off"],
    BeforeValidator(_on_off),
    WithJsonSchema({"enum": ["on", "off", True, False]}),
]
"""On or off; `true` and `false` say the same."""

Version = Annotated[int, Strict(), AfterValidator(_version), WithJsonSchema({"const": 1})]
Parameter = Annotated[
    Text,
    BeforeValidator(_parameter),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
