"""Whatever a file holds, reading it raises nothing and points inside the file."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aggregator.subscriptions.feeds_yaml import mended, read
from aggregator.subscriptions.template import starting_text

PIECES = st.sampled_from(
    [
        *("sources:", "pages:", "me:", "settings:", "bridges:", "watches:", "name:", "url:"),
        *("  ", "    ", "\n", "\n  - ", "\n    ", "- ", "-", ": ", ":", "#", " #", "\t", "\u00a0"),
        *(
            "https://a.org",
            "${KEY}",
            "[",
            "]",
            "{",
            "}",
            ",",
            "'",
            '"',
            "@",
            "&a",
            "*a",
            "!t",
            "%",
        ),
        *("|", ">", "? ", "---", "...", "true", "null", "~", "9:00", "2026-11-01", "éà", "\ufeff"),
        *("\u2028", "\x85", "\r", "\x00", "<<: ", "every: 1h", "tags: ", "retired: ", "“x”"),
    ]
)


def check(content: bytes) -> None:
    reading = read(content, file="feeds.yaml", language="en")
    text = content.decode("utf-8-sig", errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert (reading.follow is None) == any(each.level == "error" for each in reading.problems)
    places = [(each.line, each.column) for each in reading.problems]
    assert places == sorted(places)
    for problem in reading.problems:
        assert problem.message
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    mended(content)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map("".join))
@example("sources:\n  - name:\u00a0@x\n\u00a0\u00a0\n")
@example("? a\n: b\n? [c]\n: d\n")
@example("{a, b: {c, d}}")
@example("- - - - - - -")
def test_any_arrangement_of_yaml_is_read_or_explained(text: str) -> None:
    check(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf\xe9")
@example(b"a\r\n\xe9")
@example(b'a: "\\ud800"')
def test_any_bytes_are_read_or_explained(content: bytes) -> None:
    check(content)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0), st.integers(min_value=0, max_value=9), PIECES)
def test_any_edit_of_a_good_file_is_read_or_explained(at: int, cut: int, piece: str) -> None:
    text = starting_text("fr").replace("  # - ", "  - ").replace("  #   ", "    ")
    at %= len(text)
    check((text[:at] + piece + text[at + cut :]).encode())
