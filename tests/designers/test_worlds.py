"""Institutions for worlds: what is searched, how the budget is kept, and that it finds what is known to be best."""

import math

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, UnknownName
from ostrom.designers import _worlds
from ostrom.designers._worlds import WorldDesign, design_world
from ostrom.designers._worlds_bench import FRESH, PROBE, Announced, Arm, Bench, Lottery
from ostrom.designers._worlds_check import Checked
from ostrom.designers._worlds_found import _middle
from ostrom.designers._worlds_search import CHILDREN, Plan
from ostrom.designers._worlds_space import Family, Knob, Scale, families
from ostrom.institutions import Quota, Tax, Toll
from ostrom.learners import QLearning
from ostrom.testing import check_institution
from ostrom.worlds import Lake, MatrixWorld, RouteChoice, rollout, uniform

PD = om.games.PrisonersDilemma()
LAKE = Lake(players=2, horizon=10)
SCALE = Scale(10.0, {"harvest": np.array([0.0, 2.0, 5.0]), "effort": np.array([0.0, 1.0, 2.0])}, 10)
FAST = {"steps": 20_000, "seeds": 2, "episodes": 4, "learner": QLearning(state=()), "others": ()}


class Planted(Bench):
    """A bench on which a rule's worth is known: highest at `best`, with a little luck by seed; nothing is trained."""

    best, stop_at = 1.3, math.inf

    def paced(self, learner):
        self.spent += sum(PROBE) * self.lesson(learner) * self.seeds

    def arm(self, name, rules, learner, steps, seed, ramp=()):
        self.spent += steps * self.seeds
        self.calls = [*getattr(self, "calls", []), (name, steps, seed)]
        if len(self.calls) > self.stop_at:
            raise KeyboardInterrupt
        rates = [rule.rate for rule in rules if isinstance(rule, Tax)]
        worth = 10 - min((rate - self.best) ** 2 for rate in rates) if rates else 5.0
        return self._planted(name, rules, worth, seed)

    def measured(self, name, rules, learner, tables, seed):
        return self._planted(name, rules, 10.0 if rules else 5.0, seed, len(tables))

    def _planted(self, name, rules, worth, seed, count=None):
        count = count or self.seeds
        luck = np.random.default_rng(seed).normal(0, 0.01, count)
        seats = np.full((count, 2), worth)
        return Arm(name, rules, "Planted", worth + luck, seats, seats, {}, ((),) * count)


@pytest.fixture
def planted(monkeypatch):
    """`design_world` with a bench on which nothing is trained; how it was used."""
    made = []

    def bench(*given):
        made.append(Planted(*given))
        return made[-1]

    monkeypatch.setattr(_worlds, "Bench", bench)
    return made


def test_it_finds_the_best_rate_and_keeps_the_budget(planted):
    """The search comes close to a best rate that it does not know, and spends what it said it would at most."""
    said = []
    found = design_world(LAKE, among=[Tax(on="harvest")], steps=2_000_000, generations=4, rules=9, progress=said.append)
    assert isinstance(found, WorldDesign)
    assert found.institution.rate == pytest.approx(1.3, abs=0.15)
    assert found.spent <= found.plan.needed <= 2_000_000
    assert said[1].startswith("Plan: ")
    assert f"{found.plan.needed:,}" in said[1]
    assert said[2].startswith("About ")


def test_what_is_verified_was_not_tuned_on(planted):
    found = design_world(LAKE, among=["tax"], on=["harvest"], steps=2_000_000)
    tuned = {seed for name, _, seed in planted[0].calls if name.startswith("tax")}
    checked = {seed for one in found.checked for seed in one.seeds}
    assert not checked & {seed + k for seed in tuned for k in range(4)}
    assert not checked & {seed + k + FRESH for seed in tuned for k in range(4)}
    assert {one.where for one in found.checked} >= {
        "Among learners of the same kind, with other seeds (IPPO)",
        "Among other learners (Reinforce)",
    }
    assert all(claim.verdict == "supported" for one in found.checked[:2] for claim in one.claims[:1])


def test_interrupted_it_keeps_the_best_so_far(planted, monkeypatch):
    monkeypatch.setattr(Planted, "stop_at", 5)
    found = design_world(LAKE, among=["tax"], on=["harvest"], steps=2_000_000)
    assert found.stopped
    assert len(found.tried) == 4
    assert found.best is max(found.tried, key=lambda one: one.mean)
    assert found.checked == ()
    assert found.claims == ()
    assert "stopped before it was verified" in found.summary


