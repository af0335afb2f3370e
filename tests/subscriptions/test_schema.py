"""The JSON Schema that editors use says what the model says."""

import json
import runpy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from aggregator.resources import packaged
from aggregator.subscriptions.schema import FILE_NAME, schema, schema_text
from aggregator.subscriptions.shape.model import FeedsFile
from aggregator.subscriptions.template import starting_text
from aggregator.subscriptions.text.document import Document
from aggregator.translations import LANGUAGES, Language

SHIPPED = packaged("subscriptions") / FILE_NAME


def test_the_shipped_schema_is_the_one_of_the_model() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == schema_text(), "run docs/make_reference.py"


def test_the_shipped_schema_is_a_good_one() -> None:
    Draft202012Validator.check_schema(json.loads(SHIPPED.read_text(encoding="utf-8")))


def test_each_key_has_a_description_and_an_example() -> None:
    whole = schema()
    for shape in (whole, *whole["$defs"].values()):
        for key, described in shape["properties"].items():
            refers = "$ref" in json.dumps(described)
            assert refers or described["description"], key
            assert described.get("examples") or key in {"me", "settings"}, key


def test_each_example_is_one_that_the_schema_accepts() -> None:
    whole = schema()
    for shape in (whole, *whole["$defs"].values()):
        for key, described in shape["properties"].items():
            validator = Draft202012Validator({**described, "$defs": whole["$defs"]})
            for example in described.get("examples", ()):
                assert not list(validator.iter_errors(example)), (key, example)


def taken_by_model(value: object) -> bool:
    try:
        FeedsFile.model_validate(value)
    except ValidationError:
        return False
    return True


def agreed(text: str) -> bool:
    """Ask the schema and the model about a text; they must say the same."""
    value = Document(text).value
    by_schema = Draft202012Validator(schema(), format_checker=FormatChecker()).is_valid(value)
    assert by_schema == taken_by_model(value)
    return by_schema


@pytest.mark.parametrize(
    "text",
    [
        "sources: [https://a.org]",
        "sources:\n",
        "version: 1\nme:\nsettings:\npages:\nbridges:\nwatches:\n",
        "sources: [{url: https://a.org, name: 20, mine: true, every: 15 m, tags: [a, 1]}]",
        "sources: [{url: 'HTTP://a.org', comments: off, purpose: , paused: false}]",
        "sources: [{url: https://a.org, comments: 'https://b.org', retired: {since: 2026-11-01}}]",
        "sources: ['${FEED}', 'https://a.org/?k=${KEY}']",
        "sources: [{name: F, bridge: b, params: {a: 1, b: true, c: x}}]",
        "pages: [{name: Une, columns: 6, hidden: true, sources: [https://a.org]}]",
        "settings: {language: fr, timezone: Europe/Paris, answer_within: 24h}",
        "settings: {office_hours: {days: [mon], from: '09:00', to: '18:00'}}",
        "settings: {follow_commenters: never}",
        "me: {names: [CWM], sites: [https://a.org], emails: [a@b.org]}",
        "bridges: {b: {kind: rsshub, url: 'http://127.0.0.1:1200/', key: '${K}'}}",
        "watches: [{name: N, words: [n], not: [m], language: fr}]",
    ],
)
def test_schema_and_model_accept_the_same_files(text: str) -> None:
    assert agreed(text)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "text",
        "sources: https://a.org",
        "sources: [a.org]",
        "sources: ['https://']",
        "sources: [null]",
        "sources: [3]",
        "sources: [{name: x}]",
        "sources: [{url: https://a.org, titel: x}]",
        "sources: [{url: https://a.org, bridge: b, name: x}]",
        "sources: [{bridge: b}]",
        "sources: [{url: https://a.org, params: {a: 1}}]",
        "sources: [{url: https://a.org, mine: oui}]",
        "sources: [{url: https://a.org, every: 1 heure}]",
        "sources: [{url: https://a.org, every: 60}]",
        "sources: [{url: https://a.org, name: true}]",
        "sources: [{url: https://a.org, name: ' '}]",
        "sources: [{url: https://a.org, tags: a}]",
        "sources: [{url: https://a.org, comments: non}]",
        "sources: [{url: https://a.org, retired: {}}]",
        "sources: [{url: https://a.org, retired: {since: 2026-02-30}}]",
        "version: 2",
        "version: true",
        "settings: {language: de}",
        "settings: {office_hours: {from: 9:00, to: 18h}}",
        "settings: {office_hours: {from: '09:00'}}",
        "me: {emails: [CWM]}",
        "pages: [Une]",
        "pages: [{name: Une, columns: 0}]",
        "pages: [{name: Une, columns: '3'}]",
        "pages: [{columns: 3}]",
        "bridges: {b: {kind: other, url: https://a.org}}",
        "bridges: {b: null}",
        "watches: [{name: N, words: []}]",
        "watches: [{words: [n]}]",
    ],
)
def test_schema_and_model_refuse_the_same_files(text: str) -> None:
    assert not agreed(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starting_files_and_that_of_the_project_fit(language: Language, project: Path) -> None:
    assert agreed(starting_text(language))
    assert agreed((project / "feeds.yaml").read_text(encoding="utf-8"))


def test_the_reference_is_up_to_date(project: Path) -> None:
    made = runpy.run_path(str(project / "docs" / "make_reference.py"))["reference"]()
    shipped = (project / "docs" / "feeds-yaml.md").read_text(encoding="utf-8")
    assert shipped == made, "run docs/make_reference.py"
