"""`ostrom verify`: does it hold? Every question to a game under its rules, with exit codes for somebody's checks."""

from __future__ import annotations

from typing import Annotated

import typer

from ._options import (
    Assignments,
    Certified,
    Learner,
    Output,
    Preset,
    Repeat,
    RunWorld,
    Seed,
    Seeds,
    Steps,
    Subject,
    Target,
    Under,
)


def verify(
    subject: Subject,
    assignments: Assignments = None,
    under: Under = None,
    repeated: Repeat = None,
    target: Target = None,
    audits: Annotated[
        list[str] | None,
        typer.Option(
            "--audit", metavar="NAME:k=v,…", help="Ask only this: equilibria, learners:seeds=64, … Again for more."
        ),
    ] = None,
    preset: Preset = None,
    learner: Learner = None,
    steps: Steps = None,
    seeds: Seeds = None,
    world: RunWorld = None,
    seed: Seed = 0,
    output: Output = None,
    certificate: Certified = None,
) -> None:
    """Ask of a game under its rules whether what is wanted really comes about.

    Of a world, or a training in one: ask of those who play there whether they stand among strangers.

    Ends with 0 when every claim holds, 1 when one is refuted, 3 when one is not decided.
    """
    from ..audits._case import Audit
    from ..audits._repeated_case import RepeatedAudit
    from ..audits._verify import verify
    from ..audits._verify_world import verify_world
    from ..audits._world_case import WorldAudit
    from ..core.catalogue import build
    from ._in_world import WorldOptions, find_world, say_time
    from ._output import certify, deliver, progress, refuse_unwritable
    from ._subject import find_game, joint_move, refuse_for_repeated

    refuse_unwritable(output, subject, certificate)
    asked = WorldOptions(preset, learner, steps, seeds, world)
    with progress() as stage:
        games = {"target": target, "certificate": certificate, "repeated": repeated}
        place = find_world(subject, assignments, under, asked, **games)
        if place is not None:
            questions = None if audits is None else [build("audits", text, WorldAudit) for text in audits]
            say_time(place, "verify", stage)
            stage("Training")
            seen = verify_world(place.trained(seed), audits=questions, seed=seed, progress=stage)
        else:
            game = find_game(subject, assignments, under, repeated)
            kind = Audit if repeated is None else RepeatedAudit
            refuse_for_repeated(repeated, certificate=certificate)
            asked_of_games = None if audits is None else [build("audits", text, kind) for text in audits]
            seen = verify(game, joint_move(target), audits=asked_of_games, seed=seed, progress=stage)
    deliver(seen, output)
    certify(getattr(seen, "certificate", None), certificate)
    if seen.verdict in ("refuted", "unknown"):
        raise typer.Exit(1 if seen.verdict == "refuted" else 3)