def test_interrupted_while_verifying_it_says_what_it_has(planted, monkeypatch):
    whole = design_world(LAKE, among=["tax"], on=["harvest"], steps=2_000_000)
    monkeypatch.setattr(Planted, "stop_at", len(planted[0].calls) - 2)
    found = design_world(LAKE, among=["tax"], on=["harvest"], steps=2_000_000)
    assert found.stopped
    assert found.institution == whole.institution
    assert len(found.checked) == 1


def test_interrupted_while_verifying_it_keeps_the_mild_rule_that_was_computed(planted, monkeypatch):
    """In a world of one step the choice is the mildest that does, and not the first of those that do best."""
    asked = {"among": ["tax"], "on": ["D"], **FAST}
    whole = design_world(MatrixWorld.of(PD), **asked)
    assert any(one.mean > whole.best.mean for one in whole.tried)
    monkeypatch.setattr(Planted, "stop_at", 2)
    found = design_world(MatrixWorld.of(PD), **asked)
    assert found.stopped
    assert found.institution == whole.institution


def test_a_rule_that_harms_is_refuted_with_a_witness():
    """The planted failure: a rule that is worth less than nothing in every seed."""
    low, high = (
        Arm("", (), "", np.array(worth), np.ones((3, 2)), np.ones((3, 2)), {}, ()) for worth in ([1, 2, 1.5], [4, 5, 4])
    )
    claim = Checked("Here", {"the rule": low, "doing nothing": high}, (7, 8, 9)).claims[0]
    assert claim.verdict == "refuted"
    assert claim.witness == {"seed": 7, "rule": 1.0, "doing nothing": 4.0}
    better = Checked("Here", {"the rule": high, "doing nothing": low}, (7, 8, 9)).claims[0]
    assert better.verdict == "supported"
    unsure = Checked("Here", {"the rule": low, "doing nothing": low}, (7, 8, 9)).claims[0]
    assert unsure.verdict == "unknown"


@pytest.mark.parametrize(
    ("steps", "rules", "generations", "checks"), [(10**6, 12, 1, 8), (3 * 10**5, 5, 0, 4), (10**6, 30, 2, 8)]
)
def test_a_plan_keeps_its_budget(steps, rules, generations, checks):
    plan = Plan.of(steps, rules, generations, 4, checks, 160)
    tried = sum(count * length for count, length in plan.rounds) + CHILDREN * generations * plan.length
    assert plan.needed == 4 * (tried + (1 + checks) * plan.length + sum(PROBE) * 160) <= steps
    assert plan.needed > 0.5 * steps
    assert all(length % 160 == 0 for _, length in plan.rounds)


def test_a_budget_that_is_too_small_says_what_would_do():
    with pytest.raises(InputError, match="too few") as refused:
        Plan.of(1000, 12, 1, 4, 8, 160)
    enough = int("".join(ch for ch in str(refused.value).partition("steps=")[2].partition(" ")[0] if ch.isdigit()))
    assert Plan.of(enough, 12, 1, 4, 8, 160).needed <= enough


def test_rules_are_laid_on_what_varies():
    kinds, cannot = families(LAKE, ["tax", "quota"], SCALE, None, {})
    assert [kind.name for kind in kinds] == [
        "tax on harvest, shared",
        "tax on effort, shared",
        "quota on harvest",
        "quota on effort",
    ]
    assert not cannot
    assert kinds[0].knobs == (Knob(0, "rate", -2.0, 4.0, 0.0),)
    assert kinds[2].knobs == (Knob(0, "limit", 0.0, 5.0, 5.0),)


def test_what_does_not_fit_says_why():
    kinds, cannot = families(LAKE, ["toll", Tax(on="gold")], SCALE, None, {})
    assert kinds == []
    assert [one.approach for one in cannot] == ["toll", "tax"]
    assert "gold" in cannot[1].because


@pytest.mark.slow
def test_tolls_are_laid_on_links():
    roads = RouteChoice.small()
    links = {f"link:{name}": np.array([0.0, 1.0]) for name in roads.links}
    scale = Scale(30.0, {"delay": np.array([1.0, 9.0]), **links}, 20)
    kinds, _ = families(roads, [Toll], scale, list(links)[:1], {})
    assert [kind.rules[0].charges[0][0] for kind in kinds] == [roads.links[0]]
    assert kinds[0].knobs[0].low == 0.0


