"""The example on people in repeated dilemmas: on planted decisions, and on those of people."""

import csv
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError
from ostrom.dynamics import repeated_play
from ostrom.games import PrisonersDilemma

PAGE = Path(__file__).parents[2] / "docs" / "reproductions" / "people_in_dilemmas.md"
DECISIONS = Path("human-ipd") / "decisions-even-games.csv.gz"
PLANTED = {(): 0.7, (1, 1): 0.9, (1, 0): 0.2, (0, 1): 0.5, (0, 0): 0.1}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Decisions of people with these odds, whatever the payoffs, in four games of 150 pairs and six rounds."""
    path, rng = tmp_path_factory.mktemp("people") / "decisions.csv", np.random.default_rng(0)
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["group", "period", "my.decision", "my.decision1", "other.decision1", "r", "s", "t", "p", "delta"])
        for game, _ in product(range(4), range(150)):
            rows, last = ([], []), ()
            for period in range(1, 7):
                done = [int(rng.random() < PLANTED[last[::step]]) for step in (1, -1)]
                for seat, step in enumerate((1, -1)):
                    word = "coop" if done[seat] else "defect"
                    before = last[::step] or ("", "")
                    rows[seat].append([game, period, word, *before, 3, -0.5 * game, 4 + game, 1, 0.5 + game / 10])
                last = tuple(done)
            out.writerows(rows[0] + rows[1])
    return path


def test_planted_people_are_found(example, planted):
    study = example.Study(planted)
    found = study.fits["last move"].memory_one(PrisonersDilemma(), 0.75)
    assert found == pytest.approx(tuple(PLANTED.values()), abs=0.06)
    losses = dict(zip(study.scores.models, study.scores.log_loss, strict=True))
    assert losses["last move"] == pytest.approx(min(losses.values()), abs=0.01)
    observed = {game: study.choices.cooperated[study.choices.game == game].mean() for game in study.scores.games}
    assert study.foretold == pytest.approx(observed, abs=0.05)


def test_the_best_reply_is_that_of_value_iteration(example, planted):
    """Against people who remember one round, by dynamic programming over the last joint move."""
    study, dilemma = example.Study(planted), PrisonersDilemma().dense().payoffs[..., 0]
    for line, length in zip(example.best(study).splitlines()[2:], example.LENGTHS, strict=True):
        delta = 1 - 1 / length
        first, *after = study.fits["memory one"].memory_one(PrisonersDilemma(), delta)
        mirrored = np.array(after)[[0, 2, 1, 3]]
        worth = np.zeros(4)
        for _ in range(600):
            now = np.array([[own @ [p, 1 - p] for own in dilemma + delta * worth.reshape(2, 2)] for p in mirrored])
            worth = now.max(1)
        start = max(own @ [first, 1 - first] for own in dilemma + delta * worth.reshape(2, 2))
        assert float(line.split("|")[7]) == pytest.approx((1 - delta) * start, abs=0.006)


def test_what_it_prints_and_draws(example, planted, capsys, tmp_path, monkeypatch):
    pytest.importorskip("vl_convert")
    monkeypatch.setattr(example, "LENGTHS", (2,))
    drawn = tmp_path / "people.svg"
    example.main([str(planted), "--picture", str(drawn)])
    parts = capsys.readouterr().out.strip().split("\n\n")
    assert len(parts) == 7
    assert re.search(r"\| last move \| 0\.\d{3} \| 0\.\d{3} \|", parts[0])
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_what_strategies_get_is_what_they_get_in_repeated_play(example, planted):
    study = example.Study(planted)
    defector = Automaton.pure([1], [[0, 0]])
    met = repeated_play(PrisonersDilemma(), [defector, example.people(study, 4)], discount=0.75)
    assert example.paid(study, "defector", 4) == pytest.approx(met.payoffs)


def test_it_refuses_what_are_no_decisions(example, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="Missing"):
        example.main([str(path)])


@pytest.mark.slow
def test_the_page_tells_what_it_prints(example, shared_data, capsys):
    """Needs the decisions of people, which are not part of this repository; skipped without them."""
    if not (shared_data / DECISIONS).is_file():
        pytest.skip("needs ../shared/data/human-ipd, decisions of people that are not part of this repository")
    example.main([str(shared_data / DECISIONS)])
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for line in capsys.readouterr().out.splitlines():
        if not line.startswith("|---"):
            assert " ".join(line.split()) in page
