"""Gambit's extensive games (`.efg`): chance, information sets and outcomes read and written, numbers kept exactly.

Format: "EFG 2 R", a title, the players, an optional comment, then the tree from the root, each place before what
follows it. `c` is a chance move, `p` a player's, `t` an end; an information set or an outcome is told in full where it
first stands and by its number afterwards. Source: Gambit documentation, "The extensive game (.efg) file format".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node

from ._gambit import Tokens, opened, quoted
from ._text import NUMBER_LIMIT, at, bad, distinct, save, written

MANY = 1_000
"""Players, and moves of one information set, beyond which a file is refused."""

CLOSE = Fraction(1, 10**9)
"""By how much odds may miss a sum of one, as rounded decimals do."""

NODES = 500_000
"""Places beyond which a file is refused; with more than two players, places times players are bounded."""


def read_efg(text: str | Path, where: str = "this text") -> ExtensiveForm:
    """The game in the text of an `.efg` file, or in the file at a `Path`, with its numbers as `Fraction`s.

    Names of places, moves, information sets and outcomes are kept; blank ones of moves and information sets are
    numbered, repeated ones told apart. Payoffs at a place on the way count for all ends behind it. A comment is
    skipped.

    Raises `InputError` naming `where` and the line for anything that is not such a file, `TooLarge` for more than
    500,000 places, or 1,000,000 places times players.
    """
    text, where = opened(text, where, ".efg")
    tokens = Tokens(text, where, ".efg")
    for expected in (("EFG",), ("2",), ("R", "D")):
        tokens.expect(*expected)
    name = tokens.text("the title in quotes")
    players = distinct(tokens.names("player", MANY))
    if tokens.kind == "text":
        tokens.text("the comment")
    reading = _Reading(tokens, players)
    places = reading.places()
    if tokens.kind != "end":
        raise tokens.error("the tree is complete, but more follows", "the end of the file")
    with at(where):
        return ExtensiveForm(_grown(places, players, reading.names()), players=players, name=name or "game")


def write_efg(game: ExtensiveForm, path: str | Path | None = None) -> str:
    """The game as the text of an `.efg` file, saved at `path` if one is given. Read and written twice it is the same.

    Odds that sum to one only as floats do are mended in the last digit, for Gambit takes them exactly. Draws of chance
    with the same name and odds share a number.

    Raises `InputError` when the game is no tree, or has bystanders, for whom the format has no place, and for a path
    that cannot be written.
    """
    if not isinstance(game, ExtensiveForm):
        raise InputError(
            f"A {type(game).__name__} is no tree.", "A .efg file holds trees.", "Write .nfg or .json instead."
        )
    if game.bystanders:
        raise InputError(
            f"{game.name} has bystanders ({', '.join(game.bystanders)}).",
            "A .efg file holds players only, and leaving bystanders out would hide what happens to them.",
            "Give them as players without a choice, if that is what you mean.",
        )
    names = " ".join(quoted(player) for player in game.players)
    text = "\n".join([f"EFG 2 R {quoted(game.name)} {{ {names} }}", '""', "", *_written(game)]) + "\n"
    if path is not None:
        save(text, path)
    return text


@dataclass
class _Place:
    """A place as it stands in the file: its kind, label, information set, odds and what is paid."""

    kind: str
    label: str
    outcome: str
    pays: tuple[Fraction, ...] | None
    player: int = 0
    number: int = 0
    odds: tuple[Fraction, ...] = ()
    moves: tuple[str, ...] = ()
    sees: str = ""


@dataclass
class _Reading:
    """What has been told so far: information sets by player and number (chance is player 0), and outcomes."""

    tokens: Tokens
    players: tuple[str, ...]
    sets: dict[tuple[int, int], tuple[str, tuple[str, ...], tuple[Fraction, ...]]] = field(default_factory=dict)
    outcomes: dict[int, tuple[str, tuple[Fraction, ...]]] = field(default_factory=dict)

    def places(self) -> list[_Place]:
        """All places of one tree, each before what follows it."""
        found, missing = [], 1  # how many places are still to come
        most = min(NODES, NUMBER_LIMIT // len(self.players))
        while missing:
            if len(found) >= most:
                raise TooLarge(
                    f"{self.tokens.where} has more than {most:,} places for {len(self.players):,} players.",
                    "So large a tree takes long to read and is better built.",
                    "Build the game in Python (ExtensiveForm), or read a smaller one.",
                )
            found.append(self._place())
            missing += len(found[-1].moves) - 1
        return found

    def names(self) -> dict[tuple[int, int], str]:
        """A name for every information set of a player, blank ones numbered and repeated ones told apart."""
        own: list[list[tuple[int, int]]] = [[] for _ in range(len(self.players) + 1)]
        for key in self.sets:
            own[key[0]].append(key)
        told = [distinct([self.sets[key][0] for key in keys]) for keys in own[1:]]
        return {
            key: name for keys, names in zip(own[1:], told, strict=True) for key, name in zip(keys, names, strict=True)
        }

    def _place(self) -> _Place:
        tokens = self.tokens
        kind = tokens.expect("c", "p", "t")
        label = tokens.text("the name of the place in quotes")
        if kind == "t":
            outcome, pays = self._outcome()
            return _Place(kind, label, outcome, pays)
        player = 0 if kind == "c" else tokens.whole("the number of a player", len(self.players))
        if kind == "p" and player == 0:
            raise tokens.error("player 0 moves", "the number of a player, the first being 1,")
        number = tokens.whole("the number of the information set", 10**9)
        sees, moves, odds = self._set(player, number)
        outcome, pays = self._outcome()
        return _Place(kind, label, outcome, pays, player, number, odds, moves, sees)

    def _set(self, player: int, number: int) -> tuple[str, tuple[str, ...], tuple[Fraction, ...]]:
        tokens, known = self.tokens, self.sets.get((player, number))
        name = tokens.text("a name") if tokens.kind == "text" else None
        if tokens.kind != "{":
            if known is None:
                raise tokens.unexpected(f"the moves of information set {number}, which stands here for the first time,")
            return known
        tokens.expect("{")
        moves, odds = [], []
        while tokens.kind == "text":
            if len(moves) == MANY:
                raise tokens.unexpected(f"at most {MANY:,} moves")
            moves.append(tokens.text("the name of a move"))
            if player == 0:
                odds.append(tokens.number("the odds of this move"))
        if not moves:
            raise tokens.unexpected("at least one move, in quotes,")
        if player == 0 and (min(odds) < 0 or abs(sum(odds) - 1) > CLOSE):
            said = f"the odds of {', '.join(map(repr, moves[:4]))} are {', '.join(map(str, odds[:4]))}"
            why = f"They sum to {float(sum(odds)):.12g}, and chance goes one way."
            raise bad(tokens.where, tokens.line, f"{said}.", why, "Make them 0 or more, and the sum 1.")
        tokens.expect("}")
        told = (known[0] if name is None and known else name or "", distinct(moves), tuple(odds))
        if known is not None and told[1:] != known[1:]:
            raise tokens.error(f"information set {number} has other moves or odds than before", "the same as before")
        self.sets.setdefault((player, number), told)
        return self.sets[player, number]

    def _outcome(self) -> tuple[str, tuple[Fraction, ...] | None]:
        tokens = self.tokens
        number = tokens.whole("the number of an outcome (0 for none)", 10**9)
        name = tokens.text("the name of the outcome") if tokens.kind == "text" else None
        if tokens.kind != "{":
            if number == 0:
                return "", None
            if number not in self.outcomes:
                raise tokens.unexpected(f"the payoffs of outcome {number}, which stands here for the first time,")
            return self.outcomes[number]
        tokens.expect("{")
        pays = tuple(tokens.number(f"{len(self.players)} payoffs") for _ in self.players)
        tokens.expect("}")
        if number == 0:
            raise tokens.error("outcome 0 pays something", "no payoffs after outcome 0")
        if len(self.outcomes) * len(self.players) > NUMBER_LIMIT:
            raise TooLarge(f"{tokens.where} has more than {NUMBER_LIMIT:,} payoffs.", do="Build the game in Python.")
        known = self.outcomes.get(number)
        if known is not None and known[1] != pays:
            raise tokens.error(f"outcome {number} pays something else than before", "the same as before")
        self.outcomes.setdefault(number, (name or "", pays))
        return self.outcomes[number]


def _grown(places: list[_Place], players: tuple[str, ...], names: dict[tuple[int, int], str]) -> Node:
    """The tree from its places, from the last one back: what follows a place stands on the stack when it comes."""
    stack: list[Node] = []
    for place in reversed(places):
        told: dict[str, Any] = {"pays": place.pays, "outcome": place.outcome, "label": place.label}
        follow = [stack.pop() for _ in place.moves]
        if place.kind == "t":
            stack.append(End(**told))
        elif place.kind == "c":
            pairs = zip(place.odds, follow, strict=True)
            stack.append(Chance(dict(zip(place.moves, pairs, strict=True)), sees=place.sees or None, **told))
        else:
            moves = dict(zip(place.moves, follow, strict=True))
            stack.append(Choice(players[place.player - 1], moves, names[place.player, place.number], **told))
    return stack.pop()


def _written(game: ExtensiveForm) -> list[str]:
    """A line for every place, from the root, each before what follows it."""
    tree = game.tree
    follow: list[list[int]] = [[] for _ in tree.nodes]
    for k, above in enumerate(tree.parent[1:].tolist(), 1):
        follow[above].append(k)
    seen: list[dict[int, int]] = [{} for _ in game.players]
    outcomes: dict[tuple[str, tuple[Any, ...]], int] = {}
    draws: dict[Any, int] = {}
    rows, stack = [], [0]
    while stack:
        k = stack.pop()
        node = tree.nodes[k]
        tail = _paid(node, outcomes)
        if isinstance(node, Choice):
            player = int(tree.mover[k]) + 1
            own = seen[player - 1]
            number = own.setdefault(int(tree.info[k]), len(own) + 1)
            moves = " ".join(quoted(move) for move in node.moves)
            head = f"p {quoted(node.label)} {player} {number} {quoted(node.sees or '')} {{ {moves} }}"
        elif isinstance(node, Chance):
            odds = _to_one([odds for odds, _ in node.moves.values()])
            ways = " ".join(f"{quoted(move)} {share}" for move, share in zip(node.moves, odds, strict=True))
            number = draws.setdefault((node.sees, ways) if node.sees else k, len(draws) + 1)
            head = f"c {quoted(node.label)} {number} {quoted(node.sees or '')} {{ {ways} }}"
        else:
            head = f"t {quoted(node.label)}"
        rows.append(f"{head} {tail}")
        stack += reversed(follow[k])
    return rows


def _to_one(odds: list[Any]) -> list[str]:
    """Odds as they are written; Gambit wants a sum of exactly one, so what floats miss goes to the last that can."""
    texts = [written(share) for share in odds]
    missing = 1 - sum(map(Fraction, texts))
    if missing:
        last = max(k for k, share in enumerate(odds) if share >= 1e-6)
        texts[last] = str(Fraction(texts[last]) + missing)
    return texts


def _paid(node: Node, outcomes: dict[tuple[str, tuple[Any, ...]], int]) -> str:
    if node.pays is None:
        return "0"
    key = (node.outcome, tuple(node.pays))
    number = outcomes.setdefault(key, len(outcomes) + 1)
    return f"{number} {quoted(node.outcome)} {{ {', '.join(map(written, node.pays))} }}"
