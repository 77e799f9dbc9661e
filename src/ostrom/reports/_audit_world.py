"""The audit of a world: what is lost in it, which players one would send, and whether those who play there stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..audits._verify_world import WorldVerification, verify_world
from ..audits._world_case import WorldCase
from ..audits.exploiters import Exploiters
from ..audits.strangers import Strangers
from ..core.agent import Policy
from ..core.claim import Claim, Finding
from ..core.rooms import load
from ..core.world import World
from ..diagnosis._world_corners import enough, kinds, told
from ..diagnosis.empirical import Empirical, empirical_game
from ..diagnosis.world_facets import WorldFacets, diagnose_world
from ..solvers.pure_equilibria import pure_equilibria

Stage = Callable[[str], object]

APART = 4
"""By how much a reply to strangers is trained shorter than a corner: there are many kinds of strangers."""


@dataclass(frozen=True, eq=False)
class AuditedWorld:
    """What is lost in a world and to what, and whether those who play there stand among others.

    Attributes
    ----------
    name : of the world, with the rules laid round it.
    diagnosis : the facets; `verification` : every question about those who play as things are.
    sent : the empirical game over whom to send into one half of the seats and into the other.
    recording : one episode of those who play as things are; `units` : of its facts, by name.
    idle : a sentence on rules that did nothing in the episodes that were played, or "".
    """

    name: str
    diagnosis: WorldFacets
    verification: WorldVerification
    sent: Empirical = field(repr=False)
    recording: Any = field(repr=False)
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    idle: str = ""

    certificate = None
    """Nothing is proved in a world."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims."""
        return self.verification.claims

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in reading order."""
        nothing = (Finding("rules", self.idle, (), {}, "Rules in played episodes"),) if self.idle else ()
        return (*nothing, *self.diagnosis.findings, sending(self.sent), *self.verification.findings)

    def to_dict(self) -> dict[str, Any]:
        """All of it by name; of the episode, what each seat got."""
        sent = {
            "players": self.sent.meetings.agents,
            "roles": self.sent.roles,
            "payoffs": self.sent.game.payoffs,
            "margin": self.sent.margin,
        }
        parts = {"diagnosis": self.diagnosis, "sent": sent, "verification": self.verification}
        got = dict(zip(self.recording.seats, self.recording.returns.tolist(), strict=True))
        return {"name": self.name, **parts, "episode": got, "claims": self.claims, "findings": self.findings}


def audit_world(
    world: World,
    players: Any = None,
    *,
    title: str = "",
    learner: Any = None,
    steps: int = 40_000,
    seeds: int = 4,
    seed: int = 0,
    episodes: int | None = None,
    bystanders: Mapping[str, str] | None = None,
    progress: Stage = lambda stage: None,
) -> AuditedWorld:
    """Diagnose a world by trained corners, and put every question to those who play there.

    Parameters are those of `ostrom.diagnosis.diagnose_world`; `title` names the world, and `episodes` are by default
    fewer where they are long.
    """
    episodes = episodes or enough(world)
    asked = {"learner": learner, "steps": steps, "seeds": seeds, "seed": seed, "episodes": episodes}
    asked["bystanders"] = bystanders
    seen = diagnose_world(world, players, rounds=1, progress=progress, **asked)
    tables, learner = seen.corners[""].tables, seen.learner
    known = kinds(world, learner, tables if seen.fixed else ())
    place = told(world, seen.outside)
    progress("Meeting strangers and exploiters")
    case = WorldCase(place, tables, learner, steps, seed, known)
    among = [Strangers(steps=-(-steps // APART), episodes=episodes)] if case.taught or world.bots() else []
    audits = [*among, Exploiters(steps, None if case.taught else learner, episodes=episodes)]
    checked = verify_world(case, audits=audits, progress=progress)
    progress("Sending all kinds of players")
    sent = empirical_game(place, _kinds_to_send(seen, world), roles=2, episodes=episodes, seed=seed, kinds=known)
    progress("Recording an episode")
    felt = load("learners", "_felt")
    played, did = felt.play_under(world, list(tables[0]), seed=seed, episodes=_few(world, episodes), states=True)
    idle = felt.idle(world, did, f"In {len(played.lasting)} episodes of those who play as things are")
    recording = load("learners", "_recording").Recording.of(world, played, title=title or seen.name)
    return AuditedWorld(
        title or seen.name, seen, checked, sent, recording, getattr(world, "base", world).measures, idle
    )


def _few(world: World, episodes: int) -> int:
    """Episodes in which rules are watched; one where there are none."""
    return episodes if getattr(world, "institutions", ()) else 1


def _kinds_to_send(seen: WorldFacets, world: World) -> dict[str, Any]:
    """By name: those who play as things are, in two seeds, those who act as one, the bots, who chooses evenly."""
    now, one = seen.corners[""].tables, seen.corners["intent+capability+inter-agent"]
    found: dict[str, Any] = {"as things are": list(now[0])}
    if now[1] != now[0]:
        found["as things are, other seed"] = list(now[1])
    if one.how == "trained":
        found["as one"] = list(one.tables[0])
    return {**found, **world.bots(), "random": Policy()}


def sending(sent: Empirical) -> Finding:
    """Which choices of whom to send nobody would change alone, and the best for all, by the means."""
    game = sent.game
    stable = pure_equilibria(game).profiles
    sums = game.payoffs.sum(-1)
    best = tuple(int(k) for k in divmod(int(sums.argmax()), sums.shape[1]))
    who = "; ".join(" with ".join(game.labels(place)) for place in stable[:FEW])
    told = f"no pair is one that neither side would change, and {' with '.join(game.labels(best))} is best for all"
    if stable:
        more = f" and {len(stable) - FEW} more" if len(stable) > FEW else ""
        one = f"is {who}" if len(stable) == 1 else f"are {who}{more}"
        told = f"what neither side would change alone {one}; best for all is {' with '.join(game.labels(best))}"
        told = f"what neither side would change, and best for all, is {who}" if stable == (best,) else told
    said = f"Of whom to send into one half of the seats and into the other, {told}, by means of sampled episodes."
    return Finding("sending", said, (), {}, "Empirical game (Wellman et al. 2005)")


FEW = 3
"""Pairs that are named."""
