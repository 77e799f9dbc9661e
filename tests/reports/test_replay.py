"""Replays: what is drawn is what stood there, in text that stays small, and nothing in it can do harm."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.scene import Scene, Token
from ostrom.learners._recording import Recording
from ostrom.reports._replay_film import films_of
from ostrom.reports._replay_grid import LOOKS, SEATS, VARYING, grid_keys, grid_svg
from ostrom.reports._replay_network import net_svg
from ostrom.reports._replay_series import Series, _outline, ends_of
from ostrom.reports._replay_tracks import short, track
from ostrom.reports._theme import COLOURS
from ostrom.reports.replay import replay, still, still_png

SVG = "{http://www.w3.org/2000/svg}"


def test_nothing_recorded_is_refused():
    for made in (replay, still, still_png):
        with pytest.raises(InputError, match="no recording was given"):
            made()


def test_numbers_that_are_all_nothing_stand_on_an_axis():
    """From 0 to 1, and not from 0 to 0."""
    assert ends_of([Series("payoff so far", np.zeros((3, 2)), False)]) == {"payoff so far": (0.0, 1.0)}
    assert ends_of([Series("payoff so far", np.array([[0.0], [-2.0]]), False)]) == {"payoff so far": (-2.0, 0.0)}


def orchard(steps=30, height=6, width=9, seats=3, seed=0):
    """Seats that walk about among apples that come and go."""
    dice = np.random.default_rng(seed)
    apples, wall = dice.random((height, width)) < 0.4, np.zeros((height, width), bool)
    wall[0] = True
    place = dice.integers(1, [height, width], (seats, 2))
    scenes, moves, payoffs = [], [], dice.integers(-1, 2, (steps, seats)).astype(float)
    for _ in range(steps):
        apples = apples ^ (dice.random(apples.shape) < 0.02)
        place = np.clip(place + dice.integers(-1, 2, (seats, 2)), [1, 0], [height - 1, width - 1])
        looks = dice.choice(["north", "east", "south", "west"], seats)
        tokens = [
            Token(int(r), int(c), k, str(look)) for k, ((r, c), look) in enumerate(zip(place, looks, strict=True))
        ]
        scenes.append(Scene({"wall": wall, "apple": apples.copy()}, tuple(tokens), dials={"apples": apples.sum()}))
        moves.append({"act": tuple(map(str, looks))})
    names = tuple(f"player {k + 1}" for k in range(seats))
    return Recording("an orchard", names, tuple(scenes), tuple(moves), payoffs, {"harvest": payoffs**2})


def roads(steps=5):
    """Flows that shift from one road to another, and a point that moves."""
    scenes = [
        Scene(
            points={"home": (0.0, 0.5), "work": (1.0, 0.5), "van": (t / steps, 0.0)},
            links=(("home", "work", 3.0 - t / 2), ("work", "home", t / 2)) if t else (("home", "work", 3.0),),
            rows={"minutes": np.array([10.0 + t, np.nan])},
            note=f"Day {t}.",
        )
        for t in range(steps)
    ]
    moves = [{"act": ("drive", None), "toll": (0.5, 0.25)}] * steps
    return Recording("two roads", ("van", "bus"), tuple(scenes), tuple(moves), np.zeros((steps, 2)))


def unpacked(text):
    """The numbers of a track again, by its description."""
    now, steps = [], []
    for number, step in enumerate(text.split("|")):
        now = step.split(",") if number == 0 else list(now)
        for change in step.split(",") if number and step else ():
            at, _, value = change.partition("=")
            now[int(at)] = value
        steps.append(now)
    return steps


@given(st.lists(st.lists(st.floats() | st.integers(-5, 5).map(float), min_size=3, max_size=3), min_size=1, max_size=6))
def test_tracks_keep_every_step(rows):
    assert unpacked(track(rows)) == [[short(value) for value in row] for row in rows]


@given(st.floats(-1e300, 1e300))
def test_numbers_keep_four_digits(value):
    assert float(short(value)) == pytest.approx(value, rel=5.1e-4)


def test_what_stands_still_takes_one_letter_a_step():
    assert track(np.ones((200, 50))) == ",".join(["1"] * 50) + "|" * 199


def cells(shape):
    """The cells of a path that is made of squares."""
    return {(int(y), int(x)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", shape or "")}


@pytest.mark.parametrize("t", [0, 7, 29])
def test_a_drawing_shows_what_stands_where(t):
    recording = orchard()
    (film,) = films_of([recording])
    drawn = ElementTree.fromstring(grid_svg(film.grid, t, "a label"))
    walls, apples = (group for group in drawn.findall(f"{SVG}g") if group.get("class") == "layer")
    scene = recording.scenes[t]
    for group, kind in ((walls, "wall"), (apples, "apple")):
        shown = set().union(*(cells(path.get("d")) for path in group))
        assert shown == set(map(tuple, np.argwhere(scene.cells[kind]).tolist()))
    tokens = [group for group in drawn.findall(f"{SVG}g") if group.get("class") == "token"]
    for token, at in zip(scene.tokens, tokens, strict=True):
        x, y, size = map(float, re.findall(r"-?[\d.]+", at.get("transform")))
        assert token.column <= x <= x + size <= token.column + 1
        assert token.row <= y <= y + size <= token.row + 1
        assert at.find(f"{SVG}text").text == str(token.seat + 1)
        turn = {"north": 0, "east": 90, "south": 180, "west": 270}[token.heading]
        assert at.find(f"{SVG}g").get("transform") == f"rotate({turn} .5 .5)"


def test_amounts_on_cells_are_shades():
    levels = np.array([[0.0, 0.5, 1.0, np.nan, 1e-9]])
    (film,) = films_of([replace(orchard(1), scenes=(Scene({"waste": levels}),))])
    drawn = ElementTree.fromstring(grid_svg(film.grid, 0, ""))
    shades = {
        path.get("fill-opacity"): cells(path.get("d")) for path in drawn.iter(f"{SVG}path") if path.get("data-level")
    }
    assert shades == {None: {(0, 2)}, "0.44": {(0, 1)}, "0.11": {(0, 4)}}


def test_tokens_that_come_and_go_are_hidden_while_away():
    scenes = (Scene({"apple": np.ones((2, 2))}, (Token(0, 1, 0),)), Scene({"apple": np.ones((2, 2))}))
    (film,) = films_of([replace(orchard(2), scenes=scenes)])
    here, gone = (ElementTree.fromstring(grid_svg(film.grid, t, "")) for t in (0, 1))
    token = f"{SVG}g[@class='token']"
    assert (here.find(token).get("display"), gone.find(token).get("display")) == (None, "none")


@pytest.mark.parametrize(("many", "size"), [(1, 8), (2, 5), (3, 4), (4, 4), (5, 2), (16, 2)])
def test_bodies_on_one_cell_stand_beside_each_other_within_it(many, size):
    tokens = (Token(1, 1, 0, mark="coin"), *(Token(1, 1, seat) for seat in range(many)))
    (film,) = films_of([replace(orchard(1), scenes=(Scene({"sand": np.ones((2, 2))}, tokens),))])
    places = {
        (slot.seat, slot.thing): tuple(place) for slot, place in zip(film.grid.slots, film.grid.places[0], strict=True)
    }
    assert places.pop((0, True)) == (8, 8, 0, 8)
    for column, row, _, own in places.values():
        assert own == size
        assert 8 <= column <= column + own <= 16
        assert 8 <= row <= row + own <= 16
    middles = [np.array(place[:2]) for place in places.values()]
    assert all(np.hypot(*(a - b)) > 2 * 0.365 * size for a, b in combinations(middles, 2))  # nobody on anybody


def test_no_layer_lies_under_a_thing_of_its_name_and_the_legend_tells_each_once():
    coins = np.eye(2)
    scene = Scene({"coin": coins, "tree": np.ones((2, 2))}, (Token(0, 0, 1, mark="coin"),))
    (film,) = films_of([replace(orchard(1), scenes=(scene,))])
    coin, _ = film.grid.layers
    assert coin.cells.tolist() == [3]
    assert coins[0, 0] == 1  # the scene is left as it is
    assert [words for *_, words in grid_keys(film.grid)] == ["coin", "tree", "coin, with the number of its owner"]
    (film,) = films_of([replace(orchard(1), scenes=(replace(scene, cells={"coin": np.diag([1.0, 0])}),))])
    assert [words for *_, words in grid_keys(film.grid)] == ["coin, with the number of its owner"]


EYES = {
    "all colours": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""What is seen of linear RGB (Machado, Oliveira and Fernandes, 2009, severity 1)."""


