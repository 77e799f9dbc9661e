"""Cycles: planted circles are found and named, ladders are not flagged, and the parts add up."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

import ostrom as om
from ostrom.core.delegation import Delegation
from ostrom.core.errors import TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis import _learning_apart, _reply_graph
from ostrom.diagnosis._circulation import circulation
from ostrom.diagnosis._elo import elo
from ostrom.diagnosis._reply_graph import replies
from ostrom.diagnosis._tournament import tournament
from ostrom.diagnosis.cycles import cycles
from ostrom.solvers import pure_equilibria

NAMES = tuple("abcdefghij")
SQUARES = (
    st.integers(2, 6).flatmap(lambda n: hnp.arrays(int, (n, n), elements=st.integers(-3, 3))).map(lambda m: m - m.T)
)
SHAPES = st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2), (3, 2, 2)])
TABLES = SHAPES.flatmap(lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-3, 3)))


def symmetric(row, names=None):
    row = np.asarray(row, float)
    return NormalForm(np.stack([row, row.T], axis=-1), moves=names)


def ladder(size=10):
    place = np.arange(size)
    return np.subtract.outer(-place, -place) * 0.2


def said(found):
    return " ".join(finding.sentence for finding in found.findings)


def test_rock_paper_scissors():
    found = cycles(om.games.RockPaperScissors())
    words = [finding.sentence for finding in found.findings]
    assert words[0] == (
        "No ranking holds: rock beats scissors beats paper beats rock; 100 % of the differences are cyclic."
    )
    assert words[1] == ("Best replies run round rock → paper → scissors → rock for ever: there is no pure equilibrium.")
    assert "first, all alike; it expects" in words[2]
    assert "over time comes within" in words[3]
    assert found.cyclic
    assert {one.verdict for one in found.lessons} == {"its average settles"}
    assert (found.circulating, found.tournament.share) == pytest.approx((1, 1))


def test_a_planted_circle_among_ten_is_found_and_named():
    """A ladder in which 6th has a slight edge over 4th, which beats 5th, which beats 6th; nothing else is wrong."""
    row = ladder()
    row[5, 3], row[3, 5] = 0.1, -0.1
    shuffled = np.random.default_rng(3).permutation(10)
    names = tuple(NAMES[k] for k in shuffled)
    found = cycles(symmetric(row[np.ix_(shuffled, shuffled)], names))
    assert found.cyclic
    assert found.tournament.count == 1
    (circle,) = found.tournament.circles
    assert {names[k] for k in circle} == {"d", "e", "f"}
    assert all(found.tournament.advantages[a, b] > 0 for a, b in zip(circle, circle[1:] + circle[:1], strict=True))
    assert found.tournament.link(circle) == pytest.approx(0.1)
    assert "No ranking holds" in said(found)
    assert found.tournament.order == ()


@pytest.mark.parametrize("row", [ladder(), np.sign(ladder())], ids=("even steps", "signs"))
def test_a_ladder_is_not_flagged(row):
    shuffled = np.random.default_rng(3).permutation(10)
    names = tuple(NAMES[k] for k in shuffled)
    found = cycles(symmetric(row[np.ix_(shuffled, shuffled)], names))
    assert not found.cyclic
    assert (found.tournament.circles, found.tournament.count) == ((), 0)
    assert tuple(names[k] for k in found.tournament.order) == NAMES
    assert "A ranking holds: nobody beats anyone placed before it in a, b, c, d, e, f, …, j" in said(found)
    assert (found.replies.equilibria, found.replies.circling) == (1, 0)
    assert names[found.elo.first] == "a"
    assert found.elo.beaten_by == ()


def test_a_circle_of_four_without_a_triple_is_found():
    row = np.zeros((4, 4))
    for k in range(4):
        row[k, (k + 1) % 4], row[(k + 1) % 4, k] = 1, -1
    found = tournament(symmetric(row))
    assert (found.count, found.circles) == (0, ((0, 1, 2, 3),))


@settings(max_examples=40, deadline=None)
@given(SQUARES)
def test_the_parts_of_a_tournament_add_up(row):
    found = tournament(symmetric(row))
    slopes = found.ratings[:, None] - found.ratings
    assert found.cyclic + slopes == pytest.approx(row, abs=1e-12)
    assert found.cyclic.sum(axis=1) == pytest.approx(np.zeros(len(row)), abs=1e-12)
    assert (row**2).sum() == pytest.approx((slopes**2).sum() + (found.cyclic**2).sum())
    assert sum((disc.advantages for disc in found.discs), np.zeros(row.shape)) == pytest.approx(found.cyclic, abs=1e-12)
    singular = np.linalg.svd(found.cyclic, compute_uv=False)
    assert [disc.strength for disc in found.discs] == pytest.approx(singular[: 2 * len(found.discs) : 2], abs=1e-12)
    loops = itertools.combinations(range(len(row)), 3)
    assert found.count == sum(
        (row[[a, b, c], [b, c, a]] > 0).all() or (row[[a, b, c], [b, c, a]] < 0).all() for a, b, c in loops
    )


@settings(max_examples=30, deadline=None)
@given(SQUARES, hnp.arrays(int, 6, elements=st.integers(-5, 5)))
def test_differences_of_ratings_have_no_cyclic_part(row, ratings):
    steps = np.subtract.outer(ratings, ratings)[: len(row), : len(row)]
    plain, added = tournament(symmetric(row)), tournament(symmetric(row + steps))
    assert tournament(symmetric(steps)).share == pytest.approx(0, abs=1e-12)
    assert added.cyclic == pytest.approx(plain.cyclic, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(SQUARES, st.randoms(use_true_random=False))
def test_other_names_change_nothing(row, random):
    order = list(range(len(row)))
    random.shuffle(order)
    plain, other = tournament(symmetric(row)), tournament(symmetric(row[np.ix_(order, order)]))
    assert other.ratings == pytest.approx(plain.ratings[order], abs=1e-12)
    assert (other.share, other.count, len(other.circles)) == (
        pytest.approx(plain.share),
        plain.count,
        len(plain.circles),
    )


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_the_potential_is_the_least_squares_one(table):
    """Against the incidence matrix written out, link by link."""
    found = circulation(NormalForm(table))
    rows, gains = [], []
    for profile in np.ndindex(table.shape[:-1]):
        for i, size in enumerate(table.shape[:-1]):
            for move in range(profile[i] + 1, size):
                other = (*profile[:i], move, *profile[i + 1 :])
                row = np.zeros(table.shape[:-1])
                row[other], row[profile] = 1, -1
                rows.append(row.ravel())
                gains.append(table[(*other, i)] - table[(*profile, i)])
    rows, gains = np.array(rows), np.array(gains, float)
    best = np.linalg.lstsq(rows, gains, rcond=None)[0]
    assert found.potential.ravel() == pytest.approx(best - best.mean(), abs=1e-10)
    left = ((rows @ best - gains) ** 2).sum()
    assert found.share == pytest.approx(left / (gains**2).sum() if gains.any() else 0.0, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(TABLES, st.data())
def test_potential_games_do_not_circulate(table, data):
    shape = table.shape[:-1]
    common = data.draw(hnp.arrays(int, shape, elements=st.integers(-3, 3)))
    free = [np.mean(table[..., i], axis=i, keepdims=True) for i in range(len(shape))]  # whatever the own move is
    game = NormalForm(np.stack([common + own for own in free], axis=-1))
    assert circulation(game).share == pytest.approx(0, abs=1e-12)
    assert replies(game, False).circling == 0


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_sinks_of_the_best_reply_graph_by_walking(table):
    """From every joint move all walks are followed; a set is a sink if all its walks stay in it and reach all of it."""
    game = NormalForm(table)
    found = replies(game, False)
    links = {profile: best_replies(table, profile) for profile in np.ndindex(table.shape[:-1])}
    reach = {profile: reached(links, profile) for profile in links}
    expected = {frozenset(reach[p]) for p in links if all(p in reach[q] for q in reach[p])}
    assert {frozenset(sink) for sink in found.sinks} == expected
    assert {sink[0] for sink in found.sinks if len(sink) == 1} == set(pure_equilibria(game).profiles)
    if found.circle:
        assert all(b in links[a] for a, b in zip(found.circle, found.circle[1:] + found.circle[:1], strict=True))


def best_replies(table, profile):
    after = []
    for i, size in enumerate(table.shape[:-1]):
        others = [(*profile[:i], move, *profile[i + 1 :]) for move in range(size)]
        worth = [table[(*other, i)] for other in others]
        if worth[profile[i]] < max(worth):
            after += [other for other, w in zip(others, worth, strict=True) if w == max(worth)]
    return after


def reached(links, start):
    found, edge = {start}, [start]
    while edge:
        edge = [new for node in edge for new in links[node] if new not in found]
        found |= set(edge)
    return found


@settings(max_examples=15, deadline=None)
@given(SQUARES.filter(lambda m: m.any()))
def test_elo_is_the_likeliest(row):
    found = elo(row, float(np.abs(row).max()))
    wins = np.clip(found.actual, 0.01, 0.99)

    def loss(logs):
        return (wins * np.log1p(np.exp(logs - logs[:, None]))).sum()

    start = found.ratings * math.log(10) / 400
    best = minimize(loss, np.zeros(len(row)), method="BFGS", options={"gtol": 1e-9})
    assert loss(start) <= best.fun + 1e-9
    assert start == pytest.approx(best.x - best.x.mean(), abs=1e-4)
    assert found.predicted + found.predicted.T == pytest.approx(np.ones(row.shape))


def test_elo_ranks_first_what_is_beaten_and_copies_change_it():
    """A farms B and C, and loses to D: it has most wins, and D's kind decides."""
    wins = np.array([[0.5, 0.9, 0.9, 0.4], [0.1, 0.5, 0.6, 0.7], [0.1, 0.4, 0.5, 0.8], [0.6, 0.3, 0.2, 0.5]])
    game = NormalForm(np.stack([wins, 1 - wins], axis=-1), moves=tuple("ABCD"))
    found = cycles(game)
    assert found.elo.actual == pytest.approx(wins)
    assert (found.elo.first, found.elo.beaten_by, found.elo.copied) == (0, (3,), (3, 2))
    assert "Elo would rank A first, yet D beats it" in said(found)
    assert "10 copies of D instead of one would put C first." in said(found)
    many = np.array([0, 1, 2, *[3] * 10])
    assert elo(wins[np.ix_(many, many)] - 0.5, 0.5).first == 2


