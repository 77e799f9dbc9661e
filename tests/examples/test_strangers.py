"""The example on strangers: what those who keep to one side lose, and what training in company repairs."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax")
PATH = Path(__file__).parents[2] / "examples" / "strangers.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("strangers_example", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_strangers_of_the_test_are_not_in_the_company(example):
    for setup in example.SETUPS.values():
        assert not any(one == other for one in setup.strangers.values() for other in setup.company)


def test_nonsense_is_refused():
    done = subprocess.run([sys.executable, PATH, "--seeds", "1"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "an interval needs two" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sides", "dilemma", "stock"])
def test_those_trained_among_their_own_kind_fail_with_strangers(example, name):
    """In three worlds; and those trained in company lose less to the same strangers."""
    results = example.measured(name, steps=200_000, seeds=8, seed=0)
    worst = max(results, key=lambda one: one.loss.mean())
    error = worst.loss.std(ddof=1) / np.sqrt(8)
    assert worst.loss.mean() > 2.4 * error
    assert worst.left.mean() < worst.loss.mean()