def lab(colour, eye):
    """CIE L*a*b* (D65) of a colour as this eye sees it."""
    rgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    rgb = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    rgb = np.clip(np.array(eye) @ rgb, 0, 1)
    xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]] @ rgb / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("paper", [0, 1], ids=["light", "dark"])
def test_seats_are_told_apart_and_from_layers_by_all_eyes(eye, paper):
    def apart(one, other):
        return np.linalg.norm(lab(COLOURS[one][paper], EYES[eye]) - lab(COLOURS[other][paper], EYES[eye]))

    assert min(apart(*pair) for pair in combinations(SEATS, 2)) > 14
    full = {colour for colour, strong in LOOKS.values() if strong == 1} | {*VARYING}
    assert min(apart(seat, colour) for seat in SEATS for colour in full) > 9


@pytest.mark.parametrize("t", [0, 3])
def test_a_network_shows_amounts_where_they_go(t):
    (film,) = films_of([roads()])
    drawn = ElementTree.fromstring(net_svg(film.net, t, "a label", "tip"))
    out, back = drawn.findall(f"{SVG}g[@class='link']")
    assert (back.get("display") == "none") == (t == 0)
    assert float(out.find(f"{SVG}text").text) == 3 - t / 2
    assert float(out[0].get("x1")) < float(out[0].get("x2"))
    widths = [float(link[0].get("stroke-width")) for link in (out, back)]
    assert (widths[0] > widths[1]) == (3 - t / 2 > t / 2)
    van = drawn.findall(f"{SVG}g[@class='point']")[2]
    assert van.find(f"{SVG}text").text == "1"  # a seat, by its number


