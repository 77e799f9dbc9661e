"""Predictions of recorded mechanisms: tables by playing them out, agents that were planted, arms that depart."""

import gzip
import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom import NormalForm
from ostrom.core.errors import InputError, UnknownName
from ostrom.diagnosis._log_agents import Agents, averaged, unit_of
from ostrom.diagnosis._log_forecast import forecast
from ostrom.diagnosis._log_governed import Mediated, Reciprocal, Rules, fallback, fines, target
from ostrom.diagnosis._log_scores import ALL_IN, REGARDING, SELFISH, UNCHANGED
from ostrom.diagnosis._log_settle import settle
from ostrom.diagnosis.predicted_arms import predict_arms
from ostrom.formats.coopeval import Cell, round_weights
from ostrom.institutions.mediator import Mediator
from ostrom.solvers.logit import logit

DILEMMA = NormalForm([[[2, 2], [0, 3]], [[3, 0], [1, 1]]], moves=("COOPERATE", "DEFECT"))
STAG = NormalForm([[[5, 5], [0, 3]], [[3, 0], [3, 3]]], moves=("STAG", "HARE"))
TRUST = NormalForm([[[10, 10], [0, 20]], [[6, 2], [4, 4]]], moves=("GIVE", "KEEP"))
KEEPS = np.moveaxis(np.indices((2, 2, 2)), 0, -1)
POOL = NormalForm(KEEPS + (1 - KEEPS).sum(-1, keepdims=True) / 2, moves=("CONTRIBUTE", "FREE_RIDE"))
ALONE = np.ones((1, 1))


def alike(precision, regard=0.0):
    return Agents(("a",), np.array([precision], float), np.array([regard], float))


def cell(base, mechanism, rounds=1, discount=1.0):
    return Cell("cell", "game", mechanism, mechanism, base, rounds, discount)


# The game under each mechanism


@given(st.integers(0, 10**6), st.sampled_from([(2, 3), (2, 2, 3)]))
def test_averages_are_what_the_game_itself_expects(seed, sizes):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.normal(size=(*sizes, len(sizes))))
    mixture = tuple(rng.dirichlet(np.ones(size), 4) for size in sizes)
    for seat, own in enumerate(game.deviation_payoffs(mixture)):
        np.testing.assert_allclose(averaged(game.payoffs[None], mixture, seat)[..., seat], own, atol=1e-12)
    np.testing.assert_allclose(averaged(game.payoffs[None], mixture), game.expected_payoffs(mixture), atol=1e-12)


@pytest.mark.parametrize(("base", "together", "alone"), [(DILEMMA, "COOPERATE", "DEFECT"), (STAG, "STAG", "HARE")])
def test_the_mediated_game_is_that_of_the_institution(base, together, alone):
    rules = Mediated(base)
    uniform = tuple(np.full((1, size), 1 / size) for size in rules.sizes)
    np.testing.assert_array_equal(rules.table(uniform)[0], base.under(Mediator(together, alone)).payoffs)


def test_a_mediator_of_three_needs_all_three():
    rules = Mediated(POOL)
    table = rules.table(())[0]
    np.testing.assert_array_equal(table, POOL.under(Mediator("CONTRIBUTE", "FREE_RIDE")).payoffs)
    assert table[2, 2, 2].tolist() == [1.5] * 3
    assert table[2, 2, 0].tolist() == POOL.payoffs[1, 1, 0].tolist()


def test_what_all_should_do_and_what_is_safe():
    assert (target(DILEMMA), fallback(DILEMMA)) == ((0, 0), (1, 1))
    assert (target(STAG), fallback(STAG)) == ((0, 0), (1, 1))
    assert (target(TRUST), fallback(TRUST)) == ((0, 0), (1, 1))  # (GIVE, KEEP) adds up to as much, all for one
    assert (target(POOL), fallback(POOL)) == ((0, 0, 0), (1, 1, 1))


@pytest.mark.parametrize("base", [DILEMMA, TRUST, POOL])
def test_the_fines_leave_only_the_target_worth_doing(base):
    paid = fines(base)
    np.testing.assert_allclose(paid.sum(-1), 0, atol=1e-12)
    assert not paid[target(base)].any()
    for seat, move in enumerate(target(base)):
        own = np.moveaxis((base.payoffs + paid)[..., seat], seat, 0)
        assert (own[move] > np.delete(own, move, 0)).all()


