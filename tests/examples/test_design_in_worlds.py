"""The example on institutions for worlds: what it prints, and that a tiny run goes through."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax")
PATH = Path(__file__).parents[2] / "examples" / "design_in_worlds.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("design_in_worlds_example", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_setup_can_be_made(example):
    for setup in example.SETUPS.values():
        world = setup.world()
        assert len(world.ground.players) > 1
        assert set(setup.told.get("on", ())) <= set(world.ground.facts)


def test_nonsense_is_refused():
    done = subprocess.run([sys.executable, PATH, "moon"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no 'moon' here" in done.stderr


@pytest.mark.slow
def test_a_tiny_run(example, capsys, tmp_path):
    example.main(["pricing", "--steps", "150000", "--seeds", "2", "--replay", str(tmp_path)])
    out = capsys.readouterr().out
    assert out.startswith("pricing: ")
    assert "Among other learners (Reinforce)" in out
    assert "doing nothing" in (tmp_path / "pricing.html").read_text(encoding="utf-8").lower()
