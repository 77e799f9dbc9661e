"""Networks: views of 0 and 1 take a short cut through the logarithm, and nothing else may."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("jax")
import jax

from ostrom.learners import Net
from ostrom.learners._table import space_of
from ostrom.worlds import CoinGame, Harvest


@pytest.mark.slow
def test_the_short_cut_changes_no_output():
    world, net = Harvest.small(), Net(hidden=(8,), channels=(2,))
    space, random = space_of(world), np.random.default_rng(0)
    parameters = net.begin(jax.random.key(0), space, 3)
    assert list(parameters["bits"]) == ["near"]
    seen = {name: random.integers(0, 2, shape).astype(np.uint8) for name, shape in space.seen.items()}
    seen["apples"] = np.float32(7)
    outputs = [
        np.asarray(net.apply(given, net.recall(), seen)[0]) for given in (parameters, {**parameters, "bits": {}})
    ]
    assert np.abs(outputs[0]).max() > 0
    assert outputs[0] == pytest.approx(outputs[1], abs=1e-6)


@pytest.mark.slow
def test_only_whole_numbers_that_are_0_or_1_take_it():
    space = space_of(CoinGame())
    for kind, limits, short in (("u", (0, 1), True), ("b", None, True), ("f", (0, 1), False), ("u", (0, 9), False)):
        names = list(space.seen)
        ranges = {} if limits is None else dict.fromkeys(names, limits)
        changed = replace(space, kinds=dict.fromkeys(names, kind), ranges=ranges)
        assert bool(Net().begin(jax.random.key(0), changed, 2)["bits"]) == short
