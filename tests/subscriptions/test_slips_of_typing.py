"""Every slip that PRODUCT.md lists is caught, and the line that was meant is shown."""

import pytest

from aggregator.domain.following import Problem
from aggregator.subscriptions.feeds_yaml import mended, read

URL = "\n    url: https://cwm.example.org/"


def problems_of(text: str) -> tuple[Problem, ...]:
    return read(text.encode(), file="feeds.yaml", language="en").problems


def the_problem(text: str) -> Problem:
    problems = problems_of(text)
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("line", "sign", "meant"),
    [
        ("- name: Magalie : bio", ":", '- name: "Magalie : bio"'),
        ("- name: Magalie: bio", ":", '- name: "Magalie: bio"'),
        ("- name: Magalie : bio  # son blog", ":", '- name: "Magalie : bio"  # son blog'),
        ("- name: @compte", "@", '- name: "@compte"'),
        ("- name: & Co", "&", '- name: "& Co"'),
        ("- name: &Co", "&", '- name: "&Co"'),
        ("- name: *vibes", "*", '- name: "*vibes"'),
        ("- name: !Alerte", "!", '- name: "!Alerte"'),
        ("- name: !Alerte rouge", "!", '- name: "!Alerte rouge"'),
        ("- name: %promo", "%", '- name: "%promo"'),
        ("- name: `code`", "`", '- name: "`code`"'),
        ("- name: > 18 ans", ">", '- name: "> 18 ans"'),
        ("- name: - tiret", "-", '- name: "- tiret"'),
        ("- name: [Client] Dupont", "[", '- name: "[Client] Dupont"'),
        ("- name: [Client]", "[", '- name: "[Client]"'),
        ("- name: {Client} Dupont", "{", '- name: "{Client} Dupont"'),
    ],
)
def test_a_text_that_yaml_takes_for_something_else_needs_quotes(
    line: str, sign: str, meant: str
) -> None:
    problem = the_problem(f"sources:\n  {line}{URL}\n")
    assert (problem.line, problem.column, problem.path) == (2, 11, "sources.0.name")
    assert problem.level == "error"
    assert f"needs quotes, because of the sign “{sign}” in it; write `{meant}`" in problem.message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("- name: 'L'agence'", """- name: "L'agence\""""),
        ("- name: 'L'agence'  # en ville", """- name: "L'agence"  # en ville"""),
        ('- name: "Le" blog', """- name: '"Le" blog'"""),
    ],
)
def test_quotes_that_end_before_their_text_are_explained(written: str, meant: str) -> None:
    problem = the_problem(f"sources:\n  {written}{URL}\n")
    assert problem.path == "sources.0.name"
    assert f"the quotes end before the text does; write `{meant}`" in problem.message


@pytest.mark.parametrize("tags", ["\n      - #netvibes", " [#netvibes]", " [a, #netvibes]"])
def test_what_follows_a_hash_is_said_to_be_ignored(tags: str) -> None:
    problem = the_problem(f"sources:\n  - url: https://cwm.example.org/\n    tags:{tags}\n")
    assert problem.path.startswith("sources.0.tags")
    assert "all that follows a # is ignored" in problem.message
    assert '"#netvibes"' in problem.message


def test_an_address_after_a_hash_is_no_source() -> None:
    problem = the_problem("sources:\n  - #netvibes\n")
    assert (problem.line, problem.path) == (2, "sources.0")
    assert problem.message.endswith('write `- "#netvibes"`')


def test_a_name_cut_short_by_a_hash_is_a_warning() -> None:
    text = f"sources:\n  - name: Club #1{URL}\n"
    problem = the_problem(text)
    assert problem.level == "warning"
    assert 'write `- name: "Club #1"`' in problem.message


def test_a_comment_with_a_space_after_its_hash_is_a_comment() -> None:
    assert not problems_of(f"sources:\n  - name: Club # le premier{URL}\n")