def played_out(base, chosen, rounds, discount):
    """Points per round of one group that stays together, choice by choice; the last index is to reciprocate."""
    aim, safe, spoilt, total = target(base), fallback(base), set(), 0.0
    for weight in round_weights(rounds, discount):
        made = []
        for seat, choice in enumerate(chosen):
            part = safe[seat] if spoilt - {seat} else aim[seat]
            made.append(part if choice == base.sizes[seat] else choice)
        total = total + weight * base.payoffs[tuple(made)]
        justified = [choice == base.sizes[seat] for seat, choice in enumerate(chosen)]
        spoilt |= {seat for seat, move in enumerate(made) if move != aim[seat] and not justified[seat]}
    return total


@pytest.mark.parametrize("base", [DILEMMA, STAG, TRUST, POOL])
@pytest.mark.parametrize(("rounds", "discount"), [(1, 1.0), (3, 0.5), (15, 0.8)])
def test_reciprocity_is_what_playing_it_out_gives(base, rounds, discount):
    table = Reciprocal(base, round_weights(rounds, discount), spoiled=False).table(())[0]
    for chosen in product(*(range(size + 1) for size in base.sizes)):
        np.testing.assert_allclose(table[chosen], played_out(base, chosen, rounds, discount), atol=1e-12)


@pytest.mark.parametrize("base", [DILEMMA, POOL])
def test_images_are_what_a_large_population_shows(base):
    """Strangers meet every round and know only what the others did last: 60,000 of them in every seat, played out."""
    rng, seats, people, rounds, discount = np.random.default_rng(0), len(base.sizes), 60_000, 4, 0.7
    odds = np.array([0.3, 0.2, 0.5])
    kind = rng.choice(3, p=odds, size=(seats, people))
    image, total = np.ones((seats, people), bool), np.zeros((seats, people))
    for weight in round_weights(rounds, discount):
        order = np.stack([rng.permutation(people) for _ in range(seats)])
        met, who = np.take_along_axis(image, order, 1), np.take_along_axis(kind, order, 1)
        others = np.stack([np.delete(met, seat, 0).all(0) for seat in range(seats)])
        made = np.where(who == 2, np.where(others, 0, 1), who)
        points = base.payoffs[tuple(made)].T
        for seat in range(seats):
            total[seat, order[seat]] += weight * points[seat]
            image[seat, order[seat]] = made[seat] == 0
    belief = tuple(odds[None] for _ in range(seats))
    table = Reciprocal(base, round_weights(rounds, discount), spoiled=True).table(belief)
    for seat, choice in product(range(seats), range(3)):
        worth = averaged(table, belief, seat)[0, choice, seat]
        assert worth == pytest.approx(total[seat, kind[seat] == choice].mean(), abs=0.02)


def test_a_spoilt_image_makes_reciprocity_worth_less():
    """Among many who never do their part, only who is known for reasons keeps the others' cooperation."""
    belief = tuple(np.array([[0.0, 0.4, 0.6]]) for _ in range(2))
    seen = round_weights(15, 0.8)
    known, spoilt = (Reciprocal(DILEMMA, seen, s).table(belief) for s in (False, True))
    assert averaged(known, belief, 0)[0, 2, 0] > averaged(spoilt, belief, 0)[0, 2, 0] + 0.2


# What a population settles on


@pytest.mark.parametrize("base", [DILEMMA, STAG, TRUST])
@pytest.mark.parametrize("precision", [0.3, 1.0])
def test_agents_who_are_alike_settle_in_the_logit_equilibrium(base, precision):
    settled = settle(Rules(base).table, base.sizes, alike(precision), ALONE, unit_of(base))
    (found,) = logit(base, precision / unit_of(base)).points
    for own, known in zip(settled.mean, found, strict=True):
        np.testing.assert_allclose(own[0], known, atol=1e-6)
    assert settled.moved == 0


def test_regard_for_others_changes_what_is_played():
    """At w = 1/3 both moves of the dilemma are worth the same: each costs one what it brings the other twice."""
    settled = settle(Rules(DILEMMA).table, (2, 2), alike(50, 1 / 3), ALONE, unit_of(DILEMMA))
    np.testing.assert_allclose(settled.mean[0], [[0.5, 0.5]], atol=1e-6)
    kind = settle(Rules(DILEMMA).table, (2, 2), alike(50, 0.5), ALONE, unit_of(DILEMMA))
    assert kind.mean[0][0, 0] > 0.999


SPOILT = Reciprocal(POOL, round_weights(4, 0.7), spoiled=True)


