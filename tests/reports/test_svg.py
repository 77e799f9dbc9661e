"""The SVG form: one picture file that every program can show."""

import re
from xml.etree import ElementTree

import pytest

from ostrom.reports._page import Picture
from ostrom.reports._pages import page_of
from ostrom.reports.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="session")
def drawings(results):
    return {name: svg(result) for name, result in results.items()}


def test_well_formed_and_complete(results, drawings):
    for name, text in drawings.items():
        root = ElementTree.fromstring(text.encode())
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}title").text
        inside = root.findall(f"{SVG}svg")
        assert len(inside) == len(list(page_of(results[name]).pictures()))


def test_pictures_stand_below_each_other_inside_the_frame(drawings):
    root = ElementTree.fromstring(drawings["dilemma"].encode())
    width, height = float(root.get("width")), float(root.get("height"))
    below = 0.0
    for picture in root.findall(f"{SVG}svg"):
        assert float(picture.get("y")) >= below
        below = float(picture.get("y")) + float(picture.get("height"))
        assert below <= height
        assert float(picture.get("x")) + float(picture.get("width")) <= width


def test_nothing_is_loaded_and_no_colour_is_left_open(drawings):
    for text in drawings.values():
        assert "var(" not in text
        assert not re.search(r'href="(?!#)', text)
        assert "<script" not in text
        assert "<image" not in text


def test_letters_are_text(drawings):
    root = ElementTree.fromstring(drawings["dilemma"].encode())
    shown = {element.text for element in root.iter(f"{SVG}text")}
    assert {"3, 3", "0, 5", "5, 0", "1, 1", "conflict", "row", "column", "C", "D"} <= shown


def test_names_inside_are_kept_apart(drawings):
    for text in drawings.values():
        names = re.findall(r'\bid="([^"]+)"', text)
        assert len(names) == len(set(names))


def test_hostile_names_stay_text(drawings):
    root = ElementTree.fromstring(drawings["hostile"].encode())
    assert "<script>alert(1)</script>" in {element.text for element in root.iter(f"{SVG}text")}


def test_the_same_result_gives_the_same_bytes(dilemma, drawings):
    assert svg(dilemma) == drawings["dilemma"]


def test_pictures_say_in_words_what_they_show(results):
    for result in results.values():
        assert all(isinstance(p, Picture) and p.words and p.caption for p in page_of(result).pictures())
