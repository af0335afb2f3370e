"""What no file of the project may say, and what each of its pictures and scripts is."""

import hashlib
import json
import re
from pathlib import Path

import pytest

# Put together here, so that this file does not say them either.
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/opt/py" + "pi", ".py" + "env")
REGISTRIES = ("py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
VENDORED = "aggregator/web/static/vendor/"


@pytest.fixture(scope="module")
def texts(project: Path, tracked: tuple[str, ...]) -> dict[str, str]:
    """Read all that is text and our own."""
    found = {}
    for name in tracked:
        body = (project / name).read_bytes()
        if not name.startswith(VENDORED) and b"\0" not in body:
            found[name] = body.decode("utf-8", errors="replace")
    return found


def places(texts: dict[str, str], pattern: str | re.Pattern[str]) -> list[str]:
    """Name the file and line of each match."""
    return [
        f"{name}:{number}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("needle", MACHINE_PATHS + REGISTRIES)
def test_the_tree_names_no_machine_and_no_registry(texts: dict[str, str], needle: str) -> None:
    assert places(texts, re.escape(needle)) == []


def test_nothing_is_marked_unfinished(texts: dict[str, str]) -> None:
    assert places(texts, UNFINISHED) == []


def test_text_files_are_utf_8_with_a_last_line_end(texts: dict[str, str]) -> None:
    ours = {name: text for name, text in texts.items() if "/corpus/" not in name}
    wrong = [
        name
        for name, text in ours.items()
        if text and name.endswith((".py", ".html", ".css", ".js", ".md", ".yaml", ".toml"))
        if "\ufffd" in text or not text.endswith("\n") or "\r" in text
    ]
    assert wrong == []


def test_vendored_files_are_those_of_their_checksums(
    project: Path, tracked: tuple[str, ...]
) -> None:
    folder = project / VENDORED
    manifest = json.loads((folder / "VENDOR.json").read_text(encoding="utf-8"))
    promised = {vendored["file"]: vendored["sha256"] for vendored in manifest}
    present = {
        name.removeprefix(VENDORED): hashlib.sha256((project / name).read_bytes()).hexdigest()
        for name in tracked
        if name.startswith(VENDORED) and not name.endswith("VENDOR.json")
    }
    licences = {vendored["licence_file"] for vendored in manifest}
    assert promised
    assert promised.items() <= present.items()
    assert present.keys() == promised.keys() | licences
