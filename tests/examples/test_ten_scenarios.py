"""The example that compares ten scenarios, and the page that argues for what comes first in each."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = ROOT / "examples" / "ten_scenarios.py"
PAGE = (ROOT / "docs" / "ten_scenarios.md").read_text(encoding="utf-8")


def test_what_it_prints_for_two_small_scenarios(example, capsys):
    example.main(["stag_hunt", "matching_pennies", "--top", "2"])
    heads, advice, word, fines, *does, control, why = capsys.readouterr().out.splitlines()
    assert re.split("  +", heads) == ["scenario", "approach", "closes", "at worst", "learners", "burden"]
    assert re.fullmatch(r"stag_hunt +advice +100% +0% +\d+% +0\.50", advice)
    assert word.strip() == "Telling everybody to play (stag, stag) is obeyed."
    assert re.fullmatch(r" +fines +100% +100% +\d+% +0\.93", fines)
    assert " ".join(line.strip() for line in does).startswith("Fines of up to 3.4, shared among the others")
    assert control.split() == ["matching_pennies", "nothing"]
    assert why.strip().startswith("Nothing is lost")


def test_the_page_has_the_ten_and_argues_for_each(example):
    sections = told(PAGE)
    assert list(sections) == list(example.TEN)
    assert len(sections) == 10
    for text in sections.values():
        assert "*Doubts.*" in text


def test_it_refuses_nonsense():
    done = subprocess.run([sys.executable, PATH, "stag_hurt"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no scenario stag_hurt" in done.stderr


@pytest.mark.slow
def test_the_page_says_what_the_ten_come_to(example):
    """Approaches, sentences and figures of the first three lines of each."""
    for name, text in told(PAGE).items():
        rows = example.rows(example.compared(name), 3)
        assert rows[0][-1] in " ".join(text.split())
        shown = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
        assert shown == [[cell.replace("%", " %") for cell in row[:-1]] for row in rows if row[1]]


def told(page):
    """`scenario -> text` of every section of the page that is about one."""
    found = re.split(r"^## (\w+)\n", page, flags=re.MULTILINE)[1:]
    texts = [text.partition("\n## ")[0] for text in found[1::2]]
    return dict(zip(found[::2], texts, strict=True))
