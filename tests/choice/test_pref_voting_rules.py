"""Methods of pref_voting as rules: without it an error that helps; with it, the winners that ours find too."""

import sys

import pytest

from ostrom import choice
from ostrom.choice.cultures import impartial
from ostrom.choice.pref_voting_rules import MissingPackage, pref_voting_rule
from ostrom.core.errors import UnknownName
from ostrom.core.forms.ballots import Ballots

OURS = {"plurality": "plurality", "borda": "borda", "instant_runoff_put": "instant_runoff", "beat_path": "schulze"}


def test_without_the_package_the_error_says_how_to_install_it(monkeypatch):
    for name in [one for one in sys.modules if one.partition(".")[0] == "pref_voting"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("sys.meta_path", [_Nowhere(), *sys.meta_path])
    with pytest.raises(MissingPackage, match="pip install pref_voting"):
        pref_voting_rule("borda")
    assert issubclass(MissingPackage, ImportError)


class _Nowhere:
    """Finds no pref_voting, whether it is installed or not."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pref_voting":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.oracle
@pytest.mark.parametrize("name", OURS)
@pytest.mark.filterwarnings("default")
def test_it_finds_the_winners_that_ours_find(name):
    pytest.importorskip("pref_voting")
    theirs, ours = pref_voting_rule(name), getattr(choice, OURS[name])
    for seed in range(100):
        ballots = impartial(seed % 8 + 1, 4, seed)
        assert theirs(ballots).winners == ours(ballots).winners


@pytest.mark.oracle
@pytest.mark.filterwarnings("default")
def test_ballots_with_gaps_and_names():
    pytest.importorskip("pref_voting")
    ballots = Ballots.of({"x > y": 3, "z": 2, "y = z > x": 2})
    assert pref_voting_rule("minimax")(ballots).winners == choice.minimax(ballots).winners
    assert pref_voting_rule("copeland")(ballots).winners == choice.copeland(ballots).winners
    with pytest.raises(UnknownName, match="split_cycle"):
        pref_voting_rule("split_cycl")
