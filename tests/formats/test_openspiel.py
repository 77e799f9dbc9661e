"""With a stand-in that has OpenSpiel's methods; live with `make oracle`."""

import itertools
import types
from fractions import Fraction

import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge
from ostrom.formats.openspiel import from_openspiel
from ostrom.games import KuhnPoker
from ostrom.solvers.cfr import cfr
from ostrom.solvers.pure_equilibria import pure_equilibria
from ostrom.solvers.sequence_form import sequence_form


class Game:
    """A game of OpenSpiel's interface, made of one class of states."""

    def __init__(self, state, players=2, information="Information.IMPERFECT_INFORMATION", told=True, name="stand_in"):
        self._state, self._players = state, players
        self._type = types.SimpleNamespace(
            information=information, provides_information_state_string=told, short_name=name
        )

    def num_players(self):
        return self._players

    def get_type(self):
        return self._type

    def new_initial_state(self):
        return self._state()


class State:
    """What all states share."""

    def __init__(self, history=()):
        self.h = tuple(history)

    def child(self, action):
        return type(self)((*self.h, action))

    clone = lambda self: type(self)(self.h)  # noqa: E731
    is_chance_node = lambda self: self.current_player() == -1  # noqa: E731
    is_simultaneous_node = lambda self: self.current_player() == -2  # noqa: E731
    history_str = lambda self: str(self.h)  # noqa: E731

    def action_to_string(self, player, action):
        return f"{'deal' if player < 0 else 'move'} {action}"


class Kuhn(State):
    """Kuhn poker as OpenSpiel has it: two deals, then pass (0) or bet (1)."""

    def current_player(self):
        return -4 if self.is_terminal() else -1 if len(self.h) < 2 else len(self.h) % 2

    def is_terminal(self):
        return self.h[2:] in ((0, 0), (1, 0), (1, 1), (0, 1, 0), (0, 1, 1))

    def chance_outcomes(self):
        left = [card for card in range(3) if card not in self.h]
        return [(card, 1 / len(left)) for card in left]

    def legal_actions(self, player=None):
        return [0, 1]

    def information_state_string(self, player):
        return f"{self.h[player]}\n{''.join('pb'[a] for a in self.h[2:])}"

    def action_to_string(self, player, action):
        return f"Deal:{action}" if player < 0 else ("Pass", "Bet")[action]

    def returns(self):
        first, second, *done = self.h
        stake = 1 + (done.count(1) == 2)
        folded = done[-1] == 0 and 1 in done
        won = len(done) == 2 if folded else first > second
        return [float(stake), -float(stake)] if won else [-float(stake), float(stake)]


class Dilemma(State):
    """Both at once, twice; the third player has nothing to choose."""

    def __init__(self, history=()):
        super().__init__(history)

    def current_player(self):
        return -4 if self.is_terminal() else -2

    def is_terminal(self):
        return len(self.h) == 2

    def legal_actions(self, player):
        return [] if player == 1 else [0, 1]

    def apply_actions(self, actions):
        assert actions[1] == 0
        self.h = (*self.h, tuple(actions))

    def information_state_string(self, player):
        return str(self.h)

    def returns(self):
        pays = {(0, 0): (3, 3), (0, 1): (0, 5), (1, 0): (5, 0), (1, 1): (1, 1)}
        both = [pays[a, c] for a, _, c in self.h]
        return [sum(x for x, _ in both), 0.5, sum(y for _, y in both)]


class Pile(State):
    """Players take one or two of four sticks; who takes the last one wins. Everything is open."""

    def current_player(self):
        return -4 if self.is_terminal() else len(self.h) % 2

    def is_terminal(self):
        return sum(self.h) == 4

    def legal_actions(self, player=None):
        return [n for n in (1, 2) if sum(self.h) + n <= 4]

    def returns(self):
        return [1.0, -1.0] if len(self.h) % 2 else [-1.0, 1.0]


def test_kuhn_poker_is_kuhn_poker():
    game, ours = from_openspiel(Game(Kuhn, name="kuhn_poker")), KuhnPoker()
    assert (len(game.infosets), len(game.ends), game.name) == (12, 30, "kuhn_poker")
    assert game.perfect_recall
    assert game.exact_chance is not None
    assert set(game.exact_chance) == {Fraction(1, 6)}
    assert sequence_form(game).exact == Fraction(-1, 18)
    theirs, known = cfr(game, 20, every=1).history, cfr(ours, 20, every=1).history
    assert np.array(theirs) == pytest.approx(np.array(known), abs=1e-12)
    assert game.infosets[0].label == "0"
    assert game.infosets[0].moves == ("Pass", "Bet")


