"""DQN: targets against numbers worked out by hand, what is kept, and values that are known."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.learners import DQN, train
from ostrom.learners._nets import Net
from ostrom.learners.dqn import Kept, Value
from ostrom.worlds import MatrixWorld

LINEAR = Net(hidden=())
BANDIT = MatrixWorld.of(om.NormalForm([[0.0], [1.0], [0.5]]), horizon=12)


def network(weights, bias):
    """A layer from one number in [0, 1) that is seen to values."""
    return {"grids": {}, "layers": [], "out": (jnp.asarray(weights, jnp.float32), jnp.asarray(bias, jnp.float32))}


def test_the_loss_is_double_q_learning_by_hand():
    """The online network chooses among what is permitted, the lagging one says what that is worth (van Hasselt)."""
    learner = DQN(discount=0.9, net=LINEAR)
    online, lagging = network([[0.0, 0.0, 0.0]], [1.0, 2.0, 3.0]), network([[0.0, 0.0, 0.0]], [10.0, 20.0, 30.0])
    seen = {"x": jnp.zeros(4)}
    then = jnp.array([[True, True, False], [True, True, True], [True, False, False], [True, True, True]])
    over, present = jnp.array([False, False, False, True]), jnp.array([True, True, False, True])
    some = Kept(seen, jnp.array([0, 1, 2, 2]), jnp.array([19.5, -25.5, 5.0, 3.5]), seen, then, over, present)
    loss, value = learner._loss(online, lagging, some)
    errors = [19.5 + 0.9 * 20 - 1, -25.5 + 0.9 * 30 - 2, 0.0, 3.5 - 3.0]  # the third was absent, the last ended
    huber = [error**2 / 2 if abs(error) <= 1 else abs(error) - 0.5 for error in errors]
    assert float(loss) == pytest.approx(np.mean(huber), rel=1e-6)
    assert float(value) == pytest.approx((1 + 2 + 3 + 3) / 4)


def test_the_oldest_is_forgotten_first():
    learner = DQN(keeps=5, net=LINEAR)
    flag = jnp.zeros(5, bool)
    kept = Kept({}, jnp.zeros(5, jnp.int32), jnp.zeros(5), {}, flag[:, None], flag, flag)
    seen = []
    mind = Value((), (), (), kept, jnp.int32(0), jnp.float32(0))
    for number in range(40):
        new = Kept({}, jnp.full(2, number), jnp.arange(2.0) + 2 * number, {}, flag[:2, None], flag[:2], flag[:2])
        mind = learner._with(mind, new)
        seen += [2 * number, 2 * number + 1]
        held = np.asarray(mind.kept.payoff)[: min(int(mind.count), 5)]
        assert sorted(held) == seen[-5:]


@pytest.mark.slow
def test_it_learns_what_moves_are_worth():
    """Seen forever, a payoff of 1 with discount 1/2 is worth 2: the best move 2, the others 1 and 1.5."""
    learner = DQN(discount=0.5, rate=0.05, follow=0.2, keeps=512, net=LINEAR, explore=1.0, least=1.0)
    run = train(BANDIT, learner, 12_000)
    mind = jax.tree.map(lambda leaf: jnp.asarray(leaf)[0, 0], run.minds[0].parameters)
    values = learner.net.apply(mind, learner.net.recall(), {"last": jnp.array([1]), "time": jnp.int32(2)})[0]
    assert np.allclose(values, [1.0, 2.0, 1.5], atol=0.1)


def test_what_it_cannot_use_is_refused():
    with pytest.raises(InputError, match="memory of 8 units"):
        train(BANDIT, DQN(net=Net(units=8)), 10)
    with pytest.raises(InputError, match="keeps 10"):
        train(BANDIT, DQN(keeps=10, net=LINEAR), 10)


@pytest.mark.parametrize("name", ["keeps", "batch", "times"])
@pytest.mark.parametrize("count", [0, 10**9, 2.5])
def test_counts_have_bounds(name, count):
    with pytest.raises(InputError, match=rf"DQN\({name}=.*{name}"):
        DQN(**{name: count})
