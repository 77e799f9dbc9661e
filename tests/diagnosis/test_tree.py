import pytest

from ostrom import Choice, End, ExtensiveForm
from ostrom.core.errors import InputError
from ostrom.diagnosis._diagnose import diagnose
from ostrom.diagnosis.tree import tree
from ostrom.games import (
    AlternatingOffers,
    ArmsControl,
    BeerQuiche,
    Centipede,
    Chicken,
    EntryDeterrence,
    KuhnPoker,
    LeducPoker,
)
from ostrom.solvers import backward_induction


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


def ultimatum():
    """Ten to share; offers of 0 to 4, which the other accepts or refuses."""
    offers = {
        str(k): Choice("R", {"yes": End(pays=(10 - k, k)), "no": End(pays=(0, 0))}, sees=f"offer {k}") for k in range(5)
    }
    return ExtensiveForm(Choice("P", offers), players=("P", "R"), name="ultimatum")


def test_where_whole_plans_come_out_elsewhere_it_is_said():
    words = diagnose(ultimatum()).summary
    assert "or another way (players who do not care decide); then P gets 9 to 10 and R gets 0 to 1." in words
    assert "Where whole plans are chosen beforehand" in words
    assert "then P gets 8 and R gets 2" in words
    assert "30 of 32 moves never do better" in words
    assert "Where whole plans" not in diagnose(EntryDeterrence()).summary


def test_ways_that_a_search_cut_short_may_have_missed_are_told_so():
    """So many equilibria of the offers are alike that not all are kept: one other way was found, there may be more."""
    offers = AlternatingOffers(rounds=2, steps=10, patience=0.5)
    assert backward_induction(offers).status == "partial"
    words = said(tree(offers))
    assert "accept, or another way, perhaps one of several (players who do not care decide)" in words