def test_a_dash_without_its_space_is_explained_for_each_line() -> None:
    problems = problems_of("sources:\n  -https://a.org\n  -https://b.org\n")
    assert [(each.line, each.column, each.path) for each in problems] == [
        (2, 4, "sources.0"),
        (3, 4, "sources.1"),
    ]
    assert problems[1].message == "a space is missing after the dash; write `- https://b.org`"


def test_a_dash_without_its_space_among_good_ones_is_found() -> None:
    problem = the_problem("sources:\n  - https://a.org\n  -https://b.org\n  - https://c.org\n")
    assert (problem.line, problem.path) == (3, "sources.1")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("sources:\n  https://a.org\n  https://b.org\n", [2, 3]),
        ("sources:\nhttps://a.org\n", [2]),
        ("sources:\n  - https://a.org\n  https://b.org\n", [3]),
        ("sources:\n  - https://a.org\n    https://b.org\n", [3]),
    ],
)
def test_addresses_without_dashes_are_shown_with_them(text: str, lines: list[int]) -> None:
    problems = problems_of(text)
    assert [each.line for each in problems] == lines
    assert all("needs a dash and a space" in each.message for each in problems)
    assert "write `- https://" in problems[0].message


def test_an_address_on_the_line_of_the_list_is_shown_with_a_dash() -> None:
    assert the_problem("sources: https://a.org\n").message.endswith("write `- https://a.org`")


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
@pytest.mark.parametrize(
    ("before", "after", "meant"),
    [
        ("sources:\n  -", "https://a.org\n", "- https://a.org"),
        ("sources:\n  - url:", "https://a.org\n", "- url: https://a.org"),
        ("sources:\n  - url", ": https://a.org\n", "- url: https://a.org"),
        ("sources:\n", " - https://a.org\n", "- https://a.org"),
        ("sources:\n  - name: CWM\n", "   url: https://a.org\n", "url: https://a.org"),
        ("sources:", "\n  - https://a.org\n", "sources:"),
    ],
)
def test_a_no_break_space_is_found_and_can_be_mended(
    space: str, before: str, after: str, meant: str
) -> None:
    text = before + space + after
    problem = the_problem(text)
    assert "no-break space" in problem.message
    assert f"write `{meant}`" in problem.message
    whole = mended(text.encode())
    assert whole is not None
    assert not read(whole, file="feeds.yaml", language="en").problems


def test_a_no_break_space_inside_a_text_is_a_letter_like_any_other() -> None:
    text = f"sources:\n  - name: Quoi\u00a0?{URL}\n"
    reading = read(text.encode(), file="feeds.yaml", language="en")
    assert not reading.problems
    assert reading.follow is not None
    assert reading.follow.sources[0].name == "Quoi\u00a0?"


def test_mending_spaces_changes_nothing_else() -> None:
    text = "\ufeff# mes sources\r\nsources:\r\n  -\u00a0https://a.org   # ici\r\n"
    assert mended(text.encode()) == text.replace("\u00a0", " ").encode()
    assert mended(b"sources:\n  - https://a.org\n") is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sources:\n\t- https://a.org\n", "- https://a.org"),
        ("sources:\n  -\thttps://a.org\n", "- https://a.org"),
        ("sources:\n  - url:\thttps://a.org\n", "- url: https://a.org"),
    ],
)
def test_a_tab_is_explained(text: str, meant: str) -> None:
    problem = the_problem(text)
    expected = f"a tab stands where ordinary spaces must be; write `{meant}`"
    assert problem.message.startswith(expected)


@pytest.mark.parametrize("text", [f"  - name:x{URL}", "  - url: https://a.org\n    name:x"])
def test_a_colon_without_its_space_is_explained(text: str) -> None:
    problem = the_problem(f"sources:\n{text}\n")
    assert problem.path == "sources.0.name"
    assert "a space is missing after the colon; write `" in problem.message
    assert "name: x`" in problem.message


def test_a_comma_inside_braces_that_cuts_a_text_is_explained() -> None:
    problem = the_problem(
        "sources:\n  - url: https://a.org\n"
        "    retired: {since: 2026-11-01, why: page fan, fermée}\n"
    )
    assert (problem.line, problem.column, problem.path) == (3, 39, "sources.0.retired")
    assert 'write `retired: {since: 2026-11-01, why: "page fan, fermée"}`' in problem.message


