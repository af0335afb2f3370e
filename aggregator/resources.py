"""Files that belong to the program: templates, the example feeds.yaml, sample texts."""

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("aggregator")))


def bundled(name: str) -> Path:
    """Find a top-level file or folder of the project, in a checkout as in a wheel."""
    in_wheel = _PACKAGE / "_bundled" / name
    return in_wheel if in_wheel.exists() else _PACKAGE.parent / name


def packaged(name: str) -> Path:
    """Find a file or folder inside the package, such as `web/static`."""
    return _PACKAGE / name
