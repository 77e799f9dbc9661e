"""Does an institution keep what it promises? The public conformance kit for rules, one's own included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.charter import Charter, Round
from ..core.errors import CarrierError, DeclarationError, InputError
from ..core.forms.normal_form import NormalForm
from ..core.forms.symmetric import Symmetric
from ..core.game import Fact, Game
from ..core.institution import Institution, Now
from ..core.lifts.govern import govern, ground_of
from ..core.lifts.plays import Plays
from ..core.replay import replayed
from ..core.society import Session
from ._world_run import in_a_world

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Conformance:
    """What was checked, and on which carriers the institution runs (or the reason why one cannot hold it)."""

    institution: Institution
    checks: tuple[str, ...]
    carriers: Mapping[str, str]

    def __str__(self) -> str:
        lines = [f"{self.institution!r} keeps what it declares.", *(f"  ✓ {check}" for check in self.checks)]
        return "\n".join([*lines, *(f"  {carrier}: {answer}" for carrier, answer in self.carriers.items())])


def check_institution(institution: Institution, game: Game | None = None, seed: int = 0) -> Conformance:
    """Probe every claim an institution makes about itself, and run it on every carrier there is.

    Parameters
    ----------
    institution : an instance.
    game : a finite game with the labels and facts it names; by default a small commons with the moves "C" and "D", and
        the facts "harvest", "contribution", "emission" and "delay".
    seed : of the probes.

    Returns a `Conformance`. Raises `DeclarationError` (what was declared, what was seen, where) on the first lie, and
    `UnknownName` when it names a move or fact that the game does not have: then give a game that has it.
    """
    game = game or _commons(3)
    probe = _Probe(institution, game, seed)
    checks = [check(probe) for check in _CHECKS]
    return Conformance(institution, tuple(checks), _carriers(institution, game, seed))


def _commons(players: int) -> NormalForm:
    """A small commons: C spares, D takes. Facts by the names that rules like to use."""
    names = {"harvest": (1.0, 3.0), "contribution": (2.0, 0.0), "emission": (0.5, 1.5), "delay": (0.0, 1.0)}
    facts = [Fact.of_own_move(name, "units", amounts) for name, amounts in names.items()]
    form = Symmetric(
        lambda own, others: 2.0 * own + 1.5 * others[:, 0],
        players=players,
        moves=("C", "D"),
        name="commons",
        facts=facts,
    )
    return form.dense()


class _Probe:
    """One institution on one game, with random moves, luck, facts and payoffs to ask it about."""

    def __init__(self, institution: Institution, game: Game, seed: int, rows: int = 40) -> None:
        self.rule, self.game, self.rows = institution, game, rows
        self.random = np.random.default_rng(seed)
        self.charter = Charter(ground_of(game), [institution])
        self.ground, self.players = self.charter.ground, len(game.players)
        self.record = self.charter.found()[0]
        bare = self.now(self.ground.unknown_moves(), {}, {})
        self.odds = {name: np.asarray(table) for name, table in institution.dice(bare).items()}

    def now(self, moves: Any, luck: Any, facts: Any, xp: Any = np) -> Now:
        from ..core.lifts.plays import prospects

        return Now(
            self.ground, self.record, moves, luck, facts, prospects(self.game), xp.ones(self.players, dtype=bool), 0, xp
        )

    def draw(self) -> tuple[Now, np.ndarray]:
        """A batch of situations after play, and payoffs, all random."""
        moves = {}
        for name, part in self.ground.parts.items():
            if part.continuous:
                moves[name] = self.random.uniform(part.low, part.high, (self.rows, self.players))
            else:
                sizes = [len(part.labels_of(i)) if part.has(i) else 0 for i in range(self.players)]
                columns = [self.random.integers(0, n, self.rows) if n else np.full(self.rows, -1) for n in sizes]
                moves[name] = np.stack(columns, -1).astype(np.int32)
        luck = {
            name: self.random.integers(0, table.shape[1], (self.rows, table.shape[0])).astype(np.int32)
            for name, table in self.odds.items()
        }
        facts = {fact.name: self.random.uniform(0, 4, (self.rows, self.players)) for fact in self.game.facts}
        return self.now(moves, luck, facts), self.random.normal(0, 5, (self.rows, self.players))

    def fail(self, declared: str, seen: str, do: str) -> None:
        raise DeclarationError(f"{type(self.rule).__name__} {declared}, but {seen}.", do=do)


def _pick(now: Now, rows: Any) -> Now:
    return replace(
        now,
        moves={k: v[rows] for k, v in now.moves.items()},
        luck={k: v[rows] for k, v in now.luck.items()},
        facts={k: v[rows] for k, v in now.facts.items()},
    )


def _transfers(probe: _Probe, now: Now, payoffs: np.ndarray) -> np.ndarray:
    return np.asarray(probe.rule.settle(now, payoffs)) - payoffs


def _is_total(probe: _Probe) -> str:
    """Nothing breaks before anything is known."""
    blank = probe.ground.unknown_moves()
    faces = {name: np.zeros(len(table), np.int32) for name, table in probe.odds.items()}
    payoffs = np.zeros(probe.players)
    now = probe.now(blank, faces, {})
    settled = np.asarray(probe.rule.settle(now, payoffs))
    if settled.shape != payoffs.shape or not np.isfinite(settled).all():
        probe.fail(
            "settles before anything is known", f"it gave {settled}", "Treat -1 as unknown; never divide by zero."
        )
    for stage in range(len(probe.ground.stages)):
        scene = Round((probe.record,), (faces,), present=now.present, prospects=now.prospects)
        probe.charter.permitted(scene, blank, stage)
        probe.charter.inform(scene, blank, stage)
    return "total: every hook answers when moves are not known yet"


def _is_pure(probe: _Probe) -> str:
    now, payoffs = probe.draw()
    kept = payoffs.copy()
    first, second = (np.asarray(probe.rule.settle(now, payoffs)) for _ in range(2))
    if not (first == second).all() or not (payoffs == kept).all():
        probe.fail("has pure hooks", "the same question got two answers, or its input was changed", "Read only `now`.")
    return "pure: the same question gets the same answer"


def _is_batched(probe: _Probe) -> str:
    now, payoffs = probe.draw()
    together = np.asarray(probe.rule.settle(now, payoffs))
    alone = np.stack([np.asarray(probe.rule.settle(_pick(now, k), payoffs[k])) for k in range(probe.rows)])
    if together.shape != payoffs.shape or not np.allclose(together, alone, atol=TOLERANCE):
        probe.fail("answers row by row", "a batch gave other payments than its rows", "The seat axis is the last one.")
    return "batched: many situations at once are settled like each alone"


def _keeps_scope(probe: _Probe) -> str:
    scope = probe.rule.scope
    now, payoffs = probe.draw()
    paid = _transfers(probe, now, payoffs)
    if scope in ("additive", "counts"):
        for seat in range(probe.players):
            order = np.arange(probe.players)
            others = order[order != seat]
            order[others] = np.roll(others, 1)
            changed = _others_changed(probe, now, seat) if scope == "additive" else _shuffled(now, order)
            same = _mixed(probe, payoffs, seat) if scope == "additive" else payoffs[:, order]
            gap = np.abs(_transfers(probe, changed, same)[:, seat] - paid[:, seat])
            if gap.max() > TOLERANCE:
                words = "another seat's move" if scope == "additive" else "who did what, not only how many"
                probe.fail(
                    f"declares scope '{scope}'",
                    f"seat {seat}'s payment changes by {gap.max():.3g} with {words}",
                    "Declare scope = 'profile' (or 'counts'), or settle on one's own row.",
                )
    return f"scope '{scope}'"


def _mixed(probe: _Probe, payoffs: np.ndarray, seat: int) -> np.ndarray:
    """Payoffs in which everybody but `seat` got something else."""
    other = probe.random.normal(0, 5, payoffs.shape)
    other[:, seat] = payoffs[:, seat]
    return other


def _others_changed(probe: _Probe, now: Now, seat: int) -> Now:
    other, _ = probe.draw()

    def mix(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
        if mine.shape[-1] != probe.players:
            return mine
        mixed = theirs.copy()
        mixed[:, seat] = mine[:, seat]
        return mixed

    merged = {
        which: {k: mix(v, getattr(other, which)[k]) for k, v in getattr(now, which).items()}
        for which in ("moves", "luck", "facts")
    }
    return replace(now, **merged)


def _shuffled(now: Now, order: np.ndarray) -> Now:
    def swap(table: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {k: v[:, order] if v.shape[-1] == len(order) else v for k, v in table.items()}

    return replace(now, moves=swap(now.moves), luck=swap(now.luck), facts=swap(now.facts))


def _keeps_budget(probe: _Probe) -> str:
    now, payoffs = probe.draw()
    balance = _transfers(probe, now, payoffs).sum(-1)
    budget = probe.rule.budget
    broken = {
        "balanced": np.abs(balance) > 1e-6,
        "surplus": balance > 1e-6,
        "deficit": balance < -1e-6,
        None: balance * 0 > 1,
    }[budget]
    if broken.any():
        probe.fail(
            f"declares budget '{budget}'",
            f"its transfers sum to {balance[broken][0]:.3g} at one joint move",
            "Declare what the sum of its payments can be: 'balanced', 'surplus', 'deficit' or None.",
        )
    return f"budget {budget!r}" if budget else "budget: nothing declared"


def _keeps_memory(probe: _Probe) -> str:
    memory, record = probe.rule.memory, probe.record
    if memory == "none" and record:
        probe.fail("declares no memory", f"it keeps {sorted(record)}", "Declare memory = 'finite' or 'unbounded'.")
    now, payoffs = probe.draw()
    for row in range(min(probe.rows, 12)):
        after = probe.rule.remember(_pick(now, row), payoffs[row])
        shapes = {k: (np.shape(v), np.asarray(v).dtype) for k, v in after.items()}
        founded = {k: (np.shape(v), np.asarray(v).dtype) for k, v in record.items()}
        if shapes != founded:
            probe.fail("remembers", f"found() gave {founded} and remember() {shapes}", "Keep names, shapes and types.")
    if memory == "finite" and any(np.asarray(v).dtype.kind not in "iub" for v in record.values()):
        probe.fail(
            "declares finite memory", "its record holds real numbers", "Remember whole numbers, or say 'unbounded'."
        )
    return f"memory '{memory}'"


def _odds_are_odds(probe: _Probe) -> str:
    from ..core.seeds import check_odds

    for name, table in probe.odds.items():
        check_odds(type(probe.rule).__name__, name, table)
    return "dice: odds are odds" if probe.odds else "dice: none"


def _only_narrows(probe: _Probe) -> str:
    scene = Round(
        (probe.record,),
        ({n: np.zeros(len(t), np.int32) for n, t in probe.odds.items()},),
        present=np.ones(probe.players, bool),
        prospects=probe.now({}, {}, {}).prospects,
    )
    for stage in range(len(probe.ground.stages)):
        for name, mask in probe.charter.permitted(scene, probe.ground.unknown_moves(), stage).items():
            if np.asarray(mask).dtype == bool and not np.asarray(mask).any(-1).all():
                probe.fail(
                    "permits", f"a seat is left without any choice in {name!r}", "Leave at least one choice open."
                )
    return "permit: everybody keeps a choice"


_CHECKS: tuple[Callable[[_Probe], str], ...] = (
    _is_total,
    _is_pure,
    _is_batched,
    _keeps_scope,
    _keeps_budget,
    _keeps_memory,
    _odds_are_odds,
    _only_narrows,
)


def _carriers(institution: Institution, game: Game, seed: int) -> dict[str, str]:
    """Run it on every finite carrier and live; an honest refusal is an answer, a wrong result is an error."""
    answers = {}

    def attempt(carrier: str, run: Callable[[], str]) -> None:
        try:
            answers[carrier] = run()
        except (CarrierError, InputError) as refusal:
            answers[carrier] = f"refused: {refusal.what}"

    attempt("table", lambda: _on_table(institution, game))
    attempt("repeated", lambda: f"{len(game.repeated(0.9).under(institution).states)} states")
    if isinstance(game, NormalForm) and len(set(game.moves)) == 1 and {"C", "D"} == set(game.moves[0]):
        large = _crowd()
        attempt("counts", lambda: f"{type(govern(large, [institution])).__name__} of {len(large.players)} players")
    session = _live(institution, game, seed)
    answers["society"] = f"{len(session.log)} events, replayed to the same bytes"
    attempt("world", lambda: in_a_world(institution, game, session))
    return answers


def _crowd() -> Symmetric:
    facts = [
        Fact.of_own_move(name, "units", amounts)
        for name, amounts in {
            "harvest": (1.0, 3.0),
            "contribution": (2.0, 0.0),
            "emission": (0.5, 1.5),
            "delay": (0.0, 1.0),
        }.items()
    ]
    return Symmetric(
        lambda own, others: 2.0 * own + 0.1 * others[:, 0], players=40, moves=("C", "D"), name="crowd", facts=facts
    )


def _on_table(institution: Institution, game: Game) -> str:
    governed = game.under(institution)
    again = game.under().under(institution)
    if repr(governed) != repr(again):
        raise DeclarationError("The empty charter changed the game.", "It must be the identity.")
    return f"{type(governed).__name__}, {governed.size:,} joint moves"


def _live(institution: Institution, game: Game, seed: int) -> Session:
    """A live session with random seats in random order, then its replay; and its payoffs against the table's rows."""
    random = np.random.default_rng(seed)
    session = Session(game, [institution], rounds=4, seed=seed)
    while not session.over:
        seat = session.waiting[random.integers(len(session.waiting))]
        choices = session.look(seat).choices
        session.submit(seat, {part: options[random.integers(len(options))] for part, options in choices.items()})
    again = replayed(game, [institution], session.log)
    if [event.to_json() for event in again.log] != [event.to_json() for event in session.log]:
        raise DeclarationError(
            f"A session under {type(institution).__name__} is not what its log says.",
            "Replaying the log gave other events.",
            "Hooks may read only `now`: no globals, no randomness, no clock.",
        )
    _same_as_table(institution, game, session)
    return session


def _same_as_table(institution: Institution, game: Game, session: Session) -> None:
    """The first live round, found among the rows of the table, must have been paid alike."""
    if any(part.continuous for part in session.charter.ground.parts.values()):
        return
    plays = Plays(game, Charter(ground_of(game), [institution]))
    first = [event for event in session.log if event.t == 0]
    matching = plays.legal.copy()
    for event in first:
        if event.channel in plays.charter.ground.parts:
            seat = game.players.index(event.agent)
            labels = plays.charter.ground.parts[event.channel].labels_of(seat)
            matching &= plays.moves[event.channel][:, seat] == labels.index(event.action)
        elif event.channel == "rolled":
            for name, faces in event.action[0].items():
                matching &= (plays.scene.luck[0][name] == np.array(faces)).all(-1)
    paid = [event.payoff or 0.0 for event in first if event.channel == "paid"]
    if not np.allclose(plays.payoffs[matching][0], paid, atol=TOLERANCE):
        raise DeclarationError(
            f"{type(institution).__name__} pays {paid} live and {plays.payoffs[matching][0]} on the table."
        )
