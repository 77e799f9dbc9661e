"""The example on strangers: what those who keep to one side lose, and what training in company repairs."""

import numpy as np
import pytest

pytest.importorskip("jax")


def test_the_strangers_of_the_test_are_not_in_the_company(example):
    for setup in example.SETUPS.values():
        assert not any(one == other for one in setup.strangers.values() for other in setup.company)


def test_nonsense_is_refused(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["--seeds", "1"])
    assert "an interval needs two" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sides", "dilemma", "stock"])
def test_those_trained_among_their_own_kind_fail_with_strangers(example, name):
    """In three worlds; and those trained in company lose less to the same strangers."""
    results = example.measured(name, steps=200_000, seeds=8, seed=0)
    worst = max(results, key=lambda one: one.loss.mean())
    error = worst.loss.std(ddof=1) / np.sqrt(8)
    assert worst.loss.mean() > 2.4 * error
    assert worst.left.mean() < worst.loss.mean()


@pytest.mark.slow
def test_who_speaks_a_language_of_its_own_is_understood_by_those_of_its_school_only(example):
    """Ten rounds with three words: those who learn together have all ten, and a third with strangers, as by chance."""
    (alone,) = example.measured("signalling", steps=None, seeds=6, seed=0)
    (taught,) = example.measured("schooled", steps=None, seeds=6, seed=0)
    assert min(alone.own.mean(), taught.own.mean()) > 9
    assert alone.focal.mean() < 7
    assert alone.repaired.mean() < 7
    assert taught.focal.mean() < 7
    assert taught.repaired.mean() > 9
