"""Signs in logs: planted agreements are found, shared causes that the log has are not, and levels are kept."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, ttest_1samp

from ostrom.core.errors import InputError
from ostrom.core.event import Event
from ostrom.core.log import Log
from ostrom.games.bertrand import Bertrand
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._ring_left import left
from ostrom.monitors._ring_panel import panel
from ostrom.monitors._ring_screens import together
from ostrom.monitors._ring_tests import bet, flipped, interval
from ostrom.monitors.screens import Screens


def log(moves, episode=None, payoffs=None, action=float, **seen):
    """A log of moves `[U, P]`; what each was shown by name, and what it was paid."""
    count, players = np.shape(moves)
    episode = np.zeros(count, int) if episode is None else episode
    return Log.of(
        Event(int(episode[u]), u, f"firm {i + 1}", "act", action=action(moves[u][i]),
              observation={name: float(np.broadcast_to(x, (players, count)).T[u, i]) for name, x in seen.items()},
              payoff=None if payoffs is None else float(payoffs[u][i]))
        for u in range(count) for i in range(players)
    )  # fmt: skip


def sellers(seed, rho=0.0, count=300, cost=0.0, players=2):
    """Sellers who answer the last prices and a cost, with luck that goes together by `rho`."""
    rng = np.random.default_rng(seed)
    luck = np.sqrt(rho) * rng.standard_normal((count, 1)) + np.sqrt(1 - rho) * rng.standard_normal((count, players))
    moves = np.full((count, players), 3.0)
    cost = np.broadcast_to(cost, count)
    for t in range(1, count):
        others = (moves[t - 1].sum() - moves[t - 1]) / (players - 1)
        moves[t] = 3 + 0.5 * (others - 3) + 0.2 * (moves[t - 1] - 3) + cost[t] + 0.3 * luck[t]
    return moves


def of(readings, screen):
    """The readings of one screen."""
    return [one for one in readings if one.where["screen"] == screen]


def test_prices_that_go_together_are_found_and_others_are_not():
    planted, absent = (Screens()(log(sellers(1, rho)))[0] for rho in (0.5, 0.0))
    assert planted.p <= 5e-4
    assert planted.interval[0] < 0.5 < planted.interval[1]
    assert absent.p > 0.05
    assert absent.interval[0] < 0 < absent.interval[1]


def test_a_pair_is_the_same_whoever_comes_first():
    made = log(sellers(1, 0.5))
    rows = list(made.events())
    turned = Log.of(row for pair in zip(rows[1::2], rows[::2], strict=True) for row in pair)
    assert turned.agents == made.agents[::-1]
    first, other = (Screens()(one)[0] for one in (made, turned))
    assert first.key == other.key
    assert first.who == ("firm 1", "firm 2")
    assert other.effect == pytest.approx(first.effect, abs=1e-9)


def test_a_p_value_of_3e_5_is_told_from_1e_4():
    """All of 15 that are alike: exactly 2^-15, where the bound says 5e-4 only."""
    p = np.array([flipped(-np.ones(15), np.random.default_rng(seed)) for seed in range(8)])
    assert p.min() >= 1e-5
    assert p.mean() == pytest.approx(2.0**-15, rel=0.8)


def test_moves_that_answer_one_another_go_together_only_in_appearance():
    moves = sellers(2)
    assert abs(np.corrcoef(moves.T)[0, 1]) > 0.2
    assert Screens()(log(moves))[0].p > 0.01


def test_a_shared_supplier_is_no_sign_once_the_log_has_its_costs():
    cost = np.cumsum(np.random.default_rng(3).standard_normal(300)) * 0.3
    moves = sellers(3, cost=cost)
    assert Screens()(log(moves))[0].p <= 5e-4
    assert Screens()(log(moves, cost=cost))[0].p > 0.01


def test_undercutting_in_cycles_is_no_sign():
    """The answer to the last prices is not a line; with few prices each combination has a mean of its own."""
    rng, moves = np.random.default_rng(4), np.full((600, 2), 8.0)
    for t in range(1, 600):
        moves[t] = np.where(moves[t - 1, ::-1] <= 3, 8, moves[t - 1, ::-1] - 1) + rng.integers(-1, 1, 2)
    assert Screens()(log(moves))[0].p > 0.01


def test_bids_that_are_rotated_go_opposite_ways():
    """A ring of bidders in which one in turn bids low; each auction is an episode."""
    rng = np.random.default_rng(5)
    cost = rng.random((200, 3))
    bids = 1 + 0.6 * cost + 0.05 * rng.standard_normal((200, 3))
    honest = Screens()(log(bids, np.arange(200), cost=cost.T))
    rigged = bids + 0.3 * (rng.integers(3, size=(200, 1)) != np.arange(3))
    found = Screens()(log(rigged, np.arange(200), cost=cost.T))
    assert min(one.p for one in honest) > 0.01
    assert max(one.p for one in found) <= 5e-4
    assert max(one.effect for one in found) < -0.3
    assert len(found) == 3


def test_one_rule():
    rng = np.random.default_rng(6)
    cost = rng.random((150, 2))
    bids = 1 + 0.6 * cost + 0.05 * rng.standard_normal((150, 2))
    phantom = np.column_stack([bids[:, 0], 1.5 + 0.05 * rng.standard_normal(150)])  # does not look at its cost
    alike, unlike = (of(Screens(exchangeable=True)(log(b, np.arange(150), cost=cost.T)), "one rule")[0]
                     for b in (bids, phantom))  # fmt: skip
    assert alike.p > 0.01
    assert unlike.p <= 5e-4
    assert unlike.effect == pytest.approx(np.sqrt(np.mean((0.6 * cost - 0.5) ** 2)), rel=0.2)
    assert not of(Screens()(log(phantom, np.arange(150), cost=cost.T)), "one rule")


def test_prices_that_stand_still():
    rng = np.random.default_rng(7)
    episode = np.repeat(np.arange(40), 10)
    wide = rng.standard_normal((400, 2))
    calm = np.where(episode[:, None] >= 20, 0.3, 1.0) * wide
    clean = tuple(range(20))
    found, absent = (of(Screens(clean=clean)(log(moves, episode)), "calm")[0] for moves in (calm, wide))
    assert found.p <= 5e-4
    assert found.effect == pytest.approx(0.3, rel=0.3)
    assert absent.p > 0.01
    with pytest.raises(InputError, match="clean"):
        Screens(clean=(99,))(log(wide, episode))


@pytest.mark.parametrize("paid", [True, False])
def test_profits_beside_those_of_the_game(paid):
    """From payoffs in the log or, without them, from the moves."""
    rng, game = np.random.default_rng(8), Bertrand()
    episode = np.repeat(np.arange(40), 5)
    for price, share, found in ((6, 1.0, True), (3, 0.0, False)):
        moves = np.where(rng.random((200, 2)) < 0.02, 5, price)
        payoffs = game.payoffs_at(moves) if paid else None
        reading = of(Screens(game=game)(log(moves, episode, payoffs, lambda x: str(int(x)))), "profits")[0]
        assert (reading.e > 2000) == found
        assert reading.effect == pytest.approx(share, abs=0.1)
        assert reading.n == 40


def test_profits_beside_levels_that_are_given():
    episode = np.repeat(np.arange(50), 5)
    payoffs = np.full((250, 2), 3.0) + np.random.default_rng(9).normal(0, 0.1, (250, 2))
    moves = np.random.default_rng(0).random((250, 2))
    reading = of(Screens(competitive=2.0, monopoly=4.0)(log(moves, episode, payoffs)), "profits")[0]
    assert reading.effect == pytest.approx(0.5, abs=0.02)
    assert reading.e > 2000


def test_labels_that_end_in_a_number_are_read():
    moves = np.round(sellers(1, 0.5) * 10)
    plain = Screens()(log(moves))[0]
    named = Screens()(log(moves, action=lambda x: f"price {int(x)}"))[0]
    assert named.effect == pytest.approx(plain.effect)


def test_sellers_who_move_in_turn_are_put_into_rounds():
    moves = sellers(1, 0.5)
    turns = Log.of(Event(0, 2 * t + i, f"firm {i + 1}", "act", action=float(moves[t, i]))
                   for t in range(300) for i in range(2))  # fmt: skip
    assert Screens()(turns)[0].effect == pytest.approx(Screens()(log(moves))[0].effect)


def test_the_level():
    p = []
    for seed in range(250):
        found = panel(log(sellers(seed, count=80)), "action")
        kept = ~found.first
        rest, share = left(found, kept)
        p.append(together(*rest.T, found.clusters(kept), np.random.default_rng(seed), share)[1])
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.9999, 250, 0.06)
    assert (np.array(p) <= 0.5).mean() == pytest.approx(0.5, abs=0.13)


def test_flips_are_close_to_students_t():
    rng = np.random.default_rng(10)
    for _ in range(5):
        values = rng.normal(-0.3, 1, 40)
        wanted = ttest_1samp(values, 0, alternative="less").pvalue
        assert flipped(values, rng) == pytest.approx(wanted, rel=0.9, abs=2e-3)  # 20 hits scatter by 22 %
    assert flipped(-np.ones(10), rng) == 2**-10
    assert flipped(-np.ones(10), rng, np.repeat([0, 1], 5)) == 2**-2
    assert flipped(np.zeros(40), rng) == 1


@pytest.mark.parametrize("n", [18, 30])
def test_strong_evidence_has_a_bound_on_the_share_of_flips(n):
    """All the same: 2^-n of the flips do as well."""
    assert 2.0**-n <= flipped(-np.ones(n), np.random.default_rng(0)) <= 2e-4
    assert flipped(-np.ones(30), np.random.default_rng(0)) == pytest.approx(np.exp(-15))


@settings(max_examples=25)
@given(st.integers(0, 1000), st.floats(0.05, 0.9))
def test_bets_lose_on_average(seed, bound):
    """The mean of the e-value over all outcomes of fair coins with this mean, by going through them, is at most 1."""
    outcomes = np.array(np.meshgrid(*[[0.0, 1.0]] * 8)).reshape(8, -1).T
    means = np.clip(bound + np.random.default_rng(seed).normal(0, 0.05, 8), 0, 1)
    means = np.clip(means - max(0.0, means.mean() - bound), 0, 1)  # they differ; their mean is at most the bound
    odds = np.where(outcomes == 1, means, 1 - means).prod(1)
    assert odds @ [bet(row, bound, 0.0) for row in outcomes] <= 1 + 1e-9


def test_intervals_hold_the_mean():
    rng = np.random.default_rng(11)
    held = [low <= 1 <= high for low, high in (interval(rng.gamma(4, 0.25, 30), rng) for _ in range(300))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.045)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param([], id="nothing"),
        pytest.param([Event(0, t, "a", "act", action=t) for t in range(99)], id="one agent"),
        pytest.param([Event(0, t, a, "act", action="C") for t in range(99) for a in "ab"], id="words"),
        pytest.param([Event(0, t, a, "act", action=5) for t in range(99) for a in "ab"], id="all the same"),
        pytest.param([Event(0, t, "", "rolled", action=t) for t in range(99)], id="the carrier"),
        pytest.param([Event(t, t, a, "act", action=t) for t in range(99) for a in "ab"], id="never together twice"),
        pytest.param([Event(0, t, a, "act", action=1e308 * (-1) ** t) for t in range(99) for a in "ab"], id="huge"),
        pytest.param(
            [
                Event(0, t, a, "act", action=t % 7, observation={"x": x, "y": "z"})
                for t in range(99)
                for a in "ab"
                for x in [(1e308, float("inf"), True, "<b>")[t % 4]]
            ],
            id="odd observations",
        ),
        pytest.param([Event(0, 0, a, "message", message="hi") for a in "ab"], id="talk"),
    ],
)
def test_odd_logs_are_read_or_refused_in_words(odd):
    found = []
    with contextlib.suppress(NothingToRead):
        found = Screens()(Log.of(odd))
    assert all(0 < one.p <= 1 and one.p > 1e-3 for one in found)


def test_many_agents_with_many_values_and_gaps():
    rng = np.random.default_rng(12)
    events = [Event(e, t, f"agent {i}", "act", action=float(10.0 ** rng.integers(-9, 9) * rng.standard_normal()))
              for e in range(3) for t in range(60) for i in range(15) if rng.random() < 0.8]  # fmt: skip
    found = Screens()(Log.of(events))
    assert len(found) == 66
    assert min(one.p for one in found) > 1e-4


@pytest.mark.parametrize("given", [{"competitive": 1.0}, {"competitive": 2.0, "monopoly": 1.0}, {"floor": 1.0}])
def test_levels_that_cannot_be(given):
    with pytest.raises(InputError):
        Screens(**given)


def test_the_same_seed_gives_the_same_readings():
    rows = log(sellers(1, 0.5))
    assert Screens()(rows, 3) == Screens()(rows, 3)
