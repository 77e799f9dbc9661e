"""Votes by quorum: one member tells the others a value, and all that decide have to decide the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar

from ..core.errors import InputError
from ..core.protocol import Holds, Kind, Protocol, Step
from ..core.record import Interval
from ._rows import honest

NOT_YET, A, B, NEVER = range(4)
"""What a member has been told, or has voted towards another: nothing yet, a value, or nothing for ever."""
CHOICES: tuple[tuple[int, str, Kind], ...] = (
    (A, "A", "equivocate"),
    (B, "B", "equivocate"),
    (NEVER, "nothing", "silent"),
)
"""What who is faulty can say."""
VOTES = ("", "vote A", "vote B")


class Quorum(Protocol):
    """Echo broadcast: the dealer tells all a value, each votes to all for what it was told, q votes decide.

    An honest dealer says A. A faulty one may tell each member another value, and any faulty member may vote to each as
    it likes, or not at all; members then may wait for ever. Two quorums share an honest member where 2q > n + f, and
    honest members are a quorum where q ≤ n - f. Both at once need n ≥ 3f + 1 (Bracha and Toueg 1985), and then
    q = ⌈(n + f + 1) / 2⌉ will do.

    A state is one number: two bits for what each member was told (and all of them for whether the dealer began), then
    two for what each voted towards each.

    Parameters
    ----------
    members : n, the dealer among them.
    votes : q, how many votes for a value decide it, at most n.
    worth : what each gets if all decide alike.
    prize : what the dealer gets on top if members decide differently.

    Raises `InputError` for more votes than members.
    """

    members: Annotated[int, Interval(ge=2, le=9)] = 4
    votes: Annotated[int, Interval(ge=1, le=9)] = 3
    worth: Annotated[float, Interval(ge=0)] = 1.0
    prize: Annotated[float, Interval(ge=0)] = 2.0
    reference: ClassVar[dict[str, Any]] = {"members needed": "3f + 1", "source": "Bracha and Toueg (1985)"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.votes > self.members:
            raise InputError(
                f"{self.votes} votes of {self.members} members.", "Each votes once.", "Ask for fewer votes."
            )

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The dealer and the other members."""
        return ("dealer", *(f"member {k + 1}" for k in range(1, self.members)))

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The members besides the dealer."""
        return (self.parties[1:],)

    def start(self) -> int:
        """Nobody knows anything."""
        return 0

    def events(self, state: int) -> list[Step]:
        """The dealer tells, members vote; who is faulty does either towards one member at a time."""
        return self._events(state, self.parties)

    def events_of(self, deviating: Collection[str]) -> Callable[[int], list[Step]]:
        """The same without deviations of others than these."""
        return lambda state: self._events(state, deviating)

    def _events(self, state: int, deviating: Collection[str]) -> list[Step]:
        steps = self._tell(state)
        for k, party in enumerate(self.parties):
            told, row = state >> 2 * k & 3, self._row[k]
            if not state & row[0] and told in (A, B):
                steps.append(Step(party, VOTES[told], state | row[told]))
            if party in deviating and state & row[0] != row[0]:
                for at, labels in self._ballots[k]:
                    if not state >> at & 3:
                        own = state | NEVER << self._place(k, k)  # nobody counts what it tells itself
                        steps += [Step(party, name, own | value << at, kind) for value, name, kind in labels]
                        break
        return steps

    def _tell(self, state: int) -> list[Step]:
        waiting = [k for k in range(1, self.members) if not state >> 2 * k & 3]
        if not waiting:
            return []
        everybody = Step("dealer", "tell all A", state | sum(A << 2 * k for k in range(self.members)))
        begun, k = state | A, waiting[0]
        some = [Step("dealer", f"tell {k + 1} {name}", begun | value << 2 * k, kind) for value, name, kind in CHOICES]
        return some if state & 3 else [everybody, *some]

    def _place(self, k: int, to: int) -> int:
        return 2 * (self.members + k * self.members + to)

    @cached_property
    def _row(self) -> list[tuple[int, int, int]]:
        """For each member: the bits of its whole row, and a whole row of A, and of B."""
        every = [[1 << self._place(k, to) for to in range(self.members)] for k in range(self.members)]
        return [(3 * sum(row), A * sum(row), B * sum(row)) for row in every]

    @cached_property
    def _ballots(self) -> list[list[tuple[int, list[tuple[int, str, Kind]]]]]:
        """For each member and each other one: where the vote stands, and what it can be."""
        n = self.members
        return [
            [
                (self._place(k, j), [(v, f"vote {c} to {j + 1}", kind) for v, c, kind in CHOICES])
                for j in range(n)
                if j != k
            ]
            for k in range(n)
        ]

    @cached_property
    def _columns(self) -> list[int]:
        """For each member: the lower bit of every vote towards it."""
        return [sum(1 << self._place(k, to) for k in range(self.members)) for to in range(self.members)]

    def decided(self, state: int, k: int) -> tuple[bool, bool]:
        """Whether a member has a quorum for A, and for B."""
        low, high = state & self._columns[k], state >> 1 & self._columns[k]
        return (low & ~high).bit_count() >= self.votes, (high & ~low).bit_count() >= self.votes

    def sees(self, state: int, party: str) -> Any:
        """What it was told (the dealer: what it told), how it voted, and the votes it received."""
        k, everybody = self.parties.index(party), range(self.members)
        sent = "".join("-AB."[state >> self._place(k, to) & 3] for to in everybody)
        got = "".join("-AB."[state >> self._place(j, k) & 3] for j in everybody)
        told = "".join("-AB."[state >> 2 * j & 3] for j in everybody) if k == 0 else "-AB."[state >> 2 * k & 3]
        return f"told {told}, sent {sent}, got {got}"

    def pays(self, state: int) -> tuple[float, ...]:
        """Deciding alike is worth something to all, deciding differently to the dealer."""
        decided = [self.decided(state, k) for k in range(1, self.members)]
        a, b = (any(each) for each in zip(*decided, strict=True))
        alike = self.worth * (a != b and all(map(any, decided)))
        return (alike + self.prize * (a and b), *([alike] * (self.members - 1)))

    def safety(self) -> Mapping[str, Holds]:
        """No two honest members decide differently, and none against what an honest dealer said."""
        return {"honest members decide alike": self._agree, "what an honest dealer said is decided": self._valid}

    def liveness(self) -> Mapping[str, Holds]:
        """If the dealer is honest, all honest members decide."""
        return {"with an honest dealer all honest members decide": self._all_decide}

    def _agree(self, state: int, faulty: frozenset[str]) -> bool:
        decided = [self.decided(state, k) for k in honest(self.parties, faulty)]
        return not (any(a for a, _ in decided) and any(b for _, b in decided))

    def _valid(self, state: int, faulty: frozenset[str]) -> bool:
        return "dealer" in faulty or not any(self.decided(state, k)[1] for k in honest(self.parties, faulty))

    def _all_decide(self, state: int, faulty: frozenset[str]) -> bool:
        return "dealer" in faulty or all(any(self.decided(state, k)) for k in honest(self.parties, faulty))
