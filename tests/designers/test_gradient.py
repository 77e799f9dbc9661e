"""Climbing by gradient: Pigou's tax in closed form, dominance thresholds, and what has no slope."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.world import World
from ostrom.designers.gradient import gradient
from ostrom.institutions import Quota, Tax
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma())


class Smoke(World):
    """Each makes up to 4 units; x brings 4 x - x² to its maker, and costs every other seat `harm` x."""

    harm: float = 0.5
    horizon: int = 3

    @property
    def ground(self):
        return Ground(("a", "b"), play=((Part("act", low=0.0, high=4.0),),), facts=("smoke",))

    def reset(self, key):
        return jnp.zeros(2)

    def step(self, key, state, moves):
        made = moves["act"]
        return made, 4 * made - made**2 - self.harm * (made.sum() - made)

    def observe(self, state):
        return View({"last": state})

    def facts(self, before, moves, after):
        return {"smoke": after}


def greedy(rules, key, view, mask):
    """The best reply of a maker to a tax of `rate` on smoke: 4 - 2 x = rate."""
    return {"act": jnp.clip(jnp.full(2, (4 - rules[0].rate) / 2), 0.0, 4.0)}


def test_pigou_through_the_rollout():
    """The best tax is the harm that a unit does to the others, whatever the harm."""
    for harm in (0.5, 1.5):
        found = gradient(Smoke(harm), Tax(on="smoke", rate=0.1), greedy, ranges={"rate": (0.0, 4.0)}, seeds=2)
        assert found.rules[0].rate == pytest.approx(harm, abs=1e-2)
        made = (4 - harm) / 2
        assert found.worth == pytest.approx(3 * (4 * made - made**2 - harm * made), rel=1e-4)
        assert found.worth > found.began


def test_the_slope_is_that_of_differences():
    def worth(rate):
        return gradient(PD, Tax(on="D", rate=rate, shared=True), rounds=0).worth

    here = gradient(PD, Tax(on="D", rate=3.0, shared=True), ranges={"rate": (3.0, 3.0)})
    assert here.slope[0] == pytest.approx((worth(3.01) - worth(2.99)) / 0.02, rel=0.02)


def test_a_dilemma_is_climbed_out_of():
    """A shared tax r on defection makes cooperation dominant from r = 4 on (PD with 5, 3, 1, 0)."""
    found = gradient(PD, Tax(on="D", rate=1.0, shared=True))
    assert found.worth == pytest.approx(3.0, abs=1e-3)
    assert found.rules[0].rate > 4
    assert (np.diff(found.path[:, 0]) > 0).all()


def test_what_is_forbidden_has_no_slope():
    found = gradient(PD, Quota(on="D", limit=0.5))
    assert found.slope.tolist() == [0.0]
    assert found.worth == found.began == pytest.approx(3.0)  # a limit below 1 forbids D


def test_replies_are_the_logit_equilibrium():
    """In a game whose smoothed replies settle, they settle where the solver says."""
    game = om.NormalForm([[[2, 1], [0, 3]], [[1, 2], [3, 0]]])
    from ostrom.solvers.logit import logit

    scale = np.ptp(game.payoffs)
    point = logit(game, 5.0 / scale).points[0]
    joint = np.multiply.outer(*[np.asarray(own) for own in point])
    expected = float((joint * game.payoffs.mean(-1)).sum())
    found = gradient(
        MatrixWorld.of(game), Tax(on="nothing" if False else game.moves[0][0], rate=0.0), precision=5.0, rounds=0
    )
    assert found.worth == pytest.approx(expected, abs=1e-3)


def test_several_steps_need_a_policy():
    with pytest.raises(InputError, match="Give a policy"):
        gradient(MatrixWorld.of(om.games.PrisonersDilemma(), horizon=3), Tax(on="D"))


def test_too_many_joint_moves_are_refused():
    with pytest.raises(TooLarge):
        gradient(MatrixWorld.of(om.games.Commons(players=6)), Tax(on="harvest"))


def test_rules_without_numbers_are_refused():
    with pytest.raises(InputError, match="no number"):
        gradient(PD, om.institutions.Ban(moves=(("*", "D"),)))


def test_it_is_the_same_twice():
    one, two = (gradient(PD, Tax(on="D", rate=1.0, shared=True)) for _ in range(2))
    assert one.path.tobytes() == two.path.tobytes()
    assert jax.tree.all(jax.tree.map(lambda a, b: a == b, one.rules, two.rules))
