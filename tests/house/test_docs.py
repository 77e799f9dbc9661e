"""The docs build without a network, load nothing from elsewhere, and their examples do what they say."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUNS = [page for page in PAGES if re.search(r"^```(python|sh)$", page.read_text(encoding="utf-8"), re.MULTILINE)]
LONG = ("agents/norm_follower", "cli/play", "cli/sweep", "cli/train")
LONG += ("agents/organisation", "learners/index", "learners/ippo", "learners/learner", "learners/scripted")
LONG += ("worlds/coin_game", "worlds/donation", "worlds/hosted", "worlds/market", "worlds/route_choice")
LONG += ("worlds/stepwise", "worlds/world", "worlds/stock", "worlds/referential", "worlds/signalling", "worlds/school")
LONG += ("learners/good_shepherd", "learners/advantage_alignment", "learners/train", "learners/reinforce")
LONG += ("deciding_together", "audits/exploiters", "diagnosis/ten_sentences")
"""Pages whose examples train for many seconds: behind the marker for slow tests."""


def _marked(page):
    name = page.relative_to(ROOT).as_posix()
    long = name.removeprefix("docs/").removesuffix(".md") in LONG
    return pytest.param(page, id=name, marks=pytest.mark.slow if long else ())


def test_the_docs_build_offline_and_load_nothing_from_elsewhere(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    built = sorted(tmp_path.rglob("*.html"))
    assert len(built) >= len(PAGES)
    loaded = re.compile(r'<(?:script|img|link)[^>]*(?:src|href)="(?:https?:)?//')
    assert [page.name for page in built if loaded.search(page.read_text(encoding="utf-8"))] == []


BARE = re.compile(r"^(?!#)[\W_]*[A-Z][A-Z_]{2,}[\W_]*$|\b(?:TODO|FIXME|TBD|XXX|PLACEHOLDER)\b", re.MULTILINE)
"""A line that is one word in capitals, as stands for what is to be filled in; or one of the usual names for it."""


def _unfilled(text):
    return [found.group().strip() for found in BARE.finditer(FENCED.sub("", text))]


def test_no_page_has_a_word_that_stands_for_what_is_to_be_filled_in():
    assert {page.name: found for page in PAGES if (found := _unfilled(page.read_text(encoding="utf-8")))} == {}


def test_such_words_are_seen():
    assert _unfilled("| a | b |\nONERULE\nand") == ["ONERULE"]
    assert _unfilled("so\n\n  RESULTS_HERE.\n\nA table (TBD) below.") == ["RESULTS_HERE.", "TBD"]
    assert _unfilled("# REINFORCE\n```text\nONERULE\n```\nOf the AAMAS.\n") == []


@pytest.mark.parametrize("page", [_marked(page) for page in RUNS])
def test_examples_do_what_the_page_says(page, tmp_path, monkeypatch):
    """Blocks are run in order, in one folder; a `text` block right below one is what it prints.

    `python` is run, or written to the file that its first line names (`# their_rule.py`); of `sh` the lines that call
    `ostrom` are run; anything else is only shown.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    _follow(page.read_text(encoding="utf-8"))


def test_a_page_is_held_to_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    written = "```python\n# their_number.py\nNUMBER = 3\n```\n"
    used = "```python\nimport their_number\nprint(their_number.NUMBER)\n```\n\n```text\n{}\n```\n"
    _follow(written + used.format(3))
    with pytest.raises(AssertionError):
        _follow(used.format(4))
    with pytest.raises(ZeroDivisionError):
        _follow("```python\n1 / 0\n```\n")
    with pytest.raises(AssertionError, match="no_such_command"):
        _follow("```sh\nostrom no_such_command\n```\n")


def _follow(text):
    """Do what a page says, and look whether it says what happens."""
    before, names, said = set(sys.modules), {"__name__": "example"}, None
    for language, body in _blocks(text):
        if language == "text" and said is not None:
            assert said.rstrip() == body.rstrip()
        said = _run(language, body, names)
    for written in {file.stem for file in Path().glob("*.py")} - before:
        sys.modules.pop(written, None)


def _blocks(text):
    """`(language, body)` of every fenced block; a `text` block counts as output only right below another block."""
    end = 0
    for match in FENCED.finditer(text):
        language, body = match.groups()
        yield ("shown" if language == "text" and text[end : match.start()].strip() else language), body
        end = match.end()


def _run(language, body, names):
    """What the block prints, or None when it is not one that runs."""
    title = re.match(r"# (\w+\.py)\n", body)
    if language == "python" and title:
        Path(title[1]).write_text(body, encoding="utf-8")
    elif language == "python":
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(body, "example", "exec"), names)
        return printed.getvalue()
    elif language == "sh" and (lines := [line for line in body.splitlines() if line.startswith("ostrom ")]):
        return "".join(_called(shlex.split(line, comments=True)) for line in lines)
    return None


def _called(words):
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True)
    fine = done.returncode in (0, 1, 3) and "Traceback" not in done.stderr
    assert fine, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
