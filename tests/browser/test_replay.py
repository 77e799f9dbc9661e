"""Replays as a browser shows them: the script moves the picture to just what Python draws, and hands on every key."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from ostrom.core.scene import Scene, Token
from ostrom.learners._recording import Recording
from ostrom.reports._replay_film import films_of, stage_svgs
from ostrom.reports._replay_series import shown
from ostrom.reports._vega import themed
from ostrom.reports.replay import replay

STEPS = 12
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (text) => { const [r, g, b] = rgb(text).slice(0, 3).map((v) => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const style = (e) => getComputedStyle(e), paper = light(style(document.body).backgroundColor);
  const on = (e) => light(style(e.closest("g").querySelector("circle, rect")).fill);
  const all = (selector, seen) => [...document.querySelectorAll(selector)].map(seen);
  return [
    ...all("h1,h2,p,td,th,figcaption,output,summary,kbd", (e) => ratio(light(style(e).color), paper)),
    ...all("button,select,.disc", (e) => ratio(light(style(e).color), light(style(e).backgroundColor))),
    ...all(".chart text,.link text", (e) => ratio(light(style(e).fill), paper)),
    ...all(".token text", (e) => ratio(light(style(e).fill), on(e))),
  ];
}"""


def walk(steps=STEPS, seed=0):
    """Two seats on one cell of a grid, one of whom is away at times, grass and a coin, and what one gives the other."""
    dice = np.random.default_rng(seed)
    scenes = []
    for t in range(steps):
        (a, b), (c, d) = dice.integers(0, 4, (2, 2)).tolist()
        grass = np.zeros((4, 5))
        grass[c, d] = dice.random()
        tokens = [Token(c, d, t % 2, mark="coin"), Token(a, b, 0, str(dice.choice(["north", "east", "south", "west"])))]
        tokens += [Token(a, b, 1, "west")] if t % 3 else []
        places = {"player 1": (0.1, 0.2 + t / 20), "player 2": (0.9, 0.5)} | ({"shop": (0.5, 1.0)} if t % 4 else {})
        gifts = [("player 1", "player 2", float(t)), ("player 2", "player 1", 1.0)] + [("shop", "player 1", -0.5)] * (
            t % 2
        )
        rows = {"wealth": np.array([t / 3, np.nan])}
        scenes.append(
            Scene({"grass": grass}, tuple(tokens), {"stock": 100.0 - t}, rows, tuple(gifts), places, f"Day {t}.")
        )
    moves = ({"act": ("stay", "give")},) * steps
    return Recording("a walk", ("player 1", "player 2"), tuple(scenes), moves, dice.integers(-2, 3, (steps, 2)) / 2)


@pytest.fixture(scope="module")
def pages():
    spoilt = replace(walk(), title="<script>alert(1)</script>", seats=("<img src=x onerror=alert(2)>", "\u202ex" * 900))
    return {
        "one": replay(walk()),
        "two": replay(walk(), replace(walk(7, seed=1), title="a shorter walk")),
        "hostile": replay(spoilt, spoilt),
    }


def told(page):
    return page.locator("#told").text_content()


def shape(element):
    """An element with its attributes and children, without whatever is written in another way and means the same."""
    kept = {name: value for name, value in element.attrib.items() if name not in ("aria-label", "id", "marker-end")}
    hidden = kept.get("display") == "none"
    inside = () if hidden else tuple(map(shape, element))
    tag = element.tag.rpartition("}")[2]
    own = {"display": "none"} if hidden else {k: v.replace(", ", " ") for k, v in kept.items()}
    return tag, tuple(sorted(own.items())), () if hidden else (element.text or "").strip(), inside


RING = """() => {
  const on = document.activeElement, style = getComputedStyle(on), box = on.getBoundingClientRect();
  const inside = box.width > 0 && box.top >= 0 && box.bottom <= innerHeight;
  return [style.outlineStyle, parseFloat(style.outlineWidth), inside];
}"""