@pytest.mark.parametrize(
    ("value", "meant"),
    [("${KEY}", '"${KEY}"'), ("https://a.org/?k=${KEY}", '"https://a.org/?k=${KEY}"')],
)
def test_a_secret_inside_braces_is_put_in_quotes(value: str, meant: str) -> None:
    problem = the_problem(f"sources:\n  - {{name: CWM, url: {value}}}\n")
    assert problem.path == "sources.0.url"
    assert f"needs quotes; write `- {{name: CWM, url: {meant}}}`" in problem.message


@pytest.mark.parametrize("name", ["“Magalie”", "« Magalie »", "‘Magalie’"])
def test_curly_quotes_kept_as_letters_are_a_warning(name: str) -> None:
    problem = the_problem(f"sources:\n  - name: {name}{URL}\n")
    assert (problem.level, problem.path) == ("warning", "sources.0.name")
    assert 'use straight ones; write `- name: "Magalie"`' in problem.message


def test_an_address_in_curly_quotes_is_shown_without_them() -> None:
    problem = the_problem("sources:\n  - “https://a.org”\n")
    assert problem.level == "error"
    assert "write `- https://a.org`" in problem.message


@pytest.mark.parametrize(
    ("time", "meant"),
    [("18h", "18:00"), ("9:00", "09:00"), ("9h30", "09:30"), ("9", "09:00"), ("“09:00”", "09:00")],
)
def test_times_are_shown_with_two_digits_and_quotes(time: str, meant: str) -> None:
    problems = problems_of(
        "sources:\n  - https://a.org\n"
        f"settings:\n  office_hours:\n    from: {time}\n    to: '23:59'\n"
    )
    assert [each.path for each in problems] == ["settings.office_hours.from"]
    assert f'write `from: "{meant}"`' in problems[0].message


def test_a_key_that_stands_twice_names_its_first_line() -> None:
    problem = the_problem("sources:\n  - url: https://a.org\n    name: a\n    name: b\n")
    assert (problem.line, problem.column, problem.path) == (4, 5, "sources.0.name")
    assert problem.message.startswith("'name' stands here twice, first on line 3")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert not read(
        "\ufeffsources:\n  - https://a.org\n".encode(), file="f", language="en"
    ).problems


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_explained(encoding: str) -> None:
    content = "sources:\n  - https://a.org\n".encode(encoding)
    (problem,) = read(content, file="f", language="en").problems
    assert (problem.line, problem.column) == (1, 1)
    assert "UTF-16: save it as UTF-8" in problem.message


def test_windows_1252_is_explained_where_its_first_letter_stands() -> None:
    content = "sources:\r\n  - name: Méta\r\n".encode("cp1252")
    (problem,) = read(content, file="f", language="en").problems
    assert (problem.line, problem.column) == (2, 12)
    assert "windows-1252" in problem.message
    assert "read `- name: Méta`" in problem.message


def test_two_slips_on_one_line_are_mended_together() -> None:
    problem = the_problem(f"sources:\n  -\u00a0name: @compte{URL}\n")
    assert 'write `- name: "@compte"`' in problem.message


def test_slips_and_wrong_values_are_told_at_once_in_line_order() -> None:
    problems = problems_of(
        "sources:\n"
        "  - name: @compte\n"
        "    url: https://a.org\n"
        "    titel: x\n"
        "  -https://b.org\n"
        "  - url: example.org\n"
        "    name: 'L'agence'\n"
    )
    assert [each.line for each in problems] == [2, 4, 5, 6, 7]


def test_a_sentence_names_the_source_it_is_about() -> None:
    problem = the_problem(
        "sources:\n  - name: Magalie\n    url: https://a.org\n    every: 1 min\n"
    )
    assert problem.message.endswith("(Magalie)")


def test_a_password_in_an_address_is_not_repeated() -> None:
    problem = the_problem("sources:\n  -https://user:hunter2@a.org/\n")
    assert "hunter2" not in str(problem)
