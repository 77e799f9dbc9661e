"""The example on how much enforcement is enough: its table is the one of the page, and its picture shows all of it."""

import re
from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "designers" / "enforcement.md"


def test_the_page_shows_what_it_prints(example, capsys, tmp_path):
    drawn = tmp_path / "curves.svg"
    example.main(["--picture", str(drawn)])
    heads, *rows, last = capsys.readouterr().out.splitlines()
    assert [line for line in (heads, *rows) if line.rstrip() not in PAGE.read_text(encoding="utf-8")] == []
    assert len(rows) == 18
    assert all(row.split()[-2] == row.split()[-1] for row in rows)  # read off the table, and on paper
    assert last.startswith("378 points")
    shown, new = (PAGE.with_suffix(".svg").read_text(encoding="utf-8"), drawn.read_text(encoding="utf-8"))
    assert new.startswith("<svg")
    words = re.findall(r">([^<>]+)</text>", new)
    assert words == re.findall(r">([^<>]+)</text>", shown)
    assert {"takes no bribes", "takes bribes of 3", "takes bribes of 1.5", "errors of 0.1"} <= set(words)


@pytest.mark.parametrize("error", [0.0, 0.1])
def test_every_point_is_that_of_the_closed_form(example, error):
    measured = example.measured(error)
    assert measured == pytest.approx(example.closed_form(error), abs=1e-12)
    assert measured.shape == (len(example.DETECTION), len(example.FINES), len(example.BRIBES))


def test_where_a_line_reaches_zero(example):
    odds = np.array(example.DETECTION)
    assert example.kink(2 - 5 * odds) == pytest.approx(0.4)
    assert example.kink(2 - 1.5 * odds) == np.inf
