"""The example on speakers to whom nobody listens; its figures are tested in `papers/test_r10c_communication`."""

import pytest

pytest.importorskip("jax")


@pytest.mark.slow
def test_what_it_prints_and_draws(example, capsys, tmp_path):
    drawn = tmp_path / "talk.svg"
    example.main(["--episodes", "20", "--picture", str(drawn)])
    heads, *rows = capsys.readouterr().out.splitlines()
    assert heads.startswith("listener")
    assert [row.split()[:2] for row in rows] == [
        [listener, source] for listener in ("obedient", "deaf") for source in ("tables", "asking", "plays")
    ]
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_influence_falls_with_heed_and_consistency_does_not(example):
    consistency, influence = zip(*(example.tables(heeds) for heeds in (0.0, 0.3, 0.6, 1.0)), strict=True)
    assert len(set(consistency)) == 1
    assert list(influence) == sorted(set(influence))


def test_it_refuses_nonsense(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["--episodes", "0"])
    assert "at least one is needed" in capsys.readouterr().err
