"""Truth-telling: planted lies, published equilibria, and every verdict against brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.truth_telling import TruthTelling
from ostrom.choice.peer_prediction import (
    Signals,
    bayesian_truth_serum,
    correlated_agreement,
    determinant_mutual_information,
    miller_resnick_zeckhauser,
    output_agreement,
    robust_peer_truth_serum,
)
from ostrom.core.errors import InputError

FILM = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))
EVEN = Signals([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], signals=("h", "l"))


def verdicts(rule, **more):
    return [claim.verdict for claim in TruthTelling(**more)(rule)]


def replays(rule, **more):
    audit = TruthTelling(**more)
    witnesses = [claim.witness for claim in audit(rule) if claim.verdict == "refuted"]
    return all(audit.replay(rule, one) == pytest.approx(one["gain"], abs=1e-9) for one in witnesses)


def test_the_planted_lie_is_found_and_the_honest_rule_passes():
    """Who saw l still thinks h likelier of another: agreement makes it lie, a proper score does not."""
    claim = TruthTelling()(output_agreement(FILM))[0]
    assert claim.verdict == "refuted"
    assert claim.witness["signals"] == [["l"]]
    assert claim.witness["reports"] == [["h"]]
    assert claim.witness["gain"] == pytest.approx(0.5357 - 0.4643, abs=1e-4)
    assert TruthTelling()(output_agreement(EVEN))[0].verdict == "proved"
    for rule in ("quadratic", "log", "spherical"):
        assert TruthTelling()(miller_resnick_zeckhauser(FILM, rule=rule))[0].verdict == "proved"


def test_the_gap_is_the_expected_difference_of_scores():
    """Quadratic: the squared distance between the two forecasts."""
    rule = miller_resnick_zeckhauser(FILM)
    claim = TruthTelling()(rule)[0]
    gap = ((FILM.posterior[0] - FILM.posterior[1]) ** 2).sum()
    assert claim.numbers["least gap"] == pytest.approx(gap)
    assert claim.numbers["gaps"] == pytest.approx({"h": gap, "l": gap})
    assert verdicts(rule, gap=gap * 0.99, up_to=1)[0] == "proved"
    assert verdicts(rule, gap=gap * 1.01, up_to=1)[0] == "refuted"
    assert replays(rule, gap=gap * 1.01)


def test_ignoring_what_one_saw_pays_more_under_scores_and_no_more_under_agreement_across_tasks():
    """Jurca and Faltings (2009) on the one, Shnayder and others (2016) and Kong (2020) on the other."""
    scored = TruthTelling()(miller_resnick_zeckhauser(FILM))[1]
    assert scored.verdict == "refuted"
    assert scored.witness["all report"] == [["h", "h"]]
    assert len(scored.numbers["equilibria"]) == 2
    for rule in (correlated_agreement(FILM), determinant_mutual_information(FILM)):
        alone, uninformed, by_task, pair = TruthTelling()(rule)
        assert [alone.verdict, uninformed.verdict] == ["proved", "proved"]
        assert by_task.verdict == pair.verdict == "refuted"
        assert {one["payment"] for one in uninformed.numbers["equilibria"]} == {0.0}
        assert replays(rule)


def test_the_truth_serum_needs_enough_reporters():
    assert verdicts(bayesian_truth_serum(FILM, 6), up_to=1)[0] == "refuted"
    assert verdicts(bayesian_truth_serum(FILM, 8), up_to=1)[0] == "proved"
    assert replays(bayesian_truth_serum(FILM, 5))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9999), st.integers(0, 3))
def test_verdicts_by_brute_force(seed, which):
    """Best lies from conditional odds summed one by one, and equilibria from the game of constant reports."""
    rng = np.random.default_rng(seed)
    model = Signals(rng.dirichlet([2, 2]), rng.dirichlet([2, 2], 2))
    rule = [
        output_agreement(model, 3),
        miller_resnick_zeckhauser(model, 2),
        correlated_agreement(model, tasks=2),
        robust_peer_truth_serum(model, tasks=2),
    ][which]
    joint, worst = model.joint(rule.reporters), np.inf
    for seen in product(range(2), repeat=rule.tasks):
        worth = {}
        for said in product(range(2), repeat=rule.tasks):
            total = whole = 0.0
            for rest in product(range(2), repeat=rule.tasks * (rule.reporters - 1)):
                others = np.reshape(rest, (rule.tasks, -1))
                odds = np.prod([joint[(x, *row)] for x, row in zip(seen, others.tolist(), strict=True)])
                total += odds * rule(np.column_stack([said, others]))[0]
                whole += odds
            worth[said] = total / whole
        worst = min(worst, worth[seen] - max(value for said, value in worth.items() if said != seen))
    alone, uninformed = TruthTelling(up_to=1)(rule)[:2]
    assert alone.numbers["least gap"] == pytest.approx(worst, abs=1e-9)
    if abs(worst) > 1e-7:
        assert alone.verdict == ("proved" if worst >= 0 else "refuted")
    paid = [rule(np.full((rule.tasks, rule.reporters), k)).sum() for k in range(2)]
    listed = [one["reports"] for one in uninformed.numbers["equilibria"]]
    for name, total in zip(model.signals, paid, strict=True):
        if [[name] * rule.reporters] * rule.tasks in listed and total > rule.honest.sum() + 1e-6:
            assert uninformed.verdict == "refuted"
    assert replays(rule)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 9999))
def test_two_who_collude_gain_what_the_best_joint_report_brings(seed):
    rng = np.random.default_rng(seed)
    model = Signals(rng.dirichlet([2, 2]), rng.dirichlet([2, 2], 2))
    rule, joint, gain = miller_resnick_zeckhauser(model, 3), model.joint(3), 0.0
    for x, y in product(range(2), repeat=2):
        worth = {
            said: sum(joint[x, y, z] * rule(np.array([*said, z]))[:2].sum() for z in range(2))
            for said in product(range(2), repeat=2)
        }
        gain += max(worth.values()) - worth[x, y]
    claim = TruthTelling()(rule)[-1]
    assert claim.numbers["expected gain"] == pytest.approx(gain, abs=1e-9)
    assert claim.verdict == ("refuted" if gain > 1e-8 else "proved")
    assert replays(rule)


def test_three_who_are_all_there_is_do_best_by_one_report():
    claim = TruthTelling(up_to=9)(miller_resnick_zeckhauser(FILM, 3))[-1]
    assert claim.witness["reports"] == [["h", "h", "h"]]
    assert claim.statement.startswith("No 3 reporters")


def test_nobody_gains_where_payments_are_fixed():
    rule = output_agreement(FILM, 3, reward=0.0)
    assert verdicts(rule, up_to=3) == ["proved"] * 4


def test_numbers_out_of_range_are_refused():
    for more in ({"gap": -1}, {"gap": float("nan")}, {"up_to": 0}):
        with pytest.raises(InputError):
            TruthTelling(**more)
