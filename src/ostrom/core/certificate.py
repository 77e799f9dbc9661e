"""A certificate: a game, what an institution makes of it, and claims with evidence that anybody can check again.

It is written as JSON that a sceptic can read: names, numbers as whole numbers or fractions, and per claim a statement
and its evidence. `recheck` confirms each in exact rationals without any solver. A digest guards against accidents; who
changes the text on purpose and makes a new digest still has to get past the arithmetic.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from ._certificate_form import by_label, read, require_whole
from ._effort import require_feasible
from .claim import Claim, Verdict
from .errors import InputError, TooLarge
from .exact import ExactGame, Row, written
from .recheck import check, said, suits

VERSION = 1

LINE = 100
"""Letters of a line of a certificate, where what stands on it can be broken."""

Answer = Literal["confirmed", "wrong", "not checked"]


@dataclass(frozen=True)
class Checked:
    """A claim of a certificate, and what checking it again came to.

    Attributes
    ----------
    statement, verdict : as they stand in the certificate: words, which no arithmetic can check.
    answer : "confirmed", "wrong" or "not checked".
    why : why it is not confirmed; empty when it is.
    evidence : what was checked, in the words of its kind: just this is true when it is confirmed.
    """

    statement: str
    verdict: Verdict
    answer: Answer
    why: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Certificate:
    """A game before and after an institution, in exact numbers, with claims about it.

    Attributes
    ----------
    subject, institution : names, for people.
    players, bystanders : names of all principals.
    moves, rewards : the game as it was: moves by player; what the agents pursue at every joint move, last player
        fastest.
    worth : welfare of every joint move of it.
    after_moves, plays, adds : the game under the institution: moves by player; per joint move which joint move of the
        game before it comes down to, and what the institution adds to each player's payoff.
    claims : statements with verdict and evidence; evidence is about the game after, unless it says `"of": "before"`.
    """

    subject: str
    institution: str
    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    rewards: tuple[Row, ...]
    worth: Row
    after_moves: tuple[tuple[str, ...], ...]
    plays: tuple[int, ...]
    adds: tuple[Row, ...]
    claims: tuple[Mapping[str, Any], ...] = field(default=())

    @cached_property
    def before(self) -> ExactGame:
        """The game without the institution."""
        nothing = (tuple(Fraction(0) for _ in self.players),) * len(self.rewards)
        return ExactGame(self.players, self.moves, self.rewards, self.worth, nothing)

    @cached_property
    def after(self) -> ExactGame:
        """The game under it."""
        rows = zip(self.plays, self.adds, strict=True)
        payoffs = tuple(tuple(a + b for a, b in zip(self.rewards[k], added, strict=True)) for k, added in rows)
        return ExactGame(self.players, self.after_moves, payoffs, tuple(self.worth[k] for k in self.plays), self.adds)

    def with_claims(self, claims: Sequence[Claim]) -> Certificate:
        """The same certificate, stating these claims."""
        stated = tuple(
            {"statement": c.statement, "verdict": c.verdict, "method": c.method, "evidence": _plain(c.evidence)}
            for c in claims
        )
        return Certificate(**{**vars_of(self), "claims": stated})

    def recheck(self) -> tuple[Checked, ...]:
        """Every claim checked again by its evidence; what rests on samples, or on nothing written, is not checked.

        Nor is what would take too long. Raises `InputError` for evidence that cannot be read.
        """
        return tuple(self._checked(claim) for claim in self.claims)

    def _checked(self, claim: Mapping[str, Any]) -> Checked:
        statement, verdict, evidence = claim["statement"], claim["verdict"], claim.get("evidence")
        if verdict not in ("proved", "refuted") or evidence is None:
            return Checked(statement, verdict, "not checked", "It states no evidence that arithmetic could confirm.")
        stated = dict(evidence)
        of = stated.pop("of", "after")
        if of not in ("before", "after"):
            raise InputError(f"The evidence is of {str(of)[:60]!r}.", "There is a game before and one after.")
        game = self.before if of == "before" else self.after
        if not suits(stated, verdict):
            return Checked(statement, verdict, "wrong", f"Such evidence does not make a claim {verdict}.", said(stated))
        try:
            require_feasible(game, stated)
            why = check(game, stated)
        except TooLarge as error:
            return Checked(statement, verdict, "not checked", f"{error.what} {error.why}", said(stated))
        return Checked(statement, verdict, "wrong" if why else "confirmed", why, said(stated))

    # As text

    def to_json(self) -> str:
        """The certificate as JSON text with its digest; the same certificate gives the same bytes."""
        document = self._document()
        return _lines({**document, "digest": _digest(document)}) + "\n"

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Certificate:
        """The certificate that a document holds.

        Raises `InputError` when something is missing, cannot be read, or is not what its digest was made of.
        """
        given = dict(document)
        digest = given.pop("digest", None)
        require_whole(given)
        if given.get("ostrom certificate") != VERSION:
            raise InputError("This is no certificate.", f"It does not say 'ostrom certificate': {VERSION}.")
        try:
            found = _digest(given)
        except RecursionError:
            raise InputError("The certificate is nested too deep.", "Its lists are a few levels deep.") from None
        if digest != found:
            raise InputError(
                "The certificate was changed after it was written.",
                f"Its digest is {str(digest)[:12]!r}…, and what it says has another.",
                "Ask for the certificate again, or make a new one.",
            )
        try:
            return Certificate(**read(given))
        except InputError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise InputError(f"The certificate cannot be read: {type(error).__name__}: {error}.") from None

    def _document(self) -> dict[str, Any]:
        same = self.after_moves == self.moves and self.plays == tuple(range(len(self.rewards)))
        changed = any(any(row) for row in self.adds)
        after: dict[str, Any] = {"moves": [list(own) for own in self.after_moves]}
        if self.plays != by_label(self.moves, self.after_moves):
            after["plays"] = list(self.plays)
        if changed:
            after["adds"] = [[written(x) for x in row] for row in self.adds]
        return {
            "ostrom certificate": VERSION,
            "subject": self.subject,
            "institution": self.institution,
            "players": list(self.players),
            "bystanders": list(self.bystanders),
            "before": {
                "moves": [list(own) for own in self.moves],
                "payoffs": [[written(x) for x in row] for row in self.rewards],
                "welfare": [written(x) for x in self.worth],
            },
            **({} if same and not changed else {"after": after}),
            "claims": [dict(claim) for claim in self.claims],
        }


def vars_of(certificate: Certificate) -> dict[str, Any]:
    """The fields of a certificate by name."""
    return {name: getattr(certificate, name) for name in Certificate.__dataclass_fields__}


def _plain(value: Any) -> Any:
    """Evidence as JSON can hold it: fractions written, tuples as lists."""
    if isinstance(value, Fraction):
        return written(value)
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _lines(value: Any, indent: str = "") -> str:
    """JSON text in which whatever fits on a line stands on one."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + len(indent) <= LINE or not isinstance(value, Mapping | list | tuple) or not value:
        return short
    inner = indent + " "
    if isinstance(value, Mapping):
        rows = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {_lines(entry, inner)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _lines(entry, inner) for entry in value) + f"\n{indent}]"


def _digest(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
