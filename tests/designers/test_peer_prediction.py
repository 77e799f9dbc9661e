"""The cheapest payments for truth: SciPy on the program written out, scoring rules, and the audit of what comes out."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.audits.truth_telling import TruthTelling
from ostrom.choice.peer_prediction import Signals
from ostrom.core.errors import InputError, TooLarge
from ostrom.designers.peer_prediction import design_peer_payments

FILM = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))


def drawn(seed, signals=2):
    rng = np.random.default_rng(seed)
    return Signals(rng.dirichlet(np.ones(3) * 2), rng.dirichlet(np.ones(signals) * 2, 3))


def written_out(model, gap, references, agreed):
    """The same program by loops, solved by SciPy."""
    size, joint = len(model.signals), model.joint(references + 1)
    combos = list(product(range(size), repeat=references))
    number = {(own, *rest): k for k, (own, rest) in enumerate(product(range(size), combos))}
    cost = np.array([joint[place] for place in number])
    rows, right = [], []
    for seen, said in product(range(size), repeat=2):
        if seen != said:
            row = np.zeros(len(number))
            for rest in combos:
                odds = joint[(seen, *rest)] / model.marginal[seen]
                row[number[(said, *rest)]] += odds
                row[number[(seen, *rest)]] -= odds
            rows.append(row)
            right.append(-gap)
    if not agreed:
        for said in range(size):
            row = -cost
            row[number[(said,) * (references + 1)]] += 1
            rows.append(row)
            right.append(0.0)
    return linprog(cost, rows, right)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([(2, 1), (2, 2), (2, 3), (3, 1), (3, 2)]), st.booleans())
def test_no_payments_are_cheaper(seed, sizes, agreed):
    model = drawn(seed, sizes[0])
    if np.abs(model.posterior[0] - model.posterior[1]).max() < 0.02:
        return
    theirs = written_out(model, 1.0, sizes[1], agreed)
    found = design_peer_payments(model, references=sizes[1], agreed=agreed)
    assert (found.status == "optimal") == (theirs.status == 0)
    if found.status == "optimal":
        assert found.cost == pytest.approx(theirs.fun, rel=1e-5)
        assert found.bound <= found.cost + 1e-6 * found.cost
        assert [claim.verdict for claim in found.claims] == ["proved"] * (2 if agreed else 3)
        assert found.gap >= 1 - 1e-5
        assert all(cost >= found.cost - 1e-6 * cost for cost in found.compared.values())


def test_the_worked_example_by_hand():
    """Two payments for saying what a peer says: p(h|h) a - p(l|h) b = 1 and p(l|l) b - p(h|l) a = 1."""
    hh, ll = 0.4625 / 0.65, 0.1625 / 0.35
    a, b = np.linalg.solve([[hh, hh - 1], [ll - 1, ll]], [1, 1])
    found = design_peer_payments(FILM)
    assert found.payments == pytest.approx(np.diag([a, b]))
    assert found.cost == pytest.approx(0.4625 * a + 0.1625 * b)
    assert set(found.compared) == {"quadratic", "log", "spherical"}


def test_the_audit_agrees():
    found = design_peer_payments(FILM, references=2, agreed=False)
    alone, uninformed = TruthTelling(gap=1 - 1e-9, up_to=1)(found.rule)
    assert alone.verdict == "proved"
    assert alone.numbers["least gap"] == pytest.approx(1)
    assert uninformed.verdict == "proved"
    assert found.rule.honest == pytest.approx(found.cost)
    loose = design_peer_payments(FILM, references=2)
    assert TruthTelling(up_to=1)(loose.rule)[1].verdict == "refuted"
    assert TruthTelling(gap=1.01, up_to=1)(loose.rule)[0].verdict == "refuted"


def test_more_references_are_cheaper_and_a_floor_moves_everything():
    costs = [design_peer_payments(FILM, references=count).cost for count in (1, 2, 3, 4)]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1] * 1.5
    assert design_peer_payments(FILM, least=2.0).cost == pytest.approx(costs[0] + 2)
    assert design_peer_payments(FILM, 3.0).cost == pytest.approx(costs[0] * 3)


def test_what_a_lie_brings_elsewhere_goes_into_the_gap():
    found = design_peer_payments(FILM, [[0, 1], [5, 0]])
    worth = FILM.posterior @ found.payments.T
    assert worth[0, 0] - worth[0, 1] >= 1 - 1e-6
    assert worth[1, 1] - worth[1, 0] >= 5 - 1e-6


def test_what_cannot_be_told_apart_cannot_be_paid_for():
    same = design_peer_payments(Signals([0.5, 0.5], [[0.3, 0.7], [0.3, 0.7]], signals=("h", "l")))
    assert same.status == "infeasible"
    assert "'h'" in same.sentence
    assert "'l'" in same.sentence
    assert same.rule is None
    alone = design_peer_payments(FILM, agreed=False)
    assert alone.status == "infeasible"
    assert "more" in alone.sentence


def test_arguments_out_of_range_are_refused():
    for call in (
        lambda: design_peer_payments(FILM, 0),
        lambda: design_peer_payments(FILM, [[1]]),
        lambda: design_peer_payments(FILM, references=0),
        lambda: design_peer_payments(FILM, least=float("inf")),
        lambda: design_peer_payments(FILM, references=3).rule(("h", "l")),
    ):
        with pytest.raises(InputError):
            call()
    with pytest.raises(TooLarge):
        design_peer_payments(FILM, references=30)