@pytest.mark.parametrize("t", [0, 1, 6, STEPS - 1])
def test_the_script_shows_what_python_draws(opened, pages, t):
    """Every cell, token, link and point, by attribute, after stepping there and back."""
    page = opened(pages["one"])
    page.keyboard.press("End")
    for _ in range(STEPS - 1 - t):
        page.keyboard.press("ArrowLeft")
    assert told(page) == f"step {t + 1} of {STEPS}"
    (film,) = films_of([walk()])
    for kind, drawn in zip(("grid", "net"), stage_svgs(film, t, "", "tip"), strict=True):
        live = page.locator(f".stage.first svg.{kind}").evaluate("svg => new XMLSerializer().serializeToString(svg)")
        assert shape(ElementTree.fromstring(live)) == shape(ElementTree.fromstring(themed(drawn)))


def test_numbers_and_words_follow_the_step(opened, pages):
    page, (film,) = opened(pages["one"]), films_of([walk()])
    columns = [one for one in film.series if not one.shared]
    for t in (0, 5, STEPS - 1):
        page.locator("#step").fill(str(t))
        cells = page.locator(".seats td").all_text_contents()
        assert cells == [shown(float(one.values[t, seat])) for seat in (0, 1) for one in columns]
        assert page.locator(".dial").text_content() == str(100 - t)
        assert page.locator(".film > .words").first.text_content() == film.words[t]
        assert page.locator(".when").text_content() == f"Each seat after step {t + 1}"
    marks = page.locator(".chart .now").evaluate_all("all => all.map((mark) => mark.getBoundingClientRect().right)")
    frames = page.locator(".chart").evaluate_all("all => all.map((chart) => chart.getBoundingClientRect().right)")
    assert all(0 <= frame - mark < 24 for mark, frame in zip(marks, frames, strict=True))


def test_keys_buttons_and_the_bar(opened, pages):
    page = opened(pages["one"])
    for key, at in [
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("Home", 1),
        ("ArrowLeft", 1),
        ("End", STEPS),
    ]:
        page.keyboard.press(key)
        assert told(page) == f"step {at} of {STEPS}"
    page.get_by_role("button", name="One step back").click()
    assert told(page) == f"step {STEPS - 1} of {STEPS}"
    bar = page.get_by_role("slider", name="Step")
    bar.press("ArrowLeft")
    assert told(page) == f"step {STEPS - 2} of {STEPS}"
    assert bar.get_attribute("aria-valuetext") == told(page)
    bar.press("Home")
    assert told(page) == f"step 1 of {STEPS}"
    bar.press("End")
    assert told(page) == f"step {STEPS} of {STEPS}"
    chart = page.locator(".chart").first
    chart.click(position={"x": chart.bounding_box()["width"] * 0.16, "y": 40})
    assert told(page) == f"step 1 of {STEPS}"


def test_it_plays_pauses_and_begins_again(opened, pages):
    page = opened(pages["one"])
    page.get_by_role("combobox", name="Speed").select_option("50")
    play = page.locator("#play")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    page.locator("#told", has_text=f"step {STEPS} of {STEPS}").wait_for()
    page.locator("#play", has_text="Play").wait_for()
    page.get_by_role("combobox", name="Speed").select_option("1")
    play.click()
    assert (play.text_content(), told(page)) == ("Pause", f"step 1 of {STEPS}")
    assert page.locator(".film > .words").first.get_attribute("aria-live") == "off"
    play.click()
    assert play.text_content() == "Play"
    assert page.locator(".film > .words").first.get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("where", ["#step", ".wide", "body"])
def test_the_space_bar_plays_and_pauses_wherever_it_has_no_other_use(opened, pages, where):
    page = opened(pages["one"])
    page.get_by_role("combobox", name="Speed").select_option("1")
    page.evaluate("where => { document.activeElement.blur(); document.querySelector(where).focus(); }", where)
    for said in ("Pause", "Play"):
        page.keyboard.press(" ")
        assert page.locator("#play").text_content() == said
    assert page.evaluate("scrollY") == 0