def test_elo_is_right_where_win_rates_come_from_ratings():
    strengths = np.array([300.0, 100.0, 0.0, -400.0])
    wins = 1 / (1 + 10 ** (-np.subtract.outer(strengths, strengths) / 400))
    found = elo(wins - 0.5, 0.5)
    assert found.ratings == pytest.approx(strengths, abs=1e-6)
    assert (found.error, found.copied) == (pytest.approx(0, abs=1e-9), None)


def test_two_players_who_differ_go_round_too():
    found = cycles(om.games.MatchingPennies())
    assert (found.tournament, found.elo) == (None, None)
    assert found.circulating == pytest.approx(1)
    assert "(heads, heads) → (heads, tails) → (tails, tails)" in said(found)
    assert "100 % of what switching gains follows no potential" in said(found)


def test_shapleys_game_settles_neither_in_the_end_nor_on_average():
    found = cycles(NormalForm(np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)], axis=-1)))
    assert "does not settle" in {one.verdict for one in found.lessons}
    play = next(one for one in found.lessons if one.method == "fictitious play")
    assert play.average > 0.1
    assert "nor its average over time" in said(found)


def test_a_dilemma_settles_and_its_moves_are_compared_by_what_they_get():
    found = cycles(om.games.PrisonersDilemma())
    assert not found.cyclic
    assert found.elo is None
    assert "By who gets more when two meet, a ranking holds" in said(found)
    assert "Best replies lead to the one pure equilibrium from every joint move." in said(found)
    assert "play settles." in said(found)


def test_where_nothing_differs_nothing_is_said_of_it():
    found = cycles(NormalForm(np.zeros((3, 3, 2)), moves=("a", "b", "c")))
    assert (found.cyclic, found.circulating, found.lessons, found.elo) == (False, 0.0, (), None)
    assert "All moves are even" in said(found)


def test_agents_follow_the_rewards_they_pursue():
    game = om.games.RockPaperScissors()
    kind = Delegation(game, rewards=np.ones((3, 3, 2)) * np.arange(3)[:, None, None])
    assert cycles(game).cyclic
    assert not cycles(kind).cyclic


def test_the_same_seed_gives_the_same(monkeypatch):
    monkeypatch.setattr(_learning_apart, "TIME", 20.0)
    game = om.games.MatchingPennies()
    assert cycles(game, seed=4).findings == cycles(game, seed=4).findings
    assert cycles(game, seed=4).lessons[0].last != cycles(game, seed=5).lessons[0].last


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(_reply_graph, "PROFILES", 8)
    with pytest.raises(TooLarge, match="9 joint moves"):
        cycles(om.games.RockPaperScissors())