@pytest.mark.parametrize("made", [Rules(DILEMMA), Mediated(STAG), SPOILT])
def test_one_seat_stands_for_all_where_they_are_alike(made):
    """Settling every seat by itself comes to the same, row by row: also whichever rests first."""
    base = made.base
    assert made.alike
    agents = Agents(("a", "b"), np.array([0.3, 2.0]), np.array([0.1, 0.0]))
    weights = np.array([[0.5, 0.5], [1.0, 0.0], [0.1, 0.9]])
    one = settle(made.table, made.sizes, agents, weights, unit_of(base), alike=True)
    every = settle(made.table, made.sizes, agents, weights, unit_of(base))
    rows = [settle(made.table, made.sizes, agents, row[None], unit_of(base)) for row in weights]
    for seat in range(len(base.sizes)):
        np.testing.assert_allclose(one.mean[seat], every.mean[seat], atol=1e-9)
        np.testing.assert_allclose(every.odds[seat], np.vstack([row.odds[seat] for row in rows]), atol=1e-9)
    np.testing.assert_allclose(every.moved, np.concatenate([row.moved for row in rows]), atol=1e-9)


def test_seats_that_differ_are_not_taken_as_alike():
    assert not Rules(TRUST).alike


def test_a_crowd_that_cannot_come_to_rest_says_so():
    """Near-perfect players of matching pennies chase each other: the mean comes near one half, and is still moving."""
    tilted = NormalForm([[[1.5, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    settled = settle(Rules(tilted).table, (2, 2), alike(1000), ALONE, unit_of(tilted))
    assert settled.moved > 0
    assert settled.mean[0][0, 0] == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("base", [DILEMMA, TRUST, POOL])
def test_contracts_of_sharp_and_of_blind_agents(base):
    sharp, blind = (forecast(cell(base, "contracting"), alike(precision), ALONE) for precision in (200, 0))
    assert sharp is not None
    assert blind is not None
    assert sharp.points[0] == pytest.approx(base.payoffs.mean(-1).max(), abs=1e-6)
    assert blind.points[0] == pytest.approx(base.payoffs.mean(), abs=1e-12)


def test_a_contract_by_hand():
    """A fine of 3 turns the lead of defecting, 1, into one of 2 for cooperating; points are 1 + the share who do.

    Signing brings what the contract would, if the other signs, too: s = σ(λ s (bound - loose)), from one half on.
    """
    precision = 0.4 / unit_of(DILEMMA)
    bound, loose, sign = 1 / (1 + np.exp(-2 * precision)), 1 / (1 + np.exp(precision)), 0.5
    for _ in range(500):
        sign = 1 / (1 + np.exp(-precision * sign * (bound - loose)))
    found = forecast(cell(DILEMMA, "contracting"), alike(0.4), ALONE)
    assert found is not None
    assert found.points[0] == pytest.approx(1 + loose + sign**2 * (bound - loose), abs=1e-6)


def test_what_is_not_modelled_is_not_predicted():
    assert forecast(cell(DILEMMA, "divination"), alike(1), ALONE) is None


# Whole folders

MODELS = {"x/sharp": (3.0, 0.0), "x/kind": (1.2, 0.2), "x/dull": (0.4, 0.1), "x/plain": (1.6, 0.05)}
GAMES = {
    "prisoners_dilemma": (DILEMMA, "PrisonersDilemma", ("CC", "CD", "DC", "DD")),
    "stag_hunt": (STAG, "StagHunt", ("SS", "SH", "HS", "HH")),
}


def choose(table, size, unit):
    """What the planted agents do in a symmetric game of two, agent by agent, from blind chance on."""
    odds = {name: np.full(size, 1 / size) for name in MODELS}
    for _ in range(250):
        mean = np.mean(list(odds.values()), axis=0)
        for name, (precision, regard) in MODELS.items():
            felt = [
                sum(mean[b] * ((1 - regard) * table[a, b, 0] + regard * table[a, b, 1]) for b in range(size))
                for a in range(size)
            ]
            weight = np.exp(np.array(felt) * precision / unit)
            odds[name] = 0.9 * odds[name] + 0.1 * weight / weight.sum()
    return odds


class Records:
    """Writes records of the planted agents, each meeting once, with their mean points."""

    def __init__(self, path):
        self.path, self.lines = path, {}

    def arm(self, game, mechanism, odds, table, stated=False, **settings):
        base, kind, keys = GAMES[game]
        matrix = {key: base.payoffs[k // 2, k % 2].tolist() for k, key in enumerate(keys)}
        config = {"type": kind, "kwargs": {"payoff_matrix": matrix}}
        rules = {"type": mechanism, "kwargs": settings}
        name = {"cell": f"{game}x{mechanism}", "game": game, "mechanism": mechanism, "variant": mechanism}
        self.add("configs", **name, config={"game": config, "mechanism": rules})
        for matchup, pair in enumerate(product(odds, repeat=2)):
            points = np.einsum("a,b,abp->p", odds[pair[0]], odds[pair[1]], table).tolist()
            agents = [f"{model}(IO)" for model in pair]
            self.add("payoffs", cell=name["cell"], discount=1.0, seat_agents=agents, payoffs=[[points]])
            for seat in range(2) if stated else ():
                probs = {f"A{k}": 100 * float(share) for k, share in enumerate(odds[pair[seat]])}
                place = {"cell": name["cell"], "matchup": matchup, "round": 0, "seat": seat + 1, "mode": "IO"}
                move = base.moves[0][0]
                self.add("plays", **place, model=pair[seat], action=move, points=0.0, probs=probs)
        return self

    def bare(self, game):
        base = GAMES[game][0]
        return self.arm(game, "no_mechanism", choose(base.payoffs, 2, unit_of(base)), base.payoffs, stated=True)

    def mediated(self, game):
        base = GAMES[game][0]
        table = np.zeros((3, 3, 2))
        for a, b in product(range(3), repeat=2):
            done = (0, 0) if (a, b) == (2, 2) else (1 if a == 2 else a, 1 if b == 2 else b)
            table[a, b] = base.payoffs[done]
        return self.arm(game, "mediation", choose(table, 3, unit_of(base)), table)

    def add(self, file, **row):
        self.lines.setdefault(file, []).append(json.dumps(row))

    def predict(self, *args, **options):
        for file, lines in self.lines.items():
            (self.path / f"{file}-r1.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
        return predict_arms(self.path, *args, **options)


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path)


def test_planted_agents_are_found_and_their_mechanisms_predicted(records):
    for game in GAMES:
        records.bare(game).mediated(game)
    found = records.predict()
    planted = [MODELS[name.removesuffix("(IO)")] for name in found.agents[REGARDING].names]
    np.testing.assert_allclose(found.agents[REGARDING].precision, [p for p, _ in planted], rtol=1e-4)
    np.testing.assert_allclose(found.agents[REGARDING].regard, [w for _, w in planted], atol=1e-9)
    assert not found.agents[SELFISH].regard.any()
    for row in (*found.fitted, *found.rows):
        assert row.predicted[REGARDING].value == pytest.approx(row.recorded.value, abs=0.01)
        assert row.hit() is True
    score = found.scores[0]
    assert (score.forecast, score.hits, score.arms) == (REGARDING, 2, 2)
    assert score.error.value < 0.01
    assert score.gained.value > 0.1
    assert (found.own, found.transferred) == (found.scores, ())
    assert [row.right_way() for row in found.rows] == [True, True]


def test_an_arm_that_departs_is_a_miss(records):
    """With a mediator everybody now defects all the more: nothing in their play without one foretells that."""
    records.bare("prisoners_dilemma").bare("stag_hunt").mediated("stag_hunt")
    worse = {name: np.array([0.01 * k, 1 - 0.01 * k]) for k, name in enumerate(MODELS)}
    records.arm("prisoners_dilemma", "mediation", worse, DILEMMA.payoffs)
    found = records.predict()
    rows = {row.cell.game: row for row in found.rows}
    assert [rows[game].hit() for game in GAMES] == [False, True]
    assert rows["prisoners_dilemma"].right_way() is False
    assert (found.scores[0].hits, found.scores[0].arms) == (1, 2)
    assert "A miss: of the prisoner's dilemma with a mediator" in str(found)
    assert "it went the other way" in str(found)


def test_predictions_do_not_look_at_what_is_predicted(records, tmp_path_factory):
    """The same records with other outcomes under the mechanism: the same predictions."""
    records.bare("prisoners_dilemma").mediated("prisoners_dilemma")
    other = Records(tmp_path_factory.mktemp("other")).bare("prisoners_dilemma")
    other.arm("prisoners_dilemma", "mediation", {name: np.array([0.0, 1.0]) for name in MODELS}, DILEMMA.payoffs)
    first, second = records.predict(), other.predict()
    assert first.rows[0].recorded != second.rows[0].recorded
    for name in (REGARDING, SELFISH, UNCHANGED, ALL_IN):
        assert first.rows[0].predicted[name] == second.rows[0].predicted[name]


def test_a_game_recorded_only_under_mechanisms_is_told_from_the_others(records):
    records.bare("stag_hunt").bare("prisoners_dilemma").mediated("prisoners_dilemma")
    records.lines["configs"] = [line for line in records.lines["configs"] if "prisoners_dilemmaxno" not in line]
    for file in ("payoffs", "plays"):
        records.lines[file] = [line for line in records.lines[file] if "prisoners_dilemmaxno" not in line]
    found = records.predict()
    (row,) = found.rows
    assert row.bare is None
    assert row.right_way() is None
    assert (found.own, found.transferred) == ((), found.scores)
    assert "from agents fitted to other games" in str(found)


def test_without_play_to_fit_there_is_no_prediction(records):
    records.mediated("prisoners_dilemma")
    with pytest.raises(InputError, match="No play without a mechanism"):
        records.predict()
    records.bare("stag_hunt")
    with pytest.raises(InputError, match="The level is 95"):
        records.predict(level=95)
    with pytest.raises(UnknownName):
        records.predict("medation")


def test_what_nothing_is_predicted_of_is_said(records):
    odds = dict.fromkeys(MODELS, np.array([0.5, 0.5]))
    found = records.bare("stag_hunt").arm("stag_hunt", "divination", odds, STAG.payoffs).predict()
    assert found.rows == found.scores == ()
    assert "Nothing is predicted of the stag hunt under divination" in str(found)


def test_findings_can_be_written_as_json_and_repeat(records):
    records.bare("prisoners_dilemma").mediated("prisoners_dilemma")
    one, two = (json.dumps([f.__dict__ for f in records.predict(seed=3).findings], allow_nan=False) for _ in range(2))
    assert one == two


# Real records

PUBLISHED = {
    "prisoners_dilemmaxmediation": (0.862, 0.833, True),
    "prisoners_dilemmaxreputation": (0.670, 0.358, True),
    "prisoners_dilemmaxabl_reputation_d07": (0.303, 0.467, True),
    "prisoners_dilemmaxabl_reputation_d09": (0.743, 0.406, False),
    "prisoners_dilemmaxabl_reputation_k2": (0.670, 0.540, True),
    "prisoners_dilemmaxabl_reputation_k4": (0.670, 0.414, True),
    "public_goodsxmediation": (0.770, 0.474, True),
    "public_goodsxreputation": (0.160, 0.102, True),
    "stag_huntxmediation": (0.867, 0.918, True),
    "stag_huntxreputation": (0.922, 0.969, True),
    "travellers_dilemmaxcontracting": (0.879, 0.710, True),
    "travellers_dilemmaxrepetition": (0.863, 0.359, False),
    "travellers_dilemmaxreputation_first_order": (0.720, 0.039, False),
    "trust_gamexcontracting": (0.841, 0.778, True),
    "trust_gamexrepetition": (0.636, 0.885, False),
    "trust_gamexreputation_first_order": (0.528, 0.666, True),
}
"""Cell -> predicted and recorded share of the possible gain, and whether that is a hit: as on the page."""


def agrees(row):
    told, seen, hit = PUBLISHED[row.cell.name]
    assert row.predicted[REGARDING].value == pytest.approx(told, abs=0.002)
    assert row.recorded.value == pytest.approx(seen, abs=0.002)
    assert row.hit() is hit


@pytest.mark.slow
def test_mediators_of_the_published_records(shared_data):
    found = predict_arms(shared_data / "coopeval", "mediation")
    assert len(found.rows) == 3
    for row in found.rows:
        agrees(row)


@pytest.mark.slow
def test_all_arms_of_the_published_records(shared_data):
    found = predict_arms(shared_data / "coopeval")
    assert {row.cell.name for row in found.rows} == set(PUBLISHED)
    for row in found.rows:
        agrees(row)
        assert row.moved[REGARDING] < 0.01
    ours, selfish, unchanged, all_in = found.scores
    assert [(s.hits, s.arms) for s in found.scores] == [(12, 16), (12, 16), (11, 16), (8, 16)]
    errors = [s.error.value for s in (ours, selfish, unchanged, all_in)]
    np.testing.assert_allclose(errors, [0.210, 0.209, 0.407, 0.402], atol=0.003)
    assert ours.gained.low is not None
    assert ours.gained.low < 0 < ours.gained.value  # five models do not show that it beats "no change"
    assert (ours.in_order, ours.pairs) == (8, 9)
    assert [(s[0].hits, s[0].arms) for s in (found.own, found.transferred)] == [(9, 10), (3, 6)]
