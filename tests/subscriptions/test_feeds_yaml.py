"""feeds.yaml is read as people write it, and what is wrong is told at its place."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.domain.following import FollowList, Problem
from aggregator.subscriptions.feeds_yaml import Reading, read

FULL = """\
version: 1
me:
  names: [CWM]
  sites: [https://cwm.over-blog.com/]
  emails: ["cwm@example.org"]
settings:
  language: en
  timezone: Europe/Paris
  answer_within: 24h
  office_hours: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}
  follow_commenters: ask
sources:
  - name: Le blog de CWM
    url: https://cwm.over-blog.com/rss
    mine: true
    comments: auto
    every: 1h
    page: Mon blog
    tags: [blog]
    purpose: répondre
    paused: false
    retired:
      since: 2026-11-01
      why: page fan fermée
  - name: Framasoft
    bridge: local
    params:
      bridge: Mastodon
      canusername: "@Framasoft@framapiaf.org"
pages:
  - name: Mon blog
    columns: 3
  - name: Concurrents
    hidden: true
    sources:
      - https://example.com/blog
bridges:
  local: {kind: rss-bridge, url: "http://127.0.0.1:3000/"}
  hub:   {kind: rsshub, url: "http://127.0.0.1:1200/", key: "${RSSHUB_KEY}"}
watches:
  - {name: Netvibes, words: [netvibes], not: ["netvibes.fr"], language: fr}
