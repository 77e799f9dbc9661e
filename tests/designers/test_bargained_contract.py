"""Bargained contracts: shares by SciPy and in closed form, damages by brute force, signing by induction by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from ostrom import games
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.designers._bargaining import divided
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.bargained_contract import bargained_contract
from ostrom.institutions.agreement import Agreement
from ostrom.solvers.pure_equilibria import pure_equilibria

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
SIGNED = "All signing and keeping the contract is a subgame-perfect outcome."


def random_game(seed, sizes, high=6):
    payoffs = np.random.default_rng(seed).integers(0, high, (*sizes, len(sizes)))
    return NormalForm(payoffs, moves=tuple(tuple("abc"[:n]) for n in sizes))


# Dividing a surplus


@st.composite
def limits(draw):
    count = draw(st.integers(2, 4))
    least = np.array([draw(st.integers(0, 4)) for _ in range(count)], float)
    most = least + np.array([draw(st.integers(1, 6)) for _ in range(count)])
    share = draw(st.floats(0.05, 0.95))
    weights = np.array([draw(st.integers(1, 3)) for _ in range(count)], float)
    return float(least.sum() + share * (most - least).sum()), least, most, weights / weights.sum()


@given(limits())
@settings(max_examples=25, deadline=None)
def test_the_nash_product_within_limits_by_scipy(case):
    surplus, least, most, weights = case
    found = divided(surplus, least, most, weights)
    start = least + (most - least) * (surplus - least.sum()) / (most - least).sum()
    answer = minimize(
        lambda g: -weights @ np.log(np.maximum(g, 1e-9)),
        np.maximum(start, 1e-6),
        bounds=list(zip(least, most, strict=True)),
        constraints={"type": "eq", "fun": lambda g: g.sum() - surplus},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 300},
    )
    assert found.sum() == pytest.approx(surplus)
    assert ((found >= least - 1e-9) & (found <= most + 1e-9)).all()
    assert weights @ np.log(found) >= -answer.fun - 1e-7
    assert found == pytest.approx(answer.x, abs=2e-3)
    assert divided(surplus, least, most, weights, "egalitarian") == pytest.approx(found)


@given(limits())
@settings(max_examples=25, deadline=None)
def test_kalai_and_smorodinsky_within_limits_by_linear_programs(case):
    """What each could have, by a program each; then the largest share of it that all have, by another."""
    surplus, least, most, _ = case
    count, box = len(least), list(zip(least, most, strict=True))
    sums = {"A_eq": np.ones((1, count)), "b_eq": [surplus], "bounds": box}
    ideal = np.array([-linprog(-np.eye(count)[i], **sums).fun for i in range(count)])
    found = divided(surplus, least, most, np.ones(count), "kalai-smorodinsky")
    share = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.column_stack([-np.eye(count), ideal]),
        b_ub=np.zeros(count),
        A_eq=np.append(np.ones(count), 0.0)[None],
        b_eq=[surplus],
        bounds=[*box, (0, None)],
    ).x[-1]
    assert found.sum() == pytest.approx(surplus)
    assert (found / ideal).min() == pytest.approx(share, abs=1e-7)


@given(st.floats(0.1, 50), st.lists(st.integers(1, 5), min_size=2, max_size=5))
@settings(max_examples=20, deadline=None)
def test_without_limits_everybody_gets_the_part_of_its_weight(surplus, raw):
    weights = np.array(raw) / sum(raw)
    for rule in ("nash", "egalitarian", "kalai-smorodinsky"):
        found = divided(surplus, np.zeros(len(raw)), np.full(len(raw), np.inf), weights, rule)
        assert found == pytest.approx(surplus * weights)


# The contract


def most_gained(payoffs, place):
    """Per player the most that it gains by leaving its part, whatever the others do, as `(against it, elsewhere)`."""
    found = []
    for i, part in enumerate(place):
        against, elsewhere = [-np.inf], [-np.inf]
        for joint in product(*map(range, payoffs.shape[:-1])):
            if joint[i] != part:
                gain = payoffs[(*joint, i)] - payoffs[(*joint[:i], part, *joint[i + 1 :], i)]
                kept = all(joint[k] == place[k] for k in range(len(place)) if k != i)
                (against if kept else elsewhere).append(gain)
        found.append((max(against), max(elsewhere)))
    return found


@pytest.mark.parametrize("seeds", [range(30), pytest.param(range(30, 200), marks=pytest.mark.slow)])
def test_shares_and_damages_by_hand(seeds):
    made = refused = 0
    for seed in seeds:
        game = random_game(seed, (3, 3) if seed % 2 else (2, 2, 2))
        count, rng = len(game.players), np.random.default_rng(seed)
        without, place = rng.integers(0, 4, count).astype(float), tuple(int(rng.integers(n)) for n in game.sizes)
        found = bargained_contract(game, game.labels(place), disagreement=without)
        surplus, lead = (game.payoffs[place] - without).sum(), 0.01 * Problem(game).scale
        if surplus <= 0:
            assert isinstance(found, Impossible)
            assert "nothing to divide" in found.because
            refused += 1
            continue
        made += 1
        assert found.numbers["surplus"] == pytest.approx(surplus)
        got = found.governed.payoffs[place]
        assert got - without == pytest.approx(np.full(count, surplus / count), abs=1e-6)
        pay = found.institution.pay
        assert sum(pay) == pytest.approx(0, abs=1e-12)
        for i, (against, elsewhere) in enumerate(most_gained(game.payoffs, place)):
            due = max(against - pay[i], elsewhere, -lead) + lead
            assert found.institution.damages[i] == pytest.approx(due, abs=lead / 50)
        assert max(max(pair) for pair in most_gained(found.governed.payoffs, place)) <= -lead + 1e-9
        assert found.governed.adds.sum(-1) == pytest.approx(0, abs=1e-9)
        assert {claim.verdict for claim in found.claims[:5]} == {"proved"}
    assert made > 0
    assert refused > 0


def after_signing(game, institution):
    """The payoffs of the game once all have signed, out of the two stages."""
    plays = game.under(institution).plays
    rows = plays.legal & (plays.moves["sign"] == 1).all(1)
    table = np.zeros(game.payoffs.shape)
    table[tuple(plays.moves["act"][rows].T)] = plays.payoffs[rows]
    return table


def stable(table):
    """Pure equilibria of a table of two players, from the definition."""
    return [
        (i, j)
        for i, j in product(*map(range, table.shape[:2]))
        if table[i, j, 0] >= table[:, j, 0].max() - 1e-9 and table[i, j, 1] >= table[i, :, 1].max() - 1e-9
    ]


def test_signing_by_hand():
    """Whoever would not sign is left with the worst that can follow without it; the table proposed is the real one."""
    found = {True: 0, False: 0}
    for seed in range(60):
        game, place = random_game(seed, (2, 2)), (seed % 2, seed // 2 % 2)
        made = bargained_contract(game, game.labels(place), disagreement=(1, 1) if seed % 3 else (2.5, 1))
        without = stable(game.payoffs)
        if isinstance(made, Impossible) or not without:
            continue
        table = after_signing(game, made.institution)
        assert np.allclose(table, made.governed.payoffs)
        worst = np.min([game.payoffs[at] for at in without], axis=0)
        expected = place in stable(table) and bool((table[place] >= worst - 1e-9).all())
        claim = next(claim for claim in made.claims if claim.statement == SIGNED)
        assert claim.verdict == ("proved" if expected else "refuted")
        found[expected] += 1
    assert min(found.values()) > 0


def test_over_its_worst_equilibrium_everybody_signs():
    """With that as the disagreement point, signing is subgame perfect and pays the bargained shares."""
    made = 0
    for seed in range(40):
        game = random_game(seed, (2, 3))
        found = bargained_contract(game, disagreement="equilibrium")
        without = [game.payoffs[place] for place in pure_equilibria(game).profiles]
        if isinstance(found, Impossible):
            assert (
                not without
                or np.min(without, axis=0).sum() >= game.payoffs.sum(-1).max() - 1e-9
                or "sign" in found.because
            )
            continue
        made += 1
        outcomes = game.under(found.institution).subgame_perfect()
        shares = np.min(without, axis=0) + found.numbers["surplus"] / 2
        assert any(np.allclose(point.payoffs, shares) for point in outcomes.points)
        assert next(claim for claim in found.claims if claim.statement == SIGNED).verdict == "proved"
    assert made > 10


@pytest.mark.parametrize("theta", [0, 0.99, 1.0, 1.01, 1.99, 2.0, 3.0])
def test_r8f_a_transfer_from_who_defects_alone(theta):
    """(C, C) is an equilibrium iff θ ≥ 2, and (D, D) stops being one iff θ > 1 (Christoffersen et al. 2023)."""
    table = after_signing(PD, Agreement(("C", "C"), (0, 0), (theta, theta)))
    assert ((0, 0) in stable(table), (1, 1) in stable(table)) == (theta >= 2, theta <= 1)
    reached = {
        point.payoffs for point in PD.under(Agreement(("C", "C"), (0, 0), (theta, theta))).subgame_perfect().points
    }
    assert ((3.0, 3.0) in reached) == (theta >= 2)


def test_r8f_the_designer_finds_it_and_the_optimum_is_reached():
    found = bargained_contract(PD, margin=1e-9, disagreement="equilibrium")
    assert found.size == pytest.approx(2, abs=1e-6)
    assert found.numbers["gain"] == {"player 1": 2, "player 2": 2}
    outcomes = PD.under(found.institution).subgame_perfect()
    assert max(outcomes.points, key=lambda point: sum(point.payoffs)).payoffs == (3.0, 3.0)


def test_r8f_an_asymmetric_promise_is_made_up_for():
    """(C, D) pays 0 and 5: 5/2 change hands, and each has 1.5 more than 1; with twice the power 3, and 2 more."""
    found = bargained_contract(PD, ("C", "D"))
    assert found.institution.pay.tolist() == [2.5, -2.5]
    assert found.effects.after == (2.5, 2.5)
    checked = {one.statement: one.answer for one in found.certificate(Problem(PD)).recheck()}
    assert checked["Nobody has less than without the contract."] == "confirmed"
    assert checked["What the players pay and receive sums to 0."] == "confirmed"
    assert "wrong" not in checked.values()
    assert found.numbers["gain from refusing"] == {"player 1": -1.5, "player 2": -1.5}
    strong = bargained_contract(PD, ("C", "D"), weights=(2, 1))
    assert strong.institution.pay.tolist() == [3, -3]
    outcomes = PD.under(strong.institution).subgame_perfect()
    assert (3.0, 2.0) in {tuple(np.round(point.payoffs, 9)) for point in outcomes.points}


def test_limits_bind_and_the_solutions_part():
    """With payments of up to 2.2, player 1 can get −1 + 2.2 over 1, and player 2 has the rest of 3."""
    kwargs = {"target": ("C", "D"), "disagreement": (1, 1)}
    nash = bargained_contract(PD, cap=2.2, **kwargs)
    assert list(nash.numbers["gain"].values()) == pytest.approx([1.2, 1.8])
    assert next(c.verdict for c in nash.claims if "more than 2.2" in c.statement) == "proved"
    smorodinsky = bargained_contract(PD, cap=2.2, rule="kalai-smorodinsky", **kwargs)
    # player 1 could have 1.2, player 2 all 3: shares 2 : 5
    assert list(smorodinsky.numbers["gain"].values()) == pytest.approx([6 / 7, 15 / 7])
    looser = bargained_contract(PD, cap=3.0, rule="kalai-smorodinsky", **kwargs)
    # player 1 could have −1 + 3 = 2, player 2 all 3: shares 2 : 3
    assert list(looser.numbers["gain"].values()) == pytest.approx([1.2, 1.8])
    assert list(bargained_contract(PD, cap=3.0, **kwargs).numbers["gain"].values()) == pytest.approx([1.5, 1.5])


def test_the_least_cap_is_named():
    """Damages of 2 and a margin for (C, C); below that nothing is agreed on, just above everything is."""
    found = bargained_contract(PD, ("C", "C"), cap=1.0)
    assert "2.05 are needed" in found.because
    assert isinstance(bargained_contract(PD, ("C", "C"), cap=2.0499), Impossible)
    assert isinstance(bargained_contract(PD, ("C", "C"), cap=2.05), Proposal)
    assert bargained_contract(PD, ("C", "C"), cap=2.05).needs.fine <= 2.05


@pytest.mark.parametrize("chance", [1.0, 0.5, 0.2])
@pytest.mark.parametrize("target", ["CC", "CD", "DC"])
def test_breaches_that_are_found_by_chance(chance, target):
    """Not found, a breach is paid like keeping it: with pay, expected payoffs are still better by the margin."""
    found = bargained_contract(PD, tuple(target), detection=chance, disagreement=(1, 1))
    place, pay, damages = PD.profile(tuple(target)), found.institution.pay, found.institution.damages
    for i, gains in enumerate(most_gained(PD.payoffs, place)):
        broken = gains[0] + (1 - chance) * pay[i] - chance * damages[i]
        assert broken <= pay[i] - 0.05 + 1e-9
        assert gains[1] - chance * damages[i] <= -0.05 + 1e-9  # nobody is paid where another has broken it, too
        against, elsewhere = ((gain + 0.05) / (chance if gain > -0.05 else 1) for gain in gains)
        assert damages[i] == pytest.approx(max(against - pay[i], elsewhere, 0), abs=1e-3)
    if chance < 1:
        assert next(c.verdict for c in found.claims if "chance" in c.statement) == "proved"
    if target == "CC":
        assert found.size == pytest.approx(2.05 / chance)


def test_an_equilibrium_needs_less_than_dominance():
    game = NormalForm([[[4, 4], [0, 5]], [[5, 0], [3, 3]]], moves=("C", "D"))
    dominant, kept = (bargained_contract(game, concept=concept) for concept in ("dominant", "equilibrium"))
    assert dominant.size == pytest.approx(3.05)
    assert kept.size == pytest.approx(1.05)


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 300), marks=pytest.mark.slow)])
def test_within_limits_by_linear_programs(seeds):
    """There are terms just when the program has some, and nobody who has more could pay one who has less."""
    made = refused = 0
    for seed in seeds:
        game, rng = random_game(seed, (2, 3) if seed % 2 else (2, 2, 2)), np.random.default_rng(seed)
        count, cap = len(game.players), float(rng.uniform(1, 6))
        place, without = tuple(int(rng.integers(n)) for n in game.sizes), rng.integers(0, 4, count)
        has, lead = game.payoffs[place], 0.01 * Problem(game).scale
        gains = most_gained(game.payoffs, place)
        if has.sum() <= without.sum():
            continue

        def possible(low, high, cap=cap, has=has, without=without, gains=gains, lead=lead, count=count):
            """Whether terms exist with pay in these bounds; variables are what each is paid, then its damages."""
            box = [(max(a, d - h, -cap), min(b, cap)) for a, b, d, h in zip(low, high, without, has, strict=True)]
            box += [(max(0.0, elsewhere + lead), cap) for _, elsewhere in gains]
            if any(a > b for a, b in box):
                return False
            due = [-(against + lead) for against, _ in gains]
            rows, total = -np.hstack([np.eye(count)] * 2), np.append(np.ones(count), np.zeros(count))[None]
            return linprog(np.zeros(2 * count), rows, due, total, [0.0], box).status == 0

        found = bargained_contract(game, game.labels(place), cap=cap, disagreement=without)
        if isinstance(found, Impossible) and "nothing to sign" in found.because:
            continue
        assert isinstance(found, Proposal) == possible([-cap] * count, [cap] * count)
        if isinstance(found, Impossible):
            refused += 1
            continue
        made += 1
        pay, more, little = found.institution.pay, has + found.institution.pay - without, 1e-3
        assert np.abs(found.governed.adds).max() <= cap + 1e-9
        for i, j in product(range(count), repeat=2):
            if more[i] > more[j] + 3 * little:
                moved = pay + little * (np.eye(count)[j] - np.eye(count)[i])
                assert not possible(moved - 1e-7, moved + 1e-7)
    assert made > 3
    assert refused > 3


# What a court can see


def seen(amounts, payoffs=PD.payoffs, moves=("C", "D"), name="catch"):
    return NormalForm(payoffs, moves=moves, facts=(Fact.of_own_move(name, "units", amounts),))


def test_what_cannot_be_told_apart_cannot_be_promised():
    """C and D catch the same: no contract on the catch keeps anybody from D, and nothing of the gain is reached."""
    assert bargained_contract(seen((1, 2)), observed=["catch"]).size == pytest.approx(2.05)
    blind = bargained_contract(seen((1, 1)), observed=["catch"])
    assert isinstance(blind, Impossible)
    assert "nobody can tell that from C" in blind.because
    assert blind.numbers["limit"] == "observed"
    assert "nobody can tell" in bargained_contract(PD, observed=[]).because


def test_welfare_that_incomplete_contracts_leave():
    """As all do the same, a is worth 4, b 6, c 1. But c gains over b and looks the same: a is all one can have."""
    own = np.array([[4, 0, 0], [5, 6, 0], [6, 9, 1]], float)
    payoffs = np.stack([own, own.T], -1)
    game = seen((0, 1, 1), payoffs, ("a", "b", "c"), "noise")
    found = bargained_contract(game, ("a", "a"), observed=["noise"], disagreement=(1, 1))
    reachable = [
        payoffs[i, j].mean()
        for i, j in product(range(3), repeat=2)
        if i != 1 and j != 1 and payoffs[i, j].sum() > 2  # b is given up for c, unseen, whatever the other does
    ]
    assert found.numbers["reach"] == max(reachable) == 4
    assert found.numbers["left"] == 6 - 4
    everything = bargained_contract(game, ("a", "a"), disagreement=(1, 1))
    assert (everything.numbers["reach"], everything.numbers["left"]) == (6, 0)
    best = bargained_contract(game, observed=["noise"], disagreement=(1, 1))
    assert isinstance(best, Impossible)
    assert "(a, a), worth 4, can be agreed on" in best.nearest


def test_moves_that_look_the_same_keep_the_promise():
    """b pays less than a always and looks the same: whoever does it is not in breach, and gets what was agreed."""
    own = np.array([[4, 0, 0], [3, 0, 0], [6, 2, 1]], float)
    game = seen((0, 0, 1), np.stack([own, own.T], -1), ("a", "b", "c"))
    found = bargained_contract(game, ("a", "a"), observed=["catch"], disagreement=(1, 1))
    assert found.institution.same == (("b",), ("b",))
    assert np.allclose(after_signing(game, found.institution), found.governed.payoffs)
    assert found.claims[0].verdict == "proved"
    assert found.needs.observed == "catch"


def test_facts_of_what_all_do_tell_nothing_of_one():
    game = NormalForm(
        PD.payoffs, moves=PD.moves, facts=(Fact("smoke", "units", lambda p: p.sum(-1, keepdims=True) + 0 * p),)
    )
    assert "does not tell whose" in bargained_contract(game, observed=["smoke"]).because


# Disagreement


def test_what_each_has_without_a_contract():
    """Matching pennies leaves 0 to both, mixed; in chicken the worst equilibrium leaves 2, and minmax too."""
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("h", "t"))
    assert "no pure equilibrium" in bargained_contract(pennies, disagreement="equilibrium").because
    assert "nothing to divide: all together have 0" in bargained_contract(pennies, disagreement="minmax").because
    chicken = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("swerve", "straight"))
    for point in ("equilibrium", "minmax"):
        assert list(bargained_contract(chicken, disagreement=point).numbers["without"].values()) == pytest.approx(
            [2, 2]
        )
    rng = np.random.default_rng(3)
    table = rng.integers(0, 9, (3, 4, 2))
    without = bargained_contract(NormalForm(table), disagreement="minmax").numbers["without"]
    for i, value in enumerate(without.values()):  # by duality: what it can secure by a mixture of its own
        own = np.moveaxis(table[..., i], i, 0)
        answer = linprog(
            np.append(np.zeros(len(own)), -1.0),
            A_ub=np.column_stack([-own.T, np.ones(own.shape[1])]),
            b_ub=np.zeros(own.shape[1]),
            A_eq=np.append(np.ones(len(own)), 0.0)[None],
            b_eq=[1.0],
            bounds=[(0, None)] * len(own) + [(None, None)],
        )
        assert value == pytest.approx(-answer.fun)


def test_who_gives_way_in_the_escape_room_is_paid():
    """Pulling the lever costs 1 and lets the other out with 10; the one outside pays for half of the 9."""
    found = bargained_contract(games.EscapeRoom(players=2, needed=1))
    assert found.target == ("lever", "door")
    assert found.institution.pay.tolist() == [5.5, -5.5]
    assert found.effects.after == (4.5, 4.5)


def test_nothing_to_sign_where_all_is_well():
    harmony = NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]], moves=("C", "D"))
    assert "nothing to divide" in bargained_contract(harmony).because
    assert "nothing to sign" in bargained_contract(harmony, disagreement=(1, 1)).because


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"target": ("C", "E")}, UnknownName),
        ({"observed": ["weather"]}, UnknownName),
        ({"margin": 0}, InputError),
        ({"rule": "dictator"}, InputError),
        ({"weights": (1, 0)}, InputError),
        ({"weights": (1, 1, 1)}, InputError),
        ({"weights": (1, float("nan"))}, InputError),
        ({"cap": -1.0}, InputError),
        ({"cap": float("nan")}, InputError),
        ({"detection": 0.0}, InputError),
        ({"detection": 1.1}, InputError),
        ({"disagreement": "war"}, InputError),
        ({"disagreement": (1, float("inf"))}, InputError),
        ({"disagreement": (1, 2, 3)}, InputError),
    ],
)
def test_what_cannot_be_asked(given, error):
    with pytest.raises(error):
        bargained_contract(PD, **given)
