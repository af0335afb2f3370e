"""The list as it is kept in the database is the list that was read."""

from pathlib import Path

from aggregator.subscriptions.feeds_yaml import read
from aggregator.subscriptions.kept import dump, load

FULL = """
me:
  names: [CWM]
  emails: ["cwm@example.org"]
settings: {language: en, timezone: America/Montreal}
sources:
  - url: https://cwm:pass@cwm.example/rss?key=${KEY}
    name: Le blog de CWM
    mine: true
    every: 2h
    tags: [blog]
  - url: https://erick.example/rss
    page: Archives
    retired:
      since: 2026-11-01
      why: page fermée
watches:
  - {name: Netvibes, words: [netvibes]}
"""


def test_a_kept_list_is_the_same_list(project: Path) -> None:
    for content in (FULL.encode(), (project / "feeds.yaml").read_bytes(), b"sources: []\n"):
        follow = read(content, file="feeds.yaml", language="en").follow
        assert follow is not None
        assert load(dump(follow)) == follow


def test_a_list_kept_by_another_version_is_read_anew() -> None:
    assert load('{"sources": [{"adresse": "https://cwm.example/"}]}') is None
    assert load("no JSON") is None
