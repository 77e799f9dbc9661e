import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from ostrom.core.errors import InputError, UnknownName
from ostrom.diagnosis.behaviour import Choices, compare_behaviour, fit_behaviour
from ostrom.dynamics import repeated_play
from ostrom.games import PrisonersDilemma

DATA = Path(__file__).parents[3] / "shared" / "data" / "human-ipd" / "decisions-even-games.csv.gz"


def drawn(seed, rule, games=6, each=400):
    """Choices of people who cooperate with odds `rule(situation, greed, fear, continues)` in several games."""
    rng = np.random.default_rng(seed)
    game = np.repeat(np.arange(games), each)
    table = np.stack([np.full(games, 3.0), rng.uniform(-1, 0.5, games), rng.uniform(3.2, 6, games), np.ones(games)], -1)
    continues = rng.uniform(0, 0.95, games)[game]
    first = rng.random(len(game)) < 0.2
    own, other = (np.where(first, np.nan, rng.integers(0, 2, len(game))) for _ in range(2))
    asked = Choices(game, np.zeros(len(game), bool), own, other, table[game], continues)
    odds = rule(asked)
    return Choices(game, rng.random(len(game)) < odds, own, other, table[game], continues)


def by_situation(asked):
    return np.array([0.6, 0.9, 0.3, 0.45, 0.1])[asked.situation]


def by_greed(asked):
    return 1 / (1 + np.exp(-(1.5 - 1.2 * asked.greed_and_fear[:, 0] + 1.0 * (asked.situation == 1))))


def averse(asked):
    """Logit choice of people who mind being ahead (beta 0.6) and repeat what they believe."""
    believed = np.where(np.isnan(asked.other), 0.5, asked.other)
    r, s, t, p = asked.payoffs.T
    cooperate = believed * r + (1 - believed) * s
    defect = believed * (t - 0.6 * (t - s)) + (1 - believed) * p
    return 1 / (1 + np.exp(2.0 * (defect - cooperate) / (r - p)))


def test_rates_by_situation_are_the_shares():
    choices = drawn(0, by_situation)
    found = fit_behaviour(choices, "last move")
    shares = [choices.cooperated[choices.situation == k].mean() for k in range(5)]
    assert [value for value, _, _ in found.parameters.values()] == pytest.approx(shares, abs=1e-5)
    for (value, low, high), planted in zip(found.parameters.values(), (0.6, 0.9, 0.3, 0.45, 0.1), strict=True):
        assert low < value < high
        assert abs(value - planted) < 3 * (high - low) / 1.96 / 2


def test_logistic_regression_is_scipys_maximum():
    choices = drawn(1, by_greed)
    found = fit_behaviour(choices, "last move")
    at = np.eye(5)[choices.situation]

    def lost(weights):
        return -np.where(choices.cooperated, -np.logaddexp(0, -at @ weights), -np.logaddexp(0, at @ weights)).sum()

    best = minimize(lost, np.zeros(5), method="BFGS")
    assert found.log_loss == pytest.approx(best.fun / len(at), abs=1e-6)


def test_planted_aversion_is_recovered():
    found = fit_behaviour(drawn(2, averse, each=1500), "fehr schmidt")
    for name, planted in {"precision": 2.0, "alpha": 0.0, "beta": 0.6, "hope": 0.5}.items():
        value, low, high = found.parameters[name]
        assert low <= high
        assert value == pytest.approx(planted, abs=max(0.15, high - low))


@pytest.mark.parametrize(("rule", "model"), [(by_greed, "memory one"), (averse, "fehr schmidt")])
def test_models_are_told_apart_on_games_they_did_not_see(rule, model):
    found = compare_behaviour(drawn(3, rule))
    assert found.best == model
    assert model in found.findings[0].sentence
    assert found.log_loss[found.models.index("rate")] > min(found.log_loss)


def test_what_is_not_there_is_not_found():
    """Where only the situation counts, covariates buy nothing worth a hundredth."""
    found = compare_behaviour(drawn(4, by_situation))
    losses = dict(zip(found.models, found.log_loss, strict=True))
    assert losses["memory one"] > losses["last move"] - 0.01
    assert losses["rate"] > losses["last move"] + 0.1


def test_a_fitted_person_plays_repeated_games():
    found = fit_behaviour(drawn(5, by_situation), "last move")
    person = found.automaton((3, 0, 5, 1), 0.9)
    assert person.memory_one_odds() == pytest.approx(found.memory_one((3, 0, 5, 1), 0.9)[1:])
    assert repeated_play(PrisonersDilemma(), [person, person]).payoffs[0] > 1


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
        {"payoffs": np.ones((COUNT, 4))},
        {"payoffs": np.full((COUNT, 4), np.nan)},
        {"continues": np.full(COUNT, np.inf)},
        {"payoffs": np.ones((COUNT, 3))},
    ],
)
def test_what_are_no_choices_is_refused(wrong):
    with pytest.raises(InputError):
        Choices(**(GOOD | wrong))


def test_impossible_wishes_are_refused():
    with pytest.raises(UnknownName):
        fit_behaviour(Choices(**GOOD), "oracle")
    with pytest.raises(InputError, match="alike"):
        fit_behaviour(Choices(**(GOOD | {"cooperated": np.ones(COUNT, bool)})))
    with pytest.raises(InputError, match="games"):
        compare_behaviour(Choices(**(GOOD | {"game": np.zeros(COUNT)})))


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the decisions of people in repeated dilemmas are not here")
def test_people_are_foreseen_by_the_round_before():
    with gzip.open(DATA, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))

    def column(name):
        return np.array([float(row[name]) if row[name] else np.nan for row in rows])

    cooperated = np.array([row["my.decision"] == "coop" for row in rows])
    before = column("my.decision1"), column("other.decision1")
    payoffs, groups = np.stack([column(name) for name in "rstp"], -1), np.array([row["group"] for row in rows])
    found = compare_behaviour(Choices(groups, cooperated, *before, payoffs, column("delta")))
    losses = dict(zip(found.models, found.log_loss, strict=True))
    assert losses["memory one"] < losses["fehr schmidt"] < losses["rate"]
    assert losses["last move"] == pytest.approx(0.450, abs=0.005)
