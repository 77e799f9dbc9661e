"""What is drawn is what is so: bars that add up, arrows to better replies, links as wide as their traffic."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm, games
from ostrom.core.delegation import Delegation
from ostrom.diagnosis.facets import facets
from ostrom.diagnosis.traffic import diagnose_network
from ostrom.reports._chart_bars import bar_picture, interval_picture, share_picture
from ostrom.reports._chart_basins import paths_picture
from ostrom.reports._chart_facets import facet_picture, facet_steps
from ostrom.reports._chart_network import WIDEST, network_pictures
from ostrom.reports._chart_payoffs import payoff_picture
from ostrom.reports._chart_welfare import welfare_picture
from ostrom.reports._theme import COLOURS
from ostrom.reports._vega import drawn, themed, variables
from ostrom.solvers.pure_equilibria import pure_equilibria


def rows(picture, kind, layer=0):
    """The data of the n-th layer of a kind of mark."""
    return [one["data"]["values"] for one in picture.chart["layer"] if one["mark"]["type"] == kind][layer]


def random_game(seed, shape=(3, 3)):
    return NormalForm(np.random.default_rng(seed).integers(0, 7, (*shape, 2)).astype(float))


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_waterfall_leads_from_play_to_the_optimum(seed):
    draw = np.random.default_rng(seed)
    table, rewards = draw.integers(0, 9, (2, 2, 2, 2)).astype(float)
    found = facets(Delegation(NormalForm(table), rewards=rewards, observed=draw.integers(1, 9, (2, 2)).astype(float)))
    picture = facet_picture(found)
    if picture is None:
        assert all(abs(value) < 1e-6 for _, value in facet_steps(found))
        return
    steps = rows(picture, "rect")
    ends = [found.observed, *(bar["to"] for bar in steps)]
    assert [bar["from"] for bar in steps] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(found.optimum, abs=1e-6)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_arrows_lead_to_better_replies_and_frames_are_equilibria(seed):
    """By brute force: an arrow leaves a cell for every player who has a better reply there, one cell towards it."""
    game = random_game(seed)
    equilibria = pure_equilibria(game).profiles
    picture = payoff_picture(game, equilibria, [])
    arrows = rows(picture, "rule")
    wanted = 0
    for i, j in np.ndindex(3, 3):
        down, across = game.payoffs[:, j, 0], game.payoffs[i, :, 1]
        wanted += int(down[i] < down.max()) + int(across[j] < across.max())
        for one in arrows:
            if abs(one["x"] - one["x2"]) < 1e-9 and int(one["y"]) == i and int(one["x"]) == j:
                best = np.flatnonzero(down == down.max())
                assert min(abs(best - int(one["y2"]))) < min(abs(best - i))
    assert len(arrows) == wanted
    framed = {(int(frame["y"]), int(frame["x"])) for frame in rows(picture, "rect", 1)}
    assert framed == set(equilibria)


def test_payoffs_are_written_out_row_first():
    picture = payoff_picture(games.PrisonersDilemma(), [(1, 1)], [(0, 0)])
    said = {(cell["y"], cell["x"]): cell["text"] for cell in rows(picture, "text")}
    assert said[0.5, 1.5] == "0, 5"
    assert said[1.5, 0.5] == "5, 0"


def test_only_small_games_of_two_are_written_out():
    assert payoff_picture(games.PublicGoods(players=3), [], []) is None
    assert payoff_picture(random_game(0, (9, 2)), [], []) is None


def test_the_map_is_strongest_where_welfare_is_highest():
    game = games.Cournot().dense()
    worth = (game.payoffs.sum(-1) + game.bystander_payoffs.sum(-1)) / 3
    cells = rows(welfare_picture(game, worth, [(4, 4)]), "rect")
    shades = np.array([cell["shade"] for cell in cells]).reshape(worth.shape)
    order = np.argsort(worth, axis=None)
    assert (np.diff(shades.ravel()[order]) >= -1e-3).all()
    assert welfare_picture(game, np.zeros(worth.shape), []) is None


def test_paths_of_the_dilemma_end_in_defection():
    """Replicator dynamics of a game with a dominant move: everybody ends there (Hofbauer and Sigmund 1998)."""
    lines = rows(paths_picture(games.PrisonersDilemma()), "line")
    last = {point["path"]: (point["x"], point["y"]) for point in lines}
    assert len(last) == 25
    assert all(max(end) < 0.01 for end in last.values())
    assert len({point["hue"] for point in lines}) == 1


def test_cycles_are_drawn_once_round():
    lines = rows(paths_picture(games.MatchingPennies()), "line")
    for path in range(25):
        x, y = (np.array([point[key] for point in lines if point["path"] == path]) for key in "xy")
        assert np.hypot(np.diff(x), np.diff(y)).sum() < 5


@pytest.fixture(scope="module")
def town():
    return diagnose_network(games.Town(), gap=1e-6)


def test_links_are_as_wide_as_their_traffic_on_one_scale(town):
    widths = []
    for picture, flows in zip(network_pictures(town), ("flow", "best_flow"), strict=True):
        width = {point["link"]: point["width"] for point in rows(picture, "line")}
        traffic = sorted(getattr(road, flows) for road in town.roads)
        assert np.allclose(sorted(width.values()), 1 + (WIDEST - 1) * np.array(traffic) / _busiest(town))
        widths += width.values()
    assert max(widths) == pytest.approx(WIDEST)


def _busiest(town):
    return max(max(road.flow, road.best_flow) for road in town.roads)


def test_links_run_between_their_places_and_beside_each_other(town):
    picture = network_pictures(town)[0]
    places = {spot["name"]: (spot["x"], spot["y"]) for spot in rows(picture, "circle")}
    paths = {}
    for point in rows(picture, "line"):
        paths.setdefault(point["link"], []).append((point["x"], point["y"]))
    ends = [(road.tail, road.head) for road in town.roads]
    for tail, head in ends:
        assert any(_near(path[0], places[tail]) and _near(path[-1], places[head]) for path in paths.values())
    assert len({tuple(path) for path in paths.values()}) == len(ends)


def _near(one, other):
    return math.dist(one, other) < 12


def test_a_network_that_nobody_can_place_is_not_drawn(town):
    from dataclasses import replace

    assert network_pictures(replace(town, places={})) == []


def test_bars_and_intervals_hold_what_they_are_given():
    bars = bar_picture([("loses", 2.0), ("gains", -1.0)], "minutes", "caption", "words")
    assert sorted(bar["value"] for layer in (0, 1) for bar in rows(bars, "rect", layer)) == [-1.0, 2.0]
    points = interval_picture([("a", 1.0, 0.5, 1.5), ("b", 2.0, None, None)], [("best", 3.0)], "points", "c", "w")
    assert [(line["low"], line["high"]) for line in rows(points, "rule", 1)] == [(0.5, 1.5)]
    shares = share_picture([("here", 0.25, 0.2, 0.3)], "caption")
    assert rows(shares, "rect")[0]["value"] == 25


def test_a_drawing_is_the_same_twice_and_follows_the_theme():
    chart = bar_picture([("a", 1.0)], "x", "c", "w").chart
    assert drawn(chart, "p") == drawn(chart, "p")
    assert "var(--orange)" in themed(drawn(chart, "p"))
    assert all(f"--{name}:" in variables() for name in COLOURS)
