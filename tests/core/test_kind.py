"""The wrong kind of subject is called what it is, and whatever asks politely is answered as before."""

import copy
import pickle

import pytest

import ostrom as om
from ostrom.core.errors import InputError, WrongKind
from ostrom.core.forms.normal_form import NormalForm

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], name="dilemma")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: om.solvers.shapley(DILEMMA), "dilemma is a game of moves"),
        (lambda: om.solvers.pure_equilibria(DILEMMA.repeated(0.9)), "dilemma, repeated is a game played again and"),
        (lambda: om.solvers.pure_equilibria(om.games.MajorityPie()), "majority_pie is a game of coalitions"),
        (lambda: om.solvers.logit(om.games.BookPrices()), "book_prices is a loop of reactions"),
        (lambda: om.solvers.shapley(om.Ballots.of(["a > b"])), "election is an election"),
        (lambda: om.diagnosis.loops(DILEMMA), "dilemma is a game of moves"),
    ],
)
def test_the_wrong_kind_is_called_what_it_is(ask, said):
    with pytest.raises(WrongKind, match=said):
        ask()


def test_asking_whether_it_has_something_works_as_ever():
    assert not hasattr(DILEMMA, "institutions")
    assert getattr(DILEMMA, "worth", None) is None
    with pytest.raises(AttributeError):
        DILEMMA.payofs  # noqa: B018
    with pytest.raises(InputError):
        DILEMMA.payofs  # noqa: B018
    assert copy.deepcopy(DILEMMA).payoffs.tolist() == pickle.loads(pickle.dumps(DILEMMA)).payoffs.tolist()


def test_a_property_that_fails_keeps_its_own_error():
    class Broken(NormalForm):
        @property
        def told(self):
            return self.payoffs.nothing_of_the_kind

    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        Broken(DILEMMA.payoffs).told  # noqa: B018


def test_text_is_no_game():
    with pytest.raises(InputError, match="is text, and no game"):
        om.diagnose("lake.efg")
