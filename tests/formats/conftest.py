"""What the tests of readers and writers share: small games with awkward names and exact numbers."""

import random
from fractions import Fraction

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact

LABELS = ["C", "D", "7", "two words", 'qu"ote', "back\\slash", "a,b", "semi;colon", "Zoë", "{brace}", "x/y", "NaN"]


@pytest.fixture(scope="session")
def awkward_game():
    """`make(seed, labels=…, exact=…, players=…)`: a random game of two to four players."""

    def make(seed, labels=LABELS, exact=True, players=None, bystanders=0, facts=False):
        rng = random.Random(seed)
        count = players or rng.choice([2, 2, 3, 4])
        sizes = [rng.randint(1, 4 if count < 4 else 2) for _ in range(count)]
        draw = _fraction if exact else (lambda rng: rng.uniform(-1, 1) * 10.0 ** rng.randint(-12, 12))
        payoffs = np.empty((*sizes, count), dtype=object if exact else float)
        for place in np.ndindex(*payoffs.shape):
            payoffs[place] = draw(rng)
        principals = rng.sample(labels, count + bystanders)
        table = np.array([rng.uniform(-9, 9) for _ in range(int(np.prod(sizes)) * bystanders)])
        return NormalForm(
            payoffs,
            players=principals[:count],
            moves=[rng.sample(labels, size) for size in sizes],
            name=rng.choice(labels),
            bystanders=principals[count:],
            bystander_payoffs=table.reshape(*sizes, bystanders),
            facts=[Fact.of_own_move("harvest", "tonnes", [0.5, 2, 3, 4], "self")] if facts else (),
        )

    return make


@pytest.fixture(scope="session")
def same():
    """`same(a, b)`: equal names, moves, exact payoffs, bystanders and facts."""

    def compare(a, b):
        assert (a.name, a.players, a.moves, a.bystanders) == (b.name, b.players, b.moves, b.bystanders)
        assert np.array_equal(a.payoffs, b.payoffs)
        assert (a.exact is None) == (b.exact is None)
        assert a.exact is None or np.array_equal(a.exact, b.exact)
        assert np.array_equal(a.bystander_payoffs, b.bystander_payoffs)
        assert [(f.name, f.unit, f.seen_by) for f in a.facts] == [(f.name, f.unit, f.seen_by) for f in b.facts]
        profiles = a.profiles()
        for name, amounts in a.facts_at(profiles).items():
            assert np.array_equal(amounts, b.facts_at(profiles)[name])
        return True

    return compare


def _fraction(rng):
    kind = rng.random()
    if kind < 0.4:
        return Fraction(rng.randint(-9, 9))
    if kind < 0.8:
        return Fraction(rng.randint(-99, 99), rng.randint(1, 30))
    return Fraction(repr(rng.uniform(-1, 1) * 10.0 ** rng.randint(-9, 9)))
