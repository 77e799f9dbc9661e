"""R2c: Nowak's five rules (2006), r > c/b, w > c/b, q > c/b, b/c > k, b/c > 1 + n/m; the fourth by exact chains."""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import five_rules, network_fixation, ring


@pytest.mark.parametrize("ratio", [1.5, 2.0, 3.0, 10.0])
def test_r2c_closed_forms(ratio):
    for shift, holds in ((1e-9, True), (-1e-9, False)):
        share = 1 / ratio + shift
        found = five_rules(ratio, 1.0, relatedness=share, again=share, known=share)
        assert set(found.holds.values()) == {holds}
        assert five_rules(ratio + shift, 1.0, neighbours=ratio).holds == {"network reciprocity": holds}
    assert five_rules(1 + 3 / 2 + 1e-9, 1.0, group=(3, 2)).holds == {"group selection": True}
    assert five_rules(1 + 3 / 2 - 1e-9, 1.0, group=(3, 2)).holds == {"group selection": False}


def critical_ratio(nodes, each, strength=1e-4):
    """Where one helper's odds to take over are 1/N: all 2^N states are solved for, and odds are linear in b/c."""
    lead = []
    for benefit in (2.0, 6.0):
        row = np.array([[0.0, benefit], [-1.0, benefit - 1.0]])
        game = NormalForm(np.stack([row, row.T], axis=-1))
        lead.append(network_fixation(game, ring(nodes, each), strength=strength).mean() - 1 / nodes)
    return 2.0 - 4.0 * lead[0] / (lead[1] - lead[0])


def test_r2c_the_ratio_on_rings_falls_to_the_number_of_neighbours():
    """Exactly (N - 2) / (N / 2 - 2) among N, which tends to k = 2."""
    found = [critical_ratio(nodes, 2) for nodes in (6, 8, 10)]
    assert found == pytest.approx([4.0, 3.0, 8 / 3], abs=5e-3)
    assert found[0] > found[1] > found[2] > 2
