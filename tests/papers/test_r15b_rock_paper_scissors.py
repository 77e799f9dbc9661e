"""R15b: rock, paper, scissors under fictitious play and replicator dynamics.

The reference value, computed with another program: after 100,000 rounds of fictitious play the frequencies are
exploitable by 0.0064 (summed over both). How play starts is not stated there, and the number depends on it: it is
k / sqrt(rounds) with a k that the start sets for good. From a first joint move we get 0.0042 where both make the same
and 0.0053 where they do not, as the loop below does in whole numbers; 256 starts drawn evenly from all mixtures gave
0.0030 to 0.0061. 0.0064 is the same rate from a start we do not know. Replicator dynamics keep the product of shares,
and their average over time is 1/3 each.
"""

import itertools
import math

import numpy as np
import pytest

from ostrom.dynamics import fictitious_play, one_population, replicator
from ostrom.games import RockPaperScissors

PAIRS = list(itertools.product(range(3), repeat=2))


def exploitable(rounds):
    """The sum of both players' regrets in frequencies, from each of the nine first joint moves."""
    game = RockPaperScissors()
    start = tuple(np.eye(3)[list(own)] for own in zip(*PAIRS, strict=True))
    play = fictitious_play(game, start, rounds=rounds, ties="lowest")
    return game.regrets(play.average).sum(-1)


def slowly(first, second, rounds):
    """The same from counts in whole numbers: a move is worth how often what it beats was made, less what beats it."""
    counts = [[int(k == move) for k in range(3)] for move in (first, second)]
    for _ in range(rounds - 1):
        worths = [[other[k - 1] - other[(k + 1) % 3] for k in range(3)] for other in reversed(counts)]
        for own, worth in zip(counts, worths, strict=True):
            own[worth.index(max(worth))] += 1
    return sum(max(other[k - 1] - other[(k + 1) % 3] for k in range(3)) for other in counts) / rounds


def test_r15b_in_small():
    for rounds in (10, 1000):
        assert exploitable(rounds) == pytest.approx([slowly(*pair, rounds) for pair in PAIRS], abs=1e-12)
    reference = 0.0064 * math.sqrt(100_000)
    assert (exploitable(1000) * math.sqrt(1000) < reference).all()


@pytest.mark.slow
def test_r15b_fictitious_play_at_length():
    found = exploitable(100_000)
    assert found == pytest.approx([0.00422 if a == b else 0.00527 for a, b in PAIRS], abs=1e-8)
    assert found[1] == pytest.approx(slowly(*PAIRS[1], 100_000), abs=1e-8)
    assert (found < 0.0064).all()


def test_r15b_replicator():
    times = np.linspace(0, 100, 501)
    (path,) = replicator(one_population(RockPaperScissors()), (np.array([0.5, 0.3, 0.2]),), times)
    assert path.prod(-1) == pytest.approx(0.03, rel=1e-6)
    assert path.mean(axis=0) == pytest.approx(np.full(3, 1 / 3), abs=0.01)
