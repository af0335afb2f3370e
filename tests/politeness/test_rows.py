"""The rows of politeness: complete, each tried, and told as they are in docs/politeness.md."""

import re
from collections import Counter
from pathlib import Path

from docs import make_politeness
from tests.politeness.rows import NOT_MET, ROWS, points

TRIED = re.compile(r'^@row\("([A-D]\d+)"\)$', re.MULTILINE)


def test_the_rows_make_a_hundred_points_in_four_sections() -> None:
    weights: Counter[str] = Counter()
    for one in ROWS:
        weights[one.id[0]] += one.weight
    assert weights == {"A": 30, "B": 26, "C": 22, "D": 22}
    assert [one.id for one in ROWS] == [
        f"{section}{number}"
        for section, count in (("A", 14), ("B", 17), ("C", 14), ("D", 18))
        for number in range(1, count + 1)
    ]


def test_each_row_is_tried_by_a_test() -> None:
    found = {
        id
        for path in Path(__file__).parent.glob("test_*.py")
        for id in TRIED.findall(path.read_text(encoding="utf-8"))
    }
    assert [one.id for one in ROWS if one.id not in found] == []
    assert found <= {one.id for one in ROWS}


def test_enough_is_met_and_every_must() -> None:
    assert points() >= 97
    assert [one.id for one in ROWS if one.must and one.id in NOT_MET] == []


def test_the_page_of_politeness_says_what_the_rows_say() -> None:
    for path, text in make_politeness.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"run `make docs` for {path.name}"
        assert f"**{points()} of 100 points**" in text
        assert [one.id for one in ROWS if f"| {one.id} |" not in text] == []
        assert text.count("| not met |") == len(NOT_MET)