def test_each_step_is_told_in_words():
    words = films_of([roads()])[0].words
    assert words[2] == "Day 2. Van: drive; van: toll 0.5; bus: toll 0.25. Nobody is paid anything."
    recording = replace(orchard(1, seats=3), payoffs=np.array([[1.0, 0.0, -2.5]]), moves=({"act": ("stay",) * 3},))
    (film,) = films_of([recording])
    assert film.words[0].endswith("All: stay. Paid 1 to player 1; -2.5 to player 3.")
    two = replace(orchard(1, seats=2), payoffs=np.array([[1.0, 1.0]]), moves=({"act": ("stay", "stay")},))
    assert films_of([two])[0].words[0].endswith("Both: stay. Paid 1 to both.")
    alone = replace(orchard(1, seats=1), payoffs=np.array([[1.0]]), moves=({"act": ("stay",)},))
    assert films_of([alone])[0].words[0].endswith("Player 1: stay. Paid 1 to player 1.")


def test_seats_whose_names_would_run_together_are_told_by_number():
    recording = replace(orchard(1), seats=("to work, 1", "to work, 2", "home"), payoffs=np.array([[1.0, 1.0, 2.0]]))
    recording = replace(recording, moves=({"act": ("stay", "go", "go")},))
    said = films_of([recording])[0].words[0]
    assert said.endswith("Seat 1: stay; seats 2, 3: go. Paid 1 to seats 1, 2; 2 to seat 3.")


def test_one_step_has_words_and_a_table_and_no_lines():
    page = replay(orchard(1))
    assert "The step in words" in page
    assert 'class="chart"' not in page
    assert len(ElementTree.fromstring(still(orchard(1))).findall(f".//{SVG}svg[@class='chart']")) == 0


def test_facts_with_units_are_told_and_those_that_scenes_tell_are_not_summed():
    recording = replace(roads(), facts={kind: np.ones((5, 2)) for kind in ("minutes", "link:a", "fuel_used")})
    assert [one.name for one in films_of([recording])[0].series][1:] == ["minutes", "link:a so far"]
    units = {"fuel_used": "litres", "minutes": "min"}
    assert [one.name for one in films_of([recording], units)[0].series][1:] == [
        "minutes",
        "fuel used so far (litres)",
    ]


def test_numbers_are_those_of_the_recording():
    recording = orchard()
    (film,) = films_of([recording])
    told = {one.name: one.values for one in film.series}
    np.testing.assert_allclose(told["payoff so far"], np.cumsum(recording.payoffs, 0))
    np.testing.assert_allclose(told["harvest so far"], np.cumsum(recording.payoffs**2, 0))
    assert told["apples"].ravel().tolist() == [int(scene.cells["apple"].sum()) for scene in recording.scenes]


