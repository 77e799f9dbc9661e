"""The table of a dozen institutions: its page says what the command finds."""

from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "institutions" / "ten_institutions.md"


@pytest.fixture(scope="module")
def printed():
    """The rows of the page: cells by the name of the rule that its link has, or its first word."""
    rows = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and cells[0] not in ("rule", "---"):
            name = cells[0].partition("(")[2].partition(".md")[0] or cells[0]
            rows[name] = cells[1:]
    return rows


@pytest.mark.slow
def test_the_page_is_what_is_found(example, printed):
    assert list(printed) == list(example.WAYS)
    for name, cells in printed.items():
        told = example.solved(name).told()[1:]
        assert [told[k] for k in (0, 1, 3, 4)] == [cells[k] for k in (0, 1, 3, 4)]


def test_what_it_finds_is_what_can_be_worked_out_by_hand(example):
    """Leaving alone gains 2; a pair 2 · (2 - 1.5); a rule of 2.5 that fails in one round of five leaves 2."""
    nothing, tax = example.solved("nothing"), example.solved("tax")
    assert (nothing.alone, nothing.pair) == (pytest.approx(2.0), pytest.approx(1.0))
    assert tax.lapses == pytest.approx(0.2)
    assert example.solved("ban").lapses == 0.0


def test_the_command(example, capsys):
    example.main(["tax", "--steps", "0"])
    assert "perfect" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        example.main(["karma"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tax", "reputation", "programs", "contract"])
def test_learners_end_where_the_page_says(example, printed, name):
    mean, least, most = example.learned(name, steps=100_000, seeds=8)
    told = float(printed[name][2].split()[0])
    assert mean == pytest.approx(told, abs=0.1)
    assert 0 <= least <= mean <= most <= 1
