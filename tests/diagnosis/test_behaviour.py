"""Models of behaviour: planted parameters come back, planted models are told apart on games left out, people too."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis._behaviour_models import advantages
from ostrom.diagnosis.behaviour import Choices, compare_behaviour, fit_behaviour
from ostrom.dynamics import repeated_play
from ostrom.dynamics.tournament import tournament
from ostrom.formats.human_ipd import load_human_ipd
from ostrom.games import PrisonersDilemma

PLANTED = np.array([0.6, 0.9, 0.3, 0.45, 0.1])


def asked(seed, games=8, each=400):
    """Situations in several games, nobody having chosen yet."""
    rng = np.random.default_rng(seed)
    game = np.repeat(np.arange(games), each)
    table = np.stack([np.full(games, 3.0), rng.uniform(-2, 0.8, games), rng.uniform(3.2, 7, games), np.ones(games)], -1)
    continues = rng.uniform(0, 0.95, games)[game]
    first = rng.random(len(game)) < 0.2
    own, other = (np.where(first, np.nan, rng.integers(0, 2, len(game))) for _ in range(2))
    return Choices(game, np.zeros(len(game), bool), own, other, table[game], continues)


def drawn(seed, rule, **many):
    """Choices of people who cooperate with odds `rule(choices)`."""
    open_ = asked(seed, **many)
    return replace(open_, cooperated=np.random.default_rng([seed, 1]).random(len(open_.game)) < rule(open_))


def by_situation(choices):
    return PLANTED[choices.situation]


def by_payoffs(choices):
    """Memory one: greed deters in a first round, and good is answered by good."""
    greed = (choices.payoffs[:, 2] - 3) / 2
    base = np.array([2.0, 2.0, -1.0, -0.5, -2.0])[choices.situation]
    return 1 / (1 + np.exp(-(base - np.array([2.0, 0.5, 0, 0, 0])[choices.situation] * greed)))


def responsive(*planted):
    """People who follow payoffs with these weights (precision, and alpha and beta times it), and believe `PLANTED`."""

    def rule(choices):
        cells, cell = choices.cells
        return (1 / (1 + np.exp(-advantages(cells, PLANTED)[:, : len(planted)] @ planted)))[cell]

    return rule


FOLLOWING, AVERSE = responsive(1.2), responsive(0.8, 0.3, 0.6)


def test_rates_by_situation_are_the_shares():
    choices = drawn(0, by_situation)
    found = fit_behaviour(choices, "last_move")
    shares = [choices.cooperated[choices.situation == k].mean() for k in range(5)]
    assert [value for value, _, _ in found.parameters.values()] == pytest.approx(shares, abs=1e-6)
    assert fit_behaviour(choices, "rate").parameters["rate"][0] == pytest.approx(choices.cooperated.mean(), abs=1e-6)
    for (value, low, high), planted in zip(found.parameters.values(), PLANTED, strict=True):
        assert low < value < high
        assert abs(value - planted) < high - low


@pytest.mark.parametrize("model", ["last move", "logit", "fehr schmidt"])
def test_the_fit_is_the_maximum_that_scipy_finds(model):
    """Choice by choice, not counted in cells."""
    choices = drawn(1, AVERSE, each=100)
    found = fit_behaviour(choices, model)
    cells, cell = choices.cells
    x, sign = found.weights.features(cells)[cell], np.where(choices.cooperated, 1, -1)
    best = minimize(lambda w: np.logaddexp(0, -sign * (x @ w)).mean(), np.zeros(x.shape[1]), method="BFGS", tol=1e-9)
    assert found.score == pytest.approx(best.fun, abs=1e-7)
    assert found.weights.values == pytest.approx(best.x, abs=2e-3)


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_what_cooperating_promises_is_summed_over_rounds_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    choices, rates = asked(seed, games=2, each=1), rng.random(5)
    cells, _ = choices.cells
    found = advantages(cells, rates)
    mirrored = {0: 0, 1: 1, 2: 3, 3: 2, 4: 4}
    for row in range(len(cells.made)):
        reward, sucker, temptation, punishment = cells.payoffs[row]
        apart, unit, delta = temptation - sucker, reward - punishment, cells.continues[row]
        stage = {1: (reward, 0, 0), 2: (sucker, -apart, 0), 3: (temptation, 0, -apart), 4: (punishment, 0, 0)}

        def ahead(odds, stage=stage, delta=delta):
            """Of odds of the joint moves now, the sum of what is to come."""
            total, weight = np.zeros(3), 1.0
            while weight > 1e-12:
                total += weight * sum(odds[s] * np.array(stage[s]) for s in odds)
                new = dict.fromkeys(odds, 0.0)
                for s, mine, theirs in itertools.product(odds, (1, 0), (1, 0)):
                    a, b = rates[s], rates[mirrored[s]]
                    new[4 - 2 * mine - theirs] += odds[s] * (a if mine else 1 - a) * (b if theirs else 1 - b)
                odds, weight = new, weight * delta
            return total

        b = rates[mirrored[int(cells.situation[row])]]
        wanted = ahead({1: b, 2: 1 - b, 3: 0, 4: 0}) - ahead({1: 0, 2: 0, 3: b, 4: 1 - b})
        assert found[row] * unit == pytest.approx(wanted, abs=1e-8)


def test_matches_that_surely_go_on_have_a_limit():
    cells, _ = replace(asked(0), continues=np.ones(3200)).cells
    near, _ = replace(asked(0), continues=np.full(3200, 1 - 1e-5)).cells
    assert advantages(cells, PLANTED) == pytest.approx(advantages(near, PLANTED), abs=1e-3)
    assert np.isfinite(cells.covariates).all()
    assert cells.covariates[:, :3] == pytest.approx(near.covariates[:, :3], abs=1e-4)
    assert (cells.covariates[:, 3] == 0).all()
    assert near.covariates[:, 3].max() < 1e-3


def test_planted_parameters_come_back():
    """Precision 0.8, alpha 0.3 / 0.8 and beta 0.6 / 0.8, within their intervals; money alone has precision 1.2."""
    found = fit_behaviour(drawn(2, AVERSE, each=1500), "fehr schmidt", beliefs=PLANTED)
    for name, planted in {"precision": 0.8, "alpha": 0.375, "beta": 0.75}.items():
        value, low, high = found.parameters[name]
        assert low < planted < high
        assert value - low == pytest.approx(high - value)
        assert high - low < 0.4
    _, low, high = fit_behaviour(drawn(2, FOLLOWING), "logit", beliefs=PLANTED).parameters["precision"]
    assert low < 1.2 < high < low + 0.3


def test_intervals_of_ratios_hold_what_was_planted():
    held = np.zeros(3)
    for seed in range(60):
        found = fit_behaviour(drawn(seed, AVERSE, each=150), "fehr schmidt", beliefs=PLANTED).parameters
        held += [found[k][1] < v < found[k][2] for k, v in {"precision": 0.8, "alpha": 0.375, "beta": 0.75}.items()]
    assert held / 60 == pytest.approx([0.95] * 3, abs=0.07)


def test_planted_effects_come_back():
    """Per standard deviation of greed, -2 in a first round and nothing after DD."""
    choices = drawn(3, by_payoffs, games=20, each=1000)
    told = fit_behaviour(choices).parameters
    spread = ((choices.payoffs[:, 2] - 3) / 2).std()
    assert told["first × greed"][0] == pytest.approx(-2 * spread, abs=0.3)
    assert told["DD × greed"][0] == pytest.approx(0, abs=0.3)
    assert "in a first round, where greed lowers it" in fit_behaviour(choices).findings[0].sentence


@pytest.mark.parametrize(
    ("rule", "model"),
    [(by_payoffs, "memory one"), (AVERSE, "fehr schmidt"), (by_situation, "last move")],
)
def test_models_are_told_apart_on_games_they_did_not_see(rule, model):
    found = compare_behaviour(drawn(4, rule, games=10, each=600), beliefs=PLANTED)
    assert found.best == model
    assert model in found.findings[0].sentence
    assert found.gain(model, "rate").above_zero


def test_aversion_that_is_not_there_buys_nothing():
    """Logit is Fehr and Schmidt without aversion: it cannot lose by more than two idle parameters cost."""
    found = compare_behaviour(drawn(4, FOLLOWING, games=10, each=600), beliefs=PLANTED)
    assert found.best in ("logit", "fehr schmidt")
    assert abs(found.gain("fehr schmidt", "logit").value) < 1e-3
    assert found.gain("logit", "last move").above_zero


def test_what_chance_could_have_done_is_said():
    """People without memory: no model gains on one rate, and the sentence does not pretend."""
    found = compare_behaviour(drawn(5, lambda choices: np.full(len(choices.game), 0.4)))
    assert not any(found.gain(model, "rate").above_zero for model in found.models if model != "rate")
    assert "do not tell it from" in found.findings[0].sentence


def test_scores_are_those_of_leaving_games_out_by_hand():
    """One rate: the share in the other games, scored choice by choice."""
    choices = drawn(6, by_situation, games=4, each=50)
    found = compare_behaviour(choices, ["rate"])
    lost, squares = [], []
    for game in range(4):
        out = choices.game == game
        share = choices.cooperated[~out].mean()
        lost += [-math.log(share if y else 1 - share) for y in choices.cooperated[out]]
        squares += [(share - y) ** 2 for y in choices.cooperated[out]]
    assert found.log_loss[0] == pytest.approx(np.mean(lost), abs=1e-6)
    assert found.brier[0] == pytest.approx(np.mean(squares), abs=1e-6)
    assert found.by_game[0] == pytest.approx(np.reshape(lost, (4, 50)).mean(1), abs=1e-6)


def test_choices_of_a_left_out_game_do_not_count_for_its_odds():
    """Turning all choices of one game round changes nothing of what is foretold there."""
    choices = drawn(7, by_payoffs, games=5, each=200)
    turned = replace(choices, cooperated=np.where(choices.game == 2, ~choices.cooperated, choices.cooperated))
    one, two = (compare_behaviour(some) for some in (choices, turned))
    good = choices.cooperated[choices.game == 2]
    for k, model in enumerate(one.models):
        odds = fit_behaviour(choices.those(choices.game != 2), model).odds(choices.those(choices.game == 2))
        for found, made in ((one, good), (two, ~good)):
            assert found.by_game[k][2] == pytest.approx(-np.log(np.where(made, odds, 1 - odds)).mean())


def test_matches_that_hang_together_widen_intervals_to_the_truth():
    """People who each have a rate of their own, 20 choices each: intervals by match hold the mean rate."""
    held = {True: 0, False: 0}
    for seed in range(120):
        rng = np.random.default_rng(seed)
        rate, match = np.repeat(rng.beta(1, 1, 60), 20), np.repeat(np.arange(60), 20)
        empty, table = np.full(1200, np.nan), np.tile([3.0, 0, 5, 1], (1200, 1))
        some = Choices(match % 3, rng.random(1200) < rate, empty, empty, table, np.zeros(1200))
        for robust in held:
            _, low, high = fit_behaviour(replace(some, match=match if robust else None), "rate").parameters["rate"]
            held[robust] += low < 0.5 < high
    assert held[True] / 120 == pytest.approx(0.95, abs=0.05)
    assert held[False] / 120 < 0.75


def test_what_never_came_up_is_not_told():
    """First rounds of one kind of payoffs only: no other situation, no effect, no inequity is named."""
    rng, empty, table = np.random.default_rng(10), np.full(300, np.nan), np.tile([3.0, 0, 5, 1], (300, 1))
    some = Choices(rng.integers(0, 3, 300), rng.random(300) < 0.4, empty, empty, table, np.full(300, 0.5))
    assert fit_behaviour(some).findings[0].sentence.endswith("in a first round.")
    assert "CC" not in fit_behaviour(some, "last move").findings[0].sentence
    assert "open whether payoffs are followed" in fit_behaviour(some, "fehr schmidt").findings[0].sentence


def test_parts_are_drawn_by_the_seed():
    choices = drawn(8, by_situation, games=12, each=50)
    one, two, three = (compare_behaviour(choices, parts=4, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert one.log_loss != three.log_loss


def test_a_fitted_person_plays_repeated_games():
    found = fit_behaviour(drawn(9, by_situation), "last move")
    dilemma = PrisonersDilemma()
    person = found.automaton(dilemma, 0.9)
    assert person == found.automaton((3, 0, 5, 1), 0.9)
    assert person.memory_one_odds() == pytest.approx(found.memory_one(dilemma, 0.9)[1:])
    assert repeated_play(dilemma, [person, person]).payoffs[0] > 1
    played = tournament([person, "defector"], dilemma, turns=400, repetitions=50)
    alone = repeated_play(dilemma, [person, Automaton.pure([1], [[0, 0]])]).payoffs[0]
    assert played.payoffs[0, 1, 0] == pytest.approx(alone, abs=0.05)


COUNT = 4
GOOD = {
    "game": np.arange(COUNT), "cooperated": np.array([True, False, True, False]), "own": np.full(COUNT, np.nan),
    "other": np.full(COUNT, np.nan), "payoffs": np.tile([3.0, 0, 5, 1], (COUNT, 1)), "continues": np.zeros(COUNT),
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"own": np.zeros(3)},
        {"own": np.full(COUNT, 2.0)},
        {"own": np.zeros(COUNT)},
        {"match": np.zeros(3)},
        {"cooperated": np.full(COUNT, 2)},
        {"payoffs": np.ones((COUNT, 4))},
        {"payoffs": np.full((COUNT, 4), np.nan)},
        {"payoffs": np.ones((COUNT, 3))},
        {"continues": np.full(COUNT, np.inf)},
        {"continues": np.full(COUNT, 1.5)},
    ],
)
def test_what_are_no_choices_is_refused(wrong):
    with pytest.raises(InputError):
        Choices(**(GOOD | wrong))


def test_impossible_wishes_are_refused():
    with pytest.raises(UnknownName):
        fit_behaviour(Choices(**GOOD), "oracle")
    with pytest.raises(UnknownName):
        compare_behaviour(Choices(**GOOD), ["rate"]).gain("rate", "logit")
    with pytest.raises(InputError, match="alike"):
        fit_behaviour(Choices(**(GOOD | {"cooperated": np.ones(COUNT, bool)})))
    with pytest.raises(InputError, match="games"):
        compare_behaviour(Choices(**(GOOD | {"game": np.zeros(COUNT)})))
    with pytest.raises(InputError, match="five numbers"):
        fit_behaviour(Choices(**GOOD), "logit", beliefs=[0.5] * 4)
    with pytest.raises(InputError, match="parts"):
        compare_behaviour(Choices(**GOOD), parts=1)
    lopsided = NormalForm(np.arange(8).reshape(2, 2, 2), name="lopsided")
    with pytest.raises(InputError, match="alike"):
        fit_behaviour(Choices(**GOOD), "rate").automaton(lopsided, 0.5)


def test_people_are_foreseen_in_games_of_others(shared_data):
    """15 experiments of seven papers: by memory one better than by the round before alone, by selfish logit worst."""
    found = compare_behaviour(Choices(**load_human_ipd(shared_data / "human-ipd" / "decisions-even-games.csv.gz")))
    assert (sum(found.choices), len(found.games)) == (75_812, 15)
    losses = dict(zip(found.models, found.log_loss, strict=True))
    assert sorted(losses, key=losses.__getitem__) == ["memory one", "last move", "fehr schmidt", "logit", "rate"]
    assert losses["rate"] == pytest.approx(0.679, abs=0.001)
    assert losses["last move"] == pytest.approx(0.450, abs=0.001)
    assert found.gain("fehr schmidt", "logit").above_zero
