"""One result in every form: picked by suffix, written whole or not at all."""

import pytest

from ostrom import InputError
from ostrom.reports.html import html
from ostrom.reports.json import json
from ostrom.reports.report import form_of, report
from ostrom.reports.svg import svg
from ostrom.reports.text import text


@pytest.mark.parametrize(("suffix", "form"), [(".html", html), (".json", json), (".svg", svg), (".TXT", text)])
def test_the_suffix_picks_the_form(dilemma, tmp_path, suffix, form):
    path = tmp_path / f"found{suffix}"
    report(dilemma).save(path)
    assert path.read_text("utf-8") == form(dilemma)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_printing_is_the_text(dilemma):
    assert str(report(dilemma)) == text(dilemma)


@pytest.mark.parametrize("name", ["found.pdf", "found", "found.htm"])
def test_an_unknown_suffix_is_refused_with_those_known(dilemma, tmp_path, name):
    with pytest.raises(InputError, match="form of report"):
        report(dilemma).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_whole(dilemma, tmp_path):
    path = tmp_path / "found.txt"
    path.write_text("old" * 100_000, "utf-8")
    report(dilemma).save(path)
    assert path.read_text("utf-8") == text(dilemma)


def test_a_place_that_cannot_be_written_is_an_error(dilemma, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        report(dilemma).save(tmp_path / "missing" / "found.txt")


def test_the_form_of_a_path():
    assert form_of("a/b/found.HTML") is html
