import pytest

from ostrom.core.errors import InputError
from ostrom.diagnosis._diagnose import diagnose
from ostrom.diagnosis.tree import tree
from ostrom.games import ArmsControl, BeerQuiche, Centipede, Chicken, EntryDeterrence, KuhnPoker, LeducPoker


def said(found):
    return " ".join(finding.sentence for finding in found.findings)


def test_an_empty_threat_is_called_one():
    words = said(tree(EntryDeterrence()))
    assert "it goes enter, then share" in words
    assert "incumbent would not play fight, which would cost it 2, but share" in words


def test_where_nothing_is_bluff_nothing_is_called_bluff():
    found = tree(Centipede())
    assert found.threats == ()
    assert "it goes take" in said(found)
    assert "threat" not in said(found)


def test_opposed_players_have_a_value():
    assert "first gets -1/18 (exactly)" in said(tree(KuhnPoker()))


@pytest.mark.parametrize("game", [BeerQuiche(), ArmsControl()])
def test_of_other_trees_nothing_is_made_up(game):
    assert tree(game).findings == ()


def test_the_whole_diagnosis_says_it_too():
    seen = diagnose(EntryDeterrence())
    assert "empty threat" in seen.summary
    assert diagnose(Chicken()).tree is None


def test_a_tree_without_a_table_is_told_in_parts():
    seen = diagnose(LeducPoker())
    assert "Interests are opposed" in seen.summary
    assert "-0.0856" in seen.summary


def test_a_table_is_refused():
    with pytest.raises(InputError, match="no tree"):
        tree(Chicken())