def test_moves_at_the_same_time_are_not_seen():
    game = from_openspiel(Game(Dilemma, players=3), players=("a", "nobody", "c"))
    assert (len(game.ends), [len(i.nodes) for i in game.infosets if i.label == "()"]) == (16, [1, 2])
    assert game.perfect_recall
    assert game.sizes == (8, 1, 8)  # a first move, and one for each move of the other then
    paid = {tuple(game.payoffs_at(np.array(profile))) for profile in pure_equilibria(game).profiles}
    assert paid == {(2.0, 0.5, 2.0)}


def test_open_games_need_no_information_states():
    game = from_openspiel(Game(Pile, information="Information.PERFECT_INFORMATION", told=False))
    assert game.perfect_information
    assert sequence_form(game).exact == 1  # take one, and leave three
    assert len(game.ends) == len([p for n in (2, 3, 4) for p in itertools.product((1, 2), repeat=n) if sum(p) == 4])


def test_who_does_not_say_what_is_known_is_refused():
    with pytest.raises(InputError, match="does not say what its players know"):
        from_openspiel(Game(Pile, told=False))


def test_names_that_would_be_alike_are_told_apart():
    class Alike(Pile):
        def action_to_string(self, player, action):
            return "take"

        def information_state_string(self, player):
            return " " * len(self.h) + "your turn" + " " * sum(self.h)

    game = from_openspiel(Game(Alike))
    assert {infoset.moves for infoset in game.infosets} <= {("take", "take (2)"), ("take",)}
    labels = [(infoset.player, infoset.label) for infoset in game.infosets]
    assert len(set(labels)) == len(labels) > 3


def test_odds_that_are_no_fractions_stay_floats():
    class Odd(Kuhn):
        def chance_outcomes(self):
            left = [card for card in range(3) if card not in self.h]
            return [(card, p) for card, p in zip(left, [0.1234567891, 1 - 0.1234567891, 0.0], strict=False)]

    game = from_openspiel(Game(Odd))
    assert game.exact_chance is None
    assert len(game.ends) == 20  # ways without odds are left out


def test_what_is_too_large_or_no_game_is_refused():
    with pytest.raises(TooLarge, match="more than 30 places"):
        from_openspiel(Game(Kuhn), limit=30)
    with pytest.raises(InputError, match="no game of OpenSpiel"):
        from_openspiel(KuhnPoker())
    with pytest.raises(InputError, match="names"):
        from_openspiel(Game(Kuhn), players=("a",))

    class Crowd(Kuhn):
        def current_player(self):
            return -5

        def is_terminal(self):
            return False

    with pytest.raises(InputError, match="mean-field"):
        from_openspiel(Game(Crowd))


def test_a_name_needs_the_library(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspiel", None)
    with pytest.raises(InputError, match="pip install open_spiel"):
        from_openspiel("kuhn_poker")


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name",
    ["kuhn_poker", "leduc_poker", "kuhn_poker(players=3)", "tiny_hanabi", "goofspiel(num_cards=3)", "matrix_pd",
     "liars_dice(dice_sides=3)", "first_sealed_auction(max_value=4)", "sheriff(max_items=1,max_bribe=1,num_rounds=1)"],
)  # fmt: skip
def test_what_even_play_pays_and_leaves_to_gain_is_open_spiels(name):
    pyspiel = pytest.importorskip("pyspiel")
    exploitability = pytest.importorskip("open_spiel.python.algorithms.exploitability")
    expected = pytest.importorskip("open_spiel.python.algorithms.expected_game_score")
    policy = pytest.importorskip("open_spiel.python.policy")
    game = pyspiel.load_game(name)
    ours = from_openspiel(game)
    turns = pyspiel.convert_to_turn_based(game) if "SIMULTANEOUS" in str(game.get_type().dynamics) else game
    even = policy.TabularPolicy(turns)
    value = expected.policy_value(turns.new_initial_state(), [even] * game.num_players())
    assert ours.value(ours.even()) == pytest.approx(value, abs=1e-9)
    assert ours.gains(ours.even()).sum() == pytest.approx(exploitability.nash_conv(turns, even), abs=1e-9)


@pytest.mark.oracle
def test_a_name_that_open_spiel_does_not_know():
    pytest.importorskip("pyspiel")
    with pytest.raises(InputError, match="cannot load"):
        from_openspiel("no_such_game")
    with pytest.raises(TooLarge):
        from_openspiel("chess", limit=1000)
