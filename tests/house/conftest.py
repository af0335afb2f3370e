"""What the house rules look at: the files git knows, and the parsed code and templates."""

import ast
import importlib.util
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.markup import Template, read_template


@pytest.fixture(scope="session")
def tracked(project: Path) -> tuple[str, ...]:
    """List the files that git knows or would take, so that no rule depends on leftovers."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git is installed
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted(set(listing.split("\0")) - {""})
    return tuple(name for name in names if (project / name).is_file())


@pytest.fixture(scope="session")
def code(project: Path, tracked: tuple[str, ...]) -> Mapping[str, ast.Module]:
    """Parse every module of the program, by its path inside the package."""
    return {
        name.removeprefix("aggregator/"): ast.parse((project / name).read_text(encoding="utf-8"))
        for name in tracked
        if name.startswith("aggregator/") and name.endswith(".py")
    }


@pytest.fixture(scope="session")
def templates(project: Path, tracked: tuple[str, ...]) -> tuple[Template, ...]:
    """Read every template."""
    return tuple(
        read_template(name.removeprefix("templates/"), (project / name).read_text("utf-8"))
        for name in tracked
        if name.startswith("templates/") and name.endswith(".html")
    )


@pytest.fixture(scope="session")
def script(project: Path) -> Callable[[str], ModuleType]:
    """Load a script that lies outside of the package, by its path."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location("script_" + Path(name).stem, project / name)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