def test_a_button_with_the_focus_keeps_its_space_bar_and_leaves_the_arrows(opened, pages):
    page = opened(pages["one"])
    page.get_by_role("button", name="One step on").focus()
    page.keyboard.press(" ")
    assert (told(page), page.locator("#play").text_content()) == (f"step 2 of {STEPS}", "Play")
    page.keyboard.press("ArrowRight")
    assert told(page) == f"step 3 of {STEPS}"
    page.get_by_role("combobox", name="Speed").focus()
    page.keyboard.press("ArrowDown")
    assert told(page) == f"step 3 of {STEPS}"
    page.locator(".wide").focus()  # which is as wide as its table
    page.keyboard.press("ArrowLeft")
    assert told(page) == f"step 2 of {STEPS}"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_focus_is_seen_wherever_tab_leads(opened, pages, dark):
    page, order = opened(pages["one"], dark=dark), []
    page.set_viewport_size({"width": 800, "height": 500})
    for _ in range(8):
        page.keyboard.press("Tab")
        style, width, inside = page.evaluate(RING)
        name = page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        assert style != "none", name
        assert width >= (1 if name == "To the content" else 3), name
        assert inside, name
        order.append(name)
    said = f"All {STEPS} steps in words"
    assert order == ["To the content", "Play", "One step back", "One step on", "Step", "Speed", "Each seat", said]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Each seat"
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    bar = page.locator(".controls").bounding_box()
    assert top >= bar["y"] + bar["height"] - 1  # not behind the bar that stays


def test_two_replays_go_together_and_the_shorter_waits(opened, pages):
    page = opened(pages["two"])
    for t in (4, STEPS - 1):
        page.locator("#step").fill(str(t))
        assert page.locator(".when").all_text_contents() == [
            f"Each seat after step {min(t, n - 1) + 1}" for n in (STEPS, 7)
        ]
    left, right = (page.locator(f"#film-{k}").bounding_box() for k in (0, 1))
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def test_all_steps_can_be_read(opened, pages):
    page = opened(pages["one"])
    page.locator("summary").click()
    rows = page.locator(".all li")
    rows.last.wait_for()
    assert rows.count() == STEPS
    page.locator("#step").fill("3")
    assert page.locator(".all li[aria-current]").all_text_contents() == [rows.nth(3).text_content()]


@pytest.mark.parametrize("name", ["one", "two", "hostile"])
def test_nothing_is_asked_of_the_network_and_nothing_complains(opened, pages, name):
    page = opened(pages[name])
    page.keyboard.press("End")
    assert len(page.asked) == 1
    assert page.complaints == []
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.classList.contains('live')")


def test_another_script_would_not_run(opened, pages):
    page = opened(pages["one"].replace("</body>", "<script>document.title = 'changed'</script></body>"))
    assert page.title() == "a walk"
    assert any("Content Security Policy" in said for said in page.complaints)


@pytest.mark.parametrize("width", [360, 400, 800, 1200])
@pytest.mark.parametrize("name", ["one", "two", "hostile"])
def test_the_page_never_scrolls_sideways(opened, pages, name, width):
    assert opened(pages[name], width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_letters_stand_out(opened, pages, dark):
    assert min(opened(pages["two"], dark=dark).evaluate(CONTRAST)) >= 4.5


def test_everything_that_can_be_used_has_a_name_and_is_reached_by_tab(opened, pages):
    page, reached = opened(pages["two"]), set()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
    assert {"Play", "One step back", "One step on", "Step", "Speed", f"All {STEPS} steps in words"} <= reached
    pictures = page.locator("svg[role=img]").evaluate_all("all => all.map((svg) => svg.getAttribute('aria-label'))")
    assert all(len(label) > 20 for label in pictures)


def test_without_scripts_the_first_and_the_last_step_are_there(browser, pages, tmp_path):
    path = tmp_path / "replay.html"
    path.write_text(pages["one"], "utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    seen = [figure.is_visible() for figure in page.locator("figure.stage").all()]
    assert seen == [True, True]
    assert page.get_by_text("Step 1.").first.is_visible()
    assert page.get_by_text(f"Step {STEPS}, the last.").is_visible()
    assert page.locator(".chart").first.is_visible()
    assert [page.locator(part).first.is_visible() for part in (".controls", ".all", ".help")] == [False] * 3
    context.close()


def test_print_shows_no_controls(opened, pages):
    page = opened(pages["one"])
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
