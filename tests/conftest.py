"""What all tests share: deterministic property tests, JAX on the processor only, and the data that is not ours."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # workers share the cores already
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start many processes: each would compile every module again
sys.dont_write_bytecode = False
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")  # tests compile more than they compute
settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of other people's data beside the repository; a test that needs it is skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data, other people's data that is not part of this repository")
    return folder


EXACT = ("test_docs", "test_world_laws", "test_school", "test_stepwise")
"""Files that hold compiled numbers to the last digit, or to what a page prints: they compile as users do."""


@pytest.fixture(scope="module", autouse=True)
def compiled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Programs that one file compiled are let go of after it: thousands in one process have ended in a crash."""
    plain = request.path.stem not in EXACT
    os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = str(int(plain))
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_disable_most_optimizations", plain)
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].clear_caches()
