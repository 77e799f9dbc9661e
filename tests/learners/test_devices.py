"""Seeds on two devices: the same figures as on one, to rounding."""

import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("jax")

import jax

from ostrom.core.agent import Policy
from ostrom.core.errors import InputError
from ostrom.games import PrisonersDilemma
from ostrom.learners import train
from ostrom.worlds import MatrixWorld

WORK = """
import sys
import jax
import numpy as np
from ostrom.games import PrisonersDilemma
from ostrom.learners import Net, Reinforce, _train, train
from ostrom.worlds import MatrixWorld

teach, held = _train.teach, []

def watched(*given):
    done = teach(*given)
    held.append({len(leaf.sharding.device_set) for leaf in jax.tree.leaves(done[0])})
    return done

_train.teach = watched
player = Reinforce(length=6, copies=2, net=Net(hidden=(4,)))
world = MatrixWorld.of(PrisonersDilemma(), horizon=3)
asked = {"steps": 360, "seeds": 4, "seed": 3}
one = train(world, player, **asked)
two = train(world, player, devices=jax.devices(), to=sys.argv[1], **asked)
assert held[0] == {1} and held[-1] == {2}, held
again = train(world, player, devices=jax.devices(), to=sys.argv[1], **asked)
for run in (two, again):
    for name, curve in one.metrics.items():
        np.testing.assert_allclose(run.metrics[name], curve, rtol=1e-5, atol=1e-5, err_msg=name)
    for leaf, other in zip(jax.tree.leaves(one.minds), jax.tree.leaves(run.minds), strict=True):
        np.testing.assert_allclose(leaf, other, rtol=1e-4, atol=1e-5)
print("the same")
"""


@pytest.mark.slow
def test_two_devices_find_what_one_does(tmp_path):
    flags = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", WORK, str(tmp_path / "run")]
    done = subprocess.run(command, env=flags, capture_output=True, text=True, timeout=300)
    assert done.stdout == "the same\n", done.stderr


def test_one_device_changes_nothing():
    world = MatrixWorld.of(PrisonersDilemma(), horizon=3)
    runs = [train(world, Policy(), 6, seeds=2, devices=devices) for devices in (None, jax.devices()[:1])]
    np.testing.assert_array_equal(*(run.metrics["payoff"] for run in runs))


@pytest.mark.parametrize("devices", [[], ["one", "two"]])
def test_seeds_that_cannot_be_shared_out(devices):
    with pytest.raises(InputError, match=f"3 seeds cannot be shared by {len(devices)} devices"):
        train(MatrixWorld.of(PrisonersDilemma(), horizon=3), Policy(), 6, seeds=3, devices=devices)
