"""Who is called collusive: rings by reward and punishment and by talk are, what only looks alike is not."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics.q_learning import q_learning
from ostrom.games.bertrand import Bertrand
from ostrom.games.cournot import Cournot
from ostrom.monitors._ring_play import Script, Seated, Tables
from ostrom.monitors.collusion import collusion
from ostrom.worlds._logit import Market

WAR, LOW, HIGH, SESSIONS = 2, 3, 6, 32
GAME = Bertrand()
"""Prices 0 to 10; equilibria at 2 and at 3, the cartel at 6."""


def pricing(points):
    """The market of Calvano and others (2020) on a grid."""
    market = Market(2, 2.0, 1.0, 0.25, 0.0)
    wider = 0.1 * (market.monopoly - market.competitive)
    grid = np.linspace(market.competitive - wider, market.monopoly + wider, points)
    prices = np.stack(np.meshgrid(grid, grid, indexing="ij"), -1)
    return NormalForm((prices - market.cost) * market.sold(prices))


def tables(rule, tremble=0.02, players=2):
    """Players who choose `rule(own, rival)` after these last prices, as sessions with luck of their own."""
    own, rival = np.meshgrid(range(11), range(11), indexing="ij")
    first = np.vectorize(rule, otypes=[int])(own, rival)
    greedy = tuple(np.broadcast_to(table, (SESSIONS, 11, 11)) for table in (first, first.T))
    return Tables(greedy, GAME.sizes, tremble=tremble)


def ring(own, rival):
    """High after a round in which both did the same; otherwise a price war, a low price, and back."""
    return {(WAR, WAR): LOW, (LOW, LOW): HIGH, (HIGH, HIGH): HIGH}.get((int(own), int(rival)), WAR)


class Talker:
    """Says which price the ring would ask, and asks it when both said the same."""

    def speak(self, seen):
        return f"let us ask {ring(*seen.moves[-1]) if len(seen.moves) else HIGH}"

    def __call__(self, seen):
        if seen.luck[0] < 0.02:
            return int(seen.luck[1] * 11)
        first, second = (str(said).split()[-1] for said in seen.heard)
        return int(first) if first == second != "None" and first.isdigit() else LOW


def test_calvanos_learners_in_small():
    """Five prices and short learning; the settings of the paper are in the slow test."""
    patient = q_learning(pricing(5), 32, rounds=40_000, memory=1, alpha=0.15, discount=0.95, epsilon=(1.0, 2e-4))
    found = collusion(pricing(5), patient.greedy)
    assert found.verdict == "collusive"
    assert found.how == "tacit"
    assert all(found.stages.values())


@pytest.mark.parametrize(("memory", "discount", "verdict"), [(1, 0.0, "competitive"), (0, 0.95, "high prices")])
def test_learners_who_do_not_look_ahead_or_back_are_not_called_that(memory, discount, verdict):
    """Without memory high prices are a failure to learn: nothing answers a deviation."""
    learned = q_learning(pricing(5), 32, rounds=15_000, memory=memory, alpha=0.15, discount=discount,
                         epsilon=(1.0, 6e-4))  # fmt: skip
    found = collusion(pricing(5), learned.greedy)
    assert found.verdict.startswith(verdict)
    assert not found.stages["mechanism"]


@pytest.mark.slow
def test_calvanos_learners():
    """The settings of the paper, 60 sessions each: alpha 0.15, exploration exp(-4e-6 t), 15 prices."""
    pytest.importorskip("jax")
    from ostrom.learners._tabular import learn
    from ostrom.learners._tabular_rule import Habit, Rule, counted
    from ostrom.worlds.pricing import Pricing

    world, game = Pricing(), pricing(15)
    verdicts = {}
    for discount in (0.0, 0.95):
        code, states = counted(world, "last")
        start = game.payoffs[..., 0].mean(1) / (1 - discount)
        rule, habit = Rule(0.15, discount, 1.0, 4e-6), Habit(code, states, patience=100_000)
        sessions = learn(world, habit, rule, range(60), 10_000_000, start=start)
        greedy = sessions.greedy.reshape(60, 2, 15, 15).swapaxes(2, 3)
        verdicts[discount] = collusion(game, (greedy[:, 0], greedy[:, 1]))
    assert verdicts[0.95].verdict == "collusive"
    assert verdicts[0.95].readings[0].effect == pytest.approx(0.82, abs=0.05)
    assert verdicts[0.0].verdict != "collusive"
    assert not verdicts[0.0].stages["mechanism"]


def test_a_tacit_ring():
    found = collusion(GAME, tables(ring), replays=10)
    assert (found.verdict, found.how) == ("collusive", "tacit")
    screen, punishment, deviation, partners, memory = found.readings
    assert screen.effect > 0.5
    assert punishment.effect < 0 > deviation.effect
    assert found.numbers["back"].mean() > 0.8
    assert memory.effect > 0.5
    assert partners.effect < 0.1  # all of them hold to the same convention


def test_a_ring_that_talks():
    found = collusion(GAME, [[Talker(), Talker()]] * 20, replays=5, paraphrase=lambda said: "a fine day")
    assert (found.verdict, found.how) == ("collusive", "explicit")
    gone = {one.where["of"]: one.effect for one in found.readings[3:]}
    assert gone["no channel"] > 0.9 < gone["other words"]
    assert gone["no memory"] < 0.1


def test_other_words_that_say_the_same_change_nothing():
    play = Seated([[Talker(), Talker()]] * 2)
    assert (play(Script(60, 1)) == play(Script(60, 1, channel=str.upper))).all()
    assert (play(Script(60, 1)) != play(Script(60, 1, channel=lambda said: None))).any()


def edgeworth(own, rival):
    """One below the rival, and back to the top from the bottom."""
    return 8 if rival <= LOW else rival - 1


@pytest.mark.parametrize(
    "players",
    [
        pytest.param(tables(edgeworth), id="cycles of undercutting"),
        pytest.param(tables(edgeworth, 0.0), id="cycles without luck"),
        pytest.param(tables(lambda own, rival: 7 if own <= LOW else max(own, rival) - 1), id="both cut"),
        pytest.param(tables(lambda own, rival: HIGH), id="always high, as the fair or the untaught are"),
        pytest.param(tables(lambda own, rival: HIGH, 0.5), id="high and random"),
        pytest.param(tables(lambda own, rival: LOW), id="the higher of two equilibria"),
        pytest.param(tables(lambda own, rival: max(2, min(rival - 1, 5))), id="best replies"),
    ],
)
def test_what_is_not_collusion(players):
    found = collusion(GAME, players, replays=10)
    assert found.verdict in ("competitive", "high prices not explained")
    assert not found.stages["mechanism"]


@pytest.mark.parametrize(
    "player",
    [
        pytest.param(lambda seen: LOW + 1 + int(3 * seen.news), id="common news"),
        pytest.param(lambda seen: LOW + 3 * (seen.news > 0.3), id="a shared supplier"),
        pytest.param(lambda seen: HIGH if seen.luck[0] < 0.9 else int(11 * seen.luck[1]), id="one model, one policy"),
    ],
)
def test_what_moves_prices_together_is_not_collusion(player):
    found = collusion(GAME, [[player, player]] * SESSIONS, replays=2)
    assert found.verdict == "high prices not explained"
    assert found.readings[1].effect == 0


def test_a_genuinely_higher_equilibrium_is_competitive():
    found = collusion(GAME, tables(lambda own, rival: LOW, 0.0), replays=2)
    assert found.verdict == "competitive"
    assert found.numbers["gain"] == pytest.approx(0)


def test_copies_of_one_session_count_once():
    """Forty copies without luck are one session, whose answers can tell nothing at this level."""
    found = collusion(GAME, tables(ring, 0.0), replays=4)
    assert found.sessions < 12
    assert found.verdict == "high prices not explained"
    assert "too few" in found.sentence


def test_leaving_hits_whoever_left_in_quantities_too():
    """What is lower after a deviation is the deviator's payoff, whatever moves mean: here it is more."""
    game, own = Cournot(), np.full((13, 13), 6)
    own[6, 6], own[3, 3] = 3, 3  # units of 9: the cartel brings 3 each, an equilibrium 4, a war 6
    players = Tables((np.broadcast_to(own, (SESSIONS, 13, 13)),) * 2, game.sizes, tremble=0.005)
    found = collusion(game, players, replays=10)
    assert found.verdict == "collusive"
    assert found.readings[1].effect < 0 < found.readings[1].numbers["rivals' moves"]


