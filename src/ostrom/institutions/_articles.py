"""Rules as articles that can be in force or not: a charter within an institution, each layer of which has a switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.charter import Charter, Round
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Around, Institution, Now, View
from ._recalling import noted, recalling, replaced

FORCE = "in force"
"""The record that says whether an article is; a name that no rule's own record has."""


class Article(Around):
    """`rule` while it is in force. Out of force nothing of it holds; what it added to choose from is closed.

    Its menu, records and dice stay: a round has the same parts whatever is in force, and what was remembered is there
    when the article is enacted again. Its books rest meanwhile.
    """

    rule: Institution

    def seen(self, now: Now) -> Now:
        """The rule gets its own record."""
        return replace(now, record={name: kept for name, kept in now.record.items() if name != FORCE})

    def menu(self, ground: Ground) -> Ground:
        """The rule's; `InputError` for one that replaces moves: without it nothing could be played."""
        under = self.rule.menu(ground)
        if gone := replaced(ground, under):
            raise InputError(
                f"{type(self.rule).__name__} puts other moves in the place of {gone[0]!r}.",
                "Out of force, nobody could choose what there was before.",
                "Lay it round the constitution instead, or below it.",
            )
        return recalling(under, before=ground)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rule's, or only what there is without it."""
        return _either(now, super().permit(now, mask), self._closed(now, mask))

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rule's, or the moves as they are."""
        return _either(now, super().enact(now, moves), moves)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The rule's, or nothing."""
        return now.xp.where(now.record[FORCE], super().settle(now, payoffs), payoffs)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """The rule's, or what was remembered; whether it is in force is decided elsewhere."""
        own = self.seen(now).record
        return _either(now, super().remember(now, payoffs), own) | {FORCE: now.record[FORCE]}

    def _closed(self, now: Now, mask: Mapping[str, Any]) -> dict[str, Any]:
        """The masks without added labels; of an added part only the first choice (its lowest number) is left."""
        before: Ground = noted(now.ground, "before")
        left = {}
        for name, allowed in mask.items():
            part = now.ground.parts[name]
            if name in before.parts:
                shut = allowed if part.continuous else allowed & _known(now, before.parts[name], allowed.shape[-1])
            elif part.continuous:
                shut = now.xp.stack([allowed[..., 0], allowed[..., 0]], -1)
            else:
                shut = allowed & now.xp.asarray(np.arange(allowed.shape[-1]) == 0)
            left[name] = shut
        return left


def _known(now: Now, part: Any, width: int) -> Any:
    counts = np.array([len(part.labels_of(seat)) if part.has(seat) else 1 for seat in range(now.players)])
    return now.xp.asarray(np.arange(width) < counts[:, None])


def _either(now: Now, ours: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Array by array what holds in force, and what else."""
    force = now.record[FORCE]
    return {
        name: other if ours[name] is other else _as(now.xp.where(force, ours[name], other), other)
        for name, other in others.items()
    }


def _as(values: Any, like: Any) -> Any:
    return values.astype(like.dtype) if hasattr(like, "dtype") else values


class Body:
    """The articles of an institution as the layers of a charter on the ground below it.

    Parameters
    ----------
    below : the ground that the institution is laid on.
    articles : innermost first.
    """

    def __init__(self, below: Ground, articles: tuple[Institution, ...]) -> None:
        self.charter = Charter(below.layer(), [Article(rule) for rule in articles])
        if Charter(below.layer(), articles).motivates:
            raise InputError(
                "One of the articles changes what seats want.",
                "Nobody votes on that: a constitution governs what is done and paid.",
                "Lay it round the constitution instead.",
            )

    @property
    def ground(self) -> Ground:
        """With the parts of all articles."""
        return self.charter.ground

    def scene(self, now: Now, force: Any, records: Any, luck: Any, mask: Mapping[str, Any] | None = None) -> Round:
        """What the articles look at: their records and dice, and which are in force (`bool[A]`)."""
        kept = tuple({**record, FORCE: force[k]} for k, record in enumerate(records))
        return Round(kept, luck, now.facts, now.prospects, mask or {}, now.present, now.time, now.xp)

    def moves(self, moves: Mapping[str, Any]) -> dict[str, Any]:
        """The moves in the parts that the articles know."""
        return {name: moves[name] for name in self.ground.parts}

    def permit(self, now: Now, scene: Round, mask: Mapping[str, Any]) -> dict[str, Any]:
        """What all articles in force permit of `mask`."""
        base = self.charter.grounds[0]
        under = {}
        for name, part in base.parts.items():
            width = part.width(now.players)
            cut = mask[name] if part.continuous else mask[name][..., :width]
            under[name] = cut if part.continuous else cut & _known(now, part, width)
        stages = len(self.ground.stages)
        narrowed = self.charter.permitted(replace(scene, mask=under), self.moves(now.moves), stages)
        return {**mask, **narrowed}

    def inform(self, now: Now, scene: Round, view: View) -> View:
        """What the articles tell."""
        seen = self.charter.descend(scene, self.moves(now.moves))
        for k, article in enumerate(self.charter.institutions, start=1):
            own = self._now(now, scene, k, seen[k])
            told = article.inform(own, view)
            fresh = {own.ground.aliases.get(name, name) for name in told.hidden - view.hidden}
            view = replace(told, hidden=view.hidden | fresh)
        return view

    def remember(self, now: Now, scene: Round, payoffs: Any) -> list[Mapping[str, Any]]:
        """The articles' records for the next round. `payoffs` are settled already.

        What an article saw itself is what all paid, less what the articles outside it paid on their own.
        """
        seen = self.charter.descend(scene, self.moves(now.moves))
        nothing, records = 0.0 * payoffs, []
        for k in range(len(self.charter.institutions), 0, -1):
            article, own = self.charter.institutions[k - 1], self._now(now, scene, k, seen[k])
            kept = dict(article.remember(own, payoffs))
            kept.pop(FORCE)
            records.insert(0, kept)
            payoffs = payoffs - article.settle(own, nothing)
        return records

    def _now(self, now: Now, scene: Round, k: int, moves: Mapping[str, Any]) -> Now:
        luck = scene.luck[k - 1] if scene.luck else {}
        return replace(now, ground=self.charter.grounds[k], record=scene.records[k - 1], moves=moves, luck=luck)
