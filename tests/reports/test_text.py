"""The text form: a paragraph first, lines that fit, nothing that a terminal would obey."""

import re
import unicodedata

import pytest
from rich.cells import cell_len

from ostrom.reports._page import Page, Table, section
from ostrom.reports._pages import page_of
from ostrom.reports._words import cell
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


def test_no_word_of_a_table_is_cut(results):
    """At 100 columns every word of every head and cell stands whole: no column is broken up letter by letter."""
    for name, result in results.items():
        assert name in ("hostile", "monitoring") or cut(page_of(result), 100) == set(), name
    heads = ("approach", "gap closed", "payment", "burden", "observed", "worst case")
    narrow = Table("too much", heads, (("restriction", "quota", "advice", "contract", "mediator", "promises"),))
    page = Page("title", "lead", section("wide", narrow))
    assert cut(page, 40) == set()
    assert text(page, width=40).count("approach") > 1  # goes on below, named again
    assert "restriction" in cut(page, 10)


def cut(page, width):
    """Words of tables that stand nowhere in the text."""
    tables = [block for part in page.sections for block in part.blocks if isinstance(block, Table)]
    cells = [shown for one in tables for row in (one.columns, *one.rows) for shown in map(cell, row)]
    return {word for shown in cells for word in shown.split()} - set(text(page, width=width).split())


def test_claims_stand_beside_their_verdicts(dilemma):
    """Further lines of a claim begin where its statement does, below the verdict in the first column."""
    lines = text(dilemma).splitlines()
    first = [k for k, line in enumerate(lines) if line.startswith("PROVED")]
    assert len(first) == sum(claim.verdict == "proved" for claim in dilemma.claims)
    assert {len(lines[k]) - len(lines[k].removeprefix("PROVED").lstrip()) for k in first} == {11}
    assert all(lines[k + 1].startswith(" " * 11) or not lines[k + 1] or "PROVED" in lines[k + 1] for k in first)


def test_designs_say_what_each_does_asks_and_brings(kinds):
    said = " ".join(text(kinds.design).split())
    for approach in ("fines", "tax", "restriction", "contract", "mediator", "promises"):
        assert f" {approach} 100 % " in said
    assert "What cannot be done" in said
    assert "(advice) 0 %" in said
    assert "the best there is 3" in said


def test_comparisons_mark_what_is_not_beaten_without_colours(kinds):
    said = text(kinds.comparison)
    front = [kinds.comparison.lines[k].approach for k in kinds.comparison.front]
    assert front
    assert re.findall(r"^([a-z -]+?) \*  ", said, re.MULTILINE) == front


def test_verifications_count_verdicts_and_list_learners(kinds):
    said = text(kinds.verification)
    assert re.search(r"equilibria +– +– +1 +–", said)
    assert re.search(r"hedge +refuted +1", said)
    assert "Refuted first: Nobody gains by leaving (C, C) alone." in " ".join(said.split())


def test_designs_for_roads_say_who_pays(kinds):
    said = " ".join(text(kinds.road_design).split())
    assert "Fewest tolls come first: they close 100 % of the gap, as least tolls do, and change 4 of the links" in said
    assert "e+0" not in said
    assert "Who pays" in said


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