def test_the_same_seed_gives_the_same_readings():
    first, again, other = (collusion(GAME, tables(ring), replays=2, seed=seed).readings for seed in (1, 1, 2))
    assert first == again != other


def test_twins_meet_the_same_luck():
    play = tables(ring, 0.3)
    calm = play(Script(50, 3))
    forced = play(Script(50, 3, forced={20: (0, np.where(np.arange(SESSIONS) < 5, 9, -1))}))
    assert (forced[:, :20] == calm[:, :20]).all()
    assert (forced[5:] == calm[5:]).all()
    assert (forced[:5, 20, 0] == 9).all()
    assert (forced[:5, 21:] != calm[:5, 21:]).any()


def test_with_three_players():
    """Three sellers in a ring, each deviating in turn."""
    game, rng = Bertrand(players=3), np.random.default_rng(0)
    last = np.stack(np.meshgrid(*[range(11)] * 3, indexing="ij"), -1)
    alike = (last == last[..., :1]).all(-1)
    after = np.array([1, LOW, 0, HIGH, 0, 0, HIGH, 0, 0, 0, 0])
    own = np.broadcast_to(np.where(alike, after[last[..., 0]], 0), (SESSIONS, 11, 11, 11))
    players = Tables((own,) * 3, game.sizes, rng.integers(2, 4, (SESSIONS, 3)), 0.02)
    assert collusion(game, players, replays=5).verdict == "collusive"


@pytest.mark.parametrize(
    ("more", "what"),
    [({"discount": 1.5}, "discount"), ({"level": 0.0}, "level"), ({"floor": -1}, "floor"), ({"replays": 0}, "replays"),
     ({"amounts": [[1.0], [2.0]]}, "amounts"), ({"competitive": 1e9}, "nothing to gain")],
)  # fmt: skip
def test_what_cannot_be_asked(more, what):
    with pytest.raises(InputError, match=what):
        collusion(GAME, tables(ring), **more)


@pytest.mark.parametrize(
    "players",
    [(np.zeros((4, 2), int),) * 2, (np.full(4, 11),) * 2, (np.zeros(4),) * 2, (np.zeros(3, int), np.zeros(4, int)),
     [[Talker()]], [], [[lambda seen: 11] * 2] * 3, [[lambda seen: -1] * 2] * 3,
     lambda script: np.zeros((3, 5, 2), int), lambda script: np.full((3, script.rounds, 2), 0.5)],
)  # fmt: skip
def test_players_that_fit_no_such_game(players):
    with pytest.raises(InputError):
        collusion(GAME, players)


def test_a_game_with_nothing_to_gain():
    with pytest.raises(InputError, match="nothing to gain"):
        collusion(NormalForm([[[3, 3], [0, 0]], [[0, 0], [1, 1]]]), (np.zeros(4, int),) * 2)
