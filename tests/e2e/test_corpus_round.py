"""The corpus, followed: every real, broken and hostile document is a source of one round."""

import csv
import json
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from aggregator.domain.faults import SENTENCES
from tests.command import CommandLine, Said
from tests.contested import NO_FEED
from tests.scripted_server import Answer, ScriptedServer

pytestmark = [pytest.mark.corpus, pytest.mark.slow, pytest.mark.timeout(300)]

ACTS = re.compile(r"<(script|style|iframe|object)|\son\w+\s*=|(java|vb)script:", re.IGNORECASE)
"""What in stored markup could do something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What became of the corpus: its index, and the round, sources and entries by file."""

    index: Mapping[str, Mapping[str, str]]
    said: Said
    polled: Mapping[str, Any]
    sources: Mapping[str, Any]
    entries: Mapping[str, Sequence[Any]]

    def agreed(self, *, feeds: bool) -> Iterator[tuple[str, int]]:
        """Name the files whose number of entries is agreed: the feeds, or pages and lists."""
        for name, row in self.index.items():
            is_feed = row["format"] not in {"html", "opml"}
            if row["status"] == "agreed" and is_feed == feeds:
                yield name, int(row["entries"])


def refuse_names(host: object, *_: object, **__: object) -> Any:
    """Know no name: pages of the corpus announce feeds of real sites, which are left alone."""
    raise socket.gaierror(socket.EAI_NONAME, f"no name is known here, nor is {host!r}")


@pytest.fixture(scope="module")
def followed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    """Follow every file of the corpus, and poll them all once."""
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        index = {row["file"]: row for row in rows}
    folder = tmp_path_factory.mktemp("corpus")
    feeds = folder / "feeds.yaml"
    with ScriptedServer().running() as web, pytest.MonkeyPatch.context() as patch:
        for name in index:
            web.answer(f"/{quote(name)}", Answer(body=(corpus / name).read_bytes()))
        text = "sources:\n" + "".join(f"  - {web.url(f'/{quote(name)}')}\n" for name in index)
        feeds.write_text(text, encoding="utf-8")
        patch.setenv("VEILLE_DATA", str(folder))
        patch.setenv("VEILLE_FEEDS", str(feeds))
        patch.setenv("VEILLE_ALLOW_PRIVATE", "127.0.0.1")
        patch.setattr(socket, "getaddrinfo", refuse_names)
        yield read(index, CommandLine())


def read(index: Mapping[str, Mapping[str, str]], veille: CommandLine) -> Followed:
    """Run the round and ask for all there is afterwards."""
    said = veille("poll", "--json")
    entries: dict[str, list[Any]] = {name: [] for name in index}
    for entry in veille("entries", "--limit", "0", "--full", "--json").document:
        entries[named(entry["source"])].append(entry)
    return Followed(
        index=index,
        said=said,
        polled={named(source["url"]): source for source in said.document["sources"]},
        sources={named(source["url"]): source for source in veille("sources", "--json").document},
        entries=entries,
    )


def named(url: str) -> str:
    """Tell the file that an address of ours gives."""
    return unquote(urlsplit(url).path).removeprefix("/")


def test_the_whole_corpus_is_polled_in_one_round(followed: Followed) -> None:
    summary = followed.said.document
    assert (followed.said.code, followed.said.err) == (0, "")
    assert summary["polled"] == len(followed.index) == len(followed.polled)
    assert summary["polled"] == summary["changed"] + summary["failed"]


def test_every_agreed_feed_yields_its_number_of_entries(followed: Followed) -> None:
    agreed = dict(followed.agreed(feeds=True))
    assert len(agreed) > 300
    assert {
        name: (len(followed.entries[name]), followed.sources[name]["entries"], number)
        for name, number in agreed.items()
        if not len(followed.entries[name]) == followed.sources[name]["entries"] == number
    } == {}
    assert [name for name, number in agreed.items() if number and fault(followed, name)] == []


def test_pages_and_lists_end_in_a_fault(followed: Followed) -> None:
    others = dict(followed.agreed(feeds=False))
    assert len(others) > 50
    assert [name for name in others if not fault(followed, name)] == []
    assert {fault(followed, name) for name in NO_FEED} == {"not-readable"}


def test_every_fault_is_known_and_said_in_words(followed: Followed) -> None:
    for name, source in followed.polled.items():
        assert source["error_code"] == followed.sources[name]["error_code"]
        if source["outcome"] == "failed":
            assert source["error_code"] in set(SENTENCES) - {"internal"}, name
            assert source["error"].endswith(".")
            assert "%(" not in source["error"]
        else:
            assert (source["error"], source["error_code"]) == (None, None)


def test_nothing_of_an_attack_does_anything_or_tells_a_secret(followed: Followed) -> None:
    attacks = [name for name in followed.index if name.startswith("attack/")]
    assert len(attacks) > 5
    stored = [entry for name in attacks for entry in followed.entries[name]]
    assert stored
    for entry in stored:
        assert not ACTS.search(entry["content_html"])
        assert urlsplit(entry["url"] or "").scheme in {"", "http", "https"}
        assert "root:" not in json.dumps(entry)
        assert len(json.dumps(entry)) < 2**20


def fault(followed: Followed, name: str) -> str | None:
    code: str | None = followed.sources[name]["error_code"]
    return code
