"""Reports as a browser shows them: nothing asked of the network, nothing cut off, readable in light and dark."""

import numpy as np
import pytest

from ostrom import NormalForm, compare, design, design_roads, games, verify
from ostrom.audits import Equilibria, Learners
from ostrom.diagnosis.traffic import diagnose_network
from ostrom.reports.audit import audit
from ostrom.reports.html import html

HOSTILE = NormalForm(
    np.random.default_rng(0).integers(0, 9, (2, 3, 2)),
    players=("<script>alert(1)</script>", "x" * 10_000),
    moves=(("<img src=x onerror=alert(2)>", "b"), ("\u202egnp", "\"' onload=alert(3)", "c" * 5_000)),
    name="</title><script>alert(4)</script>",
)
PAPER = "getComputedStyle(document.body).backgroundColor"
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (text) => { const [r, g, b] = rgb(text).slice(0, 3).map((v) => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const ratio = (ink) => (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  const letters = [...document.querySelectorAll("h1,h2,p,li,td,th,caption,figcaption,a,strong")];
  const drawn = [...document.querySelectorAll("svg text")];
  return [...letters.map((e) => ratio(light(getComputedStyle(e).color))),
          ...drawn.map((e) => ratio(light(getComputedStyle(e).fill)))];
}"""
OUTSIDE = """() => [...document.querySelectorAll("figure > svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((text) => { const box = text.getBoundingClientRect();
    return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
      || box.bottom > frame.bottom + 1); }).map((text) => text.textContent);
})"""
OVERLAPS = """() => [...document.querySelectorAll("figure > svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()])
    .filter(([words, box]) => words && box.width > 0);
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, b] = [boxes[i][1], boxes[j][1]];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 0.35 * Math.min(a.height, b.height)) found.push([boxes[i][0], boxes[j][0]]);
  }
  return found;
})"""


@pytest.fixture(scope="module")
def pages():
    subjects = {
        "dilemma": games.PrisonersDilemma(),
        "hostile": HOSTILE,
        "many moves": games.Cournot(),
        "many players": games.MinimumEffort(),
        "town": games.Town(),
        "braess": games.Braess(),
    }
    seen = {name: audit(subject) for name, subject in subjects.items()}
    seen["design"] = design(games.EscapeRoom(), wish=["coalition-proof"])
    seen["road design"] = design_roads(games.Town())
    seen["comparison"] = compare(games.Commons(), among=["tax", "quota", "fines", "balanced", "advice"], runs=2)
    seen["verification"] = verify(games.StagHunt(), audits=[Equilibria(), Learners(seeds=4, rounds=100)])
    return {name: html(result) for name, result in seen.items()}


NAMES = (
    *("dilemma", "hostile", "many moves", "many players", "town", "braess"),
    *("design", "road design", "comparison", "verification"),
)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_of_the_network_and_nothing_runs(opened, pages, name):
    page = opened(pages[name])
    assert [address for address in page.asked if not address.startswith("file:")] == []
    assert len(page.asked) == 1
    assert page.complaints == []
    assert page.locator("script").count() == page.locator("img").count() == 0


@pytest.mark.parametrize("width", [360, 420, 800, 1200])
@pytest.mark.parametrize("name", NAMES)
def test_the_page_never_scrolls_sideways(opened, pages, name, width):
    page = opened(pages[name], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_letters_stand_out_from_the_paper(opened, pages, name, dark):
    """The contrast that WCAG 2 asks of text, 4.5 to 1, everywhere, in pictures too."""
    assert min(opened(pages[name], dark=dark).evaluate(CONTRAST)) >= 4.5


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_of_a_picture_is_cut_off(opened, pages, name):
    assert opened(pages[name]).evaluate(OUTSIDE) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_words_of_a_picture_lie_on_each_other(opened, pages, name):
    assert opened(pages[name]).evaluate(OVERLAPS) == []


def test_planted_faults_are_noticed(opened):
    words = '<text x="5" y="20">one</text><text x="9" y="22">two</text><text x="90" y="20">cut off</text>'
    style = "<style>body{background:#fff}p{color:#bbb}</style>"
    page = opened(f'{style}<p>pale</p><figure><svg width="100" height="40">{words}</svg></figure>')
    assert min(page.evaluate(CONTRAST)) < 4.5
    assert page.evaluate(OUTSIDE) == ["cut off"]
    assert page.evaluate(OVERLAPS) == [["one", "two"]]


def test_wide_tables_can_be_reached_by_keyboard(opened, pages):
    page = opened(pages["town"], 420)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
    assert "To the content" in reached
    assert any(label.startswith("Links by the time") for label in reached)


def test_contents_lead_to_their_sections(opened, pages):
    page = opened(pages["dilemma"])
    for link in page.locator("nav a").all():
        assert page.locator(link.get_attribute("href")).count() == 1


def test_colours_change_with_the_readers_choice(opened, pages):
    light, dark = (opened(pages["town"], dark=dark).evaluate(PAPER) for dark in (False, True))
    assert light == "rgb(255, 255, 255)"
    assert dark != light


def test_print_is_on_white(opened, pages):
    page = opened(pages["dilemma"], dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert len(page.pdf(format="A4")) > 10_000


def test_a_title_that_tries_to_break_out_stays_a_title(opened, pages):
    assert opened(pages["hostile"]).title() == "Audit of </title><script>alert(4)</script>"


def test_a_real_road_network_is_drawn(opened, shared_data):
    from ostrom.formats.tntp import load_tntp

    seen = diagnose_network(load_tntp(shared_data / "tntp" / "SiouxFalls_net.tntp"), gap=1e-4)
    page = opened(html(seen))
    shown = set(page.locator("figure").first.locator("svg text").all_text_contents())
    assert {str(place) for place in range(1, 25)} <= shown
    assert page.evaluate(OUTSIDE) == []
