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
from ostrom.monitors._ring_answer import answer
from ostrom.monitors._ring_left import left
from ostrom.monitors._ring_panel import panel
from ostrom.monitors._ring_ridge import penalties, ridge
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


def shown(seed, rule, rho=0.0, count=200, **fields):
    """Two sellers who are shown fields `[count]` and go by a `rule` of them, with luck that goes together by `rho`."""
    rng = np.random.default_rng([seed, 1])
    luck = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], count)
    moves = np.asarray(rule)[:, None] + 0.5 * luck
    return Log.of(
        Event(0, t, name, "act", action=float(moves[t, i]), observation={k: x[t] for k, x in fields.items()})
        for t in range(count) for i, name in enumerate(("ann", "bob"))
    )  # fmt: skip


def public(kind, seed, count=200):
    """A rule and what it goes by: words, a product, a curve, what was shown before, or one of many fields."""
    rng = np.random.default_rng(seed)
    first, second = rng.random((2, count))
    if kind == "words":
        place = rng.integers(4, size=count)
        return np.array([0, 3, -1, 5.0])[place], {"news": np.array(["calm", "strike", "flood", "boom"])[place].tolist()}
    if kind == "words and a number":
        place = rng.integers(3, size=count)
        return 3 * (place - 1) * first, {"news": np.array(["a", "b", "c"])[place].tolist(), "cost": first.tolist()}
    if kind == "a product":
        return 10 * first * second, {"cost": first.tolist(), "demand": second.tolist()}
    if kind == "a curve":
        return 2 * np.sin(12 * first), {"cost": first.tolist()}
    if kind == "a step":
        return 3 * (first > 0.63), {"cost": first.tolist()}
    if kind == "before":
        walk = np.cumsum(rng.standard_normal(count + 5))
        return (walk[5:] - walk[:-5]) * 0.4 + walk[4:-1] * 0.2, {"index": walk[5:].tolist()}
    others = {f"a{k:02}": rng.random(count).tolist() for k in range(14)}
    return 4 * first, others | {"cost": first.tolist()}


KINDS = ("words", "words and a number", "a product", "a curve", "a step", "before", "many fields")


@pytest.mark.parametrize("kind", KINDS)
def test_what_all_were_shown_is_no_sign_whatever_it_does(kind):
    p = []
    for seed in range(3):
        rule, fields = public(kind, seed)
        p.append(Screens()(shown(seed, rule, **fields))[0].p)
    assert min(p) > 0.001
    assert np.median(p) > 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_luck_that_goes_together_is_found_beside_what_all_were_shown(kind):
    rule, fields = public(kind, 5)
    reading = Screens()(shown(5, rule, 0.6, **fields))[0]
    assert reading.p <= 5e-4
    assert reading.effect == pytest.approx(0.6, abs=0.15)


def test_fields_that_there_is_no_room_for_are_counted():
    """Of 40 fields those that move an agent are kept."""
    rng = np.random.default_rng(6)
    fields = {f"f{k:02}": rng.random(150).tolist() for k in range(40)}
    reading = Screens()(shown(6, 8 * np.array(fields["f31"]), count=150, **fields))[0]
    assert "observation.f31" in reading.numbers["taken off"]
    assert f"Of 40 fields that they were shown {len(reading.numbers['left out'])} were left out" in reading.sentence
    assert reading.p > 0.001


def test_there_are_never_more_columns_than_a_third_of_the_rounds():
    rng = np.random.default_rng(7)
    for count in (40, 60, 110, 150):
        fields = {f"f{k}": rng.random(count).tolist() for k in range(3)} | {
            "w": rng.choice(list("abcd"), count).tolist()
        }
        found = panel(shown(7, np.zeros(count), count=count, **fields), "action")
        columns = answer(found, 0)
        assert columns is None or columns.columns.shape[1] <= count / 3


def test_what_words_alone_decide_leaves_nothing_to_compare():
    """Both follow one table without any luck: nothing is left of their moves."""
    rule, fields = public("words", 8)
    rows = Log.of(
        Event(0, t, name, "act", action=float(rule[t]), observation={"news": fields["news"][t]})
        for t in range(200) for name in ("ann", "bob")
    )  # fmt: skip
    with pytest.raises(NothingToRead):
        Screens()(rows)


