"""Every file of tests has its example as a module."""

import importlib
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def example(request):
    """The example that the tests are named after: `test_strangers.py` is about `examples/strangers.py`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        yield importlib.import_module(request.path.stem.removeprefix("test_"))
