"""Modules stay short, say their role, and keep to their own home."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60

HTTP_CLIENTS = (
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "urllib.request",
    "urllib3",
)
CONNECTS = frozenset({"socket.create_connection", "asyncio.open_connection"})
READS_THE_TIME = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.time_ns",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.localtime",
        "time.sleep",
    }
)

Code = Mapping[str, ast.Module]


def imported(tree: ast.Module) -> Iterator[str]:
    """Name every module and every name that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(tree: ast.Module) -> Iterator[str]:
    """Name every `thing.name` that is spoken of, by its last two words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            thing = node.value
            if isinstance(thing, ast.Name):
                yield f"{thing.id}.{node.attr}"
            elif isinstance(thing, ast.Attribute):
                yield f"{thing.attr}.{node.attr}"


def importers(code: Code, *packages: str) -> set[str]:
    """Find the modules that import one of the packages or something inside it."""
    return {
        name
        for name, tree in code.items()
        for module in imported(tree)
        if any(module == package or module.startswith(package + ".") for package in packages)
    }


def speakers(code: Code, names: frozenset[str]) -> set[str]:
    """Find the modules that name or import one of the things."""
    return {name for name, tree in code.items() if names & ({*named(tree)} | {*imported(tree)})}


def test_no_module_is_longer_than_300_lines(project: Path, code: Code) -> None:
    lengths = {
        name: len((project / "aggregator" / name).read_text(encoding="utf-8").splitlines())
        for name in code
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_function_is_longer_than_60_lines(code: Code) -> None:
    lengths = {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in code.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    too_long = {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FUNCTION}
    assert too_long == {}


def test_each_module_says_its_role_in_its_first_line(project: Path, code: Code) -> None:
    silent = []
    for name, tree in code.items():
        first = (project / "aggregator" / name).read_text(encoding="utf-8").split("\n", 1)[0]
        if tree.body and not (first.startswith('"""') and ast.get_docstring(tree)):
            silent.append(name)
    assert silent == []


def test_only_the_gate_speaks_to_the_network(code: Code) -> None:
    gate = {"ingest/fetch.py", "ingest/guard.py"}
    assert importers(code, *HTTP_CLIENTS) | speakers(code, CONNECTS) <= gate


def test_only_the_sample_web_plays_a_server_of_the_standard_library(code: Code) -> None:
    assert {name.split("/")[0] for name in importers(code, "http.server")} <= {"sample_web"}


def test_each_untyped_library_is_imported_in_one_module(project: Path, code: Code) -> None:
    configuration = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    untyped = {
        pattern.removesuffix(".*")
        for override in configuration["tool"]["mypy"]["overrides"]
        if override.get("ignore_missing_imports")
        for pattern in override["module"]
    }
    assert "feedparser" in untyped
    homes = {library: importers(code, library) for library in untyped}
    assert {library: names for library, names in homes.items() if len(names) > 1} == {}


def test_only_the_clock_reads_the_time_or_waits(code: Code) -> None:
    assert speakers(code, READS_THE_TIME) == {"clock.py"}
