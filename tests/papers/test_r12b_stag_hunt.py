"""R12b: evolution in the stag hunt. The basin of Stag is 1/4 for payoffs (4, 0, 3, 3) and 1/2 for (4, 1, 3, 2)."""

import numpy as np
import pytest

from ostrom.dynamics import basins, flow_limit, one_population, replicator_limit
from ostrom.games import StagHunt

HUNTS = [(StagHunt(4, 0, 3, 3), 1 / 4), (StagHunt(4, 1, 3, 2), 1 / 2)]


@pytest.mark.parametrize(("game", "share"), HUNTS)
def test_r12b_exact_borders(game, share):
    """From a hair above the border all come to hunt the stag, from a hair below none."""
    border = 1 - share
    starts = np.array([[border + 1e-6, 1 - border - 1e-6], [border - 1e-6, 1 - border + 1e-6]])
    for ends in (
        replicator_limit,
        lambda g, x: flow_limit(g, x, "smith"),
        lambda g, x: flow_limit(g, x, "best response"),
    ):
        last = ends(one_population(game), (starts,)).last[0]
        assert last[:, 0] == pytest.approx([1, 0], abs=1e-3)


@pytest.mark.parametrize(("game", "share"), HUNTS)
def test_r12b_sampled_basins(game, share):
    found = basins(one_population(game), replicator_limit, starts=2000, seed=0)
    stag = next(basin.share for basin in found.basins if basin.profile == (0,))
    assert stag.interval[0] <= share <= stag.interval[1]
    assert stag.count + next(b.share.count for b in found.basins if b.profile == (1,)) == 2000
