"""The example on somebody else's environment: MPE2's spread is audited from end to end; what is missing is skill."""

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("mpe2", reason="needs MPE2, other people's environments: pip install mpe2")


def test_it_pays_what_the_environment_pays_by_itself(example):
    """The same seed and moves, stepped by hand: the bits of the rewards, in float32."""
    from mpe2 import simple_spread_v3

    from ostrom.worlds import rollout, uniform

    played = rollout(example.WORLD, uniform, seed=5)
    env = simple_spread_v3.parallel_env(N=2, max_cycles=25)
    env.reset(seed=5)
    for moves, paid in zip(np.asarray(played.moves["act"]), np.asarray(played.payoffs), strict=True):
        _, rewards, *_ = env.step(dict(zip(env.agents, moves.tolist(), strict=True)))
        assert paid.tolist() == [np.float32(rewards[agent]) for agent in env.possible_agents]
    assert not env.agents


@pytest.mark.slow
def test_the_audit_finds_that_skill_is_missing_and_nothing_else(example):
    """Both are paid nearly the same, so that being each for itself costs nothing: what is lost is learned."""
    run = example.trained(12_000, 4, 0)
    gain = example.gain(run, 0)
    assert gain.mean() > 3.18 * gain.std(ddof=1) / 2  # Student's t of 95 % with 3 degrees of freedom, over √4
    found = example.diagnosed(12_000, 4, 0)
    assert found.gap.low > 0
    assert found.capability.value > 0.9 * found.gap.value
    assert found.intent.value == 0
    assert found.inter_agent.low <= 0
    claims = example.asked(run, 4_000, 0).claims
    assert len(claims) == 3
    assert all(claim.verdict != "proved" for claim in claims)
