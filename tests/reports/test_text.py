"""The text form: a paragraph first, lines that fit, nothing that a terminal would obey."""

import re
import unicodedata

import pytest
from rich.cells import cell_len

from ostrom.reports.text import text

CODES = re.compile(r"\x1b\[[0-9;]*m")


def test_every_kind_begins_with_a_title_and_a_paragraph(results):
    for result in results.values():
        title, blank, lead, *_ = text(result).splitlines()
        assert title
        assert not blank
        assert lead


@pytest.mark.parametrize("width", [60, 80, 100])
def test_lines_fit(results, width):
    for result in results.values():
        assert max(map(cell_len, text(result, width=width).splitlines())) <= width


def test_no_codes_without_colour_and_only_colours_with_it(results):
    for result in results.values():
        plain, coloured = text(result), text(result, colour=True)
        assert {unicodedata.category(letter) for letter in plain} & {"Cc", "Cf", "Cs"} <= {"Cc"}
        assert "\x1b" not in plain
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", plain)
        assert "\x1b" not in CODES.sub("", coloured)
    assert CODES.search(coloured)


def test_what_the_pictures_show_stands_in_tables(dilemma):
    said = text(dilemma)
    assert "5, 0" in said
    assert "1, 1 *" in said
    assert "3, 3 +" in said
    assert re.search(r"conflict +2 +4 +100", said)


def test_claims_name_their_method_and_refutations_their_witness(kinds):
    said = text(kinds.stages)
    assert "REFUTED" in said
    assert "by backward induction over pure play" in said
    assert "witness: welfare: 1" in said


def test_markup_in_names_is_shown_as_it_is(kinds):
    assert "<script>alert(1)</script>" in text(kinds.hostile)


def test_records_say_what_was_played_and_sent(kinds):
    said = text(kinds.logs)
    assert "COOPERATE 100 %" in said
    assert "maker/a(IO)" in said
    assert "fitted precision" in said