def test_penalties_go_by_groups():
    """What explains is left nearly as it is, what does not is penalised away, and the share says what is fitted."""
    rng = np.random.default_rng(9)
    x = rng.standard_normal((200, 30))
    y = x[:, 0] - x[:, 1] + 0.5 * rng.standard_normal(200)
    group = np.repeat([0, 1], [2, 28])
    penalty = penalties(x, y, group, 1)
    assert penalty[0] < 1 < 100 < penalty[-1]
    rest, share = ridge(x, y, penalty, 1)
    assert 0.9 < share < 0.99
    plain, few = ridge(x, y, np.full(30, 1e-9), 1)
    assert plain == pytest.approx(y - x @ np.linalg.lstsq(x, y)[0])
    assert few == pytest.approx(169 / 200)
    best = y - x[:, :2] @ np.linalg.lstsq(x[:, :2], y)[0]
    assert np.corrcoef(rest, best)[0, 1] > 0.97


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
    assert 8 <= len(found) <= 15
    assert {name for one in found for name in one.who} == {f"agent {i}" for i in range(15)}
    assert min(one.p for one in found) > 1e-4


def ring(seed, players=20, members=(14, 15, 16), rho=0.6, count=200):
    """Sellers with a public cost, of whom some share a luck of their own."""
    rng = np.random.default_rng(seed)
    cost, moves = rng.standard_normal(count), sellers(seed, players=players, count=count)
    shared = rng.standard_normal((count, 1))
    moves[:, members] += 0.3 * (np.sqrt(rho / (1 - rho)) * shared)
    return log(moves + cost[:, None], cost=cost)


@pytest.mark.parametrize("members", [(14, 15, 16), (0, 18, 19)])
def test_a_ring_among_twenty_is_found_wherever_it_stands_in_the_log(members):
    found = Screens()(ring(1, members=members, count=250))
    named = {f"firm {i + 1}" for i in members}
    alarms = [one for one in found if one.p <= 5e-4]
    assert {name for one in alarms for name in one.who} == named
    assert len(found) <= 20  # others read the log too: not a reading for each of 190 pairs
    assert all("with 19 others" in one.sentence for one in alarms)


def test_of_many_agents_the_strongest_pair_of_each_is_paid_for():
    p = [one.p for seed in range(8) for one in Screens()(ring(seed, rho=0.0, count=120))]
    assert len(p) > 60
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.9999, len(p), 0.05)


def test_agents_who_are_not_looked_at_are_counted_and_drawn_by_lot(monkeypatch):
    monkeypatch.setattr("ostrom.monitors._ring_panel.MOST", 14)
    made = ring(2)
    (one, *_) = Screens()(made)
    assert "6 of 20 agents were not looked at" in one.sentence
    assert len(one.numbers["not looked at"]) == 6
    backwards = [list(rows)[::-1] for rows in np.array_split(np.array(list(made.events()), object), 200)]
    assert (
        panel(Log.of(row for rows in backwards for row in rows), "action", 3).without
        == panel(made, "action", 3).without[::-1]
    )
    drawn = {name for seed in range(20) for name in panel(made, "action", seed).without}
    assert drawn == set(made.agents)
    busy = Log.of(one for one in made.events() if one.agent in ("firm 3", "firm 20") or one.t < 150)
    assert not {"firm 3", "firm 20"} & set(panel(busy, "action").without)


def test_followed_many_agents_have_evidence_of_their_own():
    made, live = ring(3, count=320), Screens().follow()
    for start in range(0, len(made), 800):
        found = live.read(made.take(np.arange(start, min(start + 800, len(made)))))
    assert {len(one.who) for one in found} == {1}
    strong = {one.who[0]: one for one in found if one.e > 500}
    assert set(strong) == {"firm 15", "firm 16", "firm 17"}
    assert set(strong["firm 15"].numbers["pair"]) <= set(strong)


def test_of_many_who_are_alike_twelve_are_compared_and_the_others_counted():
    found = of(Screens(exchangeable=True)(ring(4, players=14, members=(0, 1), count=60)), "one rule")
    assert len(found) == 66
    assert "2 agents were not drawn" in found[0].sentence


@pytest.mark.parametrize("given", [{"competitive": 1.0}, {"competitive": 2.0, "monopoly": 1.0}, {"floor": 1.0}])
def test_levels_that_cannot_be(given):
    with pytest.raises(InputError):
        Screens(**given)


def test_the_same_seed_gives_the_same_readings():
    rows = log(sellers(1, 0.5))
    assert Screens()(rows, 3) == Screens()(rows, 3)