def test_places_fill_the_range_and_strength_rises():
    family = Family("", (Tax(on="harvest"),), (Knob(0, "rate", 0.0, 4.0, 0.0),))
    places = np.sort(family.places(8)[:, 0])
    assert np.diff(np.concatenate([[0], places, [1]])).max() < 0.25
    rates = [family.at([0.5], strength)[0].rate for strength in (0.25, 0.5, 1.0)]
    assert rates == [0.5, 1.0, 2.0]
    loose = Family("", (Quota(on="harvest"),), (Knob(0, "limit", 1.0, 5.0, 5.0),))
    assert [loose.at([0.25], strength)[0].limit for strength in (0.5, 1.0)] == [3.5, 2.0]


def test_the_controls_do_what_they_say():
    """Money that moves without a reason sums to nothing and does not depend on moves; what is told changes nothing."""
    check_institution(Lottery(amount=2.0))
    free = rollout(LAKE, uniform, 3)
    moved = rollout(LAKE.under(Lottery(amount=2.0)), uniform, 3)
    assert np.allclose(moved.payoffs.sum(-1), free.payoffs.sum(-1), atol=1e-4)
    assert not np.allclose(moved.payoffs, free.payoffs)
    told = LAKE.under(Announced(Quota(on="harvest", limit=1.0)))
    assert np.allclose(rollout(told, uniform, 3).payoffs, free.payoffs)
    shown = told.observe(told.reset(np.zeros(2, np.uint32))).public["rule"]
    assert np.asarray(shown).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("game", "approach"), [(PD, "tax"), (om.games.Commons(players=2), "quota"), (om.games.Commons(players=2), "tax")]
)
def test_in_one_step_it_recovers_what_is_known_from_the_table(planted, game, approach):
    """The same play as the exact designer brings about, under a rule that is nearly as mild."""
    exact = om.design(game, among=[approach])
    found = om.design(MatrixWorld.of(game), among=[approach], on=["D"] if game is PD else None, **FAST)
    assert type(found.institution) is type(exact.institution)
    assert found.institution.on == exact.institution.on
    assert found.best.mean == pytest.approx(exact.best.effects.welfare_after, rel=0.01)
    if game is PD:
        assert 4.0 < found.institution.rate <= exact.institution.rate  # a shared tax r deters from r/2 = 2 on
    elif approach == "tax":
        assert found.institution.rate == pytest.approx(exact.institution.rate, rel=0.1)
    else:  # moves take whole units, so that any limit from 2 to below 3 forbids the same
        assert exact.institution.limit <= found.institution.limit < exact.institution.limit + 1


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="two seeds"):
        design_world(LAKE, seeds=1)
    with pytest.raises(InputError, match="wish"):
        om.design(LAKE, wish=["unique"])
    with pytest.raises(InputError, match="steps"):
        om.design(PD, steps=10)
    with pytest.raises(InputError, match="no institution"):
        families(LAKE, [3], SCALE, None, {})


def test_what_is_shown_is_typical():
    of = ([5.0], [3.0, 1.0, 2.0, 10.0], [0.0, 9.0, 4.0], [7.0, 7.0])
    assert [_middle(values) for values in of] == [0, 2, 2, 0]


@pytest.mark.slow
def test_a_lake_is_saved_on_learners_that_it_was_not_tuned_on():
    """Four who fish hard destroy the lake; a limit on the catch keeps it."""
    found = om.design(Lake(), among=["quota"], on=["harvest"], steps=2_000_000, seeds=3, rising=2)
    assert found.spent <= found.plan.needed <= 2_000_000
    assert [claim.verdict for claim in found.claims] == ["supported"] * 4
    before, after = found.recordings()
    assert after.payoffs.sum() > before.payoffs.sum()
    page = om.reports.replay(before, after)
    assert "Doing nothing" in page
    assert "Quota" in page


@pytest.mark.slow
def test_where_nothing_can_be_gained_nothing_is_claimed():
    """Three cannot destroy the lake: whatever did best in the search does not do better with other seeds."""
    found = om.design(Lake(players=3), among=["quota"], on=["harvest"], steps=2_000_000, seeds=3)
    assert "supported" not in {claim.verdict for claim in found.claims}


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"on": ["harvst"]}, UnknownName, "harvst"),
        ({"bystanders": {"gulls": "leftovers"}}, UnknownName, "leftovers"),
        ({"learner": Policy()}, InputError, "learns nothing"),
        ({"others": [Policy()]}, InputError, "learns nothing"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_trained(asked, error, said):
    with pytest.raises(error, match=said):
        design_world(LAKE, **{**FAST, **asked})
