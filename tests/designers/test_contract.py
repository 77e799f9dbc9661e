"""The designer of contracts: least damages by brute force, and signing by backward induction done by hand."""

from itertools import product

import numpy as np
import pytest

from ostrom import games
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.lifts.induction import Outcome, Outcomes
from ostrom.core.lifts.staged import Staged
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.contract import contract
from ostrom.institutions.contract import Contract

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 200), marks=pytest.mark.slow)])


def most_gained(payoffs, place):
    """The most that anybody gains by breaking its promise, whatever the others do."""
    gains = []
    for joint in product(*map(range, payoffs.shape[:-1])):
        for i, part in enumerate(place):
            kept = (*joint[:i], part, *joint[i + 1 :], i)
            if joint[i] != part:
                gains.append(payoffs[(*joint, i)] - payoffs[kept])
    return max(gains)


@HUNDREDS
def test_the_least_damages_by_brute_force(seeds):
    made = refused = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        sizes = (3, 3) if seed % 2 else (2, 2, 2)
        game = NormalForm(rng.integers(-4, 5, (*sizes, len(sizes))), moves=tuple("abc"[: sizes[0]]))
        problem = Problem(game, np.full(sizes, 1 / game.size))
        found, place = contract(problem, ("a",) * len(sizes)), (0,) * len(sizes)
        now = game.payoffs.reshape(-1, len(sizes)).mean(0)
        lead = 0.01 * problem.scale
        if (game.payoffs[place] < now - 1e-9).any():
            assert isinstance(found, Impossible)
            assert "not sign" in found.because
            refused += 1
        elif most_gained(game.payoffs, place) <= -lead:
            assert "nothing to sign" in found.because
        else:
            made += 1
            assert found.size == pytest.approx(most_gained(game.payoffs, place) + lead, abs=lead / 50)
            assert found.governed.adds.sum(-1) == pytest.approx(0, abs=1e-9)
            assert most_gained(found.governed.payoffs, place) == pytest.approx(-lead, abs=lead / 20)
            assert found.claims[0].verdict == "proved"
    assert made > 0
    assert refused > 0


def signed(game, promise, damages):
    """Whether all signing, and then keeping (promise, promise), is subgame perfect in pure play; None: nothing is.

    Whoever would not sign is left with the worst that can follow without the contract.
    """

    def stable(table):
        return [
            (i, j)
            for i, j in product(*map(range, table.shape[:2]))
            if table[i, j, 0] >= table[:, j, 0].max() and table[i, j, 1] >= table[i, :, 1].max()
        ]

    bound = game.payoffs.copy()
    for i, j in product(*map(range, game.sizes)):
        broken = np.array([game.moves[0][i] != promise, game.moves[1][j] != promise])
        bound[i, j] += damages * (broken[::-1].astype(float) - broken)
    without = stable(game.payoffs)
    if not without or not stable(bound):
        return None
    worst = np.min([game.payoffs[place] for place in without], axis=0)
    return (0, 0) in stable(bound) and bool((bound[0, 0] >= worst).all())


def test_signing_by_hand():
    found = {True: 0, False: 0}
    for seed in range(60):
        game = NormalForm(np.random.default_rng(seed).integers(0, 6, (2, 2, 2)), moves=("a", "b"))
        made = contract(Problem(game, np.full((2, 2), 1 / 4)), ("a", "a"))
        expected = signed(game, "a", made.size) if isinstance(made, Proposal) else None
        if expected is not None:
            claim = next(claim for claim in made.claims if claim.statement.startswith("All signing"))
            assert claim.verdict == ("proved" if expected else "refuted")
            found[expected] += 1
    assert found[True] > 0
    assert found[False] > 0


def test_the_prisoners_dilemma():
    found = contract(PD, margin=1e-6)
    assert found.size == pytest.approx(2, abs=1e-4)
    said = {claim.statement: claim.verdict for claim in found.claims}
    assert said["All signing and keeping the contract is a subgame-perfect outcome."] == "proved"
    assert said["No other subgame-perfect outcome has other payoffs."] == "refuted"  # nobody signing is one, too
    assert isinstance(found.institution, Contract)
    assert found.effects.change == {"player 1": 2, "player 2": 2}


def test_the_same_payoffs_by_another_path_are_not_the_contract(monkeypatch):
    """Playing (b, b) without a contract pays what the promise does, and must not pass for it."""
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [3, 3]]], moves=("a", "b"))
    for keeps in (True, False):
        paths = [((("sign", "yes"),) * 2, (("act", "a"),) * 2)] * keeps + [((("sign", "no"),) * 2, (("act", "b"),) * 2)]
        points = tuple(Outcome(path, (3.0, 3.0)) for path in paths)
        monkeypatch.setattr(Staged, "subgame_perfect", lambda self, found=points: Outcomes(found, "complete"))
        found = contract(Problem(game, np.full((2, 2), 1 / 4)), ("a", "a"))
        claim = next(claim for claim in found.claims if claim.statement.startswith("All signing"))
        assert claim.verdict == ("proved" if keeps else "refuted")


def test_what_cannot_be_promised():
    assert "asks different things" in contract(games.EscapeRoom()).because
    harmony = NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]], moves=("C", "D"))
    assert "nothing to sign" in contract(harmony).because
    for margin in (0, float("nan")):
        with pytest.raises(InputError):
            contract(PD, margin=margin)
