"""`ostrom diagnose`: where the impact gap comes from, without looking for a remedy."""

from __future__ import annotations

from pathlib import Path

from ._options import (
    Assignments,
    Cell,
    Learner,
    Output,
    Precision,
    Preset,
    Principals,
    RunWorld,
    Seed,
    Seeds,
    Steps,
    Subject,
    Under,
)


def diagnose(
    subject: Subject,
    assignments: Assignments = None,
    under: Under = None,
    principals: Principals = None,
    precision: Precision = None,
    cell: Cell = None,
    preset: Preset = None,
    learner: Learner = None,
    steps: Steps = None,
    seeds: Seeds = None,
    world: RunWorld = None,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Say what is lost, why, and what that means."""
    from ..diagnosis._diagnose import diagnose
    from ..diagnosis.logs import diagnose_log
    from ..diagnosis.world_facets import diagnose_world
    from ._in_world import WorldOptions, find_world, say_time
    from ._output import deliver, progress, refuse_unwritable
    from ._subject import find, refuse_cell

    refuse_unwritable(output, subject)
    asked = WorldOptions(preset, learner, steps, seeds, world)
    with progress() as stage:
        place = find_world(subject, assignments, under, asked, principals=principals, precision=precision, cell=cell)
        if place is not None:
            say_time(place, "diagnose", stage)
            seen = diagnose_world(place.world, place.run, rounds=1, seed=seed, progress=stage, **place.budget)
        else:
            found = find(subject, assignments, under, principals, precision)
            refuse_cell(found, cell)
            stage("Looking for what is lost, and why")
            seen = diagnose_log(found, cell, seed=seed) if isinstance(found, Path) else diagnose(found, seed=seed)
    deliver(seen, output)