"""


def reading_of(text: str) -> Reading:
    return read(text.encode(), file="feeds.yaml", language="en")


def followed(text: str) -> FollowList:
    reading = reading_of(text)
    assert reading.follow is not None, reading.problems
    return reading.follow


def the_problem(text: str) -> Problem:
    problems = reading_of(text).problems
    assert len(problems) == 1, problems
    return problems[0]


def test_the_smallest_file_follows_one_source_on_one_page() -> None:
    follow = followed("sources:\n  - https://example.org/blog\n")
    assert [source.url for source in follow.sources] == ["https://example.org/blog"]
    assert [page.name for page in follow.pages] == ["Veille"]
    assert follow.sources[0].page == "Veille"
    assert follow.unused == ()


def test_the_full_shape_is_read_without_a_problem() -> None:
    assert not reading_of(FULL).problems
    follow = followed(FULL)
    assert follow.me.names == ("CWM",)
    assert follow.me.emails == ("cwm@example.org",)
    assert follow.preferences.timezone == "Europe/Paris"
    blog, competitor = follow.sources
    assert (blog.name, blog.mine, blog.every) == ("Le blog de CWM", True, timedelta(hours=1))
    assert (blog.tags, blog.purpose, blog.paused) == (("blog",), "répondre", False)
    assert blog.retired is not None
    assert (blog.retired.since, blog.retired.why) == (date(2026, 11, 1), "page fan fermée")
    assert (competitor.url, competitor.page) == ("https://example.com/blog", "Concurrents")
    assert [(page.name, page.hidden) for page in follow.pages] == [
        ("Mon blog", False),
        ("Concurrents", True),
    ]


def test_parts_of_later_features_are_listed_as_unused() -> None:
    assert followed(FULL).unused == (
        "settings.follow_commenters",
        "sources.1.bridge",
        "bridges",
        "watches",
    )


def test_an_unknown_key_is_told_at_its_place_with_the_near_one() -> None:
    problem = the_problem(
        "sources:\n  - https://a.org\n  - https://b.org\n"
        "  - url: https://c.org\n    titel: Magalie\n"
    )
    assert str(problem) == "feeds.yaml:5:5: sources.2.titel: unknown; did you mean 'name'?"


@pytest.mark.parametrize(
    ("french", "meant"),
    [
        ("nom", "name"),
        ("titre", "name"),
        ("adresse", "url"),
        ("lien", "url"),
        ("site", "url"),
        ("étiquettes", "tags"),
        ("sujets", "tags"),
        ("pages", "page"),
        ("moi", "mine"),
        ("ma", "mine"),
        ("commentaires", "comments"),
        ("Name", "name"),
    ],
)
def test_french_words_are_known_in_a_source(french: str, meant: str) -> None:
    problem = the_problem(f"sources:\n  - url: https://a.org\n    {french}: x\n")
    assert problem.message == f"unknown; did you mean '{meant}'?"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sujets:\n  - x", "watches"),
        ("moi:\n  noms: [x]", "me"),
        ("réglages:\n  langue: fr", "settings"),
        ("watches:\n  - {name: N, mots: [n], words: [n]}", "words"),
        ("watches:\n  - {name: N, sauf: [n], words: [n]}", "not"),
        ("settings:\n  langue: fr", "language"),
    ],
)
def test_french_words_are_known_elsewhere(text: str, meant: str) -> None:
    problem = the_problem(f"sources:\n  - https://a.org\n{text}\n")
    assert problem.message == f"unknown; did you mean '{meant}'?"


def test_a_key_like_no_other_lists_those_that_are_known() -> None:
    problem = the_problem("zzz: 1\nsources:\n  - https://a.org\n")
    assert problem.message.startswith("unknown; known here are: version, me, settings")


@pytest.mark.parametrize("text", ["", "\n\n", "# rien\n", "sources:\n", "version: 1\n", "---\n"])
def test_a_file_that_follows_nothing_is_good_and_says_so(text: str) -> None:
    reading = reading_of(text)
    assert reading.follow is not None
    assert reading.follow.sources == ()
    assert [problem.level for problem in reading.problems] == ["warning"]


def test_a_source_without_a_page_stands_on_the_first() -> None:
    follow = followed("sources:\n  - https://a.org\npages:\n  - name: Une\n  - name: Deux\n")
    assert follow.sources[0].page == "Une"


def test_an_unknown_page_is_created_after_the_others_and_said_once() -> None:
    text = (
        "sources:\n  - {url: https://a.org, page: Concurents}\n"
        "  - {url: https://b.org, page: Concurents}\npages:\n  - name: Concurrents\n"
    )
    problem = the_problem(text)
    assert (problem.level, problem.path) == ("warning", "sources.0.page")
    assert "is created; did you mean 'Concurrents'?" in problem.message
    follow = followed(text)
    assert [page.name for page in follow.pages] == ["Concurrents", "Concurents"]


def test_a_nested_source_that_names_another_page_is_refused() -> None:
    problem = the_problem(
        "pages:\n  - name: Une\n    sources:\n      - {url: https://a.org, page: Deux}\n"
    )
    assert problem.path == "pages.0.sources.0.page"


def test_two_pages_of_one_name_are_refused() -> None:
    problem = the_problem(
        "sources:\n  - https://a.org\npages:\n  - name: Une\n  - columns: 2\n    name: Une\n"
    )
    assert (problem.line, problem.path) == (6, "pages.1.name")
    assert "on line 4 already" in problem.message


@pytest.mark.parametrize(
    "same",
    [
        "https://EXAMPLE.org/Blog",
        "HTTPS://example.org/Blog",
        "https://example.org:443/Blog",
        "https://example.org/Blog#haut",
        "https://moi:secret@example.org/Blog",
    ],
)
def test_the_same_address_twice_is_refused(same: str) -> None:
    problem = the_problem(f"sources:\n  - https://example.org/Blog\n  - url: {same}\n")
    assert (problem.line, problem.path) == (3, "sources.1.url")
    assert "stands on line 2 already" in problem.message
    assert "secret" not in str(problem)


def test_a_lone_final_slash_makes_no_other_address_but_a_path_does() -> None:
    assert the_problem("sources:\n  - https://a.org\n  - https://a.org/\n").line == 3
    assert len(followed("sources:\n  - https://a.org/x\n  - https://a.org/x/\n").sources) == 2


def test_an_address_is_known_without_its_user_info_and_fragment() -> None:
    written = "https://moi:${PASS}@example.org/feed?k=${KEY}#haut"
    (source,) = followed(f"sources:\n  - {written}\n").sources
    assert source.address == written
    assert source.url == "https://example.org/feed?k=${KEY}"


def test_an_address_may_be_a_secret_altogether() -> None:
    assert followed("sources:\n  - ${MY_FEED}\n").sources[0].url == "${MY_FEED}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("example.org/blog", "https://example.org/blog"),
        ("www.example.org", "https://www.example.org"),
        ("//example.org/rss", "https://example.org/rss"),
        ("htps://example.org", "https://example.org"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("feed://example.org/rss", "https://example.org/rss"),
    ],
)
def test_an_address_without_its_scheme_is_completed(written: str, meant: str) -> None:
    problem = the_problem(f"sources:\n  - url: {written}\n")
    assert f"write `- url: {meant}`" in problem.message


@pytest.mark.parametrize(
    "written",
    ["mon blog", "javascript:alert(1)", "https://", "https://a.org:99999/", "https://[::1", "3"],
)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    reading = reading_of(f"sources:\n  - url: '{written}'\n")
    assert reading.follow is None
    assert [problem.path for problem in reading.problems] == ["sources.0.url"]


def test_a_wish_under_the_floor_is_a_warning() -> None:
    text = "sources:\n  - url: https://a.org\n    every: 5m\n"
    problem = the_problem(text)
    assert (problem.level, problem.path) == ("warning", "sources.0.every")
    assert "15 minutes" in problem.message
    assert "write `every: 15m`" in problem.message
    assert (problem.line, problem.column) == (3, 12)
    low = read(text.encode(), file="f", language="en", floor=timedelta(seconds=1))
    assert low.problems == ()


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("every: 30 min", "every: 30m"),
        ("every: 1 heure", "every: 1h"),
        ("every: 1h30", "every: 90m"),
        ("every: 2 jours", "every: 2d"),
        ("mine: oui", "mine: true"),
        ("paused: non", "paused: false"),
        ("comments: non", "comments: off"),
        ("comments: false", "comments: off"),
        ("tags: blog, local", "tags: [blog, local]"),
        ("name: true", 'name: "true"'),
        ("name: [Client]", 'name: "[Client]"'),
    ],
)
def test_a_value_of_the_wrong_kind_is_shown_right(line: str, meant: str) -> None:
    problem = the_problem(f"sources:\n  - url: https://a.org\n    {line}\n")
    assert problem.line == 3
    assert f"write `{meant}`" in problem.message


@pytest.mark.parametrize(
    ("since", "meant"),
    [
        ("01/11/2026", "2026-11-01"),
        ("2026/11/1", "2026-11-01"),
        ("1er novembre 2026", "2026-11-01"),
        ("2026-11-01 10:00", "2026-11-01"),
    ],
)
def test_a_day_is_shown_as_year_month_day(since: str, meant: str) -> None:
    problem = the_problem(
        f"sources:\n  - url: https://a.org\n    retired:\n      since: {since}\n"
    )
    assert f"write `since: {meant}`" in problem.message


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("sources:\n  name: x\n  url: https://a.org\n", "sources", "write `- name: x`"),
        ("- https://a.org\n", "", "a line `sources:` is missing"),
        ("https://a.org\n", "", "a line `sources:` is missing"),
        ("me: CWM\n", "me", "such as names, sites, emails"),
        ("settings:\n  - fr\n", "settings", "such as language"),
        ("pages:\n  - Une\n", "pages.0", "write `- name: Une`"),
        ("pages: Une\n", "pages", "write `- name: Une`"),
        ("pages:\n  - name: Une\n    columns: 9\n", "pages.0.columns", "at most 6"),
        ("pages:\n  - name: Une\n    columns: '2'\n", "pages.0.columns", "write `columns: 2`"),
        ("pages:\n  - columns: 2\n", "pages.0", "'name' is missing here"),
        ("settings:\n  language: français\n", "settings.language", "write `language: fr`"),
        ("settings:\n  timezone: Paris\n", "settings.timezone", "`timezone: Europe/Paris`"),
        ("settings:\n  timezone: ../etc\n", "settings.timezone", "time zone is unknown"),
        ("settings:\n  office_hours: 9-18\n", "settings.office_hours", "days, from, to"),
        ("version: 2\n", "version", "version 1 of feeds.yaml only"),
        ("me:\n  emails: [CWM]\n", "me.emails.0", "an e-mail address is expected"),
        ("sources:\n  - name: x\n", "sources.0", "this source has no address"),
        ("sources:\n  - [a, b]\n", "sources.0", "an address is expected after the dash"),
        ("sources:\n  - {url: https://a.org, bridge: b}\n", "sources.0", "delete one of them"),
        ("sources:\n  - bridge: local\n", "sources.0", "needs a 'name'"),
        ("sources:\n  - {name: x, bridge: loc}\n", "sources.0.bridge", "no bridge has this name"),
        ("sources:\n  - {url: https://a.org, params: {a: 1}}\n", "sources.0", "'params' is for"),
        ("sources:\n  -\n  - https://a.org\n", "sources.0", "nothing stands after this dash"),
        ("watches:\n  - {name: N, words: []}\n", "watches.0.words", "at least one"),
        ("watches:\n  - {name: N, words: n}\n", "watches.0.words", "words: [n]"),
        ("bridges:\n  - local\n", "bridges", "names with values"),
        ("bridges:\n  b: {kind: rssbridge, url: https://a.org}\n", "bridges.b.kind", "rss-bridge"),
    ],
)
def test_a_wrong_shape_is_told_in_plain_words(text: str, path: str, said: str) -> None:
    errors = [each for each in reading_of(text).problems if each.level == "error"]
    assert [problem.path for problem in errors] == [path]
    assert said in errors[0].message


def test_a_name_that_is_a_number_is_a_text_as_it_is_written() -> None:
    text = "sources:\n" + "".join(
        f"  - {{name: {name}, url: https://a.org/{name}}}\n" for name in ("20", "007", "1.50")
    )
    assert [source.name for source in followed(text).sources] == ["20", "007", "1.50"]


def test_a_key_left_empty_is_as_if_absent() -> None:
    (source,) = followed("me:\nsources:\n  - url: https://a.org\n    name:\n    tags:\n").sources
    assert (source.name, source.tags) == (None, ())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("sources:\n  - name: 'oops\n    url: https://a.org\n", 2, "opened on line 2"),
        ("sources:\n  - url: https://a.org\n   name: x\n", 3, "exactly below"),
        ("sources:\n  - https://a.org\nme:\n  names: [CWM\n", 5, "bracket opened on line 4"),
        ("sources:\n  - https://a.org\n---\nme:\n", 3, "a second document"),
        ("a: " + "[" * 60, 1, "nested deeper"),
        ('a: "\\U99999999"\n', 1, "cannot be read"),
    ],
)
def test_what_is_no_yaml_is_told_in_plain_words(text: str, line: int, said: str) -> None:
    problem = the_problem(text)
    assert problem.line == line
    assert said in problem.message


def test_an_invisible_character_is_named() -> None:
    problem = the_problem("sources:\n  - https://a.org\u200e/\x07\n")
    assert (problem.line, problem.column) == (2, 20)
    assert "U+0007" in problem.message


def test_aliases_are_not_followed() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*a, *a, *a]\n" for c in "bcdefgh")
    reading = reading_of(bomb)
    assert reading.follow is None
    assert all(problem.level == "error" for problem in reading.problems)


def test_a_tag_builds_nothing() -> None:
    reading = reading_of("sources:\n  - !!python/object/apply:os.getcwd []\n")
    assert reading.follow is None


def test_a_file_that_is_too_large_is_left_unread() -> None:
    reading = read(b"#" * 1_000_001, file="f", language="en")
    assert reading.follow is None
    assert "1000 kB" in reading.problems[0].message


def test_the_language_of_the_file_goes_before_that_of_the_reader() -> None:
    text = b"settings:\n  language: en\nsources:\n  - nom: x\n"
    assert (
        read(text, file="f", language="fr").problems
        == read(text, file="f", language="en").problems
    )


def test_lines_of_any_kind_are_counted_as_editors_do() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(["sources:", "  - url: https://a.org", "    nom: x", ""])
        assert (the_problem(text).line, the_problem(text).column) == (3, 5)


def test_the_list_of_the_project_is_clean(project: Path) -> None:
    reading = read((project / "feeds.yaml").read_bytes(), file="feeds.yaml", language="fr")
    assert reading.problems == ()
    assert reading.follow is not None
    assert reading.follow.unused == ()
    assert len(reading.follow.sources) >= 12
    assert len(reading.follow.pages) in {2, 3}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("theme: dark", {"theme": "dark"}),
        ("density: compact", {"density": "compact"}),
        ("quiet_boxes: hide", {"quiet_boxes": "hide"}),
        ("images: always", {"images": "always"}),
        ("excerpts: true", {"excerpts": "on"}),
        ("keys: false", {"keys": "off"}),
        ("keys: off", {"keys": "off"}),
        ("scroll_reads: on", {"scroll_reads": "on"}),
        ("theme:", {}),
    ],
)
def test_what_is_said_about_the_screens_is_kept(written: str, said: dict[str, str]) -> None:
    text = f"settings:\n  {written}\nsources:\n  - https://example.org/\n"
    followed = read(text.encode(), file="feeds.yaml", language="en").follow
    assert followed is not None
    assert followed.preferences.choices == said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("theme: sombre", "theme: dark"),
        ("density: serré", "density: compact"),
        ("quiet_boxes: plier", "quiet_boxes: fold"),
        ("keys: non", "keys: off"),
        ("images: toujours", "images: always"),
        ("thème: dark", "did you mean 'theme'?"),
        ("extraits: on", "did you mean 'excerpts'?"),
        ("raccourcis: off", "did you mean 'keys'?"),
    ],
)
def test_french_words_about_the_screens_are_understood(written: str, meant: str) -> None:
    text = f"settings:\n  {written}\nsources:\n  - https://example.org/\n"
    problems = read(text.encode(), file="feeds.yaml", language="en").problems
    assert meant in problems[0].message