def test_what_says_the_same_is_said_once():
    recording = replace(
        orchard(), facts={"harvest": orchard().payoffs, "zaps": np.ones((30, 3)), "none": np.zeros((30, 3))}
    )
    names = [one.name for one in films_of([recording], {"zaps": "shots"})[0].series]
    assert names == ["payoff so far", "apples", "zaps so far (shots)"]
    other = orchard(seed=1)
    beside = films_of([recording, replace(other, facts={"harvest": 2 * other.payoffs})])
    assert [[one.name for one in film.series] for film in beside] == [
        ["payoff so far", "apples", "harvest so far", "zaps so far"],
        ["payoff so far", "apples", "harvest so far"],
    ]


@settings(max_examples=20)
@given(st.lists(st.integers(-50, 50).map(float), min_size=121, max_size=400))
def test_long_lines_keep_their_peaks(values):
    column = np.array(values)
    kept = column[_outline(column)]
    assert (kept.min(), kept.max(), kept[0], kept[-1]) == (column.min(), column.max(), column[0], column[-1])
    assert len(kept) <= 122


def test_the_page_holds_what_its_script_needs_and_the_last_step_without_it():
    recording = orchard()
    page = replay(recording)
    data = json.loads(re.search(r'<script type="application/json" id="films">(.*?)</script>', page)[1])
    assert data[0]["steps"] == 30
    assert [len(unpacked(track)) for track in (data[0]["values"], data[0]["grid"]["places"])] == [30, 30]
    assert page.count('class="grid"') == 2
    assert page.index("Step 1.") < page.index("Step 30, the last.")
    total = int(recording.returns[0])
    assert re.search(rf'player 1</th><td class="number">{total}</td>', page)


def test_the_page_needs_nothing_and_runs_one_script_only():
    page = replay(orchard(), roads())
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"(src|href)=\"(?!#)", page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hashed}';" in page


def test_names_do_no_harm():
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    recording = orchard(3)
    scene = Scene({bad: np.ones((2, 2))}, (Token(0, 0, 0, mark=bad),), {bad: 1.0}, {bad: np.ones(3)}, note=bad)
    spoilt = replace(
        recording,
        title=bad,
        seats=(bad, "\u202ex", "c" * 9999),
        scenes=(scene,) * 3,
        moves=({bad: (bad,) * 3},) * 3,
        facts={bad: np.ones((3, 3))},
        players=(bad,) * 3,
    )
    page = replay(spoilt, replace(spoilt, scenes=(Scene(points={bad: (0, 0)}, links=((bad, bad, 1.0),)),) * 3))
    assert page.count("<script") == 2
    assert "<img" not in page
    assert "\u202e" not in page
    assert len(page) < 60_000
    ElementTree.fromstring(still(spoilt))


def test_hundreds_of_steps_stay_small():
    """Seven seats who walk all the time, on a large map on which seven cells change in every step."""
    assert len(replay(orchard(300, 16, 22, 7))) < 170_000


def test_the_same_recording_gives_the_same_bytes():
    assert replay(orchard(), title="t") == replay(orchard(), title="t")
    assert still(orchard()) == still(orchard())


@pytest.mark.parametrize("many", [1, 2])
def test_a_still_is_a_picture(many):
    recordings = [orchard(), roads()][:many]
    drawn = ElementTree.fromstring(still(*recordings, title="before & after"))
    assert len(drawn.findall(f".//{SVG}svg[@class='grid']")) == 4
    written = [e.text or "" for e in drawn.iter(f"{SVG}text")]
    assert {"Step 1. Apples", "Step 30. Apples"} <= {" ".join(text.split()[:3]) for text in written}
    assert {"wall", "apple"} <= {*written}  # what colours mean
    assert any(text.startswith("player 1: ") for text in written)
    picture = still_png(*recordings)
    assert picture.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(picture[16:20]) == 2 * float(drawn.get("width"))


def test_scenes_without_anything_but_words_are_enough():
    plain = replace(roads(3), scenes=(Scene(note="Nothing to see."),) * 3)
    assert "Nothing to see." in replay(plain)
    ElementTree.fromstring(still(plain))


def test_a_recording_without_steps_is_refused():
    with pytest.raises(InputError, match="no steps"):
        replay(replace(roads(), scenes=(), moves=(), payoffs=np.zeros((0, 2))))
