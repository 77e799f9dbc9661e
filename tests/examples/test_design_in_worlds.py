"""The example on institutions for worlds: what it prints, and that a tiny run goes through."""

import pytest

pytest.importorskip("jax")


def test_every_setup_can_be_made(example):
    for setup in example.SETUPS.values():
        world = setup.world()
        assert len(world.ground.players) > 1
        assert set(setup.told.get("on", ())) <= set(world.ground.facts)


def test_nonsense_is_refused(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["moon"])
    assert "there is no 'moon' here" in capsys.readouterr().err


@pytest.mark.slow
def test_a_tiny_run(example, capsys, tmp_path):
    example.main(["pricing", "--steps", "150000", "--seeds", "2", "--replay", str(tmp_path)])
    out = capsys.readouterr().out
    assert out.startswith("pricing: ")
    assert "Among other learners (Reinforce)" in out
    assert "doing nothing" in (tmp_path / "pricing.html").read_text(encoding="utf-8").lower()
