"""The HTML form: one file, well formed, harmless, usable without eyes or mouse, the same twice."""

import re
from html.parser import HTMLParser

import pytest

from ostrom import InputError
from ostrom.reports._page import Points, Prose
from ostrom.reports.html import POLICY, _block, html

VOID = {"meta", "br", "link", "img", "input"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "p", "nav", "ul", "li", "main"),
    *("section", "div", "table", "caption", "span", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("strong", "code", "br", "footer", "svg", "g", "path", "text", "tspan", "line", "rect", "desc", "circle"),
}


class Page(HTMLParser):
    """The elements of a page in order, with their attributes; complains about what is not closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attrs for name, attrs, _ in self.elements if name == tag]


@pytest.fixture(scope="session")
def pages(results):
    return {name: html(result) for name, result in results.items()}


KINDS = 21


@pytest.fixture(params=range(KINDS))
def page(request, pages):
    return list(pages.values())[request.param]


def test_there_is_a_page_for_every_kind(pages):
    assert len(pages) == KINDS


def test_well_formed_with_known_elements_only(page):
    assert {tag for tag, _, _ in Page(page).elements} <= ALLOWED


def test_nothing_is_loaded_from_anywhere(page):
    assert f'content="{POLICY}"' in page
    seen = Page(page)
    given = [(name, value) for _, attrs, _ in seen.elements for name, value in attrs.items()]
    assert [value for name, value in given if name in ("src", "href", "xlink:href") and value[0] != "#"] == []
    assert [name for name, _ in given if name.startswith("on") or name in ("action", "data", "srcset")] == []
    assert [value for _, value in given if "url(" in value and "url(#" not in value] == []
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_one_title_and_headings_in_order(page):
    seen = Page(page)
    assert [tag for tag, _, _ in seen.elements if tag in ("h1", "h2", "h3")][:1] == ["h1"]
    assert len(seen.all("h1")) == len(seen.all("title")) - len(seen.all("svg")) == 1
    assert {attrs.get("lang") for attrs in seen.all("html")} == {"en"}


def test_names_of_parts_are_unique_and_point_somewhere(page):
    seen = Page(page)
    names = [attrs["id"] for _, attrs, _ in seen.elements if "id" in attrs]
    assert len(names) == len(set(names))
    wanted = {name for _, attrs, _ in seen.elements for name in attrs.get("aria-labelledby", "").split()}
    wanted |= {attrs["href"][1:] for attrs in seen.all("a")}
    assert wanted <= set(names)


def test_tables_have_captions_and_heads(page):
    seen = Page(page)
    assert len(seen.all("caption")) == len(seen.all("table"))
    assert {attrs.get("scope") for attrs in seen.all("th")} <= {"col", "row"}
    scrolling = [attrs for attrs in seen.all("div") if attrs.get("class") == "wide"]
    assert all(attrs["tabindex"] == "0" and attrs["aria-label"] and attrs["role"] == "region" for attrs in scrolling)


def test_pictures_say_what_they_show(page):
    seen = Page(page)
    pictures = [attrs for attrs in seen.all("svg") if "role" in attrs]
    assert len(pictures) == len(seen.all("figcaption")) == len(seen.all("figure"))
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for attrs in pictures)
    assert len(seen.all("desc")) == len(pictures)


def test_colours_in_pictures_follow_light_and_dark(pages):
    drawn = re.findall(r'(?:fill|stroke)="([^"]+)"', pages["traffic"])
    assert {colour for colour in drawn if not colour.startswith("var(--")} <= {"none", "transparent"}
    declared = set(re.findall(r"(--\w+):", pages["traffic"]))
    assert {colour[4:-1] for colour in drawn if colour.startswith("var(")} <= declared


def test_hostile_names_are_harmless_and_legible(pages):
    page = pages["hostile"]
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert "x" * 61 not in page
    assert len(page.encode()) < 200_000


def test_numbers_of_the_dilemma_are_there(pages):
    text = " ".join(Page(pages["dilemma"]).texts).replace("\u00a0", " ")
    assert "100 % of what was possible is lost, all of it in conflict." in text
    assert "5, 0" in text
    assert text.count("proved") >= 19


def test_the_game_stands_beside_itself_before_and_after(pages):
    """Under fines of 2.5 the dilemma pays (2.5, 2.5) wherever one defects alone: drawn beside what it pays as it is."""
    section = pages["dilemma"].partition(">Before and after</h2>")[2].partition("</section>")[0]
    assert section.count("<figure>") == 2
    assert re.findall(r">([\d.]+, [\d.]+)</text>", section) == [
        *("3, 3", "0, 5", "5, 0", "1, 1"),
        *("3, 3", "2.5, 2.5", "2.5, 2.5", "1, 1"),
    ]


def test_designs_comparisons_and_verifications_are_drawn_and_listed(pages):
    for name, heading in (
        ("design", "What could be done"),
        ("road design", "Who pays"),
        ("comparison", "Side by side"),
        ("verification", "At a glance"),
    ):
        assert f">{heading}</h2>" in pages[name]
    assert all("<figure" in pages[name] for name in ("design", "road design", "comparison"))
    assert 'class="verdict refuted"' in pages["verification"]


def test_every_claim_names_its_method_also_in_short(dilemma, pages):
    text = " ".join(Page(pages["dilemma"]).texts)
    for claim in dilemma.claims:
        assert claim.method.partition(" from ")[0] in text


def test_a_number_and_its_sign_stay_together_in_cells_too(pages):
    assert "100\u00a0%</td>" in pages["design"]


def test_the_same_result_gives_the_same_bytes(dilemma, pages):
    assert html(dilemma) == pages["dilemma"]


def test_what_is_no_result_is_refused():
    with pytest.raises(InputError, match="no report on a dict"):
        html({"gap": 1})


def test_what_is_to_be_typed_is_set_as_code():
    points = _block(Points(("Give `--public stock`, or `a<b`.",)))
    assert points == "<ul><li>Give <code>--public stock</code>, or <code>a&lt;b</code>.</li></ul>"
    assert _block(Prose("One ` alone is text.")) == "<p>One ` alone is text.</p>"
