"""What can be set, typed, asked for or said is found in docs/, and the pages are true."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import click
import pytest

import aggregator
from aggregator.api.exposition import METRICS
from aggregator.cli.main import command_line
from aggregator.domain.faults import SENTENCES
from aggregator.settings import Settings

LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"\s]+)\"")


def page(project: Path, name: str) -> str:
    return (project / name).read_text(encoding="utf-8")


def members(group: click.Group) -> dict[str, click.Command]:
    """Give the commands of a group that a person may call, by name."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command and not command.hidden}


def commands(group: click.Group, *before: str) -> Iterator[str]:
    """Name every command as it is typed, subcommands too."""
    for name, command in members(group).items():
        yield " ".join(("veille", *before, name))
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)


def options(command: click.Command) -> Iterator[str]:
    """Name every long option of a command and of those below it."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield next(name for name in parameter.opts if name.startswith("--"))
    if isinstance(command, click.Group):
        for member in members(command).values():
            yield from options(member)


def test_the_pages_made_from_the_code_are_up_to_date(
    script: Callable[[str], ModuleType],
) -> None:
    pages: Mapping[Path, str] = script("docs/make_settings.py").pages()
    assert len(pages) == 2
    for path, text in pages.items():
        assert path.read_text(encoding="utf-8") == text, f"run `make docs` for {path.name}"


def test_each_setting_is_documented(project: Path) -> None:
    text = page(project, "docs/settings.md")
    names = [f"`VEILLE_{name.upper()}`" for name in Settings.model_fields]
    assert [name for name in names if name not in text] == []


def test_each_fault_of_a_source_is_documented(project: Path) -> None:
    text = page(project, "docs/errors.md")
    assert [code for code in SENTENCES if f"`{code}`" not in text] == []


def test_each_command_and_option_is_documented(project: Path) -> None:
    text = page(project, "docs/commands.md")
    veille = command_line("en")
    spoken = {*commands(veille), *options(veille)} - {"--help"}
    assert "veille demo" in spoken
    assert sorted(words for words in spoken if words not in text) == []


def test_each_route_made_for_programs_is_documented(
    project: Path, code: Mapping[str, ast.Module]
) -> None:
    routes = [
        argument.value
        for name, tree in code.items()
        if name.startswith("web/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"get", "route"} and node.args
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    for_programs = [route for route in routes if re.search(r"\.[a-z]+$|^/health", route)]
    assert "/subscriptions.opml" in for_programs
    text = page(project, "docs/commands.md")
    assert [route for route in for_programs if route not in text] == []


def test_each_door_for_programs_is_documented(
    project: Path, code: Mapping[str, ast.Module]
) -> None:
    doors = {
        argument.value
        for name, tree in code.items()
        if name.startswith("api/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"get", "post", "route"}
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        if argument.value.startswith("/")
    }
    assert doors >= {"/healthz", "/metrics"}
    text = page(project, "docs/operations.md")
    assert [door for door in sorted(doors) if f"`GET {door}`" not in text] == []


def test_each_metric_is_documented_as_it_is(project: Path) -> None:
    rows = [
        f"| `{metric.name}` | {'counter' if metric.grows else 'gauge'} | "
        f"{', '.join(f'`{label}`' for label in metric.labels)} | {metric.says} |"
        for metric in METRICS
    ]
    text = page(project, "docs/operations.md")
    assert re.findall(r"^\| `veille_.*$", text, re.MULTILINE) == rows
    spoken = set(re.findall(r"\bveille_[a-z_]+\b", text))
    assert spoken == {metric.name for metric in METRICS}


def test_each_link_between_the_pages_leads_somewhere(
    project: Path, tracked: tuple[str, ...]
) -> None:
    pages = [name for name in tracked if name.endswith(".md") and name.split("/")[0] != "tests"]
    broken = [
        f"{name}: {target}"
        for name in pages
        for found in LINK.finditer(page(project, name))
        for target in [(found[1] or found[2]).partition("#")[0]]
        if target and not re.match(r"\w+:", target)
        if not (project / name).parent.joinpath(target).exists()
    ]
    assert broken == []


def test_each_page_is_named_in_the_index(project: Path, tracked: tuple[str, ...]) -> None:
    index = page(project, "docs/README.md")
    pages = [
        name.removeprefix("docs/")
        for name in tracked
        if re.fullmatch(r"docs/[a-z-]+\.md|docs/adr/\d{4}-.*\.md", name)
    ]
    assert [name for name in pages if f"]({name})" not in index] == []


def test_the_changelog_speaks_of_this_version(project: Path) -> None:
    assert f"## [{aggregator.__version__}]" in page(project, "CHANGELOG.md")


@pytest.mark.parametrize("part", ["Context", "Decision", "Consequences"])
def test_each_decision_has_its_three_parts(
    project: Path, tracked: tuple[str, ...], part: str
) -> None:
    decisions = [name for name in tracked if re.match(r"docs/adr/\d{4}-", name)]
    assert decisions
    assert [name for name in decisions if f"## {part}\n" not in page(project, name)] == []
