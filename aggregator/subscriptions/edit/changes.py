"""What is to change in a YAML text, and what its values must be afterwards."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from aggregator.subscriptions.edit.writing import Tree, clean
from aggregator.subscriptions.text.findings import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Keys of the map at a path, or of a source that is a plain address; None takes one away."""

    at: Path
    values: Mapping[str, Tree | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """Items at the end of the list at a path, which is made where there is none."""

    at: Path
    items: Sequence[Tree]


Change = Put | Append


def cleaned(change: Change) -> Change:
    """Make the texts of a change what will be read again once they are written."""
    if isinstance(change, Append):
        return Append(at=change.at, items=[clean(item) for item in change.items])
    values = {key: None if value is None else clean(value) for key, value in change.values.items()}
    return Put(at=change.at, values=values)


def intended(value: Any, changes: Sequence[Change]) -> Any:
    """Give the values that a text must have after the changes; None for empty maps."""
    root = deepcopy(value) if value is not None else {}
    for change in changes:
        if isinstance(change, Append):
            listed = _below(root, change.at[:-1])
            listed[change.at[-1]] = [*(listed.get(change.at[-1]) or ()), *change.items]
        else:
            _put(_below(root, change.at), change.values)
    return _bare(root)


def same_values(one: Any, other: Any) -> bool:
    """Tell whether two documents say the same, though keys be in another order."""
    return bool(_bare(one) == _bare(other))


def _below(value: Any, path: Path) -> Any:
    """Go down to a map, making it where it lacks, or of an address that stands alone."""
    for key in path:
        found = value.get(key) if isinstance(value, dict) else value[key]
        if found is None or isinstance(found, str):
            found = {} if found is None else {"url": found}
            value[key] = found
        value = found
    return value


def _put(values: dict[str, Any], new: Mapping[str, Tree | None]) -> None:
    for key, value in new.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = deepcopy(value)


def _bare(value: Any) -> Any:
    """Leave out what says nothing: keys without a value, maps without keys."""
    if isinstance(value, Mapping):
        kept = {key: bare for key, it in value.items() if (bare := _bare(it)) is not None}
        # a source of which only the address is said is that address
        return kept["url"] if [*kept] == ["url"] else kept or None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_bare(item) for item in value] or None
    return value
