"""Tests wait for what they ask for, never for time to pass."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

WAITS: Final = frozenset({"sleep", "wait_for_function", "wait_for_timeout"})
"""A pause is too long or too short; `wait_for_function` evaluates text in the page, which our
policy refuses as soon as it has to look twice."""

FOLDERS: Final = ("tests/browser/", "tests/e2e/", "tests/faults/")

MAY: Final = {
    ("tests/browser/conftest.py", "until", "wait_for_timeout"),  # between two looks
    ("tests/faults/test_kills.py", "kill_a_command", "sleep"),  # the point of a kill is a moment
}


def waits(name: str, tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Name each call that waits, with its file and the function it stands in."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            called = node.func if isinstance(node, ast.Call) else None
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if word in WAITS:
                yield name, function.name, word


def test_no_test_of_a_page_or_of_a_process_waits_for_time_to_pass(
    project: Path, tracked: tuple[str, ...]
) -> None:
    found = {
        wait
        for name in tracked
        if name.startswith(FOLDERS) and name.endswith(".py")
        for wait in waits(name, ast.parse((project / name).read_text("utf-8")))
    }
    assert found - MAY == set()
